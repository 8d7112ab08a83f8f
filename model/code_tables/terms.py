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
    "TERMS-EFFECT": Code(
        "the file changes what is billed or who is covered, and two people have not decided it",
        "Load it with --reason, and have a supervisor load it, too: one asks, the other confirms. Or let the "
        "change begin later: rates by their begin, switches as [{ value = 102 }, { from = 2027-03-01, value = 110 "
        "}].",
    ),
    "TERMS-FIRST-MONTH": Code(
        "the first month lies after months that are billed",
        "Leave first_month as it was: what is billed stays in the books, and later corrections belong to it.",
    ),
    "TERMS-DROPS-ACCOUNT": Code(
        "the file drops a billing account that has postings",
        "Keep the subgroup with its account and give it an end: its debt and its credit stay in the books.",
    ),
    "TERMS-MOVE-MONTH": Code(
        "an account's new number begins on another day than the first month that is not billed yet",
        "Let it begin with the month after the last one billed, and load it when the months before are billed.",
    ),
    "TERMS-MOVE-USED": Code(
        "the account's new number has postings of its own",
        "Take a number that was never used: two accounts are not made into one.",
    ),
}
