"""Invoices, receipts, reconciliations."""
