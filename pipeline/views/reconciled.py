"""What became of the answers of a reconciliation's workbook."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.views.findings import FindingView


@dataclass(frozen=True, slots=True)
class AnsweredView:
    """An answer that stands: the sheet's row, what was answered, of whom; `again`: it stood before.

    `payment` is R7 or D12 and the line, "" where the row is about no payment.
    """

    row: int
    answer: str
    account: str
    member: str
    payment: str
    again: bool


@dataclass(frozen=True, slots=True)
class AnswersView:
    """A workbook's answers: those that stand, what was refused, or why nothing was done (`problem`)."""

    answers: tuple[AnsweredView, ...] = ()
    findings: tuple[FindingView, ...] = ()
    problem: str = ""
