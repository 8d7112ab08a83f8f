"""Drills: what an installation does when its store, its rows or its archive are not what they were.

A small story, and copies of it. By default a few of each drill; `make drills` tries all: the store of every step
put back, every two of a table's first sealed values and every two archived files exchanged. Lost and foreign keys:
test_keys.py.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest

from model.approval import Approval
from pipeline.runtime.workspace import Settings, open_workspace
from pipeline.setup import restored
from store.dialects.sqlite import sqlite3
from store.engine import BarredError
from support.installation import PARTNER, SAMPLES, TERMS, run
from support.people import TESTER

ALL = os.environ.get("DRILLS") == "all"
DEMO = SAMPLES / "demo"
STORY = (
    ("terms", "load", TERMS, "--today", "2026-11-02"),
    ("receive", SAMPLES / "valid" / "01-add-family.edi", "--partner", PARTNER, "--today", "2026-11-20"),
    ("receive", SAMPLES / "valid" / "02-term-dependent.edi", "--partner", PARTNER, "--today", "2026-11-21"),
    ("bill", "--month", "2027-01", "--group", "HM4100", "--today", "2026-12-10"),
    ("deposit", "add", "--amount", "50670.00", "--trace", "HM2027010001", "--company", "1990000001",
     "--today", "2026-12-28"),
    ("receive", DEMO / "03-remittance.edi", "--partner", PARTNER, "--today", "2026-12-28"),
    ("bill", "--month", "2027-02", "--group", "HM4100", "--today", "2027-01-10"),
)  # fmt: skip
LAST = len(STORY)
# Tables that hold something sealed, its column, and what else must go with it for a look-up to find it there.
SEALED = {"person_ssn": "cipher", "contract": "number_cipher", "invoice": "statement", "outbox": "statement"}
UNLOCK = "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'"


@dataclass(frozen=True, slots=True)
class Told:
    """The story's home at its end, and the store as it was after each step."""

    home: Path
    stores: tuple[Path, ...]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("drills")
    home, stores = folder / "var", []
    assert run("init", "--home", home).code == 0
    for number, step in enumerate(STORY, 1):
        assert run(*step, "--home", home).code in (0, 1), step
        stores.append(Path(shutil.copy(home / "rollbook.db", folder / f"{number}.db")))
    return Told(home, tuple(stores))


@pytest.fixture
def copied(told: Told, bare_home: Path) -> Path:
    return Path(shutil.copytree(told.home, bare_home))


def some(pairs: Iterator[tuple[int, int]], few: int) -> list[tuple[int, int]]:
    listed = list(pairs)
    return listed if ALL else listed[:: max(1, len(listed) // few)][:few]


@pytest.mark.parametrize("step", range(1, LAST) if ALL else [3, 4])
def test_an_older_store_is_noticed_and_gone_on_with(copied: Path, told: Told, step: int) -> None:
    """Whatever was lost: nothing is written, then no number is given out twice and no document replaced."""
    before = {path: path.read_bytes() for path in (copied / "outbox").rglob("*") if path.is_file()}
    shutil.copy(told.stores[step - 1], copied / "rollbook.db")
    for command in STORY[step:]:
        with pytest.raises(BarredError):
            run(*command)
    ws = open_workspace(Settings.read(), TESTER)
    restored.go_on(ws, Approval("ana", "ben", "a drill"), ws.now(None))
    ws.close()
    for command in STORY[step:]:
        assert run(*command).code in (0, 1), command
    after = {path: path.read_bytes() for path in (copied / "outbox").rglob("*") if path.is_file()}
    assert {path: after[path] for path in before} == before
    assert len(after) > len(before), "the same again, under numbers of its own"


def exchanged(store: Path, table: str, first: int, second: int) -> bool:
    """Exchange a sealed value of two rows; say whether they were two."""
    column = SEALED[table]
    with sqlite3.connect(store) as conn:
        for (drop,) in conn.execute(UNLOCK).fetchall():
            conn.execute(drop)
        rows = conn.execute(f"SELECT id, {column} FROM {table} WHERE {column} <> '' ORDER BY id").fetchall()  # noqa: S608
        if max(first, second) >= len(rows):
            return False
        (one, mine), (other, theirs) = rows[first], rows[second]
        conn.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (theirs, one))  # noqa: S608
        conn.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (mine, other))  # noqa: S608
    return mine != theirs


@pytest.mark.parametrize("table", SEALED)
def test_sealed_values_that_change_places_are_noticed(copied: Path, told: Told, table: str) -> None:
    tried = 0
    for first, second in some(combinations(range(8), 2), 1):
        shutil.copy(told.stores[-1], copied / "rollbook.db")
        if exchanged(copied / "rollbook.db", table, first, second):
            tried += 1
            ran = run("verify")
            assert ran.code == 1 and "cannot be read (SealError)" in ran.out, (first, second, ran.out)
    assert tried, "there are not two of them"


def test_archived_files_that_change_places_are_noticed(copied: Path) -> None:
    files = sorted(path for path in (copied / "archive").rglob("*") if path.is_file())
    assert len(files) > 10
    for first, second in some(combinations(range(len(files)), 2), 2):
        one, other = files[first].read_bytes(), files[second].read_bytes()
        files[first].write_bytes(other)
        files[second].write_bytes(one)
        ran = run("verify")
        assert ran.code == 1 and "archive" in ran.out, ran.out
        files[first].write_bytes(one)
        files[second].write_bytes(other)
    assert run("verify").code == 0
