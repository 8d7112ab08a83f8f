"""Member loops, terms and a partner for enrollment tests, in a few words. Everybody is invented."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from typing import Any

from enrollment.decide import decide
from model.agreement.terms import (
    Billing,
    Contact,
    EnrollmentSwitches,
    Grant,
    Line,
    Partner,
    PartnerProfile,
    Plan,
    Subgroup,
    SwitchOverride,
    Terms,
)
from model.enrollment.decision import Decision
from model.enrollment.events import Address, CoverageEvent, Demographics, EnrollmentEvent, Name, SetHeader, Spots
from model.enrollment.facts import Told
from model.enrollment.roster import ChangeSet
from model.finding import Where
from model.timeline import OPEN, Dated, Month, Span
from support.roster_model import RosterModel
from validators.base import Context
from vault.keys import Key, Keyring
from vault.tokens import Tokens

TOKENS = Tokens.of(Keyring((Key("k1", b"1" * 32),)))
HEADER = SetHeader(
    "0001", "00", "REF1", date(2027, 1, 15), "1200", "", "2", "G100", None, (), ("", ""), ("", ""), ("", "")
)
_WAITING: Any = {"waiting_days": 30, "waiting_start": "first-of-month", "retro_term_days": 30}
_ALWAYS = Span(date(2020, 1, 1))
_TIERS = ("EMP", "ESP", "ECH", "FAM")

TERMS = Terms(
    group="G100",
    name="Granite Mills",
    tax_id="",
    span=_ALWAYS,
    sent_as=("GRANITE",),
    contact=Contact(),
    address=(),
    subgroups=(
        Subgroup("ACT", "Active", "1001", _ALWAYS, ("001",)),
        Subgroup("COB", "COBRA", "1002", _ALWAYS),
        Subgroup("NEW", "New plant", "1003", Span(date(2027, 6, 1))),
        Subgroup("CBR", "Under COBRA", "1004", _ALWAYS, cobra=True, premium_percent=Dated(102)),
        Subgroup("WAI", "Waits", "1005", _ALWAYS),
    ),
    lines=(
        Line("medical", "Medical", ("HLT", "HMO", "PPO")),
        Line("dental", "Dental", ("DEN",)),
        Line("vision", "Vision", ("VIS",)),
    ),
    plans=(
        Plan("MED1", "medical", "Medical One", _ALWAYS, (), _TIERS),
        Plan("MED2", "medical", "Medical Two", _ALWAYS, ("M2",), (*_TIERS, "CHD")),
        Plan("MED3", "medical", "Medical Three", Span(date(2020, 1, 1), date(2026, 12, 31)), (), _TIERS),
        Plan("MED4", "medical", "Medical Four", _ALWAYS, (), _TIERS, ("COB",)),
        Plan("DEN1", "dental", "Dental", _ALWAYS, ("",)),
        Plan("VIS1", "vision", "Vision", _ALWAYS, (), ("EMP", "FAM")),
    ),
    rates=(),
    rules=EnrollmentSwitches(attestations=(Span(date(2028, 1, 1), date(2028, 12, 31)),)),
    billing=Billing(Month(2027, 1)),
    overrides=(SwitchOverride(_ALWAYS, "WAI", **_WAITING),),
)
OTHER = replace(TERMS, group="G200", name="Other", sent_as=())


def partner(**profile: Any) -> Partner:
    """A partner granted G100 only, whose subgroup rides in REF*DX."""
    chosen = {"subgroup_from": "DX", "member_id_from": "23", **profile}
    return Partner("granite", "Granite", grants=(Grant("G100", _ALWAYS),), profile=PartnerProfile(**chosen))


def _date(text: Any) -> date | None:
    if text in (None, "", "-"):
        return None
    return OPEN if text == "open" else date.fromisoformat(str(text))


def coverage(number: int, segment: int, text: str) -> CoverageEvent:
    """Read `HD01 HD03 HD04 HD05 348 349`, a dash for what is not sent; later parts may be left out."""
    parts = [*text.split(), *["-"] * 6][:6]
    hd01, hd03, hd04, hd05, begin, end = ("" if part == "-" else part for part in parts)
    spots: Spots = tuple(
        (name, (segment + order // 6, segment * 10, kind, element, 0, "2300"))
        for order, (name, kind, element) in enumerate(
            (
                ("hd", "HD", 0),
                ("maintenance", "HD", 1),
                ("line_code", "HD", 3),
                ("plan", "HD", 4),
                ("tier", "HD", 5),
                ("late", "HD", 9),
                ("begin", "DTP", 3),
                ("end", "DTP", 3),
            )
        )
    )
    spots = tuple((n, (s + (n == "end"), *rest)) for n, (s, *rest) in spots)
    return CoverageEvent(number, hd01, hd03, hd04, hd05, _date(begin), _date(end), False, spots)


def _person(spec: Mapping[str, Any]) -> Demographics:
    return Demographics(
        name=Name(spec.get("last", "SAMPLE" if "first" in spec else ""), spec.get("first", "")),
        birth=_date(spec.get("birth")),
        gender=spec.get("gender", ""),
        address=Address(**spec.get("address", {})),
        phone=spec.get("phone", ""),
        email=spec.get("email", ""),
        confidentiality=spec.get("restricted", ""),
        birth_sequence=spec.get("seq", 0),
    )


_DATES = {
    "eligible_to": "357",
    "effective": "303",
    "hired": "336",
    "rehired": "394",
    "signed": "300",
    "eligible": "356",
    "cobra_from": "340",
    "event_day": "301",
    "cobra_to": "341",
}


def member(number: int, spec: Mapping[str, Any]) -> EnrollmentEvent:
    """Make one member loop. Keys: family, rel, do (INS03), reason, first, last, birth, ssn, subgroup, refs,
    eligible_to (357), effective (303), hired (336), rehired (394), signed (300), eligible (356), cobra_from (340),
    event_day (301), cobra_to (341), disabled (loop 2200, from), status (INS05), medicare (INS06), event (INS07),
    employment (INS08), student (INS09), told (facts by kind, HD and segments), unkept, seq (INS17), death,
    handicapped, old, old_ssn, no_ssn, ssn_hidden, address, phone, restricted (INS13), lines."""
    relationship = str(spec.get("rel", "18"))
    segment = number * 100
    names = ("ins", "relationship", "maintenance", "reason", "death")
    spots: Spots = tuple((name, (segment, segment * 10, "INS", i, 0, "2000")) for i, name in enumerate(names))
    people = ("subscriber_number", "name", "birth", "ssn")
    spots += tuple((n, (segment + i, segment * 10 + i, "X", i, 0, "2100A")) for i, n in enumerate(people, 1))
    refs = {"DX": str(spec.get("subgroup", "ACT" if relationship == "18" else "")), **spec.get("refs", {})}
    dates = {code: _date(spec.get(name)) for name, code in _DATES.items()}
    return EnrollmentEvent(
        number=number,
        is_subscriber=spec.get("subscriber", relationship == "18"),
        relationship=relationship,
        maintenance=str(spec.get("do", "021")),
        reason=str(spec.get("reason", "")),
        benefit_status=spec.get("status", "A"),
        medicare=spec.get("medicare", ""),
        cobra_event=str(spec.get("event", "")),
        employment=spec.get("employment", ""),
        student=spec.get("student", ""),
        handicapped=spec.get("handicapped", False),
        death=_date(spec.get("death")),
        birth_sequence=spec.get("seq", 0),
        subscriber_number=str(spec.get("family", "100001")),
        ssn=str(spec.get("ssn", "")),
        person=_person(spec),
        corrected_from=_person(spec["old"]) if "old" in spec else None,
        corrected_from_ssn=str(spec.get("old_ssn", "")),
        references=tuple((k, str(v)) for k, v in refs.items() if v),
        dates=tuple((k, v) for k, v in dates.items() if v),
        coverages=tuple(
            replace(coverage(i, segment + 10 * i, t), premium=cents)
            for i, (t, cents) in enumerate(zip_longest(spec.get("lines", ()), spec.get("premiums", ())), 1)
        ),
        start=segment * 10,
        end=segment * 10 + 999,
        segment=segment,
        spots=spots,
        base=Where("000000001", "1", "0001"),
        no_ssn=tuple(spec.get("no_ssn", ())),
        ssn_hidden=spec.get("ssn_hidden", ""),
        disability=Span(date.fromisoformat(str(spec["disabled"]))) if "disabled" in spec else None,
        told=tuple(_told(text) for text in spec.get("told", ())),
        unkept=tuple((name, (segment, segment * 10, name, 0, 0, "2000")) for name in spec.get("unkept", ())),
    )


def _told(text: str) -> Told:
    """Read `kind 1 NM1*P3*1 PLA*2*1P`: of the first HD (0: of the member), and its segments."""
    kind, number, *segments = text.split()
    return Told(kind, int(number), tuple(tuple(segment.split("*")) for segment in segments))


def members(specs: Iterable[Mapping[str, Any]]) -> list[EnrollmentEvent]:
    """Make the member loops of one set, numbered from 1."""
    return [member(number, spec) for number, spec in enumerate(specs, 1)]


def context(today: date, roster: RosterModel, sender: Partner | None = None, **more: Any) -> Context:
    """Return the context of a set received today."""
    return Context(
        header=more.pop("header", HEADER),
        partner=sender or partner(),
        terms={"G100": TERMS, "G200": OTHER},
        today=today,
        tokens=TOKENS,
        snapshot=roster.snapshot(),
        new_groups=frozenset({"G100", "G200"} - {contract.group for contract in roster.contracts.values()}),
        **more,
    )


def send(
    roster: RosterModel, today: date, events: Iterable[EnrollmentEvent], sender: Partner | None = None, **more: Any
) -> tuple[tuple[Decision, ...], ChangeSet]:
    """Decide a set and apply it."""
    decisions, changes = decide(list(events), context(today, roster, sender, **more))
    roster.apply(changes)
    return decisions, changes


def said(decision: Decision) -> list[str]:
    """Return what was decided as text: `medical APPLIED added from 2027-01-01`."""
    return [f"{line.line or '-'} {line.disposition} {line.action}" for line in decision.lines]
