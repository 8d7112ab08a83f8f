"""What one judged file shows of its sender and group, counted: the material of a terms draft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from model.enrollment.events import CoverageEvent, EnrollmentEvent, SetHeader
from model.enrollment.sent import MOST_PLANS, Sent, is_own
from model.money.remittance import Remittance
from model.trade.header import CHANGE_SET
from model.trade.maintenance import AUDIT, TERMINATE
from model.trade.payment import OF_ACCOUNTS
from model.trade.references import COVERED_DAYS, HD04, MASTER_POLICY, PLAN_PLACES, SUBGROUP_PLACES
from model.x12 import FunctionalGroup, Interchange
from parsers.x12.fields import day
from vault.ssn import looks_like_ssn

_FEW = 20  # HDs: of so many each may well be another plan


@dataclass(slots=True)
class Seen:
    """Counts of what was sent.

    `policies` counts sets by REF*38, `places` members by what each REF says; both count "" where none is sent.
    """

    ours: Counter[tuple[str, str]] = field(default_factory=Counter)  # (ISA07, ISA08)
    senders: Counter[tuple[str, str]] = field(default_factory=Counter)  # (ISA05, ISA06)
    our_codes: Counter[str] = field(default_factory=Counter)  # GS03
    sender_codes: Counter[str] = field(default_factory=Counter)  # GS02
    sponsor: tuple[str, str] = ("", "")  # N1*P5, or the 820's N1*PR
    insurer: tuple[str, str] = ("", "")  # N1*IN, or the 820's N1*PE
    broker: tuple[str, str] = ("", "")  # N1*BO or N1*TV
    policies: Counter[str] = field(default_factory=Counter)
    places: dict[str, Counter[str]] = field(
        default_factory=lambda: {place: Counter() for place in SUBGROUP_PLACES}
    )
    # By where the plan may ride (plan_from): (HD03, plan, HD05) -> HDs, and (HD03, plan) sent for a subscriber in
    # an HD that is no termination and has no tier.
    offered: dict[str, Counter[tuple[str, str, str]]] = field(
        default_factory=lambda: {place: Counter() for place in (HD04, *PLAN_PLACES)}
    )
    without_tier: dict[str, set[tuple[str, str]]] = field(
        default_factory=lambda: {place: set() for place in (HD04, *PLAN_PLACES)}
    )
    sent: Sent = field(default_factory=Sent)
    members: int = 0
    subscribers: int = 0
    actions: list[tuple[str, set[str]]] = field(default_factory=list)  # per set: BGN08, and the INS03 codes in it
    file_dates: list[date] = field(default_factory=list)
    first_day: date | None = None  # the earliest day on which something must be in force
    first_begin: date | None = None  # the earliest begin of coverage
    accounts: Counter[str] = field(default_factory=Counter)  # RMR02 of RMR01 = 1L or 11
    remittances: int = 0

    @property
    def plan_from(self) -> str:
        """Where plans ride: a REF under HD with several values beside the one HD04 of a line, else HD04.

        Not one that says something else each time, or more than a group has plans.
        """
        plans: dict[str, set[str]] = {}
        times: Counter[str] = Counter()
        for (line, plan, _), count in self.offered[HD04].items():
            plans.setdefault(line, set()).add(plan)
            times[line] += count
        for line, qualifier, count, _ in self.sent.merged():
            apart = count == times[line] > _FEW
            if len(plans[line]) == 1 and count < MOST_PLANS and not apart:
                return qualifier
        return HD04

    @property
    def offers(self) -> Counter[tuple[str, str, str]]:
        """(HD03, plan, HD05) -> HDs."""
        return self.offered[self.plan_from]

    @property
    def untiered(self) -> set[tuple[str, str]]:
        """(HD03, plan) sent for a subscriber without tier, in an HD that is no termination."""
        return self.without_tier[self.plan_from]

    @property
    def families(self) -> int:
        """Families that the file holds: its subscribers, or its members where no subscriber is sent."""
        return self.subscribers or self.members

    @property
    def all_audit(self) -> bool:
        """Say whether some set is of changes (BGN08 = 2), yet all its members are audit records (INS03 = 030)."""
        return any(action == CHANGE_SET and codes == {AUDIT} for action, codes in self.actions)


def see(judged: Iterable[object]) -> Seen:
    """Read a judged file (the items of parsers.x12.judge.judge) once."""
    seen = Seen()
    for item in judged:
        if isinstance(item, Interchange):
            _interchange(seen, item)
        elif isinstance(item, FunctionalGroup):
            seen.our_codes[item.receiver] += 1
            seen.sender_codes[item.sender] += 1
        elif isinstance(item, SetHeader):
            _header(seen, item)
        elif isinstance(item, EnrollmentEvent):
            _member(seen, item)
        elif isinstance(item, Remittance):
            _remittance(seen, item)
    return seen


def _earliest(seen: Seen, *days: date | None) -> None:
    """Take days on which something must be in force."""
    for when in days:
        if when and (seen.first_day is None or when < seen.first_day):
            seen.first_day = when


def _interchange(seen: Seen, isa: Interchange) -> None:
    seen.ours[isa.receiver_qualifier, isa.receiver] += 1
    seen.senders[isa.sender_qualifier, isa.sender] += 1
    sent = day(f"20{isa.date}")
    _earliest(seen, sent)
    if sent:
        seen.file_dates.append(sent)


def _header(seen: Seen, header: SetHeader) -> None:
    seen.actions.append((header.action, set()))
    seen.policies[header.master_policy] += 1
    seen.sponsor = seen.sponsor if any(seen.sponsor) else header.sponsor
    seen.insurer = seen.insurer if any(seen.insurer) else header.insurer
    seen.broker = seen.broker if any(seen.broker) else header.broker
    _earliest(seen, header.set_date, header.effective)


def _member(seen: Seen, event: EnrollmentEvent) -> None:
    seen.members += 1
    seen.subscribers += event.is_subscriber
    seen.sent.take(event)
    seen.actions[-1][1].add(event.maintenance)
    for place, texts in seen.places.items():
        text = event.reference(place)
        # what repeats the family's or the person's own number names no group, and belongs in no terms file
        personal = text == event.subscriber_number or text.replace("-", "") == event.ssn
        texts["" if personal else text] += 1
    _earliest(seen, *(when for kind, when in event.dates if kind in COVERED_DAYS))
    for coverage in event.coverages:
        _earliest(seen, coverage.begin, coverage.end)
        plans = {place: _plan(event, coverage, place) for place in seen.offered}
        for place, plan in plans.items():
            seen.offered[place][coverage.line_code, plan, coverage.tier] += 1
        if coverage.begin and (seen.first_begin is None or coverage.begin < seen.first_begin):
            seen.first_begin = coverage.begin
        if event.is_subscriber and not coverage.tier and coverage.maintenance != TERMINATE:
            for place, plan in plans.items():
                seen.without_tier[place].add((coverage.line_code, plan))


def _plan(event: EnrollmentEvent, coverage: CoverageEvent, place: str) -> str:
    """Return a line's plan as it would be read there; what is about the person belongs in no terms file."""
    text = coverage.reference(place)
    return coverage.plan if not text or is_own(event, text) or looks_like_ssn(text) else text


def _remittance(seen: Seen, remittance: Remittance) -> None:
    seen.remittances += 1
    seen.sponsor = seen.sponsor if any(seen.sponsor) else remittance.payer
    seen.insurer = seen.insurer if any(seen.insurer) else remittance.payee
    for kind, text in remittance.references:
        if kind == MASTER_POLICY:
            seen.policies[text] += 1
    for line in remittance.lines:
        personal = line.level == "B" and looks_like_ssn(line.reference)
        if line.qualifier in OF_ACCOUNTS and line.reference and not personal:
            seen.accounts[line.reference] += 1
    _earliest(seen, remittance.effective, *(line.begin for line in remittance.lines))
