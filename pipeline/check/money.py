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
from model.codes import found
from model.documents.check import CheckedFile, Outcome
from model.exchange import ALLOCATION, BANK
from model.finding import Where
from parsers.allocation import sheet
from parsers.balance import balance
from parsers.bank import read as statements
from parsers.bank.read import Mapping, MappingError
from parsers.census.table import MAX_BYTES
from pipeline.check.kept import Kept

if TYPE_CHECKING:
    from pipeline.check.rules import Agreed

Chunks = Callable[[], Iterable[bytes]]
_NO_MAPPING = "The file looks like a lockbox's CSV. How its columns are read says a mapping, which is not here."
_GIVE = (
    "Give it (--mapping FILE), or check where the home folder has lockbox.toml: only then is told what is taken."
)
_MEND = "Correct the mapping, or ask the plan for it, then check again."


def is_bank(chunks: Chunks, agreed: Agreed | None, partner: str, mapping: str) -> bool:
    """Say whether a file is a bank's: by who sends it, or where no terms say that, by its first bytes.

    `mapping` is a lockbox's as TOML, or empty.
    """
    if agreed:
        return agreed.named(partner).kind == OF_A_BANK
    head = up_to(chunks(), statements.HEAD)[: statements.HEAD]
    if statements.recognise(head):
        return True
    return not is_allocation(chunks) and statements.is_lockbox(head, _mapping(mapping)[0])


def _mapping(text: str) -> tuple[Mapping | None, str]:
    """Return a mapping, if there is one that can be used, and what is wrong with it."""
    try:
        return (statements.mapping(text) if text else None), ""
    except MappingError as error:
        return None, str(error)


def is_allocation(chunks: Chunks) -> bool:
    """Say from a file's first bytes whether it says what a payment without an 820 is for."""
    return sheet.recognise(up_to(chunks(), sheet.HEAD)[: sheet.HEAD])


def check_bank(name: str, chunks: Chunks, today: date, mapping: str) -> CheckedFile:
    """Check what a bank sends; a lockbox CSV by its mapping as TOML, and where there is none, say so."""
    data, kept = up_to(chunks(), statements.MAX_BYTES), Kept()
    by, wrong = _mapping(mapping)
    made = dated(statements.read(data, by), today)
    findings, outcome = made.findings, Outcome.REJECTED if made.refused else Outcome.ACCEPTED
    if made.form is None and wrong:
        findings = (found("BANK-UNREADABLE", Where(), f"The mapping cannot be used: {wrong}.", fix=_MEND),)
    elif made.form is None and statements.is_lockbox(data[: statements.HEAD]):
        findings, outcome = (found("BANK-UNREADABLE", Where(), _NO_MAPPING, fix=_GIVE),), Outcome.UNREADABLE
    kept.add(findings)
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
