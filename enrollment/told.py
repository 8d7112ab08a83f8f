"""What a record tells of a member beside identity and coverage, laid over what is known of him in the family.

Facts change nobody's coverage. They are kept of the person in the family that the record names; those about a line
of coverage where that line stands. Source: docs/domain.md, Facts of a member.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from enrollment.draft import Draft
from enrollment.work import Family
from model.agreement.terms import Partner
from model.enrollment.actions import Action, Did, action
from model.enrollment.decision import MEMBER, Disposition
from model.enrollment.facts import MemberFact, Value, changed, laid
from model.trade.kept import USED_DAYS, USED_NUMBERS, Kept, in_confidence
from model.trade.maintenance import PREMIUM_PAID, SURVIVORS, Verb
from model.trade.member import BENEFIT_STATUSES, MEDICARE_PLANS, STUDENTS, SURVIVING, YES, Benefit
from model.trade.references import COBRA_END, COBRA_EVENT_DAY, MAINTENANCE_EFFECTIVE
from validators.base import Context
from validators.reading import Record


def facts_of(record: Record, partner: Partner) -> list[MemberFact]:
    """Return what a record tells, each fact of its line; one without a value says that there is none now."""
    event = record.event
    status = SURVIVING if event.reason in SURVIVORS else event.benefit_status
    facts = list(_coded(status, event.medicare, event.employment, event.student))
    if event.handicapped:
        facts.append(_HANDICAPPED)
    if event.cobra_event and not (record.cobra and event.is_subscriber):
        facts.append(_fact(Kept.COBRA_EVENT, (("INS07", event.cobra_event),)))
    if event.reason == PREMIUM_PAID and record.cobra:
        since = event.date_of(MAINTENANCE_EFFECTIVE)
        day = (("DTP", MAINTENANCE_EFFECTIVE, "D8", f"{since:%Y%m%d}"),) if since else ()
        facts.append(_fact(Kept.COBRA_PAID, (("INS04", PREMIUM_PAID), *day)))
    if event.death:
        facts.append(_fact(Kept.DEATH, (("INS12", f"{event.death:%Y%m%d}"),)))
    used = _used(partner.profile.group_from, partner.profile.subgroup_from, partner.profile.member_id_from)
    facts += [_fact(Kept.NUMBER, ((value,),), kind) for kind, value in event.references if kind not in used]
    days = USED_DAYS | _OF_COBRA if record.cobra else USED_DAYS
    facts += [_fact(Kept.DAY, ((f"{day:%Y%m%d}",),), kind) for kind, day in event.dates if kind not in days]
    return [*facts, *_told(record, partner.profile.plan_from)] if event.told else facts


def _fact(kind: Kept, value: Value, about: str = "") -> MemberFact:
    return MemberFact(kind.value, about, value)


_OF_COBRA = frozenset({COBRA_EVENT_DAY, COBRA_END})  # under COBRA they are of the family (enrollment.continued)
_HANDICAPPED = _fact(Kept.HANDICAPPED, (("INS10", YES),))


@lru_cache(maxsize=256)  # a file has a dozen such
def _coded(status: str, medicare: str, employment: str, student: str) -> tuple[MemberFact, ...]:
    """Return what INS05, INS06, INS08 and INS09 tell; the usual answer takes back what was told before."""
    special = BENEFIT_STATUSES.effects.get(status) in (Benefit.SURVIVES, Benefit.TEFRA)
    coded = (
        (Kept.STATUS, "INS05", status, special),
        (Kept.MEDICARE, "INS06", medicare, MEDICARE_PLANS.effects.get(medicare, True)),
        (Kept.EMPLOYMENT, "INS08", employment, True),
        (Kept.STUDENT, "INS09", student, STUDENTS.effects.get(student, True)),
    )
    return tuple(_fact(kind, ((name, code),) if says else ()) for kind, name, code, says in coded if code)


@lru_cache(maxsize=64)
def _used(*places: str) -> frozenset[str]:
    return USED_NUMBERS | set(places)


def _told(record: Record, plan_from: str) -> Iterator[MemberFact]:
    """Yield what loops and segments tell; of two HDs of one line the one that opens it has the last word.

    The REF in which the plan rides (`plan_from`) is read, and no fact.
    """
    lines = {reading.number: reading for reading in record.readings}
    told = sorted(record.event.told, key=lambda fact: _opens(lines.get(fact.coverage)))
    for fact in told:
        reading = lines.get(fact.coverage)
        if reading is None:
            yield MemberFact(fact.kind, "", fact.value)
        elif reading.line and (value := tuple(part for part in fact.value if part[:2] != ("REF", plan_from))):
            yield MemberFact(fact.kind, reading.line.code, value)


def _opens(reading: object) -> bool:
    return getattr(reading, "verb", None) is Verb.OPEN


def keep(draft: Draft, family: Family, context: Context) -> None:
    """Keep what the record tells of a member who stands in the family, and say what of it is new.

    What tells of health or of other people is said in the same words whether it is new or not: a report goes to
    employers and brokers.
    """
    if not draft.enrollee:
        return
    facts = [fact for fact in facts_of(draft.subject.record, context.partner) if _stands(draft, fact, context)]
    known = family.facts(draft.enrollee)
    now = laid(known, facts)
    if now != known:
        family.tell(draft.enrollee, now)
    said = dict.fromkeys(f.kind for f in changed(known, now) if _is_said(f))
    if said and known_before(draft):
        draft.add(None, Disposition.APPLIED, action(Did.TOLD, *said))
    elif not draft.lines and confidential(facts):
        draft.add(None, Disposition.NOOP, Action(Did.TAKEN_IN_CONFIDENCE))


def _is_said(fact: MemberFact) -> bool:
    """Say whether a change is told by its kind; a death is said by what becomes of the record (DEATH-NOTED)."""
    return fact.kind != Kept.DEATH and not in_confidence(fact.kind, fact.about)


def known_before(draft: Draft) -> bool:
    """Say whether the member stood in the family before the record: of somebody new all is new."""
    return draft.subject.enrollee is not None


def _stands(draft: Draft, fact: MemberFact, context: Context) -> bool:
    """Say whether a fact is to be kept: its line (the member) was decided, does not wait and is not newer."""
    by_line = fact.kind not in (Kept.NUMBER, Kept.DAY) and fact.about
    if context.newer.get((draft.person, fact.about if by_line else "")):
        return False
    if not by_line:
        return draft.ruling.decides(MEMBER)
    return (
        bool(draft.line(fact.about, Disposition.APPLIED, Disposition.NOOP)) and fact.about not in draft.blocked()
    )


def confidential(facts: Iterable[MemberFact]) -> bool:
    """Say whether any fact is of those of which nobody is told whether they were new."""
    return any(fact.value and in_confidence(fact.kind, fact.about) for fact in facts)
