"""Finished values to bytes: acknowledgments, reports, invoices. No arithmetic, no clock, no store."""
