"""Finding codes of receiving: who sent it, to whom, and whether it came before.

Source: docs/domain.md, Partners; docs/domain.md, Duplicates.
"""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "PARTNER-UNKNOWN": Code(
        "The channel this file came by belongs to no partner we know.",
        "Register the partner (`rollbook partner add` or `rollbook terms load`), then receive the file again.",
    ),
    "SENDER-NOT-PARTNER": Code(
        "The interchange names a sender that does not belong to the partner whose channel it came by.",
        "Send with the agreed ISA05/ISA06, or ask us to add this identity to your profile.",
        ta105="006",
    ),
    "RECEIVER-NOT-US": Code(
        "The interchange is addressed to someone else.",
        "Address it with our ISA07/ISA08 as in the companion guide.",
        ta105="009",
    ),
    "GROUP-NOT-OURS": Code(
        "The functional group names a sender or receiver that was not agreed.",
        "Use the agreed GS02 and GS03.",
        ak905="1",
    ),
    "INTERCHANGE-SEEN": Code(
        "An interchange with this control number has been received before.",
        "Nothing to do if it was sent twice by mistake; otherwise send it with a new ISA13.",
        ta105="025",
    ),
    "SETS-TOO-MANY": Code(
        "The file holds more transaction sets than are taken at once.",
        "Send the sets in several files, each with an interchange control number of its own.",
        ta105="024",
    ),
    "SET-SEEN": Code(
        "This content has been received and applied before, under another control number.",
        "Nothing to do: it was not applied again.",
        Severity.INFO,
        app824="006",
    ),
    "SET-SEEN-WAITS": Code(
        "This content came before, under another control number; what of it waits is not applied yet.",
        "Nothing to do: it is decided as it was received first. Send a new file if it is to be another one.",
        Severity.INFO,
        app824="006",
    ),
    "SET-SEEN-SINCE-CHANGED": Code(
        "This content was applied before, and the group has changed since: applying it again could undo work.",
        "Ask us to release or drop it; a new file with today's changes is better.",
        Severity.PEND,
        app824="006",
    ),
    "SET-OLDER": Code(
        "A newer file of yours has already been applied to this group; this one was made before it.",
        "Ask us to release or drop it; nothing of it was applied.",
        Severity.PEND,
    ),
    "SET-NOT-AS-SHOWN": Code(
        "It would come to something else by now than the preview by which it was received; nothing was changed.",
        "Nothing to do for you: we look at it again, and release or drop it.",
        Severity.PEND,
    ),
    "TEST-FILE": Code(
        "The interchange is marked as a test (ISA15 = T): it was decided and reported, nothing was changed.",
        "Send with ISA15 = P when it is meant, or use the test environment.",
        Severity.INFO,
    ),
    "ACCOUNT-TAKEN": Code(
        "A billing account of these terms belongs to another group.",
        "Give the subgroup an account number of its own.",
    ),
    "SUPPORTED-NOTHING": Code(
        "The file holds no transaction set that we could work on.",
        "Send 834 005010X220A1 or 820 005010X218.",
        Severity.WARNING,
    ),
}
