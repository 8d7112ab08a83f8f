"""A group's month: which bills are due, invoices, reconciliation."""
