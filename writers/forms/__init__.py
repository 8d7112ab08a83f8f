"""The forms that documents are made of: pages, tables, workbooks, X12 text, charts."""
