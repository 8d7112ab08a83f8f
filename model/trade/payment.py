"""Codes of an 820: docs/domain.md, The 820; Remittance lines; Deposits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from model.trade.table import Row, Table

PRENOTE: Final = "P"
WITH_MONEY: Final = "C"
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
CREDIT: Final = "C"
CREDIT_FLAGS = Table(
    "BPR03",
    "820 header BPR03; X12 list 478",
    ("credit",),
    (Row("C", "Credit", True), Row(DEBIT, "Debit", False)),  # whether it pays us
)
NO_PAYMENT: Final = "NON"
CHEQUE: Final = "CHK"
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
BY_INVOICE: Final = "IK"  # RMR01
BY_ACCOUNT: Final = "11"
BY_SUBSCRIBER: Final = "AZ"
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
        Row(BY_ACCOUNT, "Account number", Reference(Points.ACCOUNT, shown=True)),
        Row("1L", "Group or policy number", Reference(Points.ACCOUNT, shown=True)),
        Row("CT", "Contract number", Reference(Points.SUBSCRIBER, shown=True)),
        Row(BY_INVOICE, "Invoice number", Reference(Points.INVOICE, shown=True)),
        Row("9J", "Pension contract", Reference(Points.SUBSCRIBER)),
        Row(BY_SUBSCRIBER, "Health insurance policy number", Reference(Points.SUBSCRIBER)),
        Row("B7", "Life insurance policy number", Reference(Points.SUBSCRIBER)),
        Row("ID", "Insurance certificate number", Reference(Points.SUBSCRIBER)),
        Row("IG", "Insurance policy number", Reference(Points.SUBSCRIBER)),
        Row("KW", "Certification", Reference(Points.SUBSCRIBER)),
    ),
)
OF_INVOICES = frozenset(row.code for row in REMITTANCE_LINES.rows if row.effect.points is Points.INVOICE)
OF_ACCOUNTS = frozenset(row.code for row in REMITTANCE_LINES.rows if row.effect.points is Points.ACCOUNT)
SHOWN_LINES = frozenset(row.code for row in REMITTANCE_LINES.rows if row.effect.shown)


class Acts(StrEnum):
    """What RMR03 does with a line's money."""

    USUALLY = "usually"  # it pays what the line names
    IN_ADVANCE = "in advance"  # it is kept for the month that the line names, where no invoice bills that yet
    ON_ACCOUNT = "on account"  # it pays the oldest of the account, whatever period the line names
    IN_PART = "in part"  # the payer says that more is owed


IN_ADVANCE = "PA"
LINE_ACTIONS = Table(
    "RMR03",
    "820 loop 2300A RMR03; X12 list 482",
    (),
    (
        Row(IN_ADVANCE, "Payment in advance", Acts.IN_ADVANCE),
        Row("PI", "Pay item", Acts.USUALLY),
        Row("PO", "Payment on account", Acts.ON_ACCOUNT),
        Row("PP", "Partial payment", Acts.IN_PART),
    ),
)
HEADCOUNTS = Table(
    "SLN05",
    "820 loop 2315A SLN05-01; X12 list 355",
    (),
    (
        Row("IE", "Employee alone", 1),  # effect: the people of one contract at most; 0: any number
        Row("PR", "Two people", 2),
        Row("10", "Family", 0),
    ),
)
DOLLARS: Final = "USD"  # CUR02


class Adjusts(StrEnum):
    """What an adjustment does beside its amount."""

    NOTHING = "nothing"  # it is told to the payer, and noted
    USES_CREDIT = "uses credit"  # of an earlier over payment, or of what was paid ahead
    ASKS = "asks"  # the person is employed no longer: an enrollment query
    DISPUTES = "disputes"  # the payer owes it not, or waits for a correction: billing looks
    IN_PART = "in part"  # the payer says that more is owed
    WAITS = "waits"  # what it is for is told later: its money lies in suspense


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What a reason does at each level that the guide has it at; None: it has not."""

    line: Adjusts | None = None  # 2320A, 2320B
    payment: Adjusts | None = None  # 2200A, 2200B


_NOTED, _CREDIT, _DISPUTED = Adjusts.NOTHING, Adjusts.USES_CREDIT, Adjusts.DISPUTES
ADJUSTMENTS = Table(
    "ADX02",
    "820 loops 2200 and 2320 ADX02; X12 list 426",
    (),
    (
        Row("20", "Balance due declined", Adjusted(line=_DISPUTED)),
        Row("52", "Credit for previous overpayment", Adjusted(_CREDIT, _CREDIT)),
        Row("53", "Remittance for previous underpayment", Adjusted(_NOTED, _NOTED)),
        Row("80", "Overpayment", Adjusted(payment=_CREDIT)),
        Row("81", "Credit as agreed", Adjusted(payment=_CREDIT)),
        Row("86", "Duplicate payment", Adjusted(payment=_CREDIT)),
        Row("AA", "Prepaid benefit or advances", Adjusted(line=_CREDIT)),
        Row("AX", "Person no longer employed", Adjusted(line=Adjusts.ASKS)),
        Row("BJ", "Insurance charge", Adjusted(payment=_NOTED)),
        Row("H1", "Information forthcoming", Adjusted(_NOTED, Adjusts.WAITS)),
        Row("H6", "Partial payment remitted", Adjusted(Adjusts.IN_PART, Adjusts.IN_PART)),
        Row("IA", "Invoice amount does not match account analysis statement", Adjusted(line=_DISPUTED)),
        Row("J3", "Promised adjustment not received", Adjusted(line=_DISPUTED)),
        Row("RU", "Interest", Adjusted(payment=_NOTED)),
        Row("WO", "Overpayment recovery", Adjusted(payment=_CREDIT)),
        Row("WW", "Overpayment credit", Adjusted(payment=_CREDIT)),  # 2200A alone
    ),
)


def of_line(reason: str) -> Adjusts:
    """Return what a reason does on a remittance line; of one that the guide has not there, nothing."""
    return ADJUSTMENTS.effects.get(reason, Adjusted()).line or Adjusts.NOTHING


def of_payment(reason: str) -> Adjusts:
    """Return what a reason does for a payment as a whole."""
    return ADJUSTMENTS.effects.get(reason, Adjusted()).payment or Adjusts.NOTHING
