"""AGED-OFF."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.agreement.age_off import last_covered
from model.enrollment.decision import Objection
from model.timeline import OPEN, day_after
from model.trade.maintenance import Verb
from model.trade.member import CHILDREN
from validators.base import Context, Subject, objection
from validators.reading import Reading
from validators.standing import asked


def aged_off(subject: Subject, context: Context) -> Iterator[Objection]:
    """A child is covered to the end of the month of the birthday at the group's age limit, 26 unless agreed.

    Where the law of the group's situs counts by the policy's anniversary, to the day before the one after it. It
    holds for child relationships only; a disabled child (INS10 = Y) is exempt. Coverage that would begin after
    that day is rejected; coverage that would run past it, the day being over, waits for a person.
    """
    last = _last(subject, context)
    for line in asked(subject, Verb.OPEN) if last else ():
        begin, end = line.begin, line.end or OPEN
        if begin is None or last is None or _stored(subject, line):
            continue
        if begin > last:
            yield objection("AGED-OFF", subject, line.coverage, "begin")
        elif end > last and context.today > last:
            yield objection("PAST-AGE-LIMIT", subject, line.coverage, "begin")


def until(subject: Subject, context: Context) -> date:
    """Return the day after a child's last one; switches may have another limit from another day on."""
    last = _last(subject, context)
    return day_after(last) if last and last >= context.today else OPEN


def _last(subject: Subject, context: Context) -> date | None:
    """Return the last day on which a child may be covered; None: the member is none, or has no such day."""
    event = subject.event
    birth = event.person.birth or (subject.enrollee.person.demographics.birth if subject.enrollee else None)
    if subject.terms is None or birth is None or event.relationship not in CHILDREN or event.handicapped:
        return None
    place = subject.subgroup.code if subject.subgroup else ""
    return last_covered(subject.terms, place, birth, context.today)


def _stored(subject: Subject, one: Reading) -> bool:
    """Say whether the roster already covers the child in this plan on the first day asked for."""
    begin = one.begin
    if subject.enrollee is None or one.plan is None or begin is None:
        return False
    return any(c.plan == one.plan.code and c.span.covers(begin) for c in subject.enrollee.coverages)
