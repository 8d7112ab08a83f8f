"""Fixture: the demo, told once a session. Its figures are in tests/cases/demo/figures.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from support.installation import Ran, run


@dataclass(frozen=True, slots=True)
class Told:
    """What the command printed, and the installation that it left: to read, or to copy and then change."""

    home: Path
    ran: Ran


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The demo as a person runs it."""
    home = tmp_path_factory.mktemp("demo") / "var"
    ran = run("demo", "--home", home, "--json")
    assert ran.code == 0
    return Told(home, ran)
