"""Finding codes: whose record it is. The fix is written for the benefits administrator who sent the file."""

from __future__ import annotations

from model.code_tables import Code, mentioning
from model.finding import Severity

CODES: dict[str, Code] = {
    "SSN-OF-SUBSCRIBER": Code(
        "The dependent carries the subscriber's SSN: this dependent waits, and nobody else of the family.",
        "Send the dependent's own SSN, or none: leave the field empty while you do not know it.",
        Severity.PEND,
    ),
    "SSN-UNUSABLE": Code(
        "What was sent for an SSN is none: other than nine digits, or a placeholder. It was taken as not sent.",
        "Send the nine digits of the person's SSN, or none: leave the field empty while you do not know it.",
        Severity.WARNING,
    ),
    "SSN-MASKED": Code(
        "The SSN of somebody new is masked.",
        "Type the SSN again.",
    ),
    "SUBSCRIBER-SELF": mentioning(
        "The record says subscriber ({INS01} = Y), but a relationship ({INS02}) other than self.",
        "Send {INS01} = N for a dependent, or {INS02 = 18} for the subscriber.",
        Severity.PEND,
    ),
    "NUMBER-CHANGED": mentioning(
        "The family is known under another subscriber number ({REF*0F}); to change it waits for a person.",
        "Nothing to do if the number has changed. Otherwise send the number that you sent before.",
        Severity.PEND,
    ),
    "FIRST-NAME-CHANGED": mentioning(
        "The first name differs from the roster and was changed: birth date and SSN, or our ID, are the member's.",
        "Nothing to do if that is meant; otherwise send the right name, and check {REF*0F} and the SSN.",
        Severity.WARNING,
    ),
}
