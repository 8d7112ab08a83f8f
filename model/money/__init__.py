"""Cents, the ledger's values, remittances."""
