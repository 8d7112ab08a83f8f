"""The program as a person runs it: what it says on each of its streams, and with which exit code it ends."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

import pytest

from cli import session
from cli.main import main


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> Said:
    """Run the program, on a terminal so wide that no table is folded. No traceback is ever shown."""
    monkeypatch.setattr(sys, "argv", ["rollbook", *(str(argument) for argument in arguments)])
    monkeypatch.setattr(session, "PIPED_WIDTH", 400)
    monkeypatch.delenv("COLUMNS", raising=False)  # pytest-xdist has one of its own
    before = os.umask(0o022)  # the program sets its own
    try:
        with pytest.raises(SystemExit) as stopped:
            main()
    finally:
        os.umask(before)
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err
    return Said(int(stopped.value.code or 0), told.out, told.err)
