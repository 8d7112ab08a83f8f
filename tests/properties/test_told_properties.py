"""What a file tells beside who is covered: facts are kept or wait with their line, a premium is held beside ours.

A small model knows what was told last of each kind, and what a month costs.

Source: docs/domain.md, Facts of a member; Plausibility.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from enrollment.decide import decide
from model.agreement.terms import Rate
from model.enrollment.decision import Decision, Disposition
from model.timeline import Span
from support.members import TERMS, TOKENS, context, members, partner, send
from support.roster_model import RosterModel
from support.town import STANDS
from support.tries import tries

FIRST = date(2027, 1, 5)
ADA = {"first": "ADA", "birth": "1980-01-01", "lines": ["021 HLT MED1 FAM 2027-01-01", "021 DEN - - 2027-01-01"]}
BEN = {"rel": "19", "first": "BEN", "birth": "2015-01-01", "lines": ["021 HLT MED1 - 2027-01-01"]}
Key = tuple[str, str, str]  # first name; kind; line of coverage, or qualifier

_OF_MEMBER = {"wages": "ICM*1*{}", "languages": "LUI*LD*{}", "health-habits": "HLH*{}", "custodian": "NM1*S3*1*{}"}
_OF_LINE = {"providers": "LX*1 NM1*P3*1*{}", "cards": "IDC*X*{}", "other-coverage": "COB*P*{}"}
# An HD, whether it stands, and of which line it is.
_HDS = ("030 HLT MED1 {} 2027-01-01", "030 HLT MED1 FAX 2027-01-01", "024 HLT - - -", "026 HLT MED1 {} 2027-03-01")


@st.composite
def records(draw: st.DrawFn, base: dict[str, Any]) -> tuple[dict[str, Any], dict[tuple[str, str, int], str]]:
    """Draw a record of somebody, and what it tells: kind, about and HD (0: none) -> value as one text."""
    record: dict[str, Any] = {**base, "do": "001", "lines": []}
    said: dict[tuple[str, str, int], str] = {}
    if draw(st.booleans()):
        level = "FAM" if base is ADA else "-"
        record["lines"] = [draw(st.sampled_from(_HDS)).format(level)]
    codes = {"employment": ("INS08", ["FT", "PT"], ""), "student": ("INS09", ["F", "P"], "N")}
    codes |= {"medicare": ("INS06", ["A", "B"], "E")}
    for kind, (element, values, none) in codes.items():
        value = draw(st.sampled_from(["", "", *values, none]))
        if value:
            record[kind] = value
            said[kind, "", 0] = f"{element}*{value}" if value != none else ""
    told = []
    for kind, text in _OF_MEMBER.items():
        if draw(st.integers(0, 3)) == 0:
            value = text.format(draw(st.sampled_from("XY")))
            told.append(f"{kind} 0 {value}")
            said[kind, "", 0] = value
    for kind, text in _OF_LINE.items() if record["lines"] else ():
        if draw(st.booleans()):
            value = text.format(draw(st.sampled_from("XY")))
            told.append(f"{kind} 1 {value}")
            said[kind, "medical", 1] = value
    if draw(st.booleans()):
        record["refs"] = {"F6": (value := draw(st.sampled_from(["1A", "2B"])))}
        said["number", "F6", 0] = value
    if draw(st.booleans()):
        record["hired"] = (day := draw(st.sampled_from([date(2020, 5, 1), date(2021, 6, 1)])))
        said["day", "336", 0] = f"{day:%Y%m%d}"
    return {**record, "told": told}, said


def kept(roster: RosterModel) -> dict[Key, str]:
    """Return what is known of each person, by kind and what it is about."""
    names = {e.id: roster.people[e.person].demographics.name.first for e in roster.enrollees.values()}
    return {
        (names[ident], fact.kind, fact.about): " ".join("*".join(part) for part in fact.value)
        for ident, facts in roster.told.items()
        for fact in facts
    }


def stands(decision: Decision, number: int) -> bool:
    """Say whether the HD of a fact stands; where nothing does, something of the record says why."""
    lines = [line for line in decision.lines if line.number == number]
    if number and not any(line.disposition in STANDS for line in lines):
        assert lines and decision.findings, "kept back in silence"
        return False
    return True


@tries(30)
@given(st.lists(st.tuples(records(ADA), records(BEN)), min_size=1, max_size=3))
def test_what_is_told_of_a_member_is_kept_until_told_otherwise(
    sets: list[tuple[tuple[dict[str, Any], dict[tuple[str, str, int], str]], ...]],
) -> None:
    """Nothing that is not told is blanked, and what waits with a line says so."""
    roster, known, today = RosterModel(TOKENS), dict[Key, str](), FIRST
    send(roster, today, members([ADA, BEN]))
    for pages in sets:
        today += timedelta(days=7)
        decisions, _ = send(roster, today, members(record for record, _ in pages))
        for decision, (record, facts) in zip([d for d in decisions if str(d.cause) == "SENT"], pages, strict=True):
            before = dict(known)
            for (kind, about, number), value in facts.items():
                if not stands(decision, number):
                    continue
                known[record["first"], kind, about] = value
            known = {key: value for key, value in known.items() if value}
            assert known == before or decision.lines, "changed in silence"
        assert kept(roster) == known
        again, changes = send(roster, today, members(record for record, _ in pages))
        assert not changes and all(line.disposition is not Disposition.APPLIED for d in again for line in d.lines)


# --- premiums --------------------------------------------------------------------------------------------

NEW_YEAR = date(2028, 1, 1)
CENTS = {"EMP": 50_000, "ESP": 90_050, "ECH": 80_001, "FAM": 120_000}
AGES = ((0, 14, 20_000), (15, 63, 45_000), (64, 999, 99_900))
RATES = (
    *(Rate("MED1", tier, cents, Span(date(2020, 1, 1), date(2027, 12, 31))) for tier, cents in CENTS.items()),
    *(Rate("MED1", tier, cents + 5_000, Span(NEW_YEAR)) for tier, cents in CENTS.items()),
    Rate("MED1", "EMP", 47_000, Span(date(2020, 1, 1)), "COB"),
    *(Rate("MED2", "", cents, Span(date(2020, 1, 1)), ages=(first, last)) for first, last, cents in AGES),
)
PRICED = replace(TERMS, rates=RATES)


def month_of(plan: str, tier: str, place: str, day: date, age: int) -> int:
    """Return what a month costs by the table above, in cents; COBRA pays 102 %, half a cent rounded up."""
    if plan == "MED2":
        (cents,) = (each for first, last, each in AGES if first <= age <= last)
    elif (place, tier) == ("COB", "EMP"):
        cents = 47_000
    else:
        cents = CENTS[tier] + (5_000 if day >= NEW_YEAR else 0)
    return (cents * 102 + 50) // 100 if place == "CBR" else cents


@tries(60)
@given(st.data())
def test_a_premium_beside_ours_is_told_exactly_when_it_differs(data: st.DataObject) -> None:
    """An information, or a warning where the profile says that it is our premium; it changes no disposition."""
    plan, tier = data.draw(st.sampled_from(["MED1", "MED1", "MED2"])), data.draw(st.sampled_from(sorted(CENTS)))
    place = data.draw(st.sampled_from(["ACT", "COB", "CBR"]))
    today = data.draw(st.sampled_from([date(2027, 12, 20), date(2028, 1, 10)]))
    begin = data.draw(st.sampled_from([date(2027, 12, 1), date(2028, 2, 1)]))
    born = data.draw(st.sampled_from([date(1960, 5, 5), date(1980, 5, 5)]))
    day = max(begin, today.replace(day=1))
    on = max(date(day.year, 1, 1), begin)  # the terms' anniversary, or the day of a later add
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    ours = month_of(plan, tier, place, day, age)
    other = data.draw(st.sampled_from([*CENTS.values(), *(cents for _, _, cents in AGES), ours + 1, ours]))
    sent = data.draw(st.sampled_from([None, ours, other]))
    mine = data.draw(st.booleans())
    more = {"status": "C", "event": "1"} if place == "CBR" else {}
    record = {
        "first": "ADA",
        "birth": born,
        "subgroup": place,
        "lines": [f"021 HLT {plan} {tier} {begin}"],
        **more,
    }
    priced = {**record, "premiums": [sent]}
    came = []
    for each in (record, priced):
        roster, sender = RosterModel(TOKENS), partner(premium_is_ours=mine)
        seen = replace(context(today, roster, sender), terms={"G100": PRICED})
        came.append(decide(members([each]), seen)[0][0])
    plain, (said) = came[0], [f for f in came[1].findings if f.code == "PREMIUM-SENT"]
    assert [line.disposition for line in came[1].lines] == [line.disposition for line in plain.lines]
    assert [str(finding.severity) for finding in said] == (
        [] if sent in (None, ours) else ["warning" if mine else "info"]
    )
