"""Open work: what waits for a person, by when, and who may decide it (docs/domain.md, Open work)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from model import asking
from model.enrollment.ruling import QUESTIONS
from model.finding import Severity
from model.money.cents import Cents
from model.people import DECIDES, Role
from model.timeline import day_after


class ItemKind(StrEnum):
    """What kind of thing waits. The values stand in the store."""

    MEMBER = "member"  # a member line that waits for a decision
    SET = "set"  # a set that is held
    OMITTED = "omitted"  # somebody who is covered, and not in a full file
    QUERY = "query"  # of somebody's employment, of what a family is owed after a death or a leave, of an order
    SUSPENSE = "suspense"  # money of a remittance that no account got
    SELF_BILL = "selfbill"  # what was reported is not what we compute
    REMITTANCE = "remittance"  # it waits for its deposit, or for a person
    DEPOSIT = "deposit"  # it waits for its remittance
    BANK = "bank"  # a line of the bank: what it is in the books
    RETURN = "return"  # the bank took a payment back that is not known, or something about it is amiss
    UNPRICED = "unpriced"  # an account's month without an invoice
    BEYOND = "beyond"  # coverage beyond its agreement
    NONPAYMENT = "nonpayment"  # an account or family past its grace: its end waits
    DOCUMENT = "document"  # it cannot be made or delivered
    EXCHANGE = "exchange"  # a partner rejected a document of ours, or does not answer it
    VARIANCE = "variance"  # what a row of a reconciliation was answered with: closed by the step that opens it
    CREDIT = "credit"  # an account has credit that nobody asks for
    REQUEST = "request"  # somebody asked for what another person confirms


class What(StrEnum):
    """What an event of an item tells. The values stand in the store."""

    OPENED = "opened"
    RECEIPT = "receipt"  # it was sent again, and waits still
    ASSIGNED = "assigned"
    NOTE = "note"
    REQUESTED = "requested"  # a decision, which another person confirms
    CLOSED = "closed"


class Closed(StrEnum):
    """How an item was closed."""

    ITSELF = "itself"  # by a step after which nothing waits any more
    DECISION = "decision"


LINES = ", "  # between the lines of coverage of one question

# What an item is about: kind, subject, rule, line of coverage. Of one key only one item is open at a time.
Key = tuple[ItemKind, str, str, str]


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a piece of open work is about: by member ID, or by the token of the subscriber number; else nobody."""

    member: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A condition that waits now, without any personal data; `label` is masked, for people.

    `subject` names what it is about the same whenever it is met: member or tokens, file and set, a paper of money.
    """

    kind: ItemKind
    subject: str
    rule: str  # finding code
    label: str
    severity: Severity
    line: str = ""  # lines of coverage (`lines`), empty where the whole subject waits
    group: str = ""
    subgroup: str = ""
    partner: str = ""
    file: str = ""  # that brought it, with the set's row id and the member line
    set: int = 0
    member: int = 0
    cents: Cents = 0  # a month where it is about coverage, else the amount

    @property
    def key(self) -> Key:
        """Return what it is about."""
        return self.kind, self.subject, self.rule, self.line

    @property
    def lines(self) -> frozenset[str]:
        """Return the lines of coverage that wait together; none: the whole subject."""
        return frozenset(filter(None, self.line.split(LINES)))

    @property
    def whom(self) -> str:
        """Return whom an item of a member is about, `GROUP/M000000001`: whoever's full file misses the person."""
        return self.subject.rpartition("/")[0] if self.kind is ItemKind.OMITTED else self.subject

    @property
    def person(self) -> Named:
        """Return by what an item of a member names the person in its group."""
        _, _, person = self.whom.partition("/")
        token, named, _ = person.partition(":")
        return Named(token=token) if named else Named(member=person)

    @property
    def receipt(self) -> tuple[str, int, int]:
        """Return what brought it: file, set, member line; empty where no file did."""
        return self.file, self.set, self.member


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of open work as it is stored. `owner` is an operator's name, empty while nobody has it."""

    id: int  # row id
    number: int
    waiting: Waiting  # at the latest receipt
    since: date  # the plan's day of the step that opened it
    due: date
    receipts: int  # how often it was sent, the first time too
    owner: str
    opened_tx: int
    closed_tx: int | None
    closed_how: Closed | None
    requested: str = ""  # the decision that somebody asked for, and who; another person confirms it
    requested_by: str = ""


