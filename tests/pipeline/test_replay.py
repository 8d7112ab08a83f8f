"""Replay: a journal's steps done again in another store come to the same, whatever the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select, text

from cli.session import Failure
from model.journal import Purpose
from model.timeline import Month
from pipeline.month.bill import bill
from pipeline.replay.night import night
from pipeline.replay.run import replay
from pipeline.replay.verbs import AGAIN
from pipeline.runtime.settings import InstallationError
from pipeline.runtime.workspace import Workspace
from store import guards, ring
from store.engine import Database
from store.tables import file
from support import replayed, road_terms
from support.installation import GROUP, ROOT, load_terms, run
from support.road_history import history
from support.story import LAST_DAY, copy_of, tell, told_in


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The story on SQLite: not to be changed."""
    with told_in(tmp_path_factory.mktemp("replay") / "var") as ws:
        yield ws


def test_every_step_can_be_done_again() -> None:
    assert set(AGAIN) == set(Purpose)


def test_a_story_comes_to_the_same(told: Workspace, tmp_path: Path) -> None:
    result = replay(told, tmp_path / "again")
    assert result.stopped is None and result.differs == ()
    assert result.equal and result.last > 20 and result.releases == ()


def installed(ws: Workspace, database: Database) -> Workspace:
    """Return the installation with its store elsewhere, under the same keys."""
    with ws.database.read() as conn:
        proofs = ring.proofs(conn)
    database.change(lambda conn: {guards.STORE}, lambda conn: ring.record(conn, proofs))
    return replace(ws, database=database)


def test_what_postgresql_held_comes_to_the_same_on_sqlite(
    ws: Workspace, database: Database, tmp_path: Path
) -> None:
    if database.engine.dialect.name != "postgresql":
        return
    there = installed(ws, database)
    tell(there)
    result = replay(there, tmp_path / "again")
    assert result.stopped is None and result.differs == ()


@pytest.mark.parametrize("seed", [100, 101])
def test_a_history_on_postgresql_comes_to_what_sqlite_does(
    seed: int, ws: Workspace, database: Database, tmp_path: Path
) -> None:
    if database.engine.dialect.name != "postgresql":
        return
    there = installed(ws, database)
    for terms in road_terms.texts(history(seed)[0]):
        load_terms(there, terms)
    replayed.lived(there, seed)
    result = replay(there, tmp_path / "again")
    assert result.stopped is None and result.differs == ()


def test_a_replay_goes_on_from_an_earlier_one(ws: Workspace, tmp_path: Path) -> None:
    tell(ws)
    first = replay(ws, tmp_path / "first")
    bill(ws, Month(2027, 6), ws.now(LAST_DAY), GROUP, ahead=True)
    second = replay(ws, tmp_path / "second", tmp_path / "first")
    assert second.equal and second.first == first.last and second.last > first.last
    with pytest.raises(InstallationError, match="not empty"):
        replay(ws, tmp_path / "second")
    with pytest.raises(InstallationError, match="no replayed store"):
        replay(ws, tmp_path / "third", tmp_path / "nowhere")


def test_each_night_goes_on_from_the_last_one_that_was_equal(copied: Workspace) -> None:
    folder = copied.settings.home / "replays"
    first = night(copied)
    assert first.equal and first.first == 0
    bill(copied, Month(2027, 6), copied.now(LAST_DAY), GROUP, ahead=True)
    second = night(copied)
    assert second.equal and second.first == first.last
    assert [path.name for path in folder.iterdir()] == [f"{second.last:012d}"]
    broken(copied, CHANGES["money"])
    third = night(copied)
    assert third.differs == ("money",)
    assert {path.name for path in folder.iterdir()} == {f"{second.last:012d}", "differs"}


def test_the_command_says_whether_both_are_equal(copied: Workspace, tmp_path: Path) -> None:
    home = ["--home", str(copied.settings.home)]
    done = run("replay", "--into", tmp_path / "again", *home)
    assert done.code == 0 and "Both stores are equal" in done.out
    broken(copied, CHANGES["dispositions"])
    done = run("replay", "--into", tmp_path / "other", "--json", *home)
    assert done.code == 1 and json.loads(done.out)["differs"] == ["dispositions"]
    with pytest.raises(Failure, match="is not empty"):
        run("replay", "--into", tmp_path / "other", *home)


def broken(ws: Workspace, *statements: str) -> None:
    with ws.database.migrating() as conn:
        for name in conn.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            conn.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            conn.exec_driver_sql(statement)


CHANGES = yaml.safe_load((ROOT / "tests" / "cases" / "replay" / "changes.yaml").read_text("utf-8"))


@pytest.fixture
def copied(told: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the story, to break."""
    with copy_of(told, tmp_path / "var") as ws:
        yield ws


@pytest.mark.parametrize("kind", CHANGES)
def test_what_is_not_the_same_is_named(copied: Workspace, tmp_path: Path, kind: str) -> None:
    broken(copied, CHANGES[kind])
    result = replay(copied, tmp_path / "again")
    assert not result.equal and kind in result.differs
    if kind in ("roster", "dispositions", "money"):
        assert result.stopped is not None and result.stopped.seq > 0 and result.stopped.input


def test_a_damaged_archive_names_the_input(copied: Workspace, tmp_path: Path) -> None:
    with copied.database.read() as conn:
        sha256 = conn.scalar(select(file.c.sha256).where(file.c.id == "F000002"))
    path = copied.settings.home / "archive" / sha256[:2] / sha256[2:4] / sha256
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1])
    result = replay(copied, tmp_path / "again")
    assert result.stopped is not None and result.stopped.input == "F000002"
    assert result.stopped.what == "judge" and "is cut" in result.stopped.why
