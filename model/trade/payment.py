"""Codes of an 820: docs/domain.md, The 820; Remittance lines; Deposits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from model.trade.table import Row, Table

PRENOTE: Final = "P"
HANDLINGS = Table(
    "BPR01",
    "820 header BPR01; X12 list 305",
    ("handling",),
    (
        Row("C", "Payment accompanies remittance advice", True),
        Row("D", "Make payment only", True),
        Row("I", "Remittance information only", True),
        Row(PRENOTE, "Prenotification of future transfers", False),  # the one that announces no payment
        Row("U", "Split payment and remittance", True),
        Row("X", "Handling party's option to split payment and remittance", True),
    ),
)
DEBIT: Final = "D"
CREDIT_FLAGS = Table(
    "BPR03",
    "820 header BPR03; X12 list 478",
    ("credit",),
    (Row("C", "Credit", True), Row(DEBIT, "Debit", False)),  # whether it pays us
)
NO_PAYMENT: Final = "NON"
METHODS = Table(
    "BPR04",
    "820 header BPR04; X12 list 591",
    ("method",),
    (
        Row("ACH", "Automated clearing house", True),
        Row("BOP", "Financial institution option", True),
        Row("CHK", "Check", True),
        Row("FWT", "Federal Reserve wire transfer", True),
        Row(NO_PAYMENT, "Non-payment data", False),  # the set carries no money
        Row("SWT", "Society for Worldwide Interbank Financial Telecommunication", True),
    ),
)

INDIVIDUAL: Final = "2J"
ENTITIES = Table(
    "ENT02",
    "820 loops 2000A and 2000B ENT02; X12 list 98",
    (),
    (
        Row(INDIVIDUAL, "Individual", "B"),  # effect: the letter of its loops
        Row("2L", "Corporation", "A"),
        Row("AG", "Agent or agency", "A"),
        Row("NH", "Nonprofit organization", "A"),
        Row("RGA", "Responsible government agency", "A"),
        Row("UN", "Union", "A"),
    ),
)
SSN: Final = "34"
PEOPLE = Table(
    "NM108",
    "820 loop 2000B ENT03 and 2100B NM108, 834 loop 2100A NM108; X12 list 66",
    ("person_qualifier",),
    (
        Row(SSN, "Social security number", True),  # whether the identifier is an SSN
        Row("EI", "Employee identification number", False),
        Row("II", "Unique identifier of an individual", False),
        Row("N", "Insured's unique identification number", False),
    ),
)


class Points(StrEnum):
    """What RMR02 points at."""

    INVOICE = "invoice"  # of an account, or a consolidated one
    ACCOUNT = "account"  # a billing account, or a group that has only one
    SUBSCRIBER = "subscriber"


@dataclass(frozen=True, slots=True)
class Reference:
    """What RMR02 is. `shown`: it names no person, and is not masked."""

    points: Points
    shown: bool = False


REMITTANCE_LINES = Table(
    "RMR01",
    "820 loops 2300A and 2300B RMR01; X12 list 128",
    ("qualifier",),
    (
        Row("11", "Account number", Reference(Points.ACCOUNT, shown=True)),
        Row("1L", "Group or policy number", Reference(Points.ACCOUNT, shown=True)),
        Row("CT", "Contract number", Reference(Points.SUBSCRIBER, shown=True)),
        Row("IK", "Invoice number", Reference(Points.INVOICE, shown=True)),
        Row("9J", "Pension contract", Reference(Points.SUBSCRIBER)),
        Row("AZ", "Health insurance policy number", Reference(Points.SUBSCRIBER)),
        Row("B7", "Life insurance policy number", Reference(Points.SUBSCRIBER)),
        Row("ID", "Insurance certificate number", Reference(Points.SUBSCRIBER)),
        Row("IG", "Insurance policy number", Reference(Points.SUBSCRIBER)),
        Row("KW", "Certification", Reference(Points.SUBSCRIBER)),
    ),
)
OF_INVOICES = frozenset(row.code for row in REMITTANCE_LINES.rows if row.effect.points is Points.INVOICE)
OF_ACCOUNTS = frozenset(row.code for row in REMITTANCE_LINES.rows if row.effect.points is Points.ACCOUNT)
SHOWN_LINES = frozenset(row.code for row in REMITTANCE_LINES.rows if row.effect.shown)


class Adjusts(StrEnum):
    """What an adjustment does beside its amount."""

    NOTHING = "nothing"
    USES_CREDIT = "uses credit"  # of an earlier over payment
    ASKS = "asks"  # the person is employed no longer: an enrollment query


ADJUSTMENTS = Table(
    "ADX02",
    "820 loops 2200 and 2320 ADX02; X12 list 426",
    (),
    (
        Row("20", "Balance due declined", Adjusts.NOTHING),
        Row("52", "Credit for previous overpayment", Adjusts.USES_CREDIT),
        Row("53", "Remittance for previous underpayment", Adjusts.NOTHING),
        Row("80", "Overpayment", Adjusts.NOTHING),
        Row("81", "Credit as agreed", Adjusts.NOTHING),
        Row("86", "Duplicate payment", Adjusts.NOTHING),
        Row("AA", "Prepaid benefit or advances", Adjusts.NOTHING),
        Row("AX", "Person no longer employed", Adjusts.ASKS),
        Row("BJ", "Insurance charge", Adjusts.NOTHING),
        Row("H1", "Information forthcoming", Adjusts.NOTHING),
        Row("H6", "Partial payment remitted", Adjusts.NOTHING),
        Row("IA", "Invoice amount does not match account analysis statement", Adjusts.NOTHING),
        Row("J3", "Promised adjustment not received", Adjusts.NOTHING),
        Row("RU", "Interest", Adjusts.NOTHING),
        Row("WO", "Overpayment recovery", Adjusts.NOTHING),
        Row("WW", "Overpayment credit", Adjusts.NOTHING),
    ),
)
CREDIT_USED = frozenset(ADJUSTMENTS.having(Adjusts.USES_CREDIT))
NOT_EMPLOYED = frozenset(ADJUSTMENTS.having(Adjusts.ASKS))
