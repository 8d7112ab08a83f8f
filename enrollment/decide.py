"""Decide: events of whole families, terms and roster -> decisions and one change set. Pure, in memory.

Families are decided one after the other, subscribers before dependents whatever the file's order. A family is
first tried; when the whole shows what no single record does, it is decided again with those lines waiting. So it
is where the same events again would change something: what such a record says does not hold together.

See docs/design.md, Four steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from enrollment import foretold, resolve
from enrollment.checks import blame, objections, remarks, settle, tell_of_holding
from enrollment.draft import Draft, Forced
from enrollment.families import Named, ruled_contract
from enrollment.implied import follow
from enrollment.linked import remembered
from enrollment.looked_up import drops
from enrollment.member import decide_member, subject_of
from enrollment.ruled import ruled
from enrollment.scope import trespasses
from enrollment.spans import same
from enrollment.straight import straight as straight_on
from enrollment.work import Family, Work
from model.agreement.terms import Terms
from model.enrollment.actions import FACTS_TOLD, UNCHANGED, Did
from model.enrollment.decision import Cause, Decision, Disposition
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import ChangeSet, NewPerson
from model.timeline import day_after
from model.trade.maintenance import MOVES
from model.trade.member import SELF
from model.trade.references import MAINTENANCE_EFFECTIVE
from validators.base import Context
from validators.reading import Record, read
from validators.telling import plain


@dataclass(frozen=True, slots=True)
class _Records:
    """The records of one family, subscribers first, then in file order."""

    group: str  # resolved number, empty when unknown
    terms: Terms | None
    records: tuple[Record, ...]


def decide(
    events: Sequence[EnrollmentEvent], context: Context, *, straight: bool = True
) -> tuple[tuple[Decision, ...], ChangeSet]:
    """Decide the events of whole families against `context.snapshot` and return what becomes of each.

    Decisions come in file order, one per event; after a subscriber's there may be more, with cause IMPLIED, of
    dependents without a record of their own whose coverage ends with the subscriber's. Nothing is rejected or
    pended without a finding. Applied to the store, the same events come out as NOOP with an empty change set. Not
    `straight`: no family is spared the full road, which comes to the same.
    """
    work = Work(context.snapshot, context.tokens)
    decisions: list[Decision] = []
    drafts: list[Draft] = []
    for family in _families(events, context):
        told = any(_is_told(record, family.group, work, context) for record in family.records)
        plain = straight and not context.newer and not told
        at_once = straight_on(family.records, family.group, family.terms, work, context) if plain else None
        if at_once is None:
            drafts += _decide_family(family, work, context)
        else:
            decisions += at_once
    changes = work.changes()
    added = {person.id for person in changes.open if isinstance(person, NewPerson)}
    for draft in drafts:
        _finish(draft, work, added)
        decisions.append(draft.decision())
    decisions.sort(key=lambda one: one.event.number)
    return tuple(decisions), changes


def _is_told(record: Record, group: str, work: Work, context: Context) -> bool:
    """Say whether a person decided on a record, or said whom one like it is about."""
    return record.event.number in context.rulings or bool(remembered(record.event, group, work))


def _families(events: Sequence[EnrollmentEvent], context: Context) -> Iterator[_Records]:
    """Gather events by group and subscriber number, in the order in which each family is first met."""
    numbers: dict[str, str] = {}
    families: dict[tuple[str, str], list[EnrollmentEvent]] = {}
    for event in sorted(events, key=lambda one: one.number):
        text = resolve.group_ref(event, context.header, context.partner)
        if text not in numbers:
            numbers[text] = resolve.group_number(text, context.partner, context.terms, context.today)
        family = event.subscriber_number.replace("-", "").upper() or f"#{event.number}"
        families.setdefault((numbers[text], family), []).append(event)
    for (group, _), members in families.items():
        members.sort(key=lambda one: (not one.is_subscriber, one.relationship != SELF))
        terms = context.terms.get(group)
        asked = (ruled(member, context.ruling(member.number), context.partner) for member in members)
        records = [read(member, terms) for member in asked]
        if len(records) > 1 and (any(record.only_ends for record in records) or _of_one(records)):
            records = _by_day(records)
        yield _Records(group, terms, tuple(records))


def _of_one(records: Sequence[Record]) -> bool:
    """Say whether two records may be about one person: both the subscriber's, or of one first name and birth."""
    who = {(record.event.is_subscriber, *_named(record.event)) for record in records}
    return len(who) < len(records)


def _named(event: EnrollmentEvent) -> tuple[str, date | None]:
    return ("", None) if event.is_subscriber else (plain(event.person.name.first), event.person.birth)


def _by_day(records: Iterable[Record]) -> list[Record]:
    """Return a family's records, subscribers first, then by day, ends before what follows them.

    So an end makes room for what begins on the day after, wherever it stands in the file; and of two records of
    one person the later days are decided on top of the earlier ones. A record without a day stays behind what it
    stands behind.
    """
    placed: list[tuple[bool, date, bool, Record]] = []
    day = {True: date.min, False: date.min}
    for record in records:
        mine = record.event.is_subscriber
        day[mine] = _first_day(record) or day[mine]
        placed.append((not mine, day[mine], not record.only_ends, record))
    placed.sort(key=lambda each: each[:3])
    return [record for *_, record in placed]


def _first_day(record: Record) -> date | None:
    days = [reading.end if record.only_ends else reading.begin for reading in record.readings]
    days += [record.eligible_to] if record.only_ends else []
    days += [record.event.date_of(MAINTENANCE_EFFECTIVE)] if record.event.reason in MOVES else []
    first = min((day for day in days if day), default=None)
    return day_after(first) if first and record.only_ends else first


