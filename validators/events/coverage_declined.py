"""COVERAGE-DECLINED."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.maintenance import DECLINES, Verb
from validators.base import Context, Subject, objection
from validators.reading import Reading
from validators.standing import asked, covered_from


def coverage_declined(subject: Subject, context: Context) -> Iterator[Objection]:
    """A waiver (INS04 = 26, or HD*032) adds nothing and ends nothing; of somebody who is not covered it is noted.

    Of somebody who is covered, or with coverage asked for beside it, it waits for a person. To end coverage send
    INS03 = 024 with the last covered day and another reason.
    """
    event = subject.event
    if event.reason in DECLINES:
        opens, called = any(asked(subject, Verb.OPEN)), event.called("INS04")
        if opens or covered_from(subject, None, context.today):
            what = "asks for coverage" if opens else "is of somebody who is covered"
            message = f"The record declines coverage ({called} = {event.reason}), and {what}."
            yield objection("COVERAGE-DECLINED", subject, None, "reason", message)
        return
    for line in asked(subject, Verb.INFORMATION):
        if line.line and covered_from(subject, line, context.today) and not _held(subject, line):
            message = f"The record says that line {line.line.code} does not apply, in which the member is covered."
            yield objection("COVERAGE-DECLINED", subject, line.coverage, "hd", message)


def _held(subject: Subject, one: Reading) -> bool:
    """Say whether a line is for the dependents alone, or ends by another HD of the record."""
    ends = subject.record.eligible_to or any(other.line == one.line for other in asked(subject, Verb.END))
    return one.for_dependents or bool(ends)
