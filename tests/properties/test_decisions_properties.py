"""Whatever waits and however people answer: what was shown is what is done, once, and nothing undoes it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from model.enrollment.decision import SetState
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from store.received import files, member_lines
from support import desk
from support.installation import install, load_terms
from support.people import TESTER

MANY = 50 if os.environ.get("ROLLBOOK_HYPOTHESIS") == "deep" else 1
SEEDS = range(4 * MANY)
SAMPLE = 4  # of so many histories one is replayed
FIRST, LATER = date(2026, 12, 2), date(2027, 3, 20)
FAMILY = (
    {"who": "ada", "lines": ["021 HLT GOLD FAM 2027-01-01"]},
    {"who": "bea", "lines": ["021 HLT GOLD - 2027-01-01"]},
    {"who": "cy", "lines": ["021 HLT GOLD - 2027-01-01"]},
    {"who": "dan", "lines": ["021 HLT GOLD EMP 2027-01-01"]},
)
RECORDS = (
    {"who": "ada", "do": "024", "lines": ["024 HLT GOLD FAM - 2027-01-31"]},
    {"who": "ada", "lines": ["021 DEN DENTAL EMP 2027-04-01"]},
    {"who": "ada", "do": "001", "lines": ["001 HLT GOLD EMP 2027-04-01"]},
    {"who": "bea", "do": "024", "lines": ["024 HLT GOLD - - 2027-01-15"]},
    {"who": "cy", "lines": ["021 DEN DENTAL - 2027-04-01"]},
    {"who": "cy", "do": "001", "lines": ["002 HLT GOLD - 2027-01-01"]},
    {"who": "zoe", "lines": ["021 HLT GOLD - 2027-04-01"]},
    {"who": "zoe", "do": "024", "lines": ["024 HLT GOLD - - 2027-04-30"]},
    {"who": "ann", "lines": ["021 HLT GOLD - 2027-04-01"]},
    {"who": "dan", "do": "024", "lines": ["024 HLT GOLD EMP - 2027-01-15"]},
    {"who": "dan", "do": "025", "lines": ["025 HLT GOLD EMP 2027-02-01"]},
    {"who": "dan", "do": "001", "lines": ["026 HLT BRONZE EMP 2027-03-01"]},
    {"who": "dan", "do": "001", "lines": ["001 HLT BRONZE EMP 2027-01-01"]},
    {"who": "dan", "do": "030", "lines": ["030 HLT BRONZE EMP 2027-04-01"]},
    {"who": "dan", "do": "001", "reason": "XT", "subgroup": "200", "dates": {303: date(2027, 2, 1)}},
)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    """An installation with the samples' terms."""
    home = tmp_path / "var"
    settings = Settings(home, f"sqlite:///{home.resolve() / 'rollbook.db'}", home / "keys.json")
    install(settings)
    opened = open_workspace(settings, TESTER)
    load_terms(opened)
    yield opened
    opened.close()


def sent(random: Random, day: date) -> dict[str, Any]:
    """Draw a file: changes, now and then of before."""
    chosen = random.sample(RECORDS, random.choice((1, 1, 2, 3)))
    by_person = {record["who"]: record for record in chosen}
    dated = FIRST - timedelta(days=1) if random.random() < 0.2 else day
    return {"day": day, "dated": dated, "records": list(by_person.values())}


def answer(random: Random, day: date) -> dict[str, Any]:
    """Draw what somebody says of a line that waits."""
    plain = {"day": day}
    return random.choice(
        (
            plain | {"kind": "approve", "ground": "administrative", "no_contribution": True},
            plain | {"kind": "approve", "ground": "request", "evidence": date(2027, 1, 10)},
            plain | {"kind": "approve"},
            plain | {"kind": "deny", "keep": True},
            plain | {"kind": "deny"},
            plain | {"kind": "deny", "end": date(2027, 3, 31)},
            plain | {"kind": "amend", "plan": "BRONZE"},
            plain | {"kind": "amend", "tier": "FAM"},
            plain | {"kind": "link", "new_person": True},
            plain | {"kind": "link", "link": f"M00000000{random.randint(1, 4)}"},
        )
    )


