"""The law as dated data: each number that statute or regulation sets, whom it binds, and where it was read.

A row that nobody here has read in statute, in regulation or on a page of the authority is unverified: it warns and
waits, and decides nothing. What binds a group on a day is asked in one place (`binding`).

Source: docs/domain.md, Law.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from model.timeline import OPEN, Span, day_before, months_after, years_after

FEDERAL: Final = "US"
INSURED, SELF_FUNDED = "insured", "self-funded"
ANY_SIZE: Final = 10**6  # employees


class Key(StrEnum):
    """What a number of the law is about."""

    COBRA_EMPLOYMENT = "cobra_months_employment"  # after the end or cut of employment
    COBRA_OTHER = "cobra_months_other"  # after any other event
    COBRA_SECOND = "cobra_months_second"  # with a second event, from the first one
    COBRA_DISABILITY = "cobra_months_disability"  # after the end of employment, somebody being disabled
    COBRA_DISABLED_WITHIN = "cobra_disabled_within_days"
    COBRA_ELECTION = "cobra_election_days"
    COBRA_FIRST_PAYMENT = "cobra_first_payment_days"
    COBRA_GRACE = "cobra_grace_days"
    GRACE = "grace_days"  # of an employer's premium, after its due day
    COBRA_PREMIUM = "cobra_premium_percent"
    COBRA_EXTENDED_PREMIUM = "cobra_extended_premium_percent"
    COBRA_EMPLOYER_NOTICE = "cobra_employer_notice_days"
    COBRA_ELECTION_NOTICE = "cobra_election_notice_days"
    COBRA_MEMBER_NOTICE = "cobra_member_notice_days"
    CHILD_AGE = "child_age_limit"
    SPECIAL_ENROLLMENT = "special_enrollment_days"  # marriage, birth, adoption, loss of other coverage
    MEDICAID = "medicaid_enrollment_days"
    NEWBORN = "newborn_days"
    WAITING = "waiting_days"
    RESCISSION_NOTICE = "rescission_notice_days"


class Unit(StrEnum):
    """What a value counts."""

    MONTHS = "months"
    DAYS = "days"
    PERCENT = "percent"
    YEARS = "years"


class Bound(StrEnum):
    """How a value binds what is agreed."""

    LEAST = "at least"
    MOST = "at most"


class Counted(StrEnum):
    """From what a value is counted, where that is not the same everywhere."""

    EVENT = "event"
    ELECTION = "election"  # of continued coverage
    AFTER_COBRA = "end of federal COBRA"
    BIRTHDAY = "birthday"  # to the day before it
    ANNIVERSARY = "policy anniversary after the birthday"  # to the day before it


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: a day or an amount in cents, and what the row makes of it; a test runs it."""

    given: date | int
    expected: date | int
    anniversary: date | None = None  # a day on which the policy renews


@dataclass(frozen=True, slots=True)
class Law:
    """One number of the law. Days are inclusive; `read` is empty where nobody here has read the source."""

    key: Key
    value: int
    unit: Unit
    bound: Bound
    citation: str
    read: str  # where the text was read
    begin: date
    example: Example
    jurisdiction: str = FEDERAL  # or a state by its two letters
    funding: str = ""  # "": insured and self-funded alike
    least: int = 1  # employees, inclusive
    most: int = ANY_SIZE
    lines: tuple[str, ...] = ()  # of coverage; empty: every line of health coverage
    counted: Counted = Counted.EVENT
    end: date = OPEN

    @property
    def verified(self) -> bool:
        """Say whether its text was read in statute, in regulation or on a page of the authority."""
        return bool(self.read)

    @property
    def name(self) -> str:
        """Name the row for people: what, where, by which source."""
        return f"{self.key} of {self.jurisdiction} ({self.citation})"

    def stricter(self, other: Law) -> bool:
        """Say whether this row asks for more than another of its key."""
        if self.bound is Bound.LEAST:
            mine, theirs = (self.value, self.counted is Counted.ANNIVERSARY), (other.value, False)
            return mine > theirs
        return self.value < other.value

    def allows(self, value: int) -> bool:
        """Say whether a value that is agreed stands beside the row."""
        return value >= self.value if self.bound is Bound.LEAST else value <= self.value


def applied(law: Law, given: date | int, anniversary: date | None = None) -> date | int:
    """Return what a row makes of a day, or of an amount in cents.

    Months: the last day of so many months from the day on, itself included. Days: the last day of the window that
    the day opens. Percent: the amount, half a cent rounded up. Years: the last day of coverage of somebody born
    that day; with `anniversary`, a day on which the policy renews, as far as the row counts by it.
    """
    if isinstance(given, int):
        return (given * law.value + 50) // 100
    if law.unit is Unit.MONTHS:
        return day_before(months_after(given, law.value))
    if law.unit is Unit.DAYS:
        return given + timedelta(days=law.value)
    birthday = years_after(given, law.value)
    if law.counted is Counted.ANNIVERSARY and anniversary:
        renewal = years_after(anniversary, birthday.year - anniversary.year)
        return day_before(renewal if renewal > birthday else years_after(renewal, 1))
    return day_before(birthday)


@dataclass(frozen=True, slots=True)
class Binding:
    """What binds by one key: the strictest row that was read, and rows that ask for more if they are right."""

    key: Key
    row: Law | None  # None: no row that was read binds
    doubted: tuple[Law, ...] = field(default=())  # unverified, and stricter than `row`

    @property
    def value(self) -> int:
        """Return the number that binds. Only where there is a row."""
        assert self.row is not None
        return self.row.value


@lru_cache(maxsize=4096)  # a file asks of each child what binds its group on one day
def binding(
    key: Key, on: date, jurisdiction: str = "", funding: str = "", size: int = 0, line: str = ""
) -> Binding:
    """Return what binds by a key on a day: federal law, and the law of a state where its terms are known to fit.

    `jurisdiction`: the state, `funding`: how the plan is paid for, `size`: the employer's employees, `line`: the
    line of coverage; "" and 0: not stated. Where something is not stated, federal rows bind as if they fitted, and
    a state's do not.
    """
    fitting = [row for row in rows_on(on) if row.key is key and _fits(row, jurisdiction, funding, size, line)]
    best: Law | None = None
    for row in fitting:
        if row.verified and (best is None or row.stricter(best)):
            best = row
    doubted = tuple(row for row in fitting if not row.verified and (best is None or row.stricter(best)))
    return Binding(key, best, doubted)


def _fits(row: Law, jurisdiction: str, funding: str, size: int, line: str) -> bool:
    state = row.jurisdiction != FEDERAL
    if state and row.jurisdiction != jurisdiction:
        return False
    if row.lines and line and line not in row.lines:
        return False
    funded = not row.funding or funding == row.funding or not (funding or state)
    sized = row.least <= size <= row.most if size else not state or (row.least, row.most) == (1, ANY_SIZE)
    return funded and sized


def rows_on(on: date) -> Iterator[Law]:
    """Yield every row in force on a day, federal ones first."""
    return (row for row in rows() if Span(row.begin, row.end).covers(on))


def rows() -> tuple[Law, ...]:
    """Return every row there is."""
    from model.trade.law_federal import FEDERAL_LAW
    from model.trade.law_states import STATE_LAW

    return FEDERAL_LAW + STATE_LAW


def states() -> tuple[str, ...]:
    """Return the states of which there are rows."""
    return tuple(sorted({row.jurisdiction for row in rows()} - {FEDERAL}))


def number(key: Key, on: date = date(2020, 1, 1)) -> int:
    """Return the federal number of a key as a default of what is agreed."""
    return binding(key, on).value
