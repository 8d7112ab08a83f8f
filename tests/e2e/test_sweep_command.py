"""`rollbook sweep` as a person runs it: drop a file into the partner's folder, sweep, find the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.session import Failure
from support.installation import PARTNER, SAMPLES, TERMS, run


@pytest.fixture
def inbox(home: Path) -> Path:
    assert run("terms", "load", TERMS, "--today", "2026-11-02").code == 0
    assert run("sweep").out.splitlines()[-1] == "Looked into 1 channel(s), took 0 file(s)."
    folder = home / "inbox" / PARTNER
    assert folder.is_dir(), "the first sweep makes the folder"
    return folder


def test_what_is_dropped_is_taken_and_shown(inbox: Path, home: Path) -> None:
    (inbox / "[red]adds[.edi").write_bytes((SAMPLES / "valid" / "01-add-family.edi").read_bytes())
    (inbox / "half.edi.part").write_bytes(b"ISA*")
    done = run("sweep", "--settle", "0", "--partner", PARTNER, "--today", "2026-11-23")
    assert "F000001 harbor-mills [red]adds[.edi" in done.out
    assert "took 1 file(s)" in done.out
    assert str(home / "outbox" / PARTNER) in done.out
    assert [path.name for path in inbox.iterdir()] == ["half.edi.part"]


def test_what_is_not_taken_is_an_exit_code(inbox: Path) -> None:
    (inbox / "link.edi").symlink_to(TERMS)
    done = run("sweep", "--settle", "0", "--json")
    assert done.code == 1
    assert [finding["code"] for partner in done.json for finding in partner["findings"]] == ["ENTRY-REFUSED"]


def test_a_partner_that_nobody_knows(inbox: Path) -> None:
    with pytest.raises(Failure, match="there is no partner nobody"):
        run("sweep", "--partner", "nobody")
