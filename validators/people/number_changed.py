"""NUMBER-CHANGED."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from validators.base import Context, Subject, objection


def number_changed(subject: Subject, context: Context) -> Iterator[Objection]:
    """A family keeps its subscriber number (REF*0F); a subscriber's record that gives it another one waits.

    It is so where our member ID, an earlier number in REF*Q4, or a correction of identity with the SSN of before
    (INS*001*25, NM1*70) tells a family that we know. Approved, the family answers to both numbers from then on;
    dependents wait for their subscriber.
    """
    if subject.renumbers:
        yield objection("NUMBER-CHANGED", subject, None, "subscriber_number")
