"""Finding codes: what is said of an 834 set as a whole (docs/domain.md, The header; Absence)."""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "ABSENT-FROM-FULL-FILE": Code(
        "A covered member is absent from this full file. Absence changes nothing under your agreement.",
        "Send a termination if the coverage should end.",
        Severity.WARNING,
    ),
    "LINE-ABSENT-FROM-FULL-FILE": Code(
        "A line of a named member is absent from this full file. Absence changes nothing under your agreement.",
        "Send a termination of the line if it should end.",
        Severity.WARNING,
    ),
    "MEMBERS-NOT-APPLIED": Code(
        "What holds the members is rejected, and none of them was applied.",
        "Correct what the other findings name, and send all of these members again.",
    ),
    "SET-TOTALS": Code(
        "What the header counts (QTY) is not what was sent; the set waits for a person, and nothing was changed.",
        "Send the file again, whole, with the totals of what it holds. Where you count something else, tell us: "
        "what the totals count is agreed in your profile.",
        Severity.PEND,
    ),
    "SET-PLANS": Code(
        "One plan of HD04 goes with several plans in a reference under HD: which one is meant cannot be told, and "
        "the set waits for a person.",
        "Send each plan in HD04, or agree with us that your plans ride in that reference (plan_from).",
        Severity.PEND,
    ),
}
