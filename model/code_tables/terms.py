"""Finding codes: terms files (TOML) of groups, partners and ourselves. The reader is the analyst who wrote one."""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "TERMS-SYNTAX": Code(
        "the file is not readable as TOML",
        "Correct the line; `rollbook terms show` of another group, or `terms draft`, shows the format.",
    ),
    "TERMS-UNKNOWN-KEY": Code(
        "this key is unknown here",
        "Correct its spelling, or remove it: nothing in a terms file is ignored in silence.",
    ),
    "TERMS-MISSING-KEY": Code(
        "a required key is missing",
        "Add the key to the table that the message names.",
    ),
    "TERMS-WRONG-VALUE": Code(
        "a value has the wrong type or is not allowed",
        "Write dates plainly (2027-01-01), money and codes in quotes, lists in brackets, and choose one of the "
        "allowed words where the message lists them.",
    ),
    "TERMS-UNKNOWN-REFERENCE": Code(
        "a name is used here that the file does not define",
        "Correct the name, or define it in its own table.",
    ),
    "TERMS-DUPLICATE": Code(
        "the same name is given to two things",
        "Give each its own name; what a sender writes may mean one thing only.",
    ),
    "TERMS-OVERLAP": Code(
        "two rates are in force on the same day",
        "End the earlier rate the day before the later one begins.",
    ),
    "TERMS-DATES": Code(
        "something ends before it begins",
        "Correct begin or end; both days are included.",
    ),
    "TERMS-WAITING": Code(
        "the waiting period may last more than 90 days",
        "Shorten waiting_days: at most 60 with the first of the month, at most 90 in all.",
    ),
    "TERMS-NO-RATE": Code(
        "a plan has no rate",
        "Add a rate ([[group.rates]]) before billing: what has no rate cannot be invoiced.",
        Severity.WARNING,
    ),
}
