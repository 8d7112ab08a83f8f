"""What a bank tells: the lines of a statement, of a file of returns and of a lockbox (docs/domain.md, The bank).

Money in cents, always above zero: the sort of a line says which way it goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from model.finding import Finding, Severity
from model.money.cents import Cents

MAX_BYTES = 64 << 20  # of a file that is read
CHEQUES_SHOWN = 5  # of those that a credit was split into, where one sentence says it


class BankForm(StrEnum):
    """What kind of file a bank sent. The values stand in the store."""

    BAI2 = "bai2"
    NACHA = "nacha"  # returned entries
    LOCKBOX = "lockbox"  # cheques, as a CSV


class LineSort(StrEnum):
    """What a line tells of. The values stand in the store."""

    CREDIT = "credit"  # money came
    DEBIT = "debit"  # money went
    PAID = "paid"  # a cheque of ours was paid
    RETURN = "return"  # money that came was taken back
    BACK = "back"  # money that went came back: a refund of ours was returned
    DISHONORED = "dishonored"  # a return that was returned itself
    CHEQUE = "cheque"  # one of a lockbox: the detail of a credit


class LineState(StrEnum):
    """How a line stands. The values stand in the store."""

    MATCHED = "MATCHED"
    NEAR = "NEAR"  # it may be what is there already, and a person says so
    UNMATCHED = "UNMATCHED"
    VOID = "VOID"  # two people said that it is none of ours


@dataclass(frozen=True, slots=True)
class BankLine:
    """One line as a bank wrote it.

    `trace` and `company` are what names a payment (TRN02, BPR10) as far as the line says it; a cheque's trace is
    its number. `account` is the bank's account, or a billing account on a cheque; `invoice` and `batch` are a
    cheque's. `reference` is the bank's own; `text` may name people and is sealed in the store.
    """

    number: int  # from 1 within the file
    sort: LineSort
    code: str  # BAI type code, or the reason of a return
    cents: Cents
    day: date
    reference: str
    trace: str = ""
    company: str = ""
    account: str = ""
    invoice: str = ""
    batch: str = ""
    text: str = ""
    value_day: date | None = None  # when the money can be used, where the bank says so
    record: int = 0  # where it stands in the file

    @property
    def key(self) -> str:
        """Return what the line is known by: the bank's reference with its account, day, code and amount."""
        parts = (self.account, self.reference, str(self.day), self.code, str(self.cents))
        return "|".join(part.replace("|", "/") for part in (self.sort.value, *parts, self.batch))


@dataclass(frozen=True, slots=True)
class BankFile:
    """What was read of a file: its lines and findings; with a finding of severity error there are no lines."""

    form: BankForm | None
    lines: tuple[BankLine, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        """Say whether nothing of the file is taken."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line as it is stored: `occurrence` counts equal ones from 0; ids are the store's, 0 = none.

    `deposit` is the deposit that it entered or confirmed, `remittance` a payment that had been posted without one,
    `credit` the line that a cheque is the detail of, `refund` the one that it paid; `returned`: the return that it
    tells of was taken.
    """

    id: int
    file: int
    line: BankLine
    occurrence: int
    deposit: int = 0
    remittance: int = 0
    credit: int = 0
    refund: int = 0
    returned: bool = False
    void: int = 0  # the transaction that voided it, 0 = it stands
    entered: bool = False  # its deposit was entered by it, and not confirmed

    @property
    def is_open(self) -> bool:
        """Say whether nothing was made of it yet."""
        return not (self.deposit or self.remittance or self.refund or self.returned or self.void)


@dataclass(frozen=True, slots=True)
class Detail:
    """A cheque that took the place of a lockbox's credit: its line and number, and the payment that it is (D3)."""

    line: int
    number: str
    payment: str
    cents: Cents

    @property
    def told(self) -> str:
        """Return its number with the name of its payment."""
        return f"{self.number} ({self.payment})"


def split_into(names: Sequence[str]) -> str:
    """Say what a lockbox's credit became, of many cheques the first: `split into 2 cheques: 5001 (D2), 5002 (D3)`.

    `names` are Detail.told.
    """
    shown = ", ".join(names[:CHEQUES_SHOWN])
    more = f" and {len(names) - CHEQUES_SHOWN:,} more" if len(names) > CHEQUES_SHOWN else ""
    return f"split into {len(names):,} cheque{'' if len(names) == 1 else 's'}: {shown}{more}"


@dataclass(frozen=True, slots=True)
class StoredBankFile:
    """A bank's file that was loaded, or refused whole; `lines` were new, `known` were there before."""

    id: int
    sha256: str
    name: str
    form: str
    refused: bool
    lines: int
    known: int
    credits: Cents
    debits: Cents
