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
    "ABSENT-ENDS": Code(
        "A covered member is absent from this full file: under your agreement the coverage ends.",
        "Send the member again, before the last day, if the coverage should go on.",
        Severity.WARNING,
    ),
    "LINE-ABSENT-ENDS": Code(
        "A line of a named member is absent from this full file: under your agreement it ends.",
        "Send the line again, before its last day, if it should go on.",
        Severity.WARNING,
    ),
    "SET-ENDS-ABSENT": Code(
        "More would end by absence than is agreed to end unasked; the set waits for a person, and nothing was "
        "changed.",
        "Look whether the file is whole, and send it again if a part is missing; else tell us that it is right.",
        Severity.PEND,
    ),
    "SET-ENDS-SENT": Code(
        "The set ends more subscribers than is agreed to end unasked; it waits for a person, and nothing was "
        "changed.",
        "Look whether these ends are meant, and tell us.",
        Severity.PEND,
    ),
    "SET-OUT-OF-LINE": Code(
        "This full file names far fewer, or far more, than your last ones did.",
        "Look whether the file is whole, and send it again if a part is missing.",
        Severity.WARNING,
    ),
    "SET-ABSENCE-ENDS": Code(
        "Under your agreement coverage of whoever this full file does not name ends.",
        "Look whether the file names everybody.",
        Severity.INFO,
    ),
    "SET-HISTORY": Code("What your last full files named, and this one.", "Nothing to do.", Severity.INFO),
    "SET-WOULD": Code(
        "What the set would change, were it applied.", "Nothing to do: it waits for a person.", Severity.INFO
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
