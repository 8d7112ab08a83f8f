"""Finding codes: worksheets of payers that bill themselves, as they come back.

Source: docs/domain.md, Self bill.
"""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "SELFBILL-COLUMNS": Code(
        "The worksheet lacks a column that says whom its rows are about, or what is reported.",
        "Send the worksheet with its own headings: fill in People and Amount, and leave all else as it is.",
    ),
    "SELFBILL-KEY": Code(
        "The row's key is not one that we gave you.",
        "Take the row from your own worksheet of this month; a row that you add has no key.",
    ),
    "SELFBILL-ANOTHERS": Code(
        "The row's key is of another plan, level or member than the row says.",
        "Leave our columns as they are, and sort whole rows. For another plan or level add a row.",
    ),
    "SELFBILL-OLD": Code(
        "The row is of a worksheet that counts no more: its invoice was voided.",
        "Fill in the worksheet that took its place.",
    ),
    "SELFBILL-MIXED": Code(
        "The rows are of several accounts or months.",
        "Send a worksheet for each account and month.",
    ),
    "SELFBILL-TWICE": Code(
        "The row reports what an earlier row of the sheet reports.",
        "Leave one of the two out.",
    ),
    "SELFBILL-NUMBER": Code(
        "People or amount cannot be read.",
        "Write people as a whole number and the amount in dollars with at most two decimals, such as 1234.50.",
    ),
    "SELFBILL-PLAN": Code(
        "The row names no plan of the group.",
        "Name the plan by its code, as the worksheet does.",
    ),
    "SELFBILL-EMPTY": Code(
        "Neither people nor amount are filled in: the row counts as nobody and nothing.",
        "Nothing to do where nothing is owed; else fill in the row and send the worksheet again.",
        Severity.WARNING,
    ),
    "SELFBILL-VARIANCE": Code(
        "What was reported is not what we compute.",
        "Send the roster's changes by an 834, or the worksheet with the rows corrected.",
        Severity.PEND,
    ),
}
