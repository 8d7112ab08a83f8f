"""A file where a folder belongs, a folder where a file belongs, what is missing: said with path and what to do."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support import keyboard
from support.installation import PARTNER, SAMPLES, TERMS, run
from vault import disk

ADDS = SAMPLES / "valid" / "01-add-family.edi"
TERMED = SAMPLES / "valid" / "02-term-dependent.edi"
RECEIVE = ("receive", str(TERMED), "--partner", PARTNER, "--today", "2026-11-24")
BILL = ("bill", "--month", "2027-01", "--group", "HM4100", "--today", "2026-12-10")
SWEEP = ("sweep", "--settle", "0", "--today", "2026-11-24")
EXPORT = ("roster", "export", "--group", "HM4100", "--format", "csv", "--today", "2026-12-10")


@pytest.fixture
def enrolled(home: Path) -> Path:
    assert run("terms", "load", TERMS, "--today", "2026-11-02").code == 0
    assert run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-23").code == 0
    return home


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Return the program's exit code and what it says, on one line, in words."""
    told = keyboard.said(monkeypatch, capsys, *arguments)
    text = " ".join((told.err + told.out).split())
    assert "Error" not in text and "Errno" not in text, text
    return told.code, text


def a_file(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"not a folder")


def a_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir(parents=True)


def a_loop(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(path)


NO_FOLDER, NO_FILE = "is no folder", "is a folder"
NOT_REPLACED, A_LINK = "was not replaced", "link that leads"
# What lies there, where below the home, the command, its exit code, and what is said of it.
CASES: list[tuple[Callable[[Path], None], str, tuple[str, ...], int, str]] = [
    (a_file, "outbox", RECEIVE, 1, NO_FOLDER),
    (a_file, "outbox", BILL, 1, NO_FOLDER),
    (a_file, f"outbox/{PARTNER}", RECEIVE, 1, NO_FOLDER),
    (a_file, f"outbox/{PARTNER}", BILL, 1, NO_FOLDER),
    (a_loop, f"outbox/{PARTNER}", BILL, 1, A_LINK),
    (a_folder, f"outbox/{PARTNER}/invoice-100001.pdf", BILL, 1, NOT_REPLACED),
    (a_file, f"inbox/{PARTNER}", SWEEP, 1, NO_FOLDER),
    (a_loop, f"inbox/{PARTNER}", SWEEP, 1, A_LINK),
    (a_file, "archive", RECEIVE, 2, NO_FOLDER),
    (a_file, "archive", EXPORT, 2, NO_FOLDER),
    (a_file, "locks", RECEIVE, 2, NO_FOLDER),
    (a_folder, "marks.json", BILL, 2, NO_FILE),
    (a_file, "test", ("init", "--environment", "test"), 2, NO_FOLDER),
    (a_file, "outbox", ("init",), 2, NO_FOLDER),
    (a_file, "archive", ("init",), 2, NO_FOLDER),
]


@pytest.mark.parametrize(
    ("put", "where", "command", "code", "words"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_lies_in_the_wrong_place_is_said(
    enrolled: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    put: Callable[[Path], None],
    where: str,
    command: tuple[str, ...],
    code: int,
    words: str,
) -> None:
    """Seen before: NotADirectoryError with a number, and nothing that says what to do."""
    put(enrolled / where)
    stopped, told = said(monkeypatch, capsys, *command)
    assert stopped == code, told
    assert str(enrolled / where) in told, told
    assert words in told and ("Move it away" in told or "take it away" in told), told


def test_one_partners_folder_holds_back_nobody_elses_documents(enrolled: Path) -> None:
    """Seen before: the whole delivery stopped."""
    inbox = enrolled / "inbox" / PARTNER
    inbox.mkdir(parents=True, exist_ok=True)
    shutil.copy(TERMED, inbox)
    a_file(enrolled / "outbox" / PARTNER)
    assert run("partner", "add", "acme", "--isa", "ZZ:ACME").code in (0, 1)
    ran = run("receive", ADDS, "--partner", "acme", "--today", "2026-11-24")
    assert ran.code == 1
    a_file(enrolled / "outbox" / "aaa")
    ran = run(*SWEEP)
    assert ran.code == 1 and "CHANNEL-BROKEN" in ran.out
    assert list((enrolled / "outbox" / "acme").iterdir()), "another's answers lie there"


def test_rights_to_one_partners_folder_hold_back_that_partner_alone(
    enrolled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen before: a folder that we may not write stopped everybody's delivery, exit code 2."""
    real = disk.temporary

    def closed(folder: Path, *more: Any) -> Any:
        if folder.name == PARTNER:
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return real(folder, *more)

    monkeypatch.setattr(disk, "temporary", closed)
    assert run("partner", "add", "zebra", "--isa", "ZZ:ZEBRA").code == 0
    broken = run(*RECEIVE)
    assert broken.code == 1 and "CHANNEL-BROKEN" in broken.out
    ran = run("receive", ADDS, "--partner", "zebra", "--today", "2026-11-24")
    assert "CHANNEL-BROKEN" not in ran.out and list((enrolled / "outbox" / "zebra").iterdir())
    swept = run("sweep", "--today", "2026-11-24")
    assert "CHANNEL-BROKEN" in swept.out and "zebra" not in swept.out


def test_a_folder_in_place_of_an_archived_file_is_an_answer_of_verify(enrolled: Path) -> None:
    """Seen before: verify itself ended with it."""
    path = next(path for path in (enrolled / "archive").rglob("*") if path.is_file())
    a_folder(path)
    ran = run("verify")
    assert ran.code == 1 and path.name in ran.out


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("terms", "load"), NO_FOLDER),
        (("invoice", "print", "100001"), NO_FOLDER),
        (("terms", "draft", str(ADDS), "--partner", "acme"), NO_FOLDER),
        (("census", "template"), NO_FOLDER),
        (("check", str(ADDS), "--format", "html"), NO_FOLDER),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_document_that_cannot_be_put_where_a_person_says(
    enrolled: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
    words: str,
) -> None:
    a_file(enrolled / "there")
    assert run(*BILL).code == 0
    option = () if command[:2] == ("terms", "load") else ("-o",)
    code, told = said(monkeypatch, capsys, *command, *option, str(enrolled / "there" / "below"))
    assert code == 2 and str(enrolled / "there") in told and words in told, told


def test_a_home_that_cannot_be_made_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_file(tmp_path / "file")
    a_loop(tmp_path / "loop")
    for home, words in (
        (tmp_path / "file", NO_FOLDER),
        (tmp_path / "file" / "below", NO_FOLDER),
        (tmp_path / "loop", A_LINK),
        (tmp_path / ("x" * 300), "too long"),
    ):
        code, told = said(monkeypatch, capsys, "init", "--home", str(home))
        assert code == 2 and words in told, told
    monkeypatch.setenv("ROLLBOOK_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/rollbook.db")
    code, told = said(monkeypatch, capsys, "init", "--home", str(tmp_path / "var"))
    assert code == 2 and f"{tmp_path}/nowhere" in told and "is not there" in told, told
