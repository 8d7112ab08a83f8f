"""A billing account's statement as JSON has it. Cents; months YYYY-MM; days are the plan's (FAQ 31 to 33)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.documents.account_statement import AccountStatement, Movement, OpenItem, Papers, Portion
from model.money.cents import Cents
from model.money.ledger import AccountKind, TransferCause
from pipeline.views.plain import Counts, of_fields
from writers.money.account_statement import what


@dataclass(frozen=True, slots=True)
class OpenItemView:
    """An invoice, or a debit memo (`issued` null), of which something is open; `late` is days after `due`."""

    number: str
    month: str
    issued: date | None
    due: date
    total_cents: Cents
    open_cents: Cents
    late: int


@dataclass(frozen=True, slots=True)
class PortionView:
    """Where a part of a movement went: `what` is receivable (an invoice), unapplied (credit) or ahead (`month`).

    Below zero it came from there.
    """

    what: AccountKind
    invoice: str
    month: str
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class PapersView:
    """How money came: `payment` is R and a remittance's number, or D and a deposit's; `method` is BPR04.

    `banked` is the bank's day; `bank_line` the bank's reference; 0 and "" where there is none.
    """

    payment: str
    trace: str
    method: str
    payer: str
    partner: str
    banked: date | None
    deposit: int
    bank_line: str
    receipt: int


@dataclass(frozen=True, slots=True)
class MovementView:
    """One movement of an account: `amount_cents` is added to what it owes, 0 where only credit was used.

    `what` says it in words; `lines` are those of the remittance; `other_account` is where it went or came from.
    """

    day: date
    recorded: date
    cause: TransferCause
    what: str
    amount_cents: Cents
    balance_cents: Cents
    invoice: str
    month: str
    papers: PapersView | None
    lines: tuple[int, ...]
    other_account: str
    portions: tuple[PortionView, ...]


@dataclass(frozen=True, slots=True)
class AgesView:
    """What is open by days after the due date."""

    not_due_cents: Cents
    days_1_30_cents: Cents
    days_31_60_cents: Cents
    days_61_90_cents: Cents
    days_over_90_cents: Cents
    total_cents: Cents


@dataclass(frozen=True, slots=True)
class KeptMonthView:
    """Money kept for a month (YYYY-MM) that is not billed yet."""

    month: str
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class StatementView:
    """An account's statement from `begin` (null: its first entry) through `end`, as known on a day (null: now).

    A balance is what is owed less all credit: opening + sums (by cause) = closing = open items - credit - kept.
    `documents` are the files written.
    """

    account: str
    held_by: str
    group: str
    group_name: str
    subgroup: str
    subgroup_name: str
    begin: date | None
    end: date
    known_on: date | None
    opening_cents: Cents
    sums_cents: Counts
    closing_cents: Cents
    owed_cents: Cents
    past_due_cents: Cents
    credit_cents: Cents
    kept: tuple[KeptMonthView, ...]
    ages: AgesView
    items: tuple[OpenItemView, ...]
    movements: tuple[MovementView, ...]
    documents: tuple[str, ...]


def statement_view(made: AccountStatement, documents: tuple[str, ...] = ()) -> StatementView:
    """Return a statement as it is shown."""
    ages = made.aging
    return of_fields(
        StatementView,
        made,
        opening_cents=made.opening,
        sums_cents=Counts.of((cause.value, cents) for cause, cents in made.sums),
        closing_cents=made.closing,
        owed_cents=made.owed,
        past_due_cents=made.past_due,
        credit_cents=made.credit,
        kept=tuple(KeptMonthView(str(month), cents) for month, cents in made.kept),
        ages=AgesView(
            ages.not_due, ages.days_1_30, ages.days_31_60, ages.days_61_90, ages.days_over_90, ages.total
        ),
        items=tuple(map(_item, made.items)),
        movements=tuple(map(_movement, made.movements)),
        documents=documents,
    )


def _item(item: OpenItem) -> OpenItemView:
    return of_fields(OpenItemView, item, month=str(item.month), total_cents=item.total, open_cents=item.open)


def _movement(one: Movement) -> MovementView:
    return of_fields(
        MovementView,
        one,
        what=what(one),
        amount_cents=one.cents,
        balance_cents=one.balance,
        month=str(one.month or ""),
        papers=papers_view(one.papers) if one.papers else None,
        other_account=one.other,
        portions=tuple(map(portion_view, one.portions)),
    )


def papers_view(papers: Papers) -> PapersView:
    """Return how money came, as it is shown."""
    return of_fields(PapersView, papers)


def portion_view(portion: Portion) -> PortionView:
    """Return where a part went, as it is shown."""
    return of_fields(PortionView, portion, amount_cents=portion.cents)
