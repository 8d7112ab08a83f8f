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
def twice(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's installation, with Dana at the keyboard."""
    ws = open_workspace(Settings.read(), TESTER)
    merged.agree(ws)
    story = merged.Story(ws)
    story.file("G1", [{**ADA, **COVERED, "phone": "5550100"}])
    story.file("G2", [{**ADA, **COVERED, "family": "E9", "email": "ada@example.com"}])
    known(ws, "Dana Quill", Role.SUPERVISOR)
    known(ws, "Robin Vale", Role.ENROLLMENT, by="Dana Quill")
    ws.close()
    monkeypatch.setattr("cli.session.login", lambda: "dana")


def plain(text: str) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line and line != "..."]


def test_its_session_is_what_the_commands_show(twice: None) -> None:
    shown = PAGE[PAGE.index("## One person twice") :].split("```")[1].replace("\\\n", " ")
    sessions = re.findall(r"^\$ rollbook (.*)\n((?:(?!\$ ).*\n)*)", shown, re.M)
    assert len(sessions) == 4
    for command, out in sessions:
        ran = run(*shlex.split(command), "--today", "2026-12-02")
        told = plain(ran.out)
        assert ran.code == 0 and [line for line in plain(out) if line not in told] == [], ran.out
