"""DATES-SANE."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.enrollment.decision import Objection
from model.enrollment.events import CoverageEvent, EnrollmentEvent
from model.finding import Severity
from model.timeline import OPEN, years_after
from model.trade.maintenance import TERMINATE, Verb
from validators.base import Context, Subject, objection
from validators.reading import Reading
from validators.standing import undone

_YEARS_AHEAD = 2


def dates_sane(subject: Subject, context: Context) -> Iterator[Objection]:
    """Coverage needs a first day (DTP*348), a termination a last one (DTP*349 or DTP*357), in that order.

    Both ends are covered days: the same date twice is one day of coverage. Nobody is covered before birth.
    9999-12-31 is no end. Neither birth nor death lies in the future.
    """
    event = subject.event
    if event.person.birth and event.person.birth > context.today:
        fix = f"Correct the birth date in {event.called('DMG02')}."
        yield objection("DATES-SANE", subject, None, "birth", "The birth date lies in the future.", fix=fix)
    if event.death and event.death > context.today:
        fix = f"Send the date of death in {event.called('INS12')} once it has come, or leave it out."
        yield objection("DATES-SANE", subject, None, "death", "The date of death lies in the future.", fix=fix)
    if event.maintenance == TERMINATE and not event.coverages and subject.record.eligible_to is None:
        last, each, its = event.called("DTP*357"), event.called("HD*024"), event.called("DTP*349")
        fix = f"Send {last} with the last covered day, or {each} with {its} for each line that ends."
        yield objection("DATES-SANE", subject, None, "", "The termination has no date.", fix=fix)
    if subject.record.eligible_to and any(coverage.end for coverage in event.coverages):
        yield objection("DATES-TWICE", subject, None, "dtp:357")
    beyond = [line for line in subject.lines if _beyond(line)]
    if beyond:
        first = min(line.begin for line in beyond if line.begin)
        message = (
            f"The record ends eligibility on {subject.record.eligible_to}, and asks for coverage from {first}."
        )
        yield objection("LINE-UNCLEAR", subject, None, "dtp:357", message)
    latest = years_after(context.today, _YEARS_AHEAD)
    for line in subject.lines:
        sent, begin = line.coverage, line.coverage.begin
        for name, message, fix in _wrong(event, line) if not undone(subject, line, context.today) else ():
            yield objection("DATES-SANE", subject, sent, name, message, fix=fix)
        if begin and latest < begin < OPEN:
            message = f"Coverage from {begin} begins more than {_YEARS_AHEAD} years ahead."
            fix = "Check the year."
            yield objection("DATES-SANE", subject, sent, "begin", message, fix=fix, severity=Severity.WARNING)


def _wrong(event: EnrollmentEvent, one: Reading) -> Iterator[tuple[str, str, str]]:
    """Yield (field, message, fix) for what makes the dates of one HD unusable."""
    begin, end = one.begin, one.end
    if one.verb is Verb.END and end in (None, OPEN):
        fix = f"Send {event.called('DTP*349')} with the last covered day."
        yield "end", "The line ends, but without a last covered day.", fix
    if one.verb is not Verb.OPEN:
        return
    if begin is None:
        yield (
            "begin",
            "The coverage has no first day.",
            f"Send {event.called('DTP*348')} with the first covered day.",
        )
    elif begin == OPEN:
        fix = f"Send the first covered day in {event.called('DTP*348')}."
        yield "begin", "Coverage cannot begin on 9999-12-31.", fix
    elif end and end < begin and not _beyond(one):
        yield from _backwards(event, one.coverage, begin, end)
    elif _before_birth(event, begin):
        fix = f"Correct {event.called('DTP*348')} or the birth date in {event.called('DMG02')}."
        yield "begin", "Coverage begins before the member's birth.", fix


def _beyond(one: Reading) -> bool:
    """Say whether coverage would begin after the end of eligibility (DTP*357): which of both is meant?"""
    ends, begin, end = one.coverage.end, one.begin, one.end
    return one.verb is Verb.OPEN and not ends and begin is not None and end is not None and end < begin


def _backwards(
    event: EnrollmentEvent, sent: CoverageEvent, begin: date, end: date
) -> Iterator[tuple[str, str, str]]:
    name = "end" if sent.end else "begin"
    undo = f"To undo coverage that never was, send {event.called('HD*002')}."
    fix = f"Send the last covered day, not before the first. {undo}"
    yield name, f"Coverage from {begin} would end before it begins, on {end}.", fix


def _before_birth(event: EnrollmentEvent, begin: date) -> bool:
    return event.person.birth is not None and begin < event.person.birth