@dataclass(frozen=True, slots=True)
class ItemEvent:
    """One thing that happened to an item; `text` may hold anything, and is sealed in the store.

    `at` (UTC) and `step` are of the transaction: what it was for.
    """

    tx: int
    at: datetime
    step: str
    what: What
    actor: str  # empty for what a step does by itself
    text: str
    file: str = ""  # of a receipt
    set: int = 0
    member: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which open items are listed; empty: all. `due`: those that are due by that day."""

    kind: str = ""
    group: str = ""
    owner: str = ""
    due: date | None = None
    to_confirm: str = ""  # what others than this operator asked for


@dataclass(frozen=True, slots=True)
class Figure:
    """How many items of a kind and a rule are open: how many past due, since when the oldest, the sum of cents."""

    kind: str
    rule: str
    count: int
    late: int
    since: date
    cents: Cents


# --- by when ---------------------------------------------------------------------------------------------

DUE_IN: dict[Severity, int] = {  # business days
    Severity.ERROR: 2,
    Severity.PEND: 5,
    Severity.WARNING: 10,
    Severity.INFO: 20,
}
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_FIXED = ((1, 1), (7, 4), (11, 11), (12, 25))
_JUNETEENTH, _SINCE = (6, 19), 2021
_NTH = ((1, _MONDAY, 3), (2, _MONDAY, 3), (9, _MONDAY, 1), (10, _MONDAY, 2), (11, _THURSDAY, 4))


def due(since: date, severity: Severity) -> date:
    """Return by which day an item is due that was opened on a day: so many business days after it."""
    day = since
    for _ in range(DUE_IN[severity]):
        day = next_business_day(day)
    return day


def next_business_day(day: date) -> date:
    """Return the first business day after a day."""
    day = day_after(day)
    while not is_business_day(day):
        day = day_after(day)
    return day


def is_business_day(day: date) -> bool:
    """Say whether a day is neither on a weekend nor a federal holiday as it is observed."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Return the days of a year on which federal holidays are observed (5 U.S.C. 6103).

    One that falls on a Saturday is observed on Friday before, which may lie in the year before; on a Sunday, on
    the Monday after.
    """
    every = (day for around in (year, year + 1) for day in _celebrated(around))
    return frozenset(seen for day in every if (seen := _observed(day)).year == year)


def _celebrated(year: int) -> Iterator[date]:
    for month, day in _FIXED if year < _SINCE else (*_FIXED, _JUNETEENTH):
        yield date(year, month, day)
    for month, weekday, which in _NTH:
        first = date(year, month, 1)
        yield first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
    last = date(year, 5, calendar.monthrange(year, 5)[1])
    yield last - timedelta(days=(last.weekday() - _MONDAY) % 7)


def _observed(day: date) -> date:
    return day + timedelta(days={_SATURDAY: -1, _SUNDAY: 1}.get(day.weekday(), 0))


# --- by whom ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decider:
    """Who may decide: somebody of this role, and of how many people it takes the word."""

    role: Role
    people: int = 1


_BY_KIND = {
    ItemKind.MEMBER: Decider(Role.ENROLLMENT),
    ItemKind.SET: Decider(Role.ENROLLMENT, 2),
    ItemKind.OMITTED: Decider(Role.ENROLLMENT),
    ItemKind.QUERY: Decider(Role.ENROLLMENT),
    ItemKind.SUSPENSE: Decider(Role.BILLING, 2),
    ItemKind.SELF_BILL: Decider(Role.BILLING, 2),
    ItemKind.REMITTANCE: Decider(Role.BILLING),
    ItemKind.DEPOSIT: Decider(Role.BILLING),
    ItemKind.BANK: Decider(Role.BILLING, 2),
    ItemKind.RETURN: Decider(Role.BILLING),
    ItemKind.UNPRICED: Decider(Role.SUPERVISOR),
    ItemKind.BEYOND: Decider(Role.SUPERVISOR, 2),
    ItemKind.NONPAYMENT: Decider(Role.BILLING, 2),
    ItemKind.CREDIT: Decider(Role.BILLING, 2),
    ItemKind.DOCUMENT: Decider(Role.ENROLLMENT),
    ItemKind.EXCHANGE: Decider(Role.ENROLLMENT),
    ItemKind.VARIANCE: Decider(Role.BILLING),
    ItemKind.REQUEST: Decider(Role.SUPERVISOR, 2),
}
BY_RULE = {  # where it takes others than the kind says
    "RETRO-TERM": Decider(Role.SUPERVISOR, 2),
    "SURVIVORS-WAIT": Decider(Role.SUPERVISOR, 2),
    "VOID-PENDS": Decider(Role.SUPERVISOR, 2),
    "PAYMENT-SAME": Decider(Role.BILLING, 2),
    "PAYMENT-DEBIT": Decider(Role.SUPERVISOR, 2),
    "AMOUNT-DISPUTED": Decider(Role.BILLING),
    "COBRA-SHORT": Decider(Role.BILLING),
}


def decider(kind: ItemKind, rule: str, subject: str = "") -> Decider:
    """Return who may decide an item (docs/domain.md, Two people); of a request its verb says whose it is.

    Of how many people a member line takes the word, its question says (model.enrollment.ruling).
    """
    if kind is ItemKind.REQUEST and subject:
        return Decider(DECIDES[asking.MATTERS[asking.verb_of(subject)]][0], 2)
    found = BY_RULE.get(rule, _BY_KIND[kind])
    two = kind is ItemKind.MEMBER and rule in QUESTIONS and QUESTIONS[rule].two
    return replace(found, people=2) if two else found
