"""Bytes of a bank's files to typed lines: BAI2 statements, NACHA returns, lockbox CSVs."""
