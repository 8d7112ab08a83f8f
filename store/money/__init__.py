"""Accounts, ledger, invoices, deposits and remittances in the store. Cents."""