def _decide_family(family: _Records, work: Work, context: Context) -> list[Draft]:
    """Decide one family until the same events again would change nothing, and let the chunk keep it."""
    forced: Forced = {}
    while True:
        trial, drafts = _stand(family, work, context, forced)
        more = _unsettled(drafts, _stand(family, work, context, forced, trial)[0]) if _doubtful(drafts) else {}
        if not more:
            break
        forced |= more  # each names a line that was applied and now waits: this ends
    if foretold.waits(drafts):
        foretold.foretell(drafts, _approved(family, drafts, work, context))
    if family.terms:
        remarks(trial, drafts, family.terms)
        tell_of_holding(trial, drafts)
    work.keep(trial)
    return drafts


def _approved(family: _Records, drafts: list[Draft], work: Work, context: Context) -> list[Draft]:
    """Decide a family as if what waits of it were approved; nothing of it is kept."""
    rulings = foretold.answered(drafts)
    if not rulings:
        return []
    records = tuple(
        read(ruled(record.event, rulings[record.event.number], context.partner), family.terms)
        if record.event.number in rulings
        else record
        for record in family.records
    )
    context = replace(context, rulings={**context.rulings, **rulings})
    return _stand(replace(family, records=records), work, context, {})[1]


def _stand(
    family: _Records, work: Work, context: Context, waits: Forced, earlier: Family | None = None
) -> tuple[Family, list[Draft]]:
    """Decide one family until it stands as a whole; `earlier`: on top of what came of it before."""
    forced = dict(waits)
    while True:
        trial, drafts = _try(family, work, context, forced, earlier)
        more = trespasses(trial, drafts, context.reach(family.group)) or objections(trial, drafts)
        if not more:
            return trial, settle(trial, drafts)
        forced |= more  # ends as above


def _try(
    family: _Records, work: Work, context: Context, forced: Forced, earlier: Family | None
) -> tuple[Family, list[Draft]]:
    contract, found = earlier.contract if earlier else None, Named()
    if family.terms and contract is None:
        found = ruled_contract(family.records, family.group, work, context)
    first = family.records[0].event
    trial = Family(work, family.group, first.subscriber_number, contract or found.contract)
    trial.renumbers = found.renumbers
    trial.people |= earlier.people if earlier else {}
    trial.told |= earlier.told if earlier else {}
    trial.records = family.records
    trial.subscriber_sent = first.is_subscriber
    drafts: list[Draft] = []
    for record in family.records:
        subject = subject_of(record, family.terms, trial, context, found.problem)
        made = decide_member(subject, trial, context, forced)
        trial.subscriber_refused |= record.event.is_subscriber and made[0].refused
        trial.subscriber_drops |= drops(record)
        drafts += made
    return trial, drafts + follow(drafts, trial, context)


def _finish(draft: Draft, work: Work, added: set[int]) -> None:
    """Forget people who were never added, and updates that another record of the chunk took back."""
    if draft.person < 0 and draft.person not in added:
        draft.person = 0
    first, now = work.first_people.get(draft.person), work.people.get(draft.person)
    if first is not None and now == first:
        for index in draft.line("", Disposition.APPLIED):
            if draft.lines[index].action.kind in FACTS_TOLD:
                draft.change(index, Disposition.NOOP, UNCHANGED)
    for index in draft.line("", Disposition.APPLIED):
        if draft.lines[index].action.kind is Did.TOLD and not work.tells(draft.enrollee):
            draft.change(index, Disposition.NOOP, UNCHANGED)


def _doubtful(drafts: list[Draft]) -> bool:
    """Say whether a family has to be read twice, once it is known what came of it.

    So it is when two records are about one person or two HDs about one line, when a record knew nobody whom a
    later one may have added, and when what ended comes back. Of all else the second time leaves nothing to do.
    """
    if not any(draft.line(line.line, Disposition.APPLIED) for draft in drafts for line in draft.lines):
        return False
    sent = [draft for draft in drafts if draft.cause is Cause.SENT]
    said = Counter((d.enrollee, line.line) for d in sent for line in d.lines if line.coverage)
    said += Counter((d.enrollee, "") for d in sent)
    return max(said.values(), default=0) > 1 or any(not d.enrollee or _brings_back(d.subject.record) for d in sent)


def _brings_back(record: Record) -> bool:
    return record.reinstates or any(reading.reinstates for reading in record.readings)


def _unsettled(drafts: list[Draft], again: Family) -> Forced:
    """Return the lines that have to wait, because the same events changed them `again` after the first `drafts`.

    (event number, coverage number) -> objection. Empty: nothing changed. Where no record of the person did
    anything to the line before, something else opened the way, and all that its records do to lines waits.
    """
    changed = _changed(again)
    forced: Forced = {}
    for enrollee, line in changed:
        forced |= _unclear(drafts, enrollee, line)
    if (changed and not forced) or _moved(again):
        for draft in drafts:
            for line in dict.fromkeys(line.line for line in draft.lines):
                forced |= _unclear(drafts, draft.enrollee, line)
    return forced


def _changed(family: Family) -> list[tuple[int, str]]:
    """Return whose coverage of which line is another than before."""
    everybody = family.contract.enrollees if family.contract else ()
    lines = dict.fromkeys((*family.was, *((e.id, c.line) for e in everybody for c in e.coverages)))
    return [line for line in lines if not same(family.was.get(line, ()), family.spans(*line))]


def _moved(family: Family) -> bool:
    before, after = (contract.assignments if contract else () for contract in (family.before, family.contract))
    return [(a.subgroup, a.span) for a in before] != [(a.subgroup, a.span) for a in after]


def _unclear(drafts: list[Draft], enrollee: int, line: str) -> Forced:
    return blame(drafts, enrollee, line, "LINE-UNCLEAR", "read again, the record would change the line once more")
