"""Whether the books are whole, as `verify` answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.verification import Answer
from pipeline.views.plain import of_fields


@dataclass(frozen=True, slots=True)
class FaultView:
    """One thing that must never be and is: `where` by our own numbers, `what` in words with both figures."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question: how many rows were looked at, how many faults there are, the first of them, what to do."""

    name: str
    question: str
    holds: bool
    rows: int
    faults: int
    first: tuple[FaultView, ...]
    fix: str
    note: str


@dataclass(frozen=True, slots=True)
class VerifyView:
    """Whether every answer is yes, and the questions."""

    holds: bool
    questions: tuple[QuestionView, ...]


def verified(answers: Sequence[Answer]) -> VerifyView:
    """Return what verifying came to."""
    return VerifyView(all(answer.holds for answer in answers), tuple(map(_question, answers)))


def _question(answer: Answer) -> QuestionView:
    return QuestionView(
        name=answer.name,
        question=answer.question,
        holds=answer.holds,
        rows=answer.rows,
        faults=answer.count,
        first=tuple(of_fields(FaultView, fault) for fault in answer.faults),
        fix="" if answer.holds else answer.fix,
        note=answer.note,
    )
