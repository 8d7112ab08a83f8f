"""A record under a person's answer: what it asks then, and which objections are raised no more.

Source: docs/domain.md, Decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from model.agreement.terms import Partner
from model.enrollment.decision import MEMBER, Objection
from model.enrollment.events import CoverageEvent, EnrollmentEvent
from model.enrollment.ruling import Ruling
from model.finding import Severity
from model.trade.maintenance import BENEFITS_LEFT, CHANGE, CORRECTION, DELETE
from model.trade.references import ELIGIBILITY_END

_SAID, _FIX = "Decided by a person: ", "Nothing to do."


def ruled(event: EnrollmentEvent, ruling: Ruling, partner: Partner) -> EnrollmentEvent:
    """Return what a record asks under a ruling: the amendment, and what a waived question carries out."""
    if "CORRECTION-PENDS" in ruling.waived:
        event = _corrected(event)
    if "VOID-PENDS" in ruling.waived:
        event = replace(event, coverages=tuple(_voids(event, ruling, partner)))
    return _amended(event, ruling) if ruling.amend else event


def waived(raised: Iterable[Objection], ruling: Ruling) -> list[Objection]:
    """Return objections with those that a person waived told as decided; an error is never waived."""
    return [_told(each) if _is_waived(each, ruling) else each for each in raised]


def _is_waived(one: Objection, ruling: Ruling) -> bool:
    return one.finding.severity is Severity.PEND and one.finding.code in ruling.waived


def _told(one: Objection) -> Objection:
    finding = one.finding
    said = replace(finding, severity=Severity.INFO, message=f"{_SAID}{finding.message}", fix=_FIX)
    return replace(one, finding=said)


def _corrected(event: EnrollmentEvent) -> EnrollmentEvent:
    """Read a correction as the change that it is."""
    lines = tuple(
        replace(line, maintenance=CHANGE) if line.maintenance == CORRECTION else line for line in event.coverages
    )
    own = CHANGE if event.maintenance == CORRECTION else event.maintenance
    return replace(event, maintenance=own, coverages=lines)


def _voids(event: EnrollmentEvent, ruling: Ruling, partner: Partner) -> Iterator[CoverageEvent]:
    """Say of each HD in question that takes back what has begun, in whatever form, that it does."""
    early = partner.profile.same_day_end_is_void
    for line in event.coverages:
        begin, end = line.begin, line.end
        backwards = bool(begin and end) and (end < begin or (early and end == begin))  # type: ignore[operator]
        takes_back = event.maintenance == DELETE or backwards
        yield replace(line, maintenance=DELETE) if takes_back and ruling.decides(line.number) else line


def _amended(event: EnrollmentEvent, ruling: Ruling) -> EnrollmentEvent:
    """Lay an amendment over the coverages in question; over the end of all where none has an end of its own."""
    amend = ruling.amend
    until = event.date_of(ELIGIBILITY_END)
    of_all = amend.end is not None and until is not None and ruling.decides(MEMBER)
    dates = event.dates
    if of_all or (amend.end is not None and not event.coverages and until is not None):
        dates = tuple((name, amend.end if name == ELIGIBILITY_END else day) for name, day in dates)  # type: ignore[misc]
    elif amend.end is not None and until is None and event.reason in BENEFITS_LEFT and ruling.decides(MEMBER):
        dates = (*dates, (ELIGIBILITY_END, amend.end))  # the leave or layoff said no end: this one is the answer
    lines = tuple(_amended_line(line, ruling) if ruling.decides(line.number) else line for line in event.coverages)
    return replace(event, dates=dates, coverages=lines)


def _amended_line(line: CoverageEvent, ruling: Ruling) -> CoverageEvent:
    amend = ruling.amend
    return replace(line, end=amend.end or line.end, plan=amend.plan or line.plan, tier=amend.tier or line.tier)
