"""Finding codes: who comes too late, too early or before whom they depend on, and waits."""

from __future__ import annotations

from model.code_tables import Code, mentioning
from model.finding import Severity

CODES: dict[str, Code] = {
    "PAST-AGE-LIMIT": mentioning(
        "The child reached the age limit before this record was received, and it asks for coverage beyond that.",
        "Send the last covered day in {DTP*349}, or INS10 = Y with proof for a disabled child.",
        Severity.PEND,
    ),
    "SUBSCRIBER-AWAITED": mentioning(
        "The dependent's subscriber is neither known nor in this set.",
        "Send the subscriber's record with the same {REF*0F}, in this set or before it.",
        Severity.PEND,
    ),
}
