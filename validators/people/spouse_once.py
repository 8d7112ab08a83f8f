"""SPOUSE-ONCE."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.timeline import OPEN, Span
from model.trade.maintenance import Verb
from model.trade.member import SPOUSES
from validators.base import Context, Subject, objection
from validators.standing import asked


def spouse_once(subject: Subject, context: Context) -> Iterator[Objection]:
    """One spouse or partner is covered in a line at a time: a second one waits until the first one's end is sent.

    A former spouse's coverage is ended (INS03 = 024, reason 01) before or together with the new one's first day;
    under COBRA a former spouse becomes a subscriber with a number of its own.
    """
    event, contract = subject.event, subject.contract
    if event.relationship not in SPOUSES or contract is None:
        return
    mine = subject.enrollee.id if subject.enrollee else 0
    others = [e for e in contract.enrollees if e.relationship in SPOUSES and e.id != mine]
    for line in asked(subject, Verb.OPEN):
        begin, end = line.begin, line.end or OPEN
        if begin is None or line.line is None or end < begin:
            continue
        wanted = Span(begin, end)
        spans = (c.span for e in others for c in e.coverages if c.line == line.line.code)
        if any(span.overlaps(wanted) for span in spans):
            message = f"Another spouse is covered in line {line.line.code} on those days."
            yield objection("SPOUSE-ONCE", subject, line.coverage, "hd", message)
