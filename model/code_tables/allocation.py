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
    "ALLOCATION-TOTAL": Code(
        "the lines of the allocation do not add up to the deposit",
        "Make the amounts add up to what the bank received, to the cent.",
        Severity.ERROR,
    ),
}
