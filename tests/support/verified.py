"""The books of an installation, held by the questions of `rollbook verify`: after every test that has one.

Where every table is empty that a question reads, as where it was asked before, it would read the same again and
its answer is the same: it is not asked. Most stories have no bank, no refund, no memo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, event, exists, select

from model.verification import Answer
from pipeline.runtime.workspace import Workspace
from pipeline.verify.questions import QUICK, THOROUGH, Question
from pipeline.verify.run import answer, verify
from pipeline.verify.sealed import Reading
from store.checks.ask import Ask
from store.tables import metadata

MARK = "leaves"  # @pytest.mark.leaves("files"): a test that ends with these questions answered no, on purpose
_OWN = frozenset({"schema", "triggers", "pages"})  # of the database, not of a story: tests/store has them
_SEALED = frozenset(
    {"pairs", "statements", "outbox", "sealed", "journal"}
)  # of the store alone: two may share a home here
_LATER = date(2100, 1, 1)  # nothing is still being worked on
_WORDS = re.compile(r'(?<!\.)(?<!\.")(?<!\bAS )\b\w+')  # no columns, which follow their table, and no labels
_FILLED = select(*(exists().select_from(table).label(name) for name, table in metadata.tables.items()))
_read: dict[str, set[str]] = {}  # question and database -> the tables that it read
_of_nothing: set[str] = set()  # those of them that were answered yes where all these tables were empty


def whole(ws: Workspace, today: date = _LATER) -> None:
    """Assert that every answer is yes. AssertionError names what is not and where."""
    _hold(verify(ws, ws.now(today)))


def after(request: pytest.FixtureRequest, ws: Workspace) -> None:
    """Ask what the store can answer of a test's story, when it is over."""
    marked = request.node.get_closest_marker(MARK)
    left = _OWN | set(marked.args if marked else ())
    now = ws.now(_LATER)
    with ws.database.read() as conn:
        filled = {name for name, has in conn.execute(_FILLED).mappings().one().items() if has}
        for question in QUICK:
            if question.name not in left:
                _ask(question, Ask(conn, now), filled)
    _hold([answer(question, Reading(ws)) for question in THOROUGH if question.name in _SEALED - left])


def _ask(question: Question[Ask], ask: Ask, filled: set[str]) -> None:
    """Ask one question, unless all that it reads is empty, as where its answer was yes before."""
    about = f"{question.name} of {ask.conn.dialect.name}"
    of_nothing = about in _read and _read[about].isdisjoint(filled)
    if of_nothing and about in _of_nothing:
        return
    if about in _read and not of_nothing:
        _hold([answer(question, ask)])
        return
    with _reading(ask.conn) as read:
        _hold([answer(question, ask)])
    _read[about] = read
    if read.isdisjoint(filled):
        _of_nothing.add(about)


@contextmanager
def _reading(conn: Connection) -> Iterator[set[str]]:
    """Give the names of the tables that statements name meanwhile."""
    read: set[str] = set()

    def note(*told: Any) -> None:
        read.update(_WORDS.findall(told[2]))

    event.listen(conn, "before_cursor_execute", note)
    try:
        yield read
    finally:
        event.remove(conn, "before_cursor_execute", note)
    read.intersection_update(metadata.tables)


def _hold(answers: Sequence[Answer]) -> None:
    wrong = [f"{answer.name}: {fault.where}: {fault.what}" for answer in answers for fault in answer.faults]
    assert not wrong, "\n".join(wrong)
