"""A record that only declines coverage: it adds nothing and ends nothing, whoever it is about.

Source: docs/domain.md, Waivers.
"""

from __future__ import annotations

from model.enrollment.actions import Did
from model.trade.maintenance import DECLINES, Verb
from validators.base import Context, Subject
from validators.standing import asked, covered_from


def only_declines(subject: Subject, context: Context) -> Did | None:
    """Return what is done with a record that declines coverage of somebody who has none; None: it asks for more.

    Somebody who is covered, and coverage asked for beside a waiver, are a person's matter (COVERAGE-DECLINED).
    """
    if subject.ambiguous or any(asked(subject, Verb.OPEN)) or covered_from(subject, None, context.today):
        return None
    if subject.event.reason in DECLINES:
        return Did.WAIVED
    informs = all(reading.verb is Verb.INFORMATION for reading in subject.lines)
    unknown = subject.enrollee is None and subject.record.eligible_to is None
    return Did.INFORMED if subject.lines and informs and unknown else None
