"""What proposed terms would have done in days that have been. Names in `_cents` are cents; months are YYYY-MM."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.money.cents import Cents
from pipeline.views.previewed import NextInvoiceView


@dataclass(frozen=True, slots=True)
class FlipView:
    """How many lines, of how many member records, of a group would have come to something else, and by what.

    `was` and `would` are dispositions, "" where the line was not there; `cause`: codes that were said only by the
    proposed terms, and after "no" those that were said only by the others; "" where none of both.
    """

    group: str
    was: str
    would: str
    cause: str
    lines: int
    records: int


@dataclass(frozen=True, slots=True)
class FlippedLineView:
    """One such line: of which file, set (by place) and member line; what was done, and what would have been."""

    file_id: str
    set: int
    member_line: int
    member: str
    line: str
    was: str
    would: str
    was_done: str
    would_do: str
    cause: str


@dataclass(frozen=True, slots=True)
class MonthFlipView:
    """What an account's month was charged in all, and would have been."""

    group: str
    account: str
    month: str
    was_cents: Cents
    would_cents: Cents


@dataclass(frozen=True, slots=True)
class BacktestView:
    """Steps after `first` through `last`, since a day, done again by both terms. Nothing was changed.

    `lines` of members were compared, `flipped` came to something else; `shown` are the first of them. `invoices`:
    the next ones by the terms of then (`now`) and by the proposed ones (`then`). `not_done`: what of the steps was
    not done again with the proposed terms. `releases`: other code by which steps were recorded: both sides go by
    this one's, so that what it decides otherwise than then is no flip.
    """

    since: date
    first: int
    last: int
    lines: int
    flipped: int
    flips: tuple[FlipView, ...]
    shown: tuple[FlippedLineView, ...]
    months: tuple[MonthFlipView, ...]
    invoices: tuple[NextInvoiceView, ...]
    not_done: tuple[str, ...]
    releases: tuple[str, ...]
