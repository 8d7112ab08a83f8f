"""Finding codes of a reconciliation's workbook that comes back.

Source: docs/domain.md, Sheets that come back; docs/domain.md, Reconciliation.
"""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "RECONCILED-NONE": Code(
        "The file is no reconciliation of ours: no sheet of it has the columns Answer and Rollbook Row.",
        "Answer in the workbook that `rollbook reconcile` wrote, and leave its headings as they are.",
    ),
    "RECONCILED-KEY": Code(
        "A row that was answered has no key of ours, or one that was changed.",
        "Answer in the row as we wrote it: its cell Rollbook Row must be untouched.",
    ),
    "RECONCILED-ANOTHERS": Code(
        "A row that was answered has the key of another row.",
        "Answer in the row as we wrote it: account, member ID and key must be its own.",
    ),
    "RECONCILED-TWICE": Code(
        "A row stands twice in the sheet, and both are answered.",
        "Leave the one that is meant.",
    ),
    "RECONCILED-ANSWER": Code(
        "An answer is not one that the row can have.",
        "Choose one of the answers that the cell offers.",
    ),
    "RECONCILED-REASON": Code(
        "An answer gives no reason.",
        "Say in a few words why, in the row's cell Reason.",
    ),
    "RECONCILED-OTHERWISE": Code(
        "The row was answered otherwise before.",
        "What was decided stays; `rollbook work show` of its item tells by whom and why.",
    ),
    # --- what the answers leave waiting ---
    "RECONCILED-ACCEPTED": Code(
        "A variance between roster, invoice and remittance was accepted.",
        "Nothing to do.",
        Severity.INFO,
    ),
    "RECONCILED-ASSIGNED": Code(
        "Money without an account was said to be somebody's.",
        "Another person confirms it: `rollbook work list --to-confirm`.",
        Severity.INFO,
    ),
    "RECONCILED-ENROLLMENT": Code(
        "The billing desk asks enrollment about somebody whose premium does not agree.",
        "Look up who is covered and since when, mend what is wrong by a file, then close the item with what was"
        " found.",
        Severity.PEND,
    ),
    "RECONCILED-TERMINATION": Code(
        "The billing desk asks whether somebody who is billed and not paid for is still covered.",
        "Ask the employer; an end comes by an 834. Then close the item with what was found.",
        Severity.PEND,
    ),
}
