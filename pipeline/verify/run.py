"""Verify: ask the installation every question whose answer must never be no (docs/design.md, Checks of the books).

What the store can answer is asked in one transaction, so that all answers are about one moment; what takes long,
because it opens what is sealed or reads the archive, holds no transaction while it reads. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar

from model.codes import found
from model.finding import Finding, Where
from model.verification import Answer, Fault
from pipeline.runtime.workspace import Workspace
from pipeline.verify.questions import BESIDE, QUICK, SCHEMA, THOROUGH, Question
from pipeline.verify.sealed import Reading
from store.checks.ask import Ask
from store.engine import Connection

SHOWN = 20  # faults of one question that are listed; the rest is counted

T = TypeVar("T", Ask, Reading)


def verify(
    ws: Workspace,
    now: datetime,
    *,
    quick: bool = False,
    only: Collection[str] = (),
    progress: Callable[[str], None] = lambda name: None,
) -> list[Answer]:
    """Ask all questions, or those of some names, and return the answers in order.

    `quick` leaves out what opens sealed values or reads the archive. Where the tables are not those of this
    release no other question can be asked, and none is. KeyError: a name that no question has.
    """
    unknown = set(only) - set(questions())
    if unknown:
        raise KeyError(min(unknown))
    answers = []
    with ws.database.read() as conn:
        schema = answer(SCHEMA, Ask(conn, now))
        if not schema.holds:
            return [schema]
        for question in QUICK:
            if not only or question.name in only:
                progress(question.name)
                answers.append(schema if question is SCHEMA else answer(question, Ask(conn, now)))
    for outside in BESIDE if quick else (*BESIDE, *THOROUGH):
        if not only or outside.name in only:
            progress(outside.name)
            answers.append(answer(outside, Reading(ws)))
    return answers


def questions() -> list[str]:
    """Return the name of every question, in order."""
    return [question.name for question in QUICK] + [question.name for question in (*BESIDE, *THOROUGH)]


def disagreements(conn: Connection, now: datetime, accounts: Collection[str]) -> tuple[Finding, ...]:
    """Ask about the books of some billing accounts alone, as a transaction that changed them sees them."""
    asked = [answer(question, Ask(conn, now, accounts)) for question in QUICK if question.at_bill]
    return tuple(
        found("BOOKS-DISAGREE", Where(), f"{question.question} No: {fault.what}.", subject=fault.where)
        for question in asked
        for fault in question.faults
    )


def answer(question: Question[T], asked: T) -> Answer:
    """Ask one question; list its first faults and count the others."""
    faults: Iterator[Fault] = question.look(asked)
    first = tuple(islice(faults, SHOWN))
    more = sum(1 for _ in faults)
    return Answer(question.name, question.text, question.fix, asked.rows, first, len(first) + more, asked.note)
