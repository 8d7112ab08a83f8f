"""REINSTATE-CLEAR."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.maintenance import REINSTATE, Verb
from validators.base import Context, Subject, objection
from validators.standing import asked


def reinstate_clear(subject: Subject, context: Context) -> Iterator[Objection]:
    """A reinstatement (025, or 021 and 001 with reason 41) gives a member we know what had ended.

    DTP*348 decides: up to the day after the last covered day coverage goes on without a gap, later there is a gap,
    which is neither covered nor billed. Without any HD every line that the termination ended comes back.
    Dependents come back by records of their own. It waits for somebody we do not know, and when coverage without
    a gap would reach back further than late terminations may.
    """
    event = subject.event
    if subject.enrollee is None and event.maintenance == REINSTATE and any(asked(subject, Verb.OPEN)):
        message = "The member to reinstate is not on the roster."
        add, number = event.called("INS03 = 021"), event.called("REF*0F")
        fix = f"Send a new member as an add ({add}); check {number} for one you think we have."
        yield objection("REINSTATE-CLEAR", subject, None, "maintenance", message, fix=fix)
