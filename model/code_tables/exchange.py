"""Finding codes of the ledger of exchanges: envelopes between a partner and us, both ways (DOMAIN.md 5)."""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

_W = Severity.WARNING

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
}
