"""Finding codes: whose record it is. The fix is written for the benefits administrator who sent the file."""

from __future__ import annotations

from model.code_tables import Code, mentioning
from model.finding import Severity

CODES: dict[str, Code] = {
    "SSN-UNUSABLE": Code(
        "What was sent for an SSN is none: other than nine digits, or a placeholder. It was taken as not sent.",
        "Send the nine digits of the person's SSN, or none: leave the field empty while you do not know it.",
        Severity.WARNING,
    ),
    "SUBSCRIBER-SELF": mentioning(
        "The record says subscriber ({INS01} = Y), but a relationship ({INS02}) other than self.",
        "Send {INS01} = N for a dependent, or {INS02 = 18} for the subscriber.",
        Severity.PEND,
    ),
}
