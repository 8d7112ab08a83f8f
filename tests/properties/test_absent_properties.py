"""Whoever is not in a full file is named, once, and counted: held beside a recount that knows whom a file names.

One installation, and files that only compare (BGN08 = 4): they tell the same as those that are applied.

Source: docs/domain.md, Absence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from model.documents.report import Omitted
from pipeline.desk.watch import LINE_OMITTED, OMITTED
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from sample_files import edi
from store.received import files, omitted
from support import desk
from support.installation import GROUP, install, load_terms
from support.people import TESTER
from support.tries import tries

DAY = date(2026, 12, 5)
ZED = edi.Person("19", "SAMPLE", "ZED", date(2019, 3, 4), "M", "900000077")
# Who is covered: line -> how its record says it, plan and level; where; and whether a record without HD may be its
# end, since it ends already. Eve's dental is over.
COVERED: dict[str, tuple[str, dict[str, str]]] = {
    "ada": ("100", {"medical": "HLT GOLD FAM 2026-12-01", "dental": "DEN DENTAL FAM 2026-12-01"}),
    "bea": ("100", {"medical": "HLT GOLD - 2026-12-01"}),
    "cy": ("100", {"medical": "HLT GOLD - 2026-12-01", "dental": "DEN DENTAL - 2026-12-01 2026-12-31"}),
    "eve": ("100", {"medical": "HLT GOLD - 2026-12-01"}),
    "dan": ("200", {"medical": "HLT GOLD EMP 2027-01-01", "dental": "DEN DENTAL EMP 2026-12-01"}),
}
PAST = {"eve": "DEN DENTAL - 2026-12-01 2026-12-04"}
ENDS = {("cy", "dental")}
KIN = {"ada": "self", "bea": "spouse", "cy": "other", "eve": "other", "dan": "self"}
MONTH = {
    ("ada", "medical"): 144_000,
    ("ada", "dental"): 12_000,
    ("dan", "medical"): 50_000,
    ("dan", "dental"): 4_000,
}

# What a file says of somebody: all, one line less, a plan that there is not, no line, that it is declined, another
# subgroup, that everything ends; nothing.
WAYS = st.sampled_from(["all", "first", "wrong", "none", "declined", "nowhere", "ended", "absent", "absent"])


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """An installation with two families."""
    home: Path = tmp_path_factory.mktemp("absent") / "var"
    settings = Settings(home, f"sqlite:///{home.resolve() / 'rollbook.db'}", home / "keys.json")
    install(settings)
    ws = open_workspace(settings, TESTER)
    load_terms(ws)
    patched = pytest.MonkeyPatch()
    patched.setitem(desk.PEOPLE, "zed", ("E00000001", ZED))
    first = [
        {"who": who, "subgroup": place, "lines": [f"021 {line}" for line in (*lines.values(), *_past(who))]}
        for who, (place, lines) in COVERED.items()
    ]
    desk.take(ws, 1, {"day": DAY, "records": first})
    assert len(desk.spans(ws)) == 9
    yield ws
    patched.undo()
    ws.close()


def _past(who: str) -> list[str]:
    return [PAST[who]] if who in PAST else []


def record(who: str, way: str) -> dict[str, Any]:
    """Return an audit record of somebody."""
    place, lines = COVERED[who]
    said = list(lines.values())
    if way == "first":
        said = said[:1]
    if way == "wrong":
        said = [said[0].replace("GOLD", "NOPLAN"), *said[1:]]
    if way == "ended":
        return {"who": who, "do": "024", "reason": "08", "subgroup": place, "dates": {357: date(2026, 12, 31)}}
    reason, place = "26" if way == "declined" else "29", "999" if way == "nowhere" else place
    asked = [f"030 {line}" for line in said] if way not in ("none", "declined") else []
    return {"who": who, "do": "030", "reason": reason, "subgroup": place, "lines": asked}


# Who is not on file: a child whom the family would add, and a second spouse, who waits and may be the first one.
# Where the subscriber's record is refused the child's is, too, and may be any child's.
STRANGERS = {
    "zed": {"who": "zed", "do": "030", "lines": ["030 HLT GOLD - 2026-12-01"]},
    "ann": {"who": "ann", "do": "030", "lines": ["030 HLT GOLD - 2026-12-01"]},
}


def recount(ways: dict[str, str], strangers: set[str]) -> tuple[Counter[tuple[str, str, str]], list[Omitted]]:
    """Return whom a file omits and which lines, and the totals by subgroup."""
    told: Counter[tuple[str, str, str]] = Counter()
    totals = {place: [0, 0, 0, 0, 0, 0, 0] for place, _ in COVERED.values()}
    for who, (place, lines) in COVERED.items():
        total, way, person = totals[place], ways[who], KIN[who] != "self"
        total[3 + person] += 1
        total[5] += len(lines)
        lacks = {"absent": list(lines), "first": list(lines)[1:]}.get(way, [])
        if way == "none":
            lacks = [line for line in lines if (who, line) not in ENDS]
        unclear = {"spouse": "ann" in strangers, "other": "zed" in strangers and ways["ada"] == "nowhere"}
        may_be = way == "absent" and unclear.get(KIN[who], False)
        with_all = KIN[who] != "self" and ways["ada"] == "ended" and way != "first"  # ends with the subscriber
        refused = KIN[who] != "self" and ways["ada"] == "nowhere" and way == "none"  # with the subscriber's record
        lacks = [] if may_be or with_all or refused else lacks
        if lacks:
            told[OMITTED if way == "absent" else LINE_OMITTED, who, ", ".join(sorted(lacks))] += 1
            total[person] += way == "absent"
            total[2] += len(lacks)
            total[6] += sum(MONTH.get((who, line), 0) for line in lacks)
    return told, [Omitted(GROUP, place, *total) for place, total in sorted(totals.items())]


@tries(8, HealthCheck.function_scoped_fixture)
@given(
    st.fixed_dictionaries(dict.fromkeys(COVERED, WAYS)),
    st.sets(st.sampled_from(sorted(STRANGERS))),
    st.randoms(use_true_random=False),
)
def test_who_is_omitted_is_named_once_and_the_totals_are_a_recount(
    known: Workspace, ways: dict[str, str], strangers: set[str], chance: Any
) -> None:
    records = [record(who, way) for who, way in ways.items() if way != "absent"]
    records += [STRANGERS[who] for who in sorted(strangers)]
    if not records:
        return  # a set without a member is none
    chance.shuffle(records)
    NUMBERS[0] += 1
    file_id = desk.take(known, NUMBERS[0], {"day": DAY, "records": records, "action": "4"})
    set_id = desk.set_of(known, file_id)
    with known.database.read() as conn:
        found = [f for f in files.whole_findings(conn, file_id, set_id) if f.code in (OMITTED, LINE_OMITTED)]
        totals = omitted.of_sets(conn, [set_id])
    told, wanted = recount(ways, strangers)
    assert Counter((f.code, _who(f.subject), _lines(f.message)) for f in found) == told
    assert totals == wanted


NUMBERS = [1]
MEMBERS = {f"M{number:09d}": who for number, who in enumerate(COVERED, 1)}


def _who(subject: str) -> str:
    return MEMBERS[subject.rsplit("member ", 1)[1].rstrip(")")]


def _lines(message: str) -> str:
    listed = message.split(": ", 1)[1].split(". ")[0]
    return ", ".join(sorted(re.sub(r" \((?:begins|ends) on [0-9-]+\)", "", listed).split(", ")))
