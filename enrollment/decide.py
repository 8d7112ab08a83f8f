"""Decide: events of whole families, terms and roster -> decisions and one change set. Pure, in memory.

Families are decided one after the other, subscribers before dependents whatever the file's order. A family is
first tried; when the whole shows what no single record does, it is decided again with those lines waiting.

See docs/design.md, Four steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from enrollment import resolve
from enrollment.again import doubtful, unsettled
from enrollment.checks import objections, remarks, settle
from enrollment.draft import Draft, Forced
from enrollment.match import family_contract
from enrollment.member import decide_member, subject_of
from enrollment.scope import trespasses
from enrollment.work import Family, Work
from model.agreement.terms import Terms
from model.enrollment.actions import FACTS_TOLD, UNCHANGED
from model.enrollment.decision import Decision, Disposition
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import ChangeSet, NewPerson
from validators.base import Context
from validators.reading import Record, read


@dataclass(frozen=True, slots=True)
class _Records:
    """The records of one family, subscribers first, then in file order."""

    group: str  # resolved number, empty when unknown
    terms: Terms | None
    records: tuple[Record, ...]


def decide(events: Sequence[EnrollmentEvent], context: Context) -> tuple[tuple[Decision, ...], ChangeSet]:
    """Decide the events of whole families against `context.snapshot` and return what becomes of each.

    Decisions come in file order, one per event; after a subscriber's there may be more, with cause IMPLIED, of
    dependents without a record of their own whose coverage ends with the subscriber's. Nothing is rejected or
    pended without a finding. Applied to the store, the same events come out as NOOP with an empty change set.
    """
    work = Work(context.snapshot, context.tokens)
    drafts = [draft for family in _families(events, context) for draft in _decide_family(family, work, context)]
    changes = work.changes()
    added = {person.id for person in changes.open if isinstance(person, NewPerson)}
    for draft in drafts:
        _finish(draft, work, added)
    drafts.sort(key=lambda one: one.event.number)
    return tuple(draft.decision() for draft in drafts), changes


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
        members.sort(key=lambda one: not one.is_subscriber)
        terms = context.terms.get(group)
        yield _Records(group, terms, tuple(read(member, terms) for member in members))


def _decide_family(family: _Records, work: Work, context: Context) -> list[Draft]:
    """Decide one family until the same events again would change nothing, and let the chunk keep it."""
    forced: Forced = {}
    while True:
        trial, drafts = _stand(family, work, context, forced)
        more = unsettled(drafts, _stand(family, work, context, forced, trial)[0]) if doubtful(drafts) else {}
        if not more:
            break
        forced |= more  # each names a line that was applied and now waits: this ends
    if family.terms:
        remarks(trial, drafts, family.terms)
    work.keep(trial)
    return drafts


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
    contract, problem = earlier.contract if earlier else None, ""
    if family.terms and contract is None:
        contract, problem = family_contract(family.records, family.group, work, context)
    first = family.records[0].event
    trial = Family(work, family.group, first.subscriber_number, contract)
    trial.people |= earlier.people if earlier else {}
    keys = frozenset((family.group, token) for token in work.tokens.family(trial.number))
    if first.is_subscriber:
        context = replace(context, subscribers_sent=keys)
    drafts: list[Draft] = []
    for record in family.records:
        subject = subject_of(record, family.terms, trial, context, problem)
        made = decide_member(subject, trial, context, forced)
        if record.event.is_subscriber and made[0].refused:
            context = replace(context, subscribers_rejected=keys)
        drafts += made
    return trial, drafts


def _finish(draft: Draft, work: Work, added: set[int]) -> None:
    """Forget people who were never added, and updates that another record of the chunk took back."""
    if draft.person < 0 and draft.person not in added:
        draft.person = 0
    first, now = work.first_people.get(draft.person), work.people.get(draft.person)
    if first is not None and now == first:
        for index in draft.line("", Disposition.APPLIED):
            if draft.lines[index].action.kind in FACTS_TOLD:
                draft.change(index, Disposition.NOOP, UNCHANGED)
