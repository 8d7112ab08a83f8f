"""kill -9 at every step of receive and deliver: nothing lost, nothing doubled (the process is really gone)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.runtime.workspace import Settings, open_workspace
from store import dump
from support.answers import furnished
from support.installation import PARTNER, SAMPLES, run
from support.kill import Forks, forks, steps
from support.people import TESTER

__all__ = ["forks", "furnished"]

ADDS = SAMPLES / "valid" / "01-add-family.edi"
RECEIVE = ("receive", str(ADDS), "--partner", PARTNER, "--today", "2026-11-23", "--json")


def roster(home: Path) -> list[str]:
    ws = open_workspace(Settings.read(home=home), TESTER)
    try:
        with ws.database.read() as conn:
            return dump.canonical(conn, ws.vault)
    finally:
        ws.close()


@pytest.fixture
def loaded(furnished: Path, bare_home: Path) -> Path:
    return Path(shutil.copytree(furnished, bare_home))


@pytest.fixture(scope="module")
def expected(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The roster that a run which nobody kills makes."""
    home = Path(shutil.copytree(furnished, tmp_path_factory.mktemp("unhurt") / "var"))
    assert run(*RECEIVE, "--home", home).code == 0
    return roster(home)


def accepted(folder: Path) -> int:
    """Return how many sets the published 999s accept."""
    texts = [path.read_text("ascii") for path in folder.glob("999-*.edi")]
    return sum(int(line.split("*")[4]) for text in texts for line in text.split("~\n") if line.startswith("AK9"))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("place", steps("CLAIM_STEPS") + steps("RECEIVE_STEPS"))
def test_killed_and_run_again(loaded: Path, forks: Forks, expected: list[str], place: str, when: str) -> None:
    forks.kill(place, when, *RECEIVE)

    files = [run("file", "show", file["file_id"], "--json").json for file in run("file", "list", "--json").json]
    states = [transaction_set["state"] for file in files for transaction_set in file["sets"]]
    assert accepted(loaded / "outbox" / PARTNER) <= states.count("APPLIED"), "we say no more than we have done"

    again = run(*RECEIVE)  # the sender's file is still there: it is received again
    (value,) = again.json
    assert value["state"] in ("APPLIED", "DUPLICATE"), value["all_findings"]
    listed = run("file", "list", "--json").json
    assert all(file["state"] for file in listed), "every file ends in a state"
    assert sum(file["state"] == "APPLIED" for file in listed) == 1, "and took effect once"

    assert roster(loaded) == expected
    folder = loaded / "outbox" / PARTNER
    published = sorted(path.name for path in folder.iterdir())
    owed = [document for file in listed for document in shown(file["file_id"])]
    assert sorted(owed) == published
    assert list(loaded.rglob(".*")) == [], "nothing half written is left"
    assert len(owed) == len(set(owed))


def shown(file_id: str) -> list[str]:
    return [Path(path).name for path in run("file", "show", file_id, "--json").json["documents"]]
