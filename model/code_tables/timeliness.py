"""Finding codes: who comes too late, too early or before whom they depend on, and waits."""

from __future__ import annotations

from model.code_tables import Code, mentioning
from model.finding import Severity

CODES: dict[str, Code] = {
    "PAST-AGE-LIMIT": mentioning(
        "The child reached the age limit before this record was received, and it asks for coverage beyond that.",
        "Send the last covered day in {DTP*349}, or {INS10 = Y} with proof for a disabled child.",
        Severity.PEND,
    ),
    "PROOF-LATE": mentioning(
        "The proof that the child has no age limit came after coverage had ended by age.",
        "If coverage is to go on, send it again with the day after its end in {DTP*348}; a person decides that.",
        Severity.WARNING,
    ),
    "ADD-RETRO": mentioning(
        "Coverage would begin longer before receipt than the group's limit for late adds.",
        "Name the event in {INS04} with its day in {DTP*303}, or the day of the signature in {DTP*300} if it was "
        "asked for in time; or send a first covered day within the limit in {DTP*348}.",
        Severity.PEND,
    ),
    "ENROLLMENT-CLOSED": mentioning(
        "The enrollment was asked for outside of the group's open enrollments, and no event explains it.",
        "Name the event in {INS04} (a new hire with the hire date), send the day of the signature in {DTP*300} if "
        "it was asked for in time, or enroll at the next open enrollment.",
        Severity.PEND,
    ),
    "SURVIVORS-WAIT": mentioning(
        "The subscriber has died; coverage of the family would end before the day of receipt: a possible "
        "rescission. It stays covered until a person decides. COBRA (event 4) or the contract's survivor "
        "provision may go on.",
        "Send the family's COBRA or survivor coverage ({INS05 = C or S}), or tell us that no contribution was "
        "taken after the end.",
        Severity.PEND,
    ),
    "SURVIVORS-ENDED": mentioning(
        "Coverage of the family ends with the subscriber's death. COBRA (event 4) or the contract's survivor "
        "provision may be owed to it.",
        "Send the family's COBRA or survivor coverage ({INS05 = C or S}) where it goes on.",
        Severity.WARNING,
    ),
    "SUBSCRIBER-AWAITED": mentioning(
        "The dependent's subscriber is neither known nor in this {set}.",
        "Send the subscriber's record with the same {REF*0F}, in this {set} or before it.",
        Severity.PEND,
    ),
}
