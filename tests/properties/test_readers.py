"""The readers never raise and lose no member; a draft always loads, and knows all that its own file says."""

from datetime import date
from operator import attrgetter

from hypothesis import given
from hypothesis import strategies as st

from enrollment.resolve import group_number, group_ref, subgroup, subgroup_ref
from model.agreement.grants import ENROLL
from model.enrollment.events import EnrollmentEvent, SetHeader
from model.finding import Where
from model.money.cents import format_cents
from model.x12 import Delimiters, Interchange
from parsers.terms.draft import draft
from parsers.terms.text import load
from parsers.x12.enrollment834 import Reader834, member_events
from parsers.x12.remittance820 import Reader820, balance
from support.tries import tries

BASE, TODAY = Where("000000007", "70", "0001"), date(2027, 1, 5)
NAMES = [
    "INS",
    "REF",
    "DTP",
    "NM1",
    "N3",
    "N4",
    "DMG",
    "PER",
    "HD",
    "LX",
    "COB",
    "DSB",
    "LS",
    "LE",
    "N1",
    "QTY",
    "BGN",
]
VALUES = [
    "",
    "Y",
    "N",
    "18",
    "0F",
    "1L",
    "348",
    "349",
    "357",
    "D8",
    "RD8",
    "20270101",
    "20270101-20270131",
    "IL",
    "70",
]
MONEY = ["BPR", "ENT", "RMR", "ADX", "DTM", "SLN", "TRN", "NM1", "REF"]


def segments_of(names):
    element = st.sampled_from(VALUES) | st.text(max_size=12)
    return st.lists(
        st.builds(lambda name, rest: [name, *rest], st.sampled_from(names), st.lists(element, max_size=9))
    )


def placed(rows):
    """Give segments their ordinals and offsets."""
    found, offset = [], 0
    for ordinal, elements in enumerate(rows, 1):
        found.append((ordinal, offset, elements))
        offset += len("*".join(elements)) + 1
    return found, offset


@tries(150)
@given(segments_of(NAMES))
def test_an_834_gives_its_header_and_every_member_whatever_it_holds(rows):
    segments, end = placed(rows)
    reader = Reader834(BASE)
    items = [item for raw in segments if (item := reader.push(raw))]
    items += [item for item in [reader.finish(end)] if item]
    starts = [raw[1] for raw in segments if raw[2][0] == "INS"]
    assert [type(item) for item in items[:1]] == [SetHeader]
    assert [event.start for event in items[1:]] == starts
    assert [event.end for event in items[1:]] == [*starts[1:], end][: len(starts)]
    slices = [(e.number, [raw for raw in segments if e.start <= raw[1] < e.end], e.end) for e in items[1:]]
    assert list(member_events(slices, BASE)) == items[1:]


MEMBER_VALUES = {
    "relationship": attrgetter("relationship"),
    "reason": attrgetter("reason"),
    "benefit_status": attrgetter("benefit_status"),
    "student": attrgetter("student"),
    "subscriber_number": attrgetter("subscriber_number"),
    "name": attrgetter("person.name.last"),
    "gender": attrgetter("person.gender"),
    "phone": attrgetter("person.phone"),
    "email": attrgetter("person.email"),
    "address": lambda event: event.person.address.line1 or event.person.address.city,
    "mailing": lambda event: event.person.mailing.line1 or event.person.mailing.city,
    "old:name": lambda event: event.corrected_from.name.last if event.corrected_from else "",
}
COVERAGE_VALUES = {name: attrgetter(name) for name in ("maintenance", "line_code", "plan", "tier")}
# Loops as a guide would have them come up too seldom in any text.
USUAL = ["INS*Y*18", "REF*0F*A", "NM1*IL*1*DOE", "NM1*70*1*ROE", "NM1*31", "N3*1 ELM", "N4*AVON", "DMG*D8*1*F"]
USUAL += ["PER*IP**TE*1*EM*2", "PER*IP**EM*3*HP*4*TE*5", "HD*021**HLT*A*FAM", "DTP*348*D8*20270101", "NM1*QD*1"]


@tries(150)
@given(
    st.lists(
        st.sampled_from([text.split("*") for text in USUAL]) | segments_of(NAMES).map(lambda r: (r or [["N3"]])[0])
    )
)
def test_a_value_of_an_834_stands_where_its_position_says(rows):
    segments, end = placed([["INS"], *rows])
    reader = Reader834(BASE)
    items = [item for raw in segments if (item := reader.push(raw))]
    by_ordinal = {raw[0]: raw[2] for raw in segments}
    for event in [*items[1:], reader.finish(end)]:
        asked = [(event.where(name), value(event), name) for name, value in MEMBER_VALUES.items()]
        for coverage in event.coverages:
            asked += [
                (event.where(name, coverage), value(coverage), name) for name, value in COVERAGE_VALUES.items()
            ]
            begin = event.where("begin", coverage)
            assert coverage.begin is None or by_ordinal[begin.segment][1].strip() == "348"
        for where, value, name in asked:
            if value:
                elements = by_ordinal[where.segment]
                assert (elements[0], elements[where.element].strip()) == (where.segment_id, value), name
            elif name not in ("phone", "email"):  # those of 2100B go by the same names
                assert where.element == 0, name


