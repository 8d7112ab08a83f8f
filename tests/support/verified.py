"""The books of an installation, held by every question of `rollbook verify`: called at the end of long stories."""

from __future__ import annotations

from datetime import date

from pipeline.verify import verify
from pipeline.workspace import Workspace


def whole(ws: Workspace, today: date, *, quick: bool = False) -> None:
    """Assert that every answer is yes. AssertionError names what is not and where."""
    answers = verify(ws, ws.now(today), quick=quick)
    assert len(answers) > 1, answers
    wrong = [f"{one.name}: {fault.where}: {fault.what}" for one in answers for fault in one.faults]
    assert wrong == []
