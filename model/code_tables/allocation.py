"""Finding codes: files that say what a payment without an 820 is for.

Source: docs/domain.md, Allocations.
"""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "ALLOCATION-HEADINGS": Code(
        "the file has not the headings of an allocation",
        "Begin with our template: `rollbook payment template`.",
        Severity.ERROR,
    ),
    "ALLOCATION-LINE": Code(
        "a line of the allocation cannot be read",
        "Correct the line and send the file again; nothing of it was posted.",
        Severity.ERROR,
    ),
    "ALLOCATION-UNBALANCED": Code(
        "the amounts of the allocation do not add up to the payment amount that it states",
        "Make the rows (column Amount) add up to the payment (column Payment Amount), to the cent, and send it "
        "again: a file with this trace number, company and payment amount replaces this one. Until then the money "
        "lies in suspense.",
        Severity.PEND,
        app824="010",
    ),
    "ALLOCATION-TOTAL": Code(
        "the lines of the allocation do not add up to the deposit",
        "Make the rows (column Amount), and the Payment Amount where the file states one, what the bank received, "
        "to the cent, and allocate it again; nothing of it was posted.",
        Severity.ERROR,
    ),
}
