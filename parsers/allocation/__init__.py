"""An allocation, CSV or workbook, to a remittance: what a payment without an 820 is for."""
