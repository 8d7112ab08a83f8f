"""LEAVE-ENDS."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.maintenance import BENEFITS_KEPT, BENEFITS_LEFT, Verb
from validators.base import Context, Subject, objection
from validators.standing import asked


def leave_ends(subject: Subject, context: Context) -> Iterator[Objection]:
    """A leave or layoff with benefits (INS04 = 37, 39) keeps coverage: an end that is sent with it waits.

    One without benefits (38, 40) ends nothing by itself; an end that is sent with it ends as sent. That COBRA may
    be to be offered is asked of us, and said (LEAVE-COBRA).
    """
    event = subject.event
    if event.reason in BENEFITS_KEPT:
        ending = asked(subject, Verb.END, Verb.VOID)
        for line in ending:
            yield objection("LEAVE-ENDS", subject, line.coverage, "hd")
        if subject.record.eligible_to and not ending:
            yield objection("LEAVE-ENDS", subject, None, "reason")
    elif event.reason in BENEFITS_LEFT and event.is_subscriber:
        yield objection("LEAVE-COBRA", subject, None, "reason")
