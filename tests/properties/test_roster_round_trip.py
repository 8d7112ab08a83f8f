"""A roster exported as a full 834 and received by an empty store with the same terms is the same roster.

Rosters are put straight into a store: families with dependents, several lines, spans that are over, in force and
still to come, people in two families, texts that hold other files' separators.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate, count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.agreement.terms import PartnerProfile
from model.enrollment.events import Address, Demographics, Name
from model.enrollment.roster import Assignment, ChangeSet, Coverage, NewContract, NewEnrollee, NewPerson
from model.journal import Purpose
from model.timeline import OPEN, Span
from pipeline.receive.deliver import deliver
from pipeline.receive.run import receive
from pipeline.roster import export
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from pipeline.setup import agree
from pipeline.views import agreed
from pipeline.views.files import published
from store import agreements, dump, journal
from store.people import commit
from support import values
from support.installation import GROUP, PARTNER, TERMS, install, load_terms
from support.people import TESTER
from support.tries import tries

TODAY = date(2027, 1, 5)
FIRST = date(2026, 1, 1)
PROFILES = {
    "refs": PartnerProfile(group_from="38", subgroup_from="DX"),
    "suffix": PartnerProfile(group_from="1L", group_length=6, subgroup_from="1L"),
    "other": PartnerProfile(group_from="1L", subgroup_from="ZZ", member_id_from="23", plan_change="pend"),
    "only": PartnerProfile(group_from="only", subgroup_from="17", audit_records="compare"),
}
PLANS = {"medical": ("GOLD", "BRONZE"), "dental": ("DENTAL",), "vision": ("VISION",)}
LETTERS = "ABCXYZabcxyz0189 '.,&()/:*~^|>-\\_@"


def words(longest: int) -> st.SearchStrategy[str]:
    return st.text(LETTERS, max_size=longest).map(str.strip)


some = words(12).filter(bool)
city = words(12).filter(lambda text: len(text) > 1)  # N401 has two characters at least
address = st.one_of(
    st.just(Address()),
    st.builds(
        Address, some, words(8), city, st.sampled_from(["", "CT"]), st.sampled_from(["", "06098", "060981234"])
    ),
    st.builds(
        Address, st.just(""), st.just(""), city, st.just("NY"), st.just("10001"), st.sampled_from(["", "US"])
    ),
)
mail = st.one_of(st.just(Address()), st.builds(Address, some, words(8), city, st.just("CT"), st.just("06098")))
spans = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 200), st.integers(0, 3)), min_size=1, max_size=3)


@dataclass(frozen=True)
class Newcomer:
    """One person on the way into a store."""

    relationship: str
    person: Demographics
    ssn: bool
    inside: tuple[
        tuple[str, int, int, int], ...
    ]  # line, which of the subscriber's spans, days cut off at both ends


@st.composite
def people(draw, relationship: str, nth: int) -> Newcomer:
    born = draw(
        st.sampled_from([date(2010, 2, 28), date(2024, 5, 31)] if relationship == "19" else [date(1980, 2, 29)])
    )
    known = draw(st.integers(0, 5)) > 0
    person = Demographics(
        name=Name(draw(some), f"{draw(words(6))}{nth}", draw(words(4)), draw(words(3))),
        birth=born if known else None,
        gender=draw(st.sampled_from("FMU")) if known else "",
        address=draw(address),
        mailing=draw(mail),
        phone=draw(st.sampled_from(["", "5550100101"])),
        email=draw(st.sampled_from(["", "x:y@example.com"])),
        confidentiality=draw(st.sampled_from(["", "", "R", "U"])),
    )
    lines = draw(st.lists(st.sampled_from(sorted(PLANS)), unique=True, min_size=1))
    cut = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
    return Newcomer(relationship, person, draw(st.booleans()), tuple((line, *draw(cut)) for line in lines))


@st.composite
def families(draw):
    number = draw(st.sampled_from(["900-12-{:04d}", "90012{:04d}", "E:{:04d}", "e*{:04d}/A"]))
    spouse = draw(st.sampled_from([[], [], ["01"], ["53"]]))
    dependents = spouse + draw(st.lists(st.sampled_from(["19", "19", "G8"]), max_size=2))
    members = [draw(people(relationship, nth)) for nth, relationship in enumerate(["18", *dependents])]
    coverage = {
        line: draw(spans) for line in draw(st.lists(st.sampled_from(sorted(PLANS)), unique=True, min_size=1))
    }
    place = draw(st.sampled_from(["100", "200"]))
    moved = draw(st.lists(st.integers(1, 400), max_size=2))
    return number, members, coverage, place, draw(st.booleans()), moved


def chain(line: str, drawn, alone: bool) -> list[Coverage]:
    """Turn (gap, length, choice) triples into spans one after the other; the last may be open."""
    coverages, day = [], FIRST
    for nth, (gap, length, choice) in enumerate(drawn):
        begin = day + timedelta(days=gap)
        last = begin + timedelta(days=length)
        end = OPEN if nth == len(drawn) - 1 and choice % 2 else last
        plan = PLANS[line][choice % len(PLANS[line])]
        tier = "EMP" if alone and choice > 1 else "FAM"
        coverages.append(Coverage(0, 0, line, plan, tier, Span(begin, end)))
        day = last + timedelta(days=1)
    return coverages


def within(span: Span, first: int, last: int) -> Span:
    """Cut days off both ends of a span, as far as one is left."""
    begin = min(span.begin + timedelta(days=first), span.end)
    end = span.end if span.end == OPEN or not last else max(begin, span.end - timedelta(days=last))
    return Span(begin, end)


def places(first: str, begin: date, moved: list[int]) -> list[Assignment]:
    """Return a family's subgroups one after the other; `moved`: after how many days each time."""
    days = [begin, *accumulate(moved, lambda day, days: day + timedelta(days=days), initial=begin)][1:]
    codes = [first, "200" if first == "100" else "100", first]
    ends = [day - timedelta(days=1) for day in days[1:]] + [OPEN]
    return [Assignment(0, 0, code, Span(day, end)) for code, day, end in zip(codes, days, ends, strict=False)]


