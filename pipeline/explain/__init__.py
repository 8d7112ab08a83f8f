"""What is so, and how it came to be: members, files, invoices, payments, accounts explained with their sources."""
