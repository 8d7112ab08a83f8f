"""Census spreadsheets, CSV or XLSX, to typed rows."""
