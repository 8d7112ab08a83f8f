"""Finding codes: what rests on the law, and how long coverage under COBRA lasts."""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "TERMS-LAW": Code(
        "what is agreed asks for less than the law, or the law that binds cannot be told",
        "State state, funding and employees under [group.law]; agree to what the law asks for; "
        "`rollbook law --group` prints what binds.",
        Severity.WARNING,
    ),
    "COBRA-LAW": Code(
        "how long COBRA lasts rests on a law that nobody here has read, or on a day that was not sent",
        "Read the law that is named and approve its number, amend the line with the right last day, or agree to "
        "cobra_months in the group's terms.",
        Severity.PEND,
    ),
    "COBRA-PERCENT": Code(
        "what continued coverage may cost rests on a law that nobody here has read",
        "Read the law that is named and have its row say where; or agree to 102 percent or less "
        "(premium_percent). What is billed meanwhile is at most 102 percent.",
        Severity.WARNING,
    ),
    "COBRA-OFFER": Code(
        "a child's coverage ends by age; COBRA is to be offered to the child",
        "Offer it (event 7), and drop this once that is done; a child with a proof of disability is exempt: its "
        "record with INS10 = Y takes the end back before that day, and later waits for a person.",
        Severity.WARNING,
    ),
    "PLAN-ENDS": Code(
        "the member's plan ends, and no renewal says in which plan the coverage goes on",
        "State the renewal in the terms ([[group.renewals]]), or send the member's change to another plan; until "
        "then the member stays covered, and the bill waits.",
        Severity.WARNING,
    ),
    "COBRA-LENGTH": Code(
        "coverage under COBRA ends by itself after its months",
        "Nothing to do; to end it earlier, send the last covered day.",
        Severity.INFO,
    ),
}
