"""An installation for tests: what a person would do by hand, in a few words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from intake.folder import read_chunks
from pipeline.receive.run import receive
from pipeline.runtime.workspace import Settings, Workspace
from pipeline.setup.installation import init
from pipeline.setup.load_terms import load_terms as load_text
from pipeline.views.outcomes import InitView
from support import values
from support.acks import check_published
from support.answered import as_its_schema_says
from support.people import TESTER, TWO, deciding

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_files"
TERMS = SAMPLES / "groups" / "harbor-mills.toml"
PARTNER, GROUP = "harbor-mills", "HM4100"
LOADED = date(2026, 11, 2)


def install(settings: Settings) -> InitView:
    """Make an installation, as `rollbook init` does."""
    return init(settings, TESTER, datetime(2026, 1, 1, 12, tzinfo=UTC))


def load_terms(ws: Workspace, text: str = "", day: date = LOADED) -> None:
    """Load terms, the samples' by default; by two people where it takes two."""
    text = text or TERMS.read_text(encoding="utf-8")
    loaded = load_text(ws, text, ws.now(day))
    if loaded.effect.decisions:
        loaded = load_text(deciding(ws), text, ws.now(day), TWO)
    assert loaded.stored, loaded.findings


def take(ws: Workspace, path: Path, today: date | None, partner: str = PARTNER) -> dict[str, Any]:
    """Receive one file and return its value as the command line shows it."""
    return take_bytes(ws, b"".join(read_chunks(path)), path.name, today, partner)


def take_bytes(
    ws: Workspace, data: bytes, name: str, today: date | None, partner: str = PARTNER
) -> dict[str, Any]:
    """Receive some bytes and return the file's value."""
    value = values.file_value(ws, receive(ws, [data], name, partner, "test", ws.now(today)))
    check_published(value["documents"])
    return value


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed and its exit code."""

    code: int
    out: str

    @property
    def json(self) -> Any:
        """Its output, read as JSON; it is as the schema says that it names."""
        return as_its_schema_says(json.loads(self.out))


def run(*arguments: object, columns: int | None = None) -> Ran:
    """Run the command line as a person does, piped or `columns` wide; breakage is raised, and so shown."""
    width = {"COLUMNS": str(columns) if columns else None}  # pytest-xdist has one of its own
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False, env=width)
    return Ran(result.exit_code, result.stdout)


def run_by_two(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> Ran:
    """Run a command that two people decide: Ann asks for it, Ben confirms it (support.people.at_the_desk)."""
    monkeypatch.setattr("cli.session.login", lambda: "ann")
    first = run(*arguments)
    assert first.code == 1 and "Ann Lee asks for it" in " ".join(first.out.split()), first.out
    monkeypatch.setattr("cli.session.login", lambda: "ben")
    return run(*arguments)
