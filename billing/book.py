"""What the books hold that one partner's remittance may point at: values, read from the store. Money in cents."""

from __future__ import annotations

from dataclasses import dataclass

from model.money.cents import Cents
from model.money.ledger import Billed, Cover, OpenInvoice
from model.money.notes import Note
from model.money.remittance import Remittance, RemittanceLine
from model.timeline import Month, Span
from model.trade.payment import SSN
from vault.ssn import nine_digits


@dataclass(frozen=True, slots=True)
class Payable:
    """A billing account that the partner may pay, and the group it belongs to."""

    account: str
    group: str
    names: tuple[str, ...] = ()  # what senders also write for the account
    closed: bool = False  # its agreement is over, or no terms name it any more: it gets no credit
    subgroup: str = ""  # whose code it bills


@dataclass(frozen=True, slots=True)
class Known:
    """What a text in a remittance means: a subscriber's contract, and the accounts that hold it by its place."""

    text: str  # RMR02 or NM109 as sent
    contract: int
    places: tuple[tuple[str, Span], ...]  # account and the days on which it bills the contract


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing rule of a payer: money of a line that says these words (`written`) belongs to an account."""

    words: str
    account: str
    number: int


@dataclass(frozen=True, slots=True)
class Book:
    """What the books hold that this partner's remittance may point at; nothing of groups it was not granted.

    `invoices`: every open item of these accounts, invoices and debit memos, paid ones too (a take-back reopens
    them).
    `credit`: (account, cents >= 0) on account; `ahead`: (account, month, cents > 0) of credit named for a month
    that is not billed yet. `subscribers`: one entry per meaning of each of `references`; `billed`: their months
    that lines name, and what is open of them.
    """

    accounts: tuple[Payable, ...]
    invoices: tuple[OpenInvoice, ...] = ()
    credit: tuple[tuple[str, Cents], ...] = ()
    subscribers: tuple[Known, ...] = ()
    billed: tuple[Billed, ...] = ()
    ahead: tuple[tuple[str, Month, Cents], ...] = ()
    covers: tuple[Cover, ...] = ()
    rules: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Where one line's money belongs; or why that is not known, and of which group it is all the same.

    `invoice` is the one that the line names; `first` those that billed what it pays; `month` one that no invoice
    has billed yet, for which it becomes credit; `cover` a consolidated invoice.
    """

    account: str = ""
    invoice: str = ""
    contract: int = 0
    problem: Note | None = None
    first: tuple[str, ...] = ()
    month: Month | None = None
    group: str = ""
    cover: Cover | None = None
    rule: int = 0  # the number of the payer's standing rule that says so, 0 = the line itself does


def references(remittance: Remittance) -> tuple[str, ...]:
    """Return the texts that may name a subscriber (RMR02, NM109), for the caller to look up for Book.subscribers.

    They may be SSNs: tokenize, never log.
    """
    texts = [text for line in remittance.lines for text in (line.reference, line.person_id) if text]
    return tuple(dict.fromkeys(texts))


def written(line: RemittanceLine) -> str:
    """Return the words by which a payer's standing rule knows a line: what it names, whatever case and blanks.

    Empty where the line names nothing. They may hold an SSN: tokenize, never log.
    """
    said = (" ".join(text.upper().split()) for text in (line.reference, line.person_id))
    words = "|".join(said)
    return f"{line.qualifier}|{words}" if words.strip("|") else ""


def ssns(remittance: Remittance) -> dict[str, str]:
    """Return the texts that are said to be SSNs (ENT03, NM108 = 34), with their nine digits."""
    said = {line.person_id for line in remittance.lines if line.person_qualifier == SSN}
    return {text: digits for text in said if (digits := nine_digits(text))}
