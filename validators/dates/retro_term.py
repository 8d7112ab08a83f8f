"""RETRO-TERM."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from model.agreement.terms import EnrollmentSwitches
from model.enrollment.decision import Objection
from model.enrollment.events import CoverageEvent
from model.enrollment.roster import Coverage
from model.timeline import day_after
from model.trade.maintenance import DEATHS, Verb
from validators.base import Context, Subject, objection
from validators.reading import Reading
from validators.standing import asked, goes_on, next_turn, switches_of, went_on


def retro_term(subject: Subject, context: Context) -> Iterator[Objection]:
    """Coverage that was in force may be ended before the day of receipt only within the group's attested limit.

    Up to the limit (60 days unless agreed) it applies unattended while the group attests to administrative lag
    with no contribution taken after the end; otherwise it may be a rescission (45 CFR 147.128) and waits for a
    person. The member stays covered and billed meanwhile. Death (INS12) exempts the dead person's own lines from
    its day on, not the family's, which a person decides about (SURVIVORS-WAIT). A change of plan without a gap is
    exempt.
    """
    if subject.terms is None or subject.enrollee is None:
        return
    today = context.today
    switches = switches_of(subject, today)
    own: set[str] = set()
    for line in asked(subject, Verb.OPEN, Verb.END):
        if line.line is None:
            continue
        own.add(line.line.code)
        end = line.end
        if not end or died(subject, end, today):
            continue
        if _loses(subject, line, end, today) and not _permitted(switches, end, today):
            name = "end" if line.coverage.end else "hd"
            yield _objection(subject, line.coverage, name, end, switches, today)
    last = subject.record.eligible_to
    if last is None or last >= today or _permitted(switches, last, today) or died(subject, last, today):
        return
    taken = [c for c in _others(subject, own) if _in_force_after(c, last, today)]
    if any(not went_on(subject, [c], last, today) for c in taken):
        yield _objection(subject, None, "dtp:357", last, switches, today)


def until(subject: Subject, context: Context) -> date:
    """Return the first day on which an end reaches back too far, or what it is of begins or is over."""
    turn = next_turn(subject, context)
    if subject.terms is None:
        return turn
    limit = timedelta(days=switches_of(subject, context.today).retro_term_days)
    ends = {line.end for line in subject.lines} | {subject.record.eligible_to}
    late = (end + limit for end in ends if end and end <= context.today <= end + limit)
    return min([turn, *map(day_after, late)])


def died(subject: Subject, end: date, today: date) -> bool:
    """Say whether whom a record is about had died by an end: INS12 is no later than that, nor than receipt."""
    death = subject.event.death
    return death is not None and death <= min(end, today)


def is_late(subject: Subject, spans: Iterable[Coverage], end: date, today: date) -> bool:
    """Say whether an end takes days in force away further back, or less explained, than is done unasked."""
    late = end < today and any(_in_force_after(coverage, end, today) for coverage in spans)
    return late and not _permitted(switches_of(subject, today), end, today)


def _permitted(switches: EnrollmentSwitches, end: date, today: date) -> bool:
    attested = any(span.covers(today) for span in switches.attestations)
    return attested and today - end <= timedelta(days=switches.retro_term_days)


def _in_force_after(coverage: Coverage, end: date, today: date) -> bool:
    """Say whether ending on `end` takes away days on which the coverage has been in force."""
    return coverage.span.begin <= today and coverage.span.end > end


def _loses(subject: Subject, one: Reading, end: date, today: date) -> bool:
    """Say whether the line's end, before today, takes away days in force that no other plan of it goes on with."""
    assert subject.enrollee is not None and one.line is not None
    if end >= today:
        return False
    if goes_on(subject, one, end):
        return False
    ends = one.verb is Verb.END
    plan = one.plan.code if one.plan and ends and one.coverage.plan else ""
    family = subject.contract.enrollees if subject.contract and subject.event.is_subscriber else ()
    people = family if subject.record.eligible_to else (subject.enrollee,)
    everything = (c for e in people for c in e.coverages)
    mine = (c for c in everything if c.line == one.line.code and plan in ("", c.plan))
    taken = [c for c in mine if _in_force_after(c, end, today)]
    return bool(taken) and not went_on(subject, taken, end, today)


def _others(subject: Subject, own: set[str]) -> Iterator[Coverage]:
    """Yield what DTP*357 ends: the member's lines without an HD here; of a subscriber the whole family's."""
    assert subject.enrollee is not None
    yield from (c for c in subject.enrollee.coverages if c.line not in own)
    if subject.event.is_subscriber and subject.contract:
        for enrollee in subject.contract.enrollees:
            if enrollee.id != subject.enrollee.id:
                yield from enrollee.coverages


def _objection(
    subject: Subject,
    coverage: CoverageEvent | None,
    field: str,
    end: date,
    switches: EnrollmentSwitches,
    today: date,
) -> Objection:
    days = (today - end).days
    why = f"the limit is {switches.retro_term_days} days"
    if days <= switches.retro_term_days:
        why = "no attestation of the group covers the day of receipt"
    message = f"Coverage in force would end on {end}, {days} days before receipt; {why}."
    unsaid = subject.event.reason in DEATHS and subject.event.death is None
    place = subject.event.called("INS12")
    fix = f"Send the date of death in {place}; from then on the dead person's own lines may end." if unsaid else ""
    return objection("RETRO-TERM", subject, coverage, field, message, fix=fix)
