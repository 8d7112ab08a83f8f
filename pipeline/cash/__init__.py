"""Money that comes in: remittances, the bank's deposits, and how the two find each other."""