def open_lines(ws: Workspace, set_id: int) -> list[int]:
    """Return the numbers of a set's lines that wait; 0 alone: the set is held."""
    with ws.database.read() as conn:
        if files.stored_set(conn, set_id).state is SetState.HELD:
            return [0]
        rows = member_lines.dispositions(conn, set_id)
    return sorted({row.number for row in rows if row.disposition == "PENDED"})


def decided(ws: Workspace, set_id: int, spec: dict[str, Any]) -> bool:
    """Look at a decision and make it, and ask what both have to be; return whether it was made."""
    before = desk.spans(ws)
    looked = desk.decide(ws, set_id, spec)
    assert desk.spans(ws) == before, "a look changes nothing"
    spec = spec | {"two": looked.needs_two_people}
    if looked.problem or looked.effect is None:
        shown = looked.effect.digest if looked.effect else "0" * 12
        assert not desk.decide(ws, set_id, spec, shown).done
        assert desk.spans(ws) == before
        return False
    made = desk.decide(ws, set_id, spec, looked.effect.digest)
    assert made.done and made.effect == looked.effect, made.problem
    after = desk.spans(ws)
    gone, fresh = desk.told(looked.effect.gone), desk.told(looked.effect.new)
    assert set(before) - set(after) == set(gone)
    assert {text for text in fresh if not text.startswith("new ")} <= set(after) - set(before)
    assert len(set(after) - set(before)) == len(fresh)
    if spec["kind"] == "drop" or (spec["kind"] == "deny" and "end" not in spec):
        assert after == before, "a denial changes no span"
    again = desk.decide(ws, set_id, spec, looked.effect.digest)
    assert not again.done and f"by decision {made.number}" in again.problem
    assert desk.spans(ws) == after, "a second decision changes nothing"
    return True


def asked(ws: Workspace, random: Random, file_id: str, day: date) -> set[str]:
    """Answer what waits of a file, until it is decided or left; return the kinds of decisions that were made."""
    set_id, kinds = desk.set_of(ws, file_id), set[str]()
    for _ in range(6):
        numbers = open_lines(ws, set_id)
        if not numbers:
            break
        spec = answer(random, day) | {"line": random.choice(numbers)}
        if numbers == [0]:
            spec = {"kind": random.choice(("release", "release", "drop")), "two": True, "day": day}
        if decided(ws, set_id, spec):
            kinds.add(spec["kind"])
    return kinds


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_shown_is_done_once_and_nothing_undoes_it(ws: Workspace, seed: int, tmp_path: Path) -> None:
    random, number = Random(seed), 1
    desk.take(ws, number, {"day": FIRST, "records": FAMILY})
    for week in range(3):
        day = LATER + timedelta(weeks=week)
        spec, number = sent(random, day), number + 1
        file_id = desk.take(ws, number, spec)
        codes = desk.waiting(ws, file_id)
        kinds = asked(ws, random, file_id, day + timedelta(days=1))
        stood = desk.spans(ws)
        desk.take(ws, number + 1, spec | {"day": day + timedelta(days=2)})
        assert desk.spans(ws) == stood, "the same content again"
        number += 2
        waits = open_lines(ws, desk.set_of(ws, file_id))
        alone = kinds <= {"deny"} or not (waits or kinds & {"deny", "amend", "release"})
        if spec["dated"] == day and alone:  # else one answer may have opened the way to what another one refused
            later = day + timedelta(days=3)
            once_more = desk.take(ws, number, spec | {"day": later, "dated": later})
            assert desk.spans(ws) == stood, "the same records in another file"
            assert desk.waiting(ws, once_more) <= codes
    if seed % SAMPLE == 0:
        result = replay(ws, tmp_path / "again")
        assert result.stopped is None and result.differs == (), result
