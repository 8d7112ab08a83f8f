"""CONTRACT-TWICE."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.timeline import OPEN, Span
from model.trade.maintenance import Verb
from validators.base import Context, Subject, objection
from validators.standing import asked, covered_on, switches_of


def contract_twice(subject: Subject, context: Context) -> Iterator[Objection]:
    """Nobody is covered through two families of a group on one day, unless the terms allow double cover.

    So it may be with a spouse who works for the group, too, or a child of two employees. The second family's
    record waits for a person; once it was let stand, records that repeat it do not wait again.
    """
    if not subject.elsewhere or subject.terms is None or switches_of(subject, context.today).double_cover:
        return
    for line in asked(subject, Verb.OPEN):
        begin, end = line.begin, line.end or OPEN
        if begin is None or end < begin or covered_on(subject, line, begin):
            continue
        wanted = Span(begin, end)
        if any(coverage.span.overlaps(wanted) for coverage in subject.elsewhere):
            yield objection("CONTRACT-TWICE", subject, line.coverage, "hd")
