"""Files about money that are no X12, under the sender's check: an allocation, and what a bank sends.

Judged as they are when taken, as far as that needs no store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from billing.bank import dated
from intake.channel import up_to
from model.agreement.terms import BANK as OF_A_BANK
from model.documents.check import CheckedFile, Outcome
from model.exchange import ALLOCATION, BANK
from parsers.allocation import sheet
from parsers.balance import balance
from parsers.bank import read as statements
from parsers.census.table import MAX_BYTES
from pipeline.check.kept import Kept

if TYPE_CHECKING:
    from pipeline.check.rules import Agreed

Chunks = Callable[[], Iterable[bytes]]
_HEAD = 16  # bytes by which a bank's file is recognised


def is_bank(chunks: Chunks, agreed: Agreed | None, partner: str) -> bool:
    """Say whether a file is a bank's: by who sends it, or where no terms say that, by its first bytes."""
    if agreed:
        return agreed.named(partner).kind == OF_A_BANK
    return statements.recognise(up_to(chunks(), _HEAD)[:_HEAD]) is not None


def is_allocation(chunks: Chunks) -> bool:
    """Say from a file's first bytes whether it says what a payment without an 820 is for."""
    return sheet.recognise(up_to(chunks(), sheet.HEAD)[: sheet.HEAD])


def check_bank(name: str, chunks: Chunks, today: date) -> CheckedFile:
    """Check what a bank sends; a lockbox CSV has its mapping only where it is loaded."""
    data, kept = up_to(chunks(), statements.MAX_BYTES), Kept()
    made = dated(statements.read(data), today)
    kept.add(made.findings)
    outcome = Outcome.REJECTED if made.refused else Outcome.ACCEPTED
    return kept.result(name, BANK, len(data), outcome, rows=len(made.lines))


def check_allocation(name: str, chunks: Chunks) -> CheckedFile:
    """Check an allocation: what its cells say, and whether they add up; its deposit only the plan knows."""
    data, kept = up_to(chunks(), MAX_BYTES), Kept()
    made = sheet.read(data)
    kept.add(made.findings)
    outcome = Outcome.ACCEPTED
    if made.remittance is None:
        outcome = Outcome.REJECTED
    elif unbalanced := balance(made.remittance):
        kept.add(unbalanced)
        outcome = Outcome.WAITING
    return kept.result(name, ALLOCATION, len(data), outcome, rows=made.lines)
