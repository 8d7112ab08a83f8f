"""820 remittances as typed values (005010X218; docs/domain.md, The 820). All money in cents, signs as sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from model.finding import Where
from model.money.cents import Cents


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One ADX: cents (negative reduces) and its reason code (ADX02)."""

    cents: Cents
    reason: str
    where: Where


@dataclass(frozen=True, slots=True)
class RemittanceLine:
    """One RMR (2300A or 2300B) within its ENT."""

    number: int  # from 1 within the set
    level: str  # "A" organization summary (ENT03 2L ...), "B" individual (2J)
    qualifier: str  # RMR01: IK invoice, 11/1L account, AZ policy ...
    reference: str  # RMR02
    kind: str  # RMR03: PA advance, PI item, PO on account, PP partial; empty when not sent
    paid: Cents  # RMR04
    billed: Cents | None  # RMR05
    adjustments: tuple[Adjustment, ...]  # 2320 ADX
    person_id: str  # NM109 of 2100B, as sent; masked before it is shown
    begin: date | None  # DTM*582 RD8, both ends inclusive
    end: date | None
    headcount: tuple[tuple[str, int], ...]  # SLN05-01 (of whom) and SLN04, 2315A; UNREADABLE: no whole number
    where: Where
    person_qualifier: str = ""  # ENT03 or NM108: 34 says that person_id is an SSN
    person_name: tuple[str, str] = ("", "")  # NM103 and NM104 of 2100B: last and first, as sent; never shown
    references: tuple[tuple[str, str], ...] = ()  # REF of the line: 18 plan, 2F consolidated invoice ...
    charges: tuple[Adjustment, ...] = ()  # SAC05 by SAC02, 2312A: told, and part of no sum

    def named(self, qualifier: str) -> str:
        """Return what the line's REF of a qualifier says; "" where it has none."""
        return next((text for named, text in self.references if named == qualifier), "")


@dataclass(frozen=True, slots=True)
class Remittance:
    """One 820 transaction set."""

    control: str  # ST02
    handling: str  # BPR01: C D I P U X
    cents: Cents  # BPR02
    credit: str  # BPR03: C credit, D debit
    method: str  # BPR04: ACH CHK NON ...
    company: str  # BPR10 originating company identifier
    effective: date | None  # BPR16
    trace: str  # TRN02
    references: tuple[tuple[str, str], ...]  # header REFs
    payer: tuple[str, str]  # N1*PR: name, identifier
    payee: tuple[str, str]  # N1*PE
    adjustments: tuple[Adjustment, ...]  # 2200 ADX, at ENT level
    lines: tuple[RemittanceLine, ...]
    where: Where
    unread: tuple[Where, ...] = ()  # amounts that are no whole number of cents, read as 0
    currency: str = ""  # CUR02; "" and USD are dollars


class PaymentState(StrEnum):
    """What became of a received remittance."""

    WAITING = "WAITING"  # without its deposit
    POSTED = "POSTED"
    SUSPENDED = "SUSPENDED"  # set aside for a person
    NOTED = "NOTED"  # a prenote: kept and never posted
    REPLACED = "REPLACED"  # suspended until a corrected one took its place
    HELD = "HELD"  # it looks like a payment we have
    DROPPED = "DROPPED"  # given up by people before anything of it was posted
    REVERSED = "REVERSED"  # it was posted, and the bank took it back


UNPAID = (PaymentState.WAITING, PaymentState.SUSPENDED, PaymentState.HELD)  # what money may still come for


@dataclass(frozen=True, slots=True)
class StoredRemittance:
    """A remittance as the store lists it; its lines stay sealed until they are asked for."""

    id: int
    set: int  # transaction_set row
    partner: str
    trace: str  # TRN02
    company: str  # BPR10
    cents: Cents  # BPR02
    effective: date | None  # BPR16
    state: PaymentState
    reason: str
    receipt: int  # receipt number, 0 = none yet
