"""The same records in any order, in one set or over several, of one file or of files in their BGN order, come to
one roster, or what is otherwise waits: no order loses anything.

Source: docs/domain.md, Order; docs/domain.md, Looked at again.

Through the door, since what waits for others of its family is looked at again there. A draw tells what an employer
says of three families; one installation gets all of it in one set, family by family, another one the same records
shuffled and cut. Of a family whose roster differs something waits in one of the two.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.enrollment.decision import Disposition, SetState
from model.timeline import OPEN
from pipeline.receive.run import receive
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from sample_files import edi
from store.people import roster
from store.received import files, member_lines
from support.installation import GROUP, PARTNER, TERMS, install, load_terms
from support.people import TESTER
from support.tries import tries

HOME = ("1 MAIN ST", "HARTFORD", "CT", "06101")
FIRST, THEN = date(2026, 12, 1), date(2027, 3, 1)
BEGIN, LAST, NEXT = "2027-01-01", "2027-03-31", "2027-04-01"
PROFILES = ("", 'dependents_follow = "follow"\n', 'plan_change = "pend"\n')


def person(rel: str, first: str, birth: date, ssn: str = "") -> edi.Person:
    return edi.Person(rel, "SAMPLE", first, birth, "F", ssn)


PEOPLE = {  # name -> family and person
    "ada": ("E01", person("18", "ADA", date(1984, 3, 30), "900000001")),
    "bea": ("E01", person("01", "BEA", date(1985, 4, 1), "900000003")),
    "cy": ("E01", person("19", "CY", date(2015, 6, 2))),
    "ann": ("E01", person("01", "ANN", date(1987, 8, 4), "900000005")),
    "kid": ("E01", person("19", "KID", date(2027, 2, 20))),
    "dan": ("E02", person("18", "DAN", date(1986, 5, 1), "900000002")),
    "fay": ("E02", person("01", "FAY", date(1988, 5, 1))),
    "gus": ("E02", person("19", "GUS", date(2027, 2, 10))),
    "hal": ("E03", person("18", "HAL", date(1990, 1, 1), "900000007")),
    "ida": ("E03", person("01", "IDA", date(1991, 1, 1))),
    "joe": ("E03", person("19", "JOE", date(2018, 1, 1))),
}
Record = dict[str, Any]


def says(
    who: str, *lines: str, do: str = "021", reason: str = "29", subgroup: str = "100", **dates: date
) -> Record:
    days = {kind[1:]: day for kind, day in dates.items()}
    return {"who": who, "lines": lines, "do": do, "reason": reason, "subgroup": subgroup, "dates": days}


TOLD_FIRST = [
    says("ada", f"021 HLT GOLD FAM {BEGIN}", f"021 DEN DENTAL FAM {BEGIN}"),
    says("bea", f"021 HLT GOLD - {BEGIN}", f"021 DEN DENTAL - {BEGIN}"),
    says("cy", f"021 HLT GOLD - {BEGIN}", f"021 DEN DENTAL - {BEGIN}"),
    says("dan", f"021 HLT GOLD EMP {BEGIN}"),
]
BORN_KID, BORN_GUS = "2027-02-20", "2027-02-10"
# What an employer may say of each family, each choice a consistent whole.
FIRST_FAMILY: tuple[list[Record], ...] = (
    [],
    [says("ada", f"021 HLT BRONZE FAM {NEXT}", do="001"),
     *(says(who, f"021 HLT BRONZE - {NEXT}", do="001") for who in ("bea", "cy"))],
    [says("bea", f"024 HLT GOLD - - {LAST}", f"024 DEN DENTAL - - {LAST}", do="024", reason="01"),
     says("ada", f"001 HLT GOLD ECH {NEXT}", f"001 DEN DENTAL ECH {NEXT}", do="001")],
    [says("bea", f"024 HLT GOLD - - {LAST}", f"024 DEN DENTAL - - {LAST}", do="024", reason="01"),
     says("ann", f"021 HLT GOLD - {NEXT}", f"021 DEN DENTAL - {NEXT}", reason="32", _303=date(2027, 4, 1))],
    [says("kid", f"021 HLT GOLD - {BORN_KID}", reason="02"),
     says("cy", f"021 VIS VISION - {NEXT}"), says("ada", f"021 VIS VISION ECH {NEXT}")],
    [says("ada", do="024", reason="08", _357=date(2027, 3, 31))],
    [says("ada", f"021 HLT BRONZE FAM {NEXT}", do="001")],  # of the dependents nothing is said
    [says("ada", f"024 HLT GOLD - - {LAST}", do="001"), says("bea", f"024 HLT GOLD - - {LAST}", do="024"),
     says("cy", f"024 HLT GOLD - - {LAST}", do="024")],
    [says("ada", f"024 HLT GOLD - - {LAST}", f"021 HLT BRONZE FAM {NEXT}", do="001"),
     *(says(who, f"024 HLT GOLD - - {LAST}", f"021 HLT BRONZE - {NEXT}", do="001") for who in ("bea", "cy"))],
    [says("bea", f"024 HLT GOLD - - {LAST}", f"024 DEN DENTAL - - {LAST}", do="024", reason="01"),
     says("ada", f"021 HLT BRONZE ECH {NEXT}", f"001 DEN DENTAL ECH {NEXT}", do="001"),
     says("cy", f"021 HLT BRONZE - {NEXT}", do="001")],
    [says("kid", f"021 HLT GOLD - {BORN_KID}", reason="02"),
     *(says(who, f"021 HLT BRONZE {'FAM' if who == 'ada' else '-'} {NEXT}", do="001")
       for who in ("ada", "bea", "cy", "kid"))],
    [says("cy", f"024 HLT GOLD - - {LAST}", do="024"), says("ada", f"001 HLT GOLD ESP {NEXT}", do="001"),
     says("ada", f"021 VIS VISION EMP {NEXT}")],
    [says("ada", f"021 HLT BRONZE FAM {NEXT}", do="001", reason="XT", subgroup="200", _303=date(2027, 4, 1)),
     *(says(who, f"021 HLT BRONZE - {NEXT}", do="001", subgroup="200") for who in ("bea", "cy"))],
)  # fmt: skip
SECOND_FAMILY: tuple[list[Record], ...] = (
    [],
    [says("dan", f"001 HLT GOLD ESP {NEXT}", do="001"),
     says("fay", f"021 HLT GOLD - {NEXT}", reason="32", _303=date(2027, 4, 1))],
    [says("dan", f"001 HLT GOLD ECH {BORN_GUS}", do="001", _303=date(2027, 2, 10)),
     says("gus", f"021 HLT GOLD - {BORN_GUS}", reason="02")],
    [says("dan", f"001 HLT GOLD FAM {NEXT}", do="001"),
     says("fay", f"021 HLT GOLD - {NEXT}", reason="32", _303=date(2027, 4, 1)),
     says("gus", f"021 HLT GOLD - {NEXT}", reason="02")],
    [says("dan", f"021 HLT BRONZE EMP {NEXT}", do="001"), says("dan", "001 HLT BRONZE ESP 2027-05-01", do="001"),
     says("fay", "021 HLT BRONZE - 2027-05-01", reason="32", _303=date(2027, 5, 1))],
    [says("dan", f"021 HLT BRONZE ESP {NEXT}", do="001"),
     says("fay", f"021 HLT BRONZE - {NEXT}", reason="32", _303=date(2027, 4, 1))],
)  # fmt: skip
THIRD_FAMILY: tuple[list[Record], ...] = (
    [],
    [says(who, f"021 HLT GOLD {'FAM' if who == 'hal' else '-'} {NEXT}") for who in ("hal", "ida", "joe")],
    [says("hal", f"021 HLT GOLD EMP {NEXT}", f"021 DEN DENTAL ECH {NEXT}"),
     says("joe", f"021 DEN DENTAL - {NEXT}")],
)  # fmt: skip


def loop(record: Record) -> edi.Segments:
    number, who = PEOPLE[record["who"]]
    covers = tuple(_coverage(*line.split()) for line in record["lines"])
    family = edi.Family(number, record["subgroup"], (who,), covers, date(2022, 3, 1), HOME)
    return edi.member(family, who, record["do"], record["reason"], dates=list(record["dates"].items()))


def _coverage(do: str, line: str, plan: str, tier: str = "-", begin: str = "-", end: str = "-") -> edi.Coverage:
    first, last = (None if day == "-" else date.fromisoformat(day) for day in (begin, end))
    return edi.Coverage(line, plan.strip("-"), tier.strip("-"), first, last, do)


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[list[Record], list[list[list[Record]]]]:
    """What is told, family by family; and the same records shuffled and cut into files of sets."""
    families = (FIRST_FAMILY, SECOND_FAMILY, THIRD_FAMILY)
    told = [record for choices in families for record in draw(st.sampled_from(choices))]
    mixed = draw(st.permutations(told))
    cuts = sorted(draw(st.lists(st.integers(0, len(mixed)), max_size=3)))
    sets = [mixed[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]
    sets = [each for each in sets if each]
    at = draw(st.integers(0, len(sets)))
    together = draw(st.booleans())
    parts = [sets] if together else [sets[:at], *([each] for each in sets[at:])]
    return told, [part for part in parts if part]


Places = set[tuple[str, str]]  # family, and a span of somebody's


class Side:
    """One installation, and what it made of the records."""

    def __init__(self, ws: Workspace, first: int = 2) -> None:
        self.ws, self.numbers = ws, count(first)
        self.sent: dict[int, list[Record]] = {}  # by set

    def take(self, sets: Sequence[Sequence[Record]], day: date) -> None:
        """Receive a file of sets, each with a BGN03 later than the one before."""
        numbers = [next(self.numbers) for _ in sets]
        bodies = [
            edi.enrollment_set(
                map(loop, records), day + timedelta(days=number), f"R{number}", control=f"{nth:04d}"
            )
            for nth, (number, records) in enumerate(zip(numbers, sets, strict=True), 1)
        ]
        text = edi.interchange(bodies, day, numbers[0])
        file_id = receive(self.ws, [text.encode()], f"{numbers[0]}.edi", PARTNER, "test", self.ws.now(day))
        with self.ws.database.read() as conn:
            stored = files.sets_of(conn, file_id)
        assert SetState.REJECTED not in {each.state for each in stored}, "the records are right by the guide"
        self.sent |= {each.id: list(records) for each, records in zip(stored, sets, strict=True)}

    def covered(self) -> Places:
        """Return each family's coverage."""
        with self.ws.database.read() as conn:
            families = roster.families(conn, GROUP)
        found = set()
        for enrollee in (enrollee for family in families for enrollee in family.enrollees):
            first = enrollee.person.demographics.name.first
            family = next(number for number, who in PEOPLE.values() if who.first == first)
            held: dict[str, list[Any]] = {}
            for each in sorted(enrollee.coverages, key=lambda one: one.span.begin):
                spans = held.setdefault(each.line, [])
                goes_on = spans and spans[-1][:2] == [each.plan, each.tier]
                if goes_on and spans[-1][3] + timedelta(days=1) == each.span.begin:
                    spans[-1][3] = each.span.end
                else:
                    spans.append([each.plan, each.tier, each.span.begin, each.span.end])
            texts = (
                f"{first} {line} " + " ".join(map(str, span)) for line, spans in held.items() for span in spans
            )
            found |= {(family, text.replace(str(OPEN), "open")) for text in texts}
        return found

    def waiting(self) -> set[str]:
        """Return the families of which something waits, is held or was refused."""
        found = set()
        with self.ws.database.read() as conn:
            for ident, records in self.sent.items():
                held = files.stored_set(conn, ident).state is SetState.HELD
                rows = member_lines.dispositions(conn, ident)
                bad = {
                    row.number for row in rows if row.disposition not in (Disposition.APPLIED, Disposition.NOOP)
                }
                chosen = range(1, len(records) + 1) if held else bad
                found |= {PEOPLE[records[number - 1]["who"]][0] for number in chosen}
        return found


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Installations with the group, the first families on its roster; one for each profile."""
    found = {}
    for nth, more in enumerate(PROFILES):
        home = tmp_path_factory.mktemp("split") / f"var{nth}"
        with opened(home) as ws:
            load_terms(ws, TERMS.read_text("utf-8").replace("[partner.profile]", f"[partner.profile]\n{more}", 1))
            Side(ws, 1).take([TOLD_FIRST], FIRST)
        found[more] = home
    return found


@contextmanager
def opened(home: Path) -> Iterator[Workspace]:
    """Open an installation; a new one is made."""
    settings = Settings(home, f"sqlite:///{home.resolve() / 'rollbook.db'}", home / "keys.json")
    if not home.exists():
        install(settings)
    ws = open_workspace(settings, TESTER)
    yield ws
    ws.close()


def lived(home: Path, copy: Path, parts: Sequence[Sequence[Sequence[Record]]]) -> tuple[Places, set[str]]:
    """Return who is covered how, and the families of which something waits, when these files came."""
    shutil.copytree(home, copy)
    with opened(copy) as ws:
        side = Side(ws)
        for sets in parts:
            side.take(sets, THEN)
        came = side.covered(), side.waiting()
    shutil.rmtree(copy)
    return came


@tries(8)
@given(profile=st.sampled_from(PROFILES), drawn=shuffled())
def test_no_order_and_no_cut_loses_anything(
    homes: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
    profile: str,
    drawn: tuple[list[Record], list[list[list[Record]]]],
) -> None:
    told, parts = drawn
    folder = tmp_path_factory.mktemp("split")
    whole, waits = lived(homes[profile], folder / "whole", [[told]] if told else [])
    other, others = lived(homes[profile], folder / "other", parts)
    differs = {family for family, _ in whole ^ other}
    assert differs <= waits | others, sorted(whole ^ other)
