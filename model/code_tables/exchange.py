"""Finding codes of the ledger of exchanges: envelopes between a partner and us, both ways.

Source: docs/domain.md, Answers to us.
"""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

_W, _I = Severity.WARNING, Severity.INFO

CODES: dict[str, Code] = {
    "ACK-UNMATCHED": Code(
        "This acknowledgment answers nothing that we sent.",
        "Check the control numbers it names; it was kept and answered nothing.",
        _W,
    ),
    "ACK-REJECTED": Code(
        "The partner rejected a document of ours.",
        "Look at the codes in the acknowledgment, correct what is wrong, and send it again under a new number.",
        Severity.PEND,
    ),
    "ACK-ERRORS": Code(
        "The partner accepted a document of ours and noted errors in it.",
        "Look at the codes in the acknowledgment before the next one is sent.",
        _W,
    ),
    "FILE-MISSING": Code(
        "A partner's file that comes in a rhythm has not come.",
        "Ask the partner whether it was sent; what it would have said is not known here.",
        _W,
    ),
    "EXCHANGE-GAP": Code(
        "Control numbers (ISA13) before this one have not come.",
        "Ask the sender whether they were meant for us; if so, have them sent again.",
        _W,
    ),
    "EXCHANGE-REPEATED": Code(
        "This control number (ISA13) has come before from the same sender.",
        "Nothing to do if it was sent twice by mistake; otherwise the sender must number each interchange anew.",
        _W,
    ),
    "EXCHANGE-LATE": Code(
        "This interchange came after one with a higher control number (ISA13).",
        "Look whether it was applied or held; have the sender keep to the order of its numbers.",
        _I,
    ),
    "EXCHANGE-RENUMBERED": Code(
        "The sender's control numbers (ISA13) start over or jump here.",
        "Nothing to do if the sender changed its numbering; a partner that does so often needs `duplicate_days`.",
        _I,
    ),
    "EXCHANGE-DUPLICATE": Code(
        "Sets of this interchange hold what had been received before, under another control number.",
        "Nothing to do: it was not applied again. Ask the sender why it was sent twice.",
        _I,
    ),
    "EXCHANGE-UNANSWERED": Code(
        "Something in this interchange has no acknowledgment from us.",
        "Run `rollbook sweep`, or `rollbook receive` with any file: each finishes what a stopped run left.",
        _W,
    ),
    "EXCHANGE-UNDELIVERED": Code(
        "Documents for the partner have not been delivered yet.",
        "Look at the partner's channel, then run `rollbook sweep`: what is owed stays owed.",
        _W,
    ),
    "DOCUMENT-FAILED": Code(
        "A document that we owe could not be made, and was not delivered.",
        "Nothing is lost, and each delivery tries again; if it stays so, report it with the place that is named.",
    ),
    "DOCUMENT-HELD": Code(
        "A document that we owe does not fit into the memory that one may take, and waits for a person.",
        "No delivery tries again by itself. `rollbook exchange retry` with the key that is named does, when there "
        "is reason to: another release, fewer lines.",
    ),
    "EXCHANGE-UNACKNOWLEDGED": Code(
        "The partner has not acknowledged a document of ours.",
        "Ask the partner whether it arrived; they should send a 999, or a TA1.",
        _W,
    ),
}
