"""COBRA-EVENT."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.agreement.continuation import Length
from model.enrollment.decision import Objection
from model.enrollment.roster import Contract
from model.finding import Severity
from model.timeline import day_after, day_before
from model.trade.maintenance import AUDIT, ENDS_OF_WORK, Verb
from model.trade.member import ACTIVE
from model.trade.references import COBRA_END, ELIGIBILITY_END
from validators.base import Context, Subject, objection
from validators.continued import continues, lasting
from validators.reading import Reading
from validators.standing import asked, cobra_begin, went_on


def cobra_event(subject: Subject, context: Context) -> Iterator[Objection]:
    """COBRA (INS05 = C) goes on without a gap from the day after the loss, in the group's subgroup for COBRA.

    The event (INS07) says how long: after the end or cut of employment (1, 2, 9, 10) what is agreed, else what the
    law of the group's situs asks for, 18 months or more, 36 after the others; bankruptcy (8) and ZZ wait for a
    person, and so does what rests on a law that nobody here has read (COBRA-LAW). Such adds may reach back to the
    loss and have no enrollment window. When no earlier coverage is known, that is said. An end sent for active
    coverage (INS05 = A) does not end what has gone on under COBRA; one on the day before it began changes nothing.
    """
    event = subject.event
    if subject.terms is None or not event.is_subscriber:
        return
    if not subject.record.cobra:
        yield from _active(subject, context)
        return
    new = [line for line in asked(subject, Verb.OPEN) if not continues(subject, line)]
    if not new:
        return
    if subject.subgroup is None or not subject.subgroup.cobra:
        message = f"Group {subject.terms.group} has no single subgroup for COBRA on that day."
        fix = "Send the COBRA subgroup's code, or ask us which it is."
        yield objection("COBRA-EVENT", subject, None, "ins", message, fix=fix)
        return
    lasts = {line.number: lasting(subject, line.begin, context.today) for line in new if line.begin}
    if lasts and None in lasts.values():
        sent = (
            f"COBRA event {event.cobra_event} waits for a person." if event.cobra_event else "No event was sent."
        )
        asked_again = event.maintenance == AUDIT and not event.cobra_event
        severity = Severity.WARNING if asked_again else None
        yield objection(
            "COBRA-EVENT", subject, None, "ins", f"{sent} ({event.called('INS07')})", severity=severity
        )
    doubt = next((each.doubt for each in lasts.values() if each and each.doubt), "")
    if doubt:
        yield objection("COBRA-LAW", subject, None, "ins", doubt)
    for line in new:
        yield from _span(subject, context, line, lasts.get(line.number))


def _active(subject: Subject, context: Context) -> Iterator[Objection]:
    """Look at a record of active coverage that meets COBRA."""
    event = subject.event
    if not subject.record.only_ends:
        opens = any(asked(subject, Verb.OPEN))
        if opens and subject.subgroup and subject.subgroup.cobra and subject.subgroup_sent:
            status, why = event.called("INS05"), event.called("INS07")
            what = f"{status} is {event.benefit_status or 'empty'}"
            message = f"Subgroup {subject.subgroup.code} is for COBRA, but {what}."
            fix = f"Send {status} = C with the event in {why}, or the subgroup of the active family."
            yield objection("COBRA-EVENT", subject, None, "ins", message, fix=fix, severity=Severity.WARNING)
        return
    begin = cobra_begin(subject, context.today)
    days = [day for line in subject.lines if (day := line.end)]
    days += [day for day in (event.date_of(ELIGIBILITY_END),) if day]
    own = subject.enrollee.coverages if subject.enrollee else ()
    of_work = event.benefit_status == ACTIVE and event.reason in ENDS_OF_WORK
    if begin and any((day < begin or of_work) and not went_on(subject, own, day, context.today) for day in days):
        message = f"The family goes on under COBRA from {begin}; the end sent is of its active coverage."
        status = event.called("INS05")
        fix = f"Nothing to do if COBRA goes on. To end COBRA send the last covered day with {status} = C."
        yield objection("COBRA-EVENT", subject, None, "ins", message, fix=fix)


def _span(subject: Subject, context: Context, one: Reading, lasts: Length | None) -> Iterator[Objection]:
    """Compare one line with what was lost, and with how long COBRA lasts."""
    begin, sent = one.begin, one.coverage
    end = one.end or subject.event.date_of(COBRA_END)
    if begin is None or one.line is None:
        return
    lost = _lost(subject, context, one.line.code, begin)
    if lost is None:
        message = f"No earlier coverage of line {one.line.code} is known that COBRA would continue."
        yield objection("COBRA-EVENT", subject, sent, "begin", message, severity=Severity.WARNING)
    elif begin > day_after(lost):
        message = f"Coverage of line {one.line.code} ended on {lost}; COBRA from {begin} would leave a gap."
        fix = f"Send {day_after(lost)} in {subject.event.called('DTP*348')}: COBRA goes on without a gap."
        yield objection("COBRA-EVENT", subject, sent, "begin", message, fix=fix)
    if lasts and end and end > lasts.last:
        message = f"COBRA from {lasts.start} lasts {lasts.months} months, to {lasts.last}; asked for is {end}."
        yield objection("COBRA-EVENT", subject, sent, "end" if sent.end else "hd", message)


def _lost(subject: Subject, context: Context, line: str, begin: date) -> date | None:
    """Return the last covered day in a line before COBRA, in any family of the group; None: none is known."""
    contracts: list[Contract] = [subject.contract] if subject.contract else []
    if subject.person and context.snapshot and subject.terms:
        stored = context.snapshot.by_member_id.get(subject.person.member_id, ())
        contracts += [contract for contract in stored if contract.group == subject.terms.group]
    who = subject.person.id if subject.person else subject.enrollee.person.id if subject.enrollee else 0
    spans = [
        c.span
        for family in contracts
        for e in family.enrollees
        for c in e.coverages
        if e.person.id == who and c.line == line and c.span.begin < begin
    ]
    return max((min(span.end, day_before(begin)) for span in spans), default=None)