def inside(newcomer: Newcomer, held: dict[str, list[Coverage]]) -> list[Coverage]:
    """Return a dependent's coverages, each within one of the subscriber's; none on a line it does not have."""
    coverages = []
    for line, which, first, last in newcomer.inside:
        if spans := held.get(line):
            coverage = spans[which % len(spans)]
            coverages.append(replace(coverage, tier="", span=within(coverage.span, first, last)))
    return coverages


def ssn_of(newcomer: Newcomer, number: str, family: int, member: int) -> str:
    """Return the SSN, empty for none. A subscriber number of the shape of an SSN is the subscriber's SSN."""
    if "900" in number and member == 0:
        return number.format(family).replace("-", "")
    return f"901{family:03d}{member:03d}" if newcomer.ssn else ""


def changes(drawn, *, doubtful: bool = False) -> ChangeSet:
    """Return the change set that puts families into an empty store.

    A spouse may be the subscriber of the family before. Only a person with SSN, first name and birth date comes
    into two families (docs/domain.md, Matching people): nothing less joins a record to anybody outside its family.
    `doubtful`: anybody does, and strangers have one SSN.
    """
    ids, before = count(-1, -1), None
    opened: list[Any] = []
    for nth, (number, members, lines, place, share, moved) in enumerate(drawn, 1):
        contract, shared, before = next(ids), before, None
        opened.append(NewContract(contract, GROUP, number.format(nth)))
        held = {line: chain(line, spans, len(members) == 1) for line, spans in lines.items()}
        whole = [coverage for coverages in held.values() for coverage in coverages]
        begin = min(coverage.span.begin for coverage in whole)
        opened += [replace(stay, id=next(ids), contract=contract) for stay in places(place, begin, moved)]
        for order, newcomer in enumerate(members):
            person, enrollee = next(ids), next(ids)
            ssn = ssn_of(newcomer, number, nth % 2 if doubtful else nth, order)
            coverages = inside(newcomer, held) if order else whole
            if not coverages:
                continue
            twice = share and order == 1 and shared is not None and newcomer.relationship != "19"
            person = shared if twice else person
            opened += [] if twice else [NewPerson(person, newcomer.person, ssn)]
            opened.append(NewEnrollee(enrollee, contract, person, newcomer.relationship))
            opened += [replace(coverage, id=next(ids), enrollee=enrollee) for coverage in coverages]
            if order == 0:
                before = person if doubtful or (ssn and newcomer.person.birth) else None
    return ChangeSet(tuple(opened))


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """An installation with the sample terms and a partner for each profile."""
    home = tmp_path_factory.mktemp("installed") / "var"
    install(Settings.read(home=home))
    ws = open_workspace(Settings.read(home=home), TESTER)
    allowed = TERMS.read_text("utf-8").replace("[group.rules]", "[group.rules]\ndouble_cover = true", 1)
    load_terms(ws, allowed)  # some are in two families; where it is not agreed they would wait
    usual = agreed.partner(ws, PARTNER)
    assert usual is not None
    for code, profile in PROFILES.items():
        agree.add_partner(ws, replace(usual, code=code, profile=profile), ws.now(TODAY))
    ws.close()
    return home


