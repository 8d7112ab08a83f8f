"""The books of an installation, held by the questions of `rollbook verify`: after every test that has one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from model.verification import Answer
from pipeline.runtime.workspace import Workspace
from pipeline.verify.questions import QUICK, THOROUGH
from pipeline.verify.run import answer, verify
from pipeline.verify.sealed import Reading
from store.checks.ask import Ask

MARK = "leaves"  # @pytest.mark.leaves("files"): a test that ends with these questions answered no, on purpose
_OWN = frozenset({"schema", "triggers", "pages"})  # of the database, not of a story: tests/store has them
_SEALED = frozenset(
    {"pairs", "statements", "outbox", "sealed", "journal"}
)  # of the store alone: two may share a home here
_LATER = date(2100, 1, 1)  # nothing is still being worked on


def whole(ws: Workspace, today: date = _LATER) -> None:
    """Assert that every answer is yes. AssertionError names what is not and where."""
    _hold(verify(ws, ws.now(today)))


def after(request: pytest.FixtureRequest, ws: Workspace) -> None:
    """Ask what the store can answer of a test's story, when it is over."""
    marked = request.node.get_closest_marker(MARK)
    left = _OWN | set(marked.args if marked else ())
    now = ws.now(_LATER)
    with ws.database.read() as conn:
        _hold([answer(question, Ask(conn, now)) for question in QUICK if question.name not in left])
    _hold([answer(question, Reading(ws)) for question in THOROUGH if question.name in _SEALED - left])


def _hold(answers: Sequence[Answer]) -> None:
    wrong = [f"{answer.name}: {fault.where}: {fault.what}" for answer in answers for fault in answer.faults]
    assert not wrong, "\n".join(wrong)
