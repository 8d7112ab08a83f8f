"""A reconciliation's workbook that comes back: its answer columns, and what each answered row says.

Source: docs/domain.md, Sheets that come back.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.enrollment.census import ROW_KEY
from model.finding import Finding

ACCOUNT, MEMBER, PAYMENT = "Account", "Member ID", "Payment"
ANSWER, ASSIGN_TO, REASON = "Answer", "Assign to", "Reason"
ADDED = (ANSWER, ASSIGN_TO, REASON, ROW_KEY)
SHEET = "Subscribers"


def document(number: int) -> str:
    """Return how the keys of a reconciliation's rows name it (vault.rowkeys)."""
    return f"RECON-{number:06d}"


def number_of(document: str) -> int | None:
    """Return which reconciliation a key's document is; None: it is none."""
    begin, _, number = document.rpartition("-")
    return int(number) if begin == "RECON" and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """One row with an answer, as it came back: `row` is its place in the sheet, from 1."""

    row: int
    key: str
    account: str
    member: str
    payment: str
    answer: str
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A workbook that came back: its answered rows, or why it is none of ours."""

    rows: tuple[AnsweredRow, ...] = ()
    findings: tuple[Finding, ...] = ()
