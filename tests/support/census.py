"""Census workbooks for tests."""

from __future__ import annotations

import io
from datetime import date

import xlsxwriter


def workbook(*sheets, **options):
    """Return the bytes of a workbook: (name, rows, merged ranges) each."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, options)
    day = book.add_format({"num_format": "mm/dd/yyyy"})
    for name, rows, *merged in sheets:
        sheet = book.add_worksheet(name)
        for at in merged:
            sheet.merge_range(at, "")
        for index, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(index, column, cell, day)
                elif cell != "":
                    sheet.write(index, column, cell)
    book.close()
    return out.getvalue()
