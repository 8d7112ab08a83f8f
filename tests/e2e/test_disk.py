"""Disk and database as they fail people: who may read what lies there, what the dead left, and what is said."""

from __future__ import annotations

import os
import re
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from pipeline.receive.claim import claim
from pipeline.runtime.workspace import Settings, open_workspace
from support import keyboard
from support.installation import PARTNER, SAMPLES, TERMS, run
from support.people import TESTER
from vault import disk

ADDS = SAMPLES / "valid" / "01-add-family.edi"
RECEIVE = ("receive", str(ADDS), "--partner", PARTNER, "--today", "2026-11-23")


@pytest.fixture
def loaded(home: Path) -> Path:
    assert run("terms", "load", TERMS, "--today", "2026-11-02").code == 0
    return home


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def open_to_others(home: Path) -> dict[str, str]:
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.rglob("*"))}
    return {str(path): oct(mode) for path, mode in modes.items() if mode & (0o027 if path.is_dir() else 0o137)}


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_nothing_is_open_to_others_whatever_the_umask(bare_home: Path, mask: int) -> None:
    with umask(mask):
        assert run("init").code == 0
        run("terms", "load", TERMS, "--today", "2026-11-02")
        run(*RECEIVE)
        run("bill", "--month", "2027-01", "--today", "2026-12-10")
        run("bill", "--month", "2027-02", "--today", "2026-12-10", "--trial", "--ahead")
        run("sweep", "--settle", "0")
    assert list(bare_home.glob("outbox/*/invoice-*.pdf"))
    assert open_to_others(bare_home) == {}


def test_init_closes_what_was_left_open(loaded: Path) -> None:
    for folder in (loaded, loaded / "outbox"):
        folder.chmod(0o2777)
    assert run("init").code == 0
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (loaded, loaded / "outbox")] == [0o2750, 0o2750]


def test_what_the_dead_left_is_cleared_and_nothing_else(loaded: Path) -> None:
    outbox, archive = disk.make_folder(loaded / "outbox" / PARTNER), disk.make_folder(loaded / "archive")
    dead = [outbox / ".report-F000009.pdf.0123abcd.part", archive / ".new.0123abcd.part"]
    others = [outbox / ".hidden.part", outbox / "notes.0123abcd.part", outbox / ".a.0123abcd.part.txt"]
    for path in (*dead, *others):
        path.write_bytes(b"x")
    link = outbox / ".b.0123abcd.part"
    link.symlink_to(loaded / "keys.json")
    with (
        disk.temporary(outbox, "being-written.pdf") as (mine, _),
        disk.temporary(archive, "new") as (ours, _),
    ):
        assert run(*RECEIVE).code == 0
        assert [path.exists() for path in dead] == [False, False]
        assert all(path.exists() for path in (*others, mine, ours)) and link.is_symlink()
    assert not mine.exists() and not ours.exists()


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what the program says on standard error when it stops with 2: one line, in words."""
    told = keyboard.said(monkeypatch, capsys, *arguments)
    assert told.code == 2 and "Error:" not in told.err and told.err.count("\n") == 1
    return told.err


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://someone:secret@127.0.0.1:9/rollbook", "cannot be reached(.|\n)*ROLLBOOK_DATABASE_URL"),
        ("mysql://someone:secret@db.example.com/rollbook", "mysql is no database(.|\n)*postgresql://"),
        ("postgresql+asyncpg://someone:secret@db.example.com/x", "asyncpg is no database(.|\n)*sqlite:///"),
        ("secret", "cannot be read(.|\n)*sqlite:///"),
    ],
)
@pytest.mark.parametrize("command", [("file", "list"), ("init",)], ids=" ".join)
def test_a_database_that_is_none_is_said_in_words(
    loaded: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    url: str,
    words: str,
    command: tuple[str, ...],
) -> None:
    monkeypatch.setenv("ROLLBOOK_DATABASE_URL", url)
    told = said(monkeypatch, capsys, *command)
    assert "secret" not in told
    assert re.search(words, told), told


def test_a_store_that_can_only_be_read_is_said(
    loaded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROLLBOOK_DATABASE_URL", f"sqlite:///file:{loaded}/rollbook.db?mode=ro&uri=true")
    assert run("partner", "list").code == 0, "reading goes on"
    assert "can only be read" in said(monkeypatch, capsys, "partner", "add", "acme")


@pytest.mark.parametrize(("keep", "noise", "words"), [(30_000, 0, "damaged"), (0, 9_000, "is no database")])
def test_a_damaged_store_is_said(
    loaded: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    keep: int,
    noise: int,
    words: str,
) -> None:
    store = loaded / "rollbook.db"
    store.write_bytes(store.read_bytes()[:keep] + b"\xa5" * noise)
    assert words in said(monkeypatch, capsys, "partner", "list")


@pytest.mark.parametrize("damage", ["altered", "gone", "a folder"])
def test_a_damaged_file_of_the_archive_is_named_and_mended_by_the_same_bytes(
    loaded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    """Seen before: "an archived file is cut or altered", of no file; the same bytes changed nothing."""
    ws = open_workspace(Settings.read(), TESTER)
    file = claim(ws, [ADDS.read_bytes()], ADDS.name, PARTNER, "command", ws.now(date(2026, 11, 23)))
    ws.close()
    path = loaded / "archive" / file.sha256[:2] / file.sha256[2:4] / file.sha256
    if damage == "altered":
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    else:
        path.unlink()
    if damage == "a folder":
        path.mkdir()
    output = said(monkeypatch, capsys, "file", "retry", file.id)
    if damage == "altered":
        assert file.id in output and file.sha256 in output and "from a backup" in output, output
    else:
        assert f"archive lacks {file.id}: " in output and "rollbook restored" in output
    if damage == "altered":
        assert run(*RECEIVE).code == 0
        assert [listed["state"] for listed in run("file", "list", "--json").json] == ["APPLIED", "DUPLICATE"]


@pytest.mark.parametrize("limit", [100, 300_000])
def test_a_full_disk_is_said_and_nothing_is_half_done(
    loaded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], limit: int
) -> None:
    """A limit on a file's size stands for the disk: first the archive meets it, then the store."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        output = said(monkeypatch, capsys, *RECEIVE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "run the same again" in output
    assert list(loaded.rglob("*.part")) == []
    assert run(*RECEIVE).code == 0
    states = [file["state"] for file in run("file", "list", "--json").json]
    assert states in (["APPLIED"], ["APPLIED", "DUPLICATE"]), "what had been claimed is finished, and once"