def opened(installed: Path, home: Path) -> Workspace:
    shutil.copytree(installed, home)
    return open_workspace(Settings.read(home=home), TESTER)


def smith(*relationships: str):
    """Return a family without birth dates, whose spouse would be the subscriber of the family before."""
    person = Demographics(name=Name("SMITH", "ANN"))
    members = [Newcomer(relationship, person, False, (("dental", 0, 0, 0),)) for relationship in relationships]
    return "900-12-{:04d}", members, {"dental": [(0, 0, 0)]}, "100", True, []


def moved():
    """Return a family that has moved to and fro before a line began: its places have records without a line."""
    ann = Demographics(name=Name("SMITH", "ANN"), birth=date(1980, 2, 29), gender="F")
    bea = Demographics(name=Name("SMITH", "BEA"), birth=date(2010, 2, 28), gender="F")
    members = [Newcomer(code, who, False, (("dental", 0, 0, 0),)) for code, who in (("18", ann), ("19", bea))]
    return "900-12-{:04d}", members, {"dental": [(0, 0, 0)], "medical": [(2, 0, 0)]}, "100", False, [1, 1]


def dumped(ws: Workspace) -> list[str]:
    with ws.database.read() as conn:
        return dump.roster(conn, ws.vault)


def fill(ws: Workspace, drawn, *, doubtful: bool = False) -> None:
    with ws.database.write() as conn:
        tx = journal.open_tx(conn, ws.now(TODAY), TESTER, Purpose.ENROLL)
        whole = changes(drawn, doubtful=doubtful)
        commit.apply(conn, tx, whole, agreements.group_ids(conn, [GROUP]), ws.vault)


@tries(20)
@given(drawn=st.lists(families(), min_size=1, max_size=3), profile=st.sampled_from(sorted(PROFILES)))
@example(drawn=[smith("18"), smith("18", "01")], profile="only")  # without a birth date nobody is in two families
@example(drawn=[moved()], profile="only")
def test_an_empty_store_gets_the_same_roster(installed, tmp_path_factory, drawn, profile):
    folder = tmp_path_factory.mktemp("trip")
    sender, receiver = opened(installed, folder / "sender"), opened(installed, folder / "receiver")
    try:
        fill(sender, drawn)
        exported = export.export(
            sender, GROUP, "834", agreed.partner(sender, profile), sender.now(TODAY), on=None, deliver=False
        )
        assert [(found.code, found.where.text(), found.message) for found in exported.findings] == []
        deliver(sender, sender.now(TODAY))
        (path,) = published(sender, exported.key)
        content = Path(path).read_bytes()
        for _ in "once", "again":
            file_id = receive(receiver, [content], "full.edi", profile, "test", receiver.now(TODAY))
            value = values.file_value(receiver, file_id)
            assert dumped(receiver) == dumped(sender)
        assert value["counts"].keys() <= {"NOOP"}, "a full file again is compared and changes nothing"
    finally:
        sender.close()
        receiver.close()
        shutil.rmtree(folder)


@tries(20)
@given(drawn=st.lists(families(), min_size=2, max_size=6), doubtful=st.booleans())
@example(drawn=[smith("18"), smith("18", "01"), smith("18", "01")], doubtful=True)
def test_however_many_families_a_time_it_is_the_same(installed, tmp_path_factory, drawn, doubtful):
    """Tried family by family it comes to the findings and the members of a trial of all at once."""
    folder = tmp_path_factory.mktemp("parts")
    ws, was = opened(installed, folder / "sender"), export.CONTRACTS_A_CHUNK
    came = []
    try:
        fill(ws, drawn, doubtful=doubtful)
        partner, now = agreed.partner(ws, PARTNER), ws.now(TODAY)
        for export.CONTRACTS_A_CHUNK in (1_000, 2, 1):
            exported = export.export(ws, GROUP, "834", partner, now, on=None, deliver=False)
            deliver(ws, now)
            (path,) = published(ws, exported.key)
            loops = Path(path).read_text("ascii").partition("\nQTY")[2].rpartition("\nGE")[0]
            came.append((exported.findings, exported.members, exported.lines, loops))
        assert came[1:] == came[:1] * 2
    finally:
        export.CONTRACTS_A_CHUNK = was
        ws.close()
        shutil.rmtree(folder)
