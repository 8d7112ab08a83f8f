"""docs/desk.md, One person twice: its session is what the commands show."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from model.people import Role
from pipeline.runtime.workspace import Settings, open_workspace
from support import merged
from support.installation import ROOT, run
from support.people import TESTER, known

PAGE = (ROOT / "docs" / "desk.md").read_text("utf-8")
ADA = {"first": "ADA", "birth": "19840330", "ssn": "900000001"}
COVERED = {"lines": [["021", "EMP", date(2027, 1, 1)]]}


@pytest.fixture
def twice(home: Path) -> None:
    """The page's installation."""
    ws = open_workspace(Settings.read(), TESTER)
    merged.agree(ws)
    story = merged.Story(ws)
    story.file("G1", [{**ADA, **COVERED, "phone": "5550100"}])
    story.file("G2", [{**ADA, **COVERED, "family": "E9", "email": "ada@example.com"}])
    known(ws, "Dana Quill", Role.SUPERVISOR)
    known(ws, "Robin Vale", Role.ENROLLMENT, by="Dana Quill")
    ws.close()


def plain(text: str) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line and line != "..."]


def test_its_sessions_are_what_the_commands_show(twice: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Robin looks and asks; Dana confirms, and looks at what came of it."""
    blocks = PAGE[PAGE.index("## One person twice") :].split("```")
    for login, shown, codes in (("robin", blocks[1], [0, 0, 1]), ("dana", blocks[3], [0, 0])):
        monkeypatch.setattr("cli.session.login", lambda at=login: at)
        sessions = re.findall(r"^\$ rollbook (.*)\n((?:(?!\$ ).*\n)*)", shown, re.M)
        assert len(sessions) == len(codes)
        for (command, out), code in zip(sessions, codes, strict=True):
            ran = run(*shlex.split(command), "--today", "2026-12-02")
            told = plain(ran.out)
            assert ran.code == code and [line for line in plain(out) if line not in told] == [], ran.out