@tries(150)
@given(segments_of(MONEY))
def test_an_820_gives_every_line_whatever_it_holds(rows):
    segments, end = placed(rows)
    reader = Reader820(BASE)
    for raw in segments:
        reader.push(raw)
    remittance = reader.finish(end)
    if remittance is None:
        assert "BPR" not in [row[0] for row in rows]
    else:
        assert len(remittance.lines) == [row[0] for row in rows].count("RMR")
        balance(remittance)


CENTS = st.integers(-(10**6), 10**6)


@tries(60)
@given(st.lists(st.tuples(CENTS, st.lists(CENTS, max_size=2)), max_size=5), st.lists(CENTS, max_size=2), CENTS)
def test_a_remittance_balances_exactly_when_its_cents_do(lines, adjustments, off):
    total = sum(paid for paid, _ in lines) + sum(adjustments)
    rows = [["BPR", "I", format_cents(total + off)], ["ENT", "1", "2L"]]
    rows += [["ADX", format_cents(cents), "52"] for cents in adjustments]
    for paid, changes in lines:
        rows.append(["RMR", "IK", "I", "", format_cents(paid), format_cents(paid - sum(changes))])
        rows += [["ADX", format_cents(cents), "53"] for cents in changes]
    reader = Reader820(BASE)
    for raw in placed(rows)[0]:
        reader.push(raw)
    codes = {finding.code for finding in balance(reader.finish(0))} - {"REMITTANCE-NEGATIVE"}
    assert codes == ({"REMITTANCE-UNBALANCED"} if off else set())


TEXTS = st.sampled_from(
    ["", "A", "B", "A B", "A-B", "100200-1", "100200-2", "1002000001", "1002000002"]
) | st.text(st.characters(exclude_characters="*~", exclude_categories=["Cs"]), max_size=8).map(str.strip)
LINES = st.sampled_from(["HLT", "PPO", "DEN", "VIS", "STD", "LIF", "DRUG", "PDG"])
TIERS = st.sampled_from(["", "EMP", "FAM", "E1D", "NONE"])
COVERAGES = st.tuples(LINES, TEXTS, TIERS, st.dates(date(2020, 1, 1), date(2028, 1, 1)))
MEMBERS = st.tuples(st.booleans(), TEXTS, TEXTS, TEXTS, st.lists(COVERAGES, max_size=3))


@tries(150)
@given(TEXTS, st.lists(MEMBERS, min_size=1, max_size=12), st.integers(1, 3))
def test_a_draft_loads_and_knows_all_that_its_file_says(policy, members, copies):
    rows = [["BGN", "00", "R", "20270105"], ["REF", "38", policy], ["N1", "P5", "ACME", "FI", "900000001"]]
    for number, (is_subscriber, place, department, category, coverages) in enumerate(members * copies):
        rows.append(["INS", "Y" if is_subscriber else "N", "18" if is_subscriber else "19", "021"])
        texts = (("0F", f"E{number}"), ("1L", place), ("DX", department), ("17", category))
        rows += [["REF", kind, text] for kind, text in texts]
        for line, plan, tier, begin in coverages:
            rows += [["HD", "021", "", line, plan, tier], ["DTP", "348", "D8", begin.strftime("%Y%m%d")]]
    segments, end = placed(rows)
    reader = Reader834(BASE)
    items = [item for raw in segments if (item := reader.push(raw))] + [reader.finish(end)]
    isa = Interchange(
        "ZZ", "THEM", "30", "US", "270105", "1200", "00501", "000000007", False, "P", Delimiters(), 0, 1
    )
    file, findings = load(draft([isa, *items]))
    assert {finding.code for finding in findings} <= {"TERMS-NO-RATE"}
    _knows(file, items)


def _knows(file, items):
    (partner,), terms, header = file.partners, file.terms, items[0]
    for event in items[1:]:
        assert isinstance(event, EnrollmentEvent)
        sent = group_ref(event, header, partner)
        assert group_number(sent, partner, {terms.group: terms}, TODAY) == terms.group
        assert subgroup(subgroup_ref(event, partner), partner, terms, partner.reach(ENROLL, terms.group, TODAY))
        for coverage in event.coverages:
            line = terms.line_of(coverage.line_code)
            plan = terms.plan_of(line.code, coverage.plan)
            assert plan.span.covers(coverage.begin)
            assert coverage.tier in ("", "NONE", *plan.tiers)
