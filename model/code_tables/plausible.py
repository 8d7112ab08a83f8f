"""Finding codes: what is possible, and still nearly always a mistake. They warn and reject nothing."""

from __future__ import annotations

from model.code_tables import Code, mentioning
from model.finding import Severity

CODES: dict[str, Code] = {
    "BIRTH-PLAUSIBLE": mentioning(
        "The birth date lies more than 120 years back.",
        "Check the year of the birth date in {DMG02}.",
        Severity.WARNING,
    ),
    "SUBSCRIBER-AGE": mentioning(
        "The subscriber is younger than 14 years, and neither under COBRA nor a survivor.",
        "Check the birth date in {DMG02}, and that the child's record is not sent as the employee's.",
        Severity.WARNING,
    ),
    "SPOUSE-AGE": mentioning(
        "The spouse is younger than 14 years.",
        "Check the birth date in {DMG02} and the relationship in {INS02}.",
        Severity.WARNING,
    ),
    "PARENT-AGE": mentioning(
        "A child of the family was born before the subscriber.",
        "Check the birth date in {DMG02} of both, and the relationship in {INS02}.",
        Severity.WARNING,
    ),
    "STATE-ZIP": mentioning(
        "The ZIP code does not lie in the state of the address.",
        "Check {state (N402) and ZIP code (N403)}.",
        Severity.WARNING,
    ),
    "PREMIUM-SENT": mentioning(
        "The premium sent is not what a month costs by the terms.",
        "Check {HD05}, the birth date and the day from which the rate holds; ask us if ours is wrong.",
        Severity.INFO,
    ),
    "INTERCHANGE-DATE": Code(
        "The interchange was written more than 7 days before or after the day on which we received it.",
        "Write the day on which the file is made in ISA09, and see that the right file was sent.",
        Severity.WARNING,
    ),
    "TEST-NAME": mentioning(
        "The name is one that test files have, and the file is for production.",
        "Send tests with ISA15 = T; ask us to take the member out if it is nobody.",
        Severity.WARNING,
        census=("", "Ask us to take the member out if it is nobody."),
    ),
}
