"""VOID-PENDS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from model.enrollment.decision import Objection
from model.enrollment.roster import Coverage
from model.timeline import day_after
from model.trade.maintenance import DELETE, Verb
from validators.base import Context, Subject, objection
from validators.reading import Reading
from validators.standing import asked, cobra_begin, goes_on, to_void, undone


def void_pends(subject: Subject, context: Context) -> Iterator[Objection]:
    """Coverage that has begun is taken back as if it never was by a person only, whatever segment asks for it.

    It is asked for by INS*002 or HD*002, by a last day (DTP*349, DTP*357) before the first day of coverage that
    has gone on without a gap, and, where your profile says so, by the first day sent as the last one. A record
    with INS05 = C asks it of COBRA alone, not of the coverage before. HD*002 for coverage that has not begun is
    taken back at once; a change of plan from the first day is none.
    """
    event = subject.event
    if event.maintenance == DELETE:
        yield objection("VOID-PENDS", subject, None, "maintenance")
    for line in subject.lines:
        sent, begin = line.coverage, line.coverage.begin
        if line.verb is Verb.VOID and (event.maintenance == DELETE or not _not_begun(subject, line, context)):
            yield objection("VOID-PENDS", subject, sent, "maintenance")
        elif begin and begin == sent.end and context.partner.profile.same_day_end_is_void:
            yield objection("VOID-PENDS", subject, sent, "end")
        elif text := _taken_back(subject, line, context):
            yield objection("VOID-PENDS", subject, sent, "end" if sent.end else "hd", text)
    last = subject.record.eligible_to
    own = {line.line.code for line in asked(subject, Verb.OPEN, Verb.END) if line.line}
    for spans in _everybodys(subject, context) if last else ():
        other = [span for span in spans if span.line not in own]
        if last and (begin := _void_of(other, last, context)):
            yield objection("VOID-PENDS", subject, None, "dtp:357", _message(last, begin))
            return


def _not_begun(subject: Subject, one: Reading, context: Context) -> bool:
    """Say whether what an HD*002 names is known and has not begun."""
    named = subject.enrollee is not None and one.line is not None and (one.plan or not one.coverage.plan)
    return bool(named) and all(c.span.begin > context.today for c in to_void(subject, one))


def _taken_back(subject: Subject, one: Reading, context: Context) -> str:
    """Say what an end of a line takes back, empty text when nothing that has begun."""
    end = one.end
    if end is None or one.line is None:
        return ""
    if begin := undone(subject, one, context.today):
        return _message(end, begin)
    if one.verb is not Verb.END or goes_on(subject, one, end):
        return ""
    people = _everybodys(subject, context) if subject.record.eligible_to else _own(subject, context)
    for spans in people:
        mine = [c for c in spans if c.line == one.line.code]
        plan = one.plan.code if one.plan and one.coverage.plan else ""
        if begin := _void_of(mine, end, context, plan):
            return _message(end, begin)
    return ""


def _message(end: date, begin: date) -> str:
    return f"Coverage in force since {begin} would end on {end}, as if it never was."


def _own(subject: Subject, context: Context) -> list[Sequence[Coverage]]:
    return [_spoken_of(subject, subject.enrollee.coverages, context)] if subject.enrollee else []


def _everybodys(subject: Subject, context: Context) -> list[Sequence[Coverage]]:
    """Return the coverages of each person whom DTP*357 ends: of a subscriber the whole family."""
    if subject.event.is_subscriber and subject.contract and subject.enrollee:
        return [_spoken_of(subject, enrollee.coverages, context) for enrollee in subject.contract.enrollees]
    return _own(subject, context)


def _spoken_of(subject: Subject, spans: Sequence[Coverage], context: Context) -> Sequence[Coverage]:
    """Leave out the active coverage where the record is about COBRA, which goes on from it without a gap."""
    begin = cobra_begin(subject, context.today) if subject.record.cobra else None
    return [span for span in spans if begin is None or span.span.begin >= begin]


def _void_of(spans: Sequence[Coverage], end: date, context: Context, plan: str = "") -> date | None:
    """Return the first day of a stretch without a gap that has begun and that an end would leave nothing of.

    `spans` are one person's; with `plan` only stretches that hold it. Where a span ends on that very day nothing
    else is asked for.
    """
    early = context.partner.profile.same_day_end_is_void
    for line in dict.fromkeys(span.line for span in spans):
        mine = sorted((span for span in spans if span.line == line), key=lambda one: one.span.begin)
        if any(held.span.end == end and plan in ("", held.plan) for held in mine):
            continue
        for stretch in _stretches(mine):
            begin = stretch[0].span.begin
            named = plan in ("", *(held.plan for held in stretch))
            if named and begin <= context.today and (end < begin or (early and end == begin)):
                return begin
    return None


def _stretches(spans: Sequence[Coverage]) -> list[list[Coverage]]:
    """Put together the spans (in order) that follow each other without a gap, whatever the plans."""
    found_here: list[list[Coverage]] = []
    for span in spans:
        if found_here and span.span.begin == day_after(found_here[-1][-1].span.end):
            found_here[-1].append(span)
        else:
            found_here.append([span])
    return found_here
