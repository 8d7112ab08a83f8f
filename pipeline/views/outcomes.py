"""What the commands that change or write something answer. Names in `_cents` are cents; months are YYYY-MM."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from billing.moves import Move
from billing.terms_effect import Effect, MonthEffect, PriceLost, Uncovered
from enrollment.ending import BeyondPlan, Ended
from model.agreement.terms import Terms
from model.documents.chronicle import Happening
from model.documents.statement import InvoiceStatement, Reconciliation, ReconciliationAccount, Unplaced
from model.money.breaks import Break
from model.money.cents import Cents
from pipeline.views.findings import FindingView, finding_values
from pipeline.views.plain import Counts
from pipeline.views.results import Billed, Ending, Loaded, Outcome


@dataclass(frozen=True, slots=True)
class WrittenView:
    """A file that was written."""

    file: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """Drafted terms, as TOML."""

    draft: str


@dataclass(frozen=True, slots=True)
class InitView:
    """An installation that is there now, and what was made for it: a new key file, records of keys (ids)."""

    home: str
    environment: str
    keys_made: bool
    keys_recorded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RestoredView:
    """What a restored store does not know."""

    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class DemoView:
    """What the demo made: the page that links everything, and its steps in order."""

    home: str
    outbox: str
    page: str
    steps: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class TermsView:
    """A group's terms as loaded last, and the TOML that they were loaded from."""

    group: str
    terms: Terms
    source: str


# --- a month -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BilledInvoice:
    """An invoice that was made, in cents: this month, corrections of earlier ones, all that is due by `due`."""

    number: str
    group: str
    account: str
    subgroup: str
    subscribers: int
    current_cents: Cents
    retro_cents: Cents
    total_due_cents: Cents
    due: date


@dataclass(frozen=True, slots=True)
class BillView:
    """What billing a month came to. `already_billed` and `held` are accounts."""

    month: str
    trial: bool
    invoices: tuple[BilledInvoice, ...]
    already_billed: tuple[str, ...]
    held: tuple[str, ...]
    findings: tuple[FindingView, ...]
    documents: tuple[str, ...]


def billed(month: str, results: Sequence[Billed], documents: Iterable[Path | str], *, trial: bool) -> BillView:
    """Return what billing some groups' month came to."""
    return BillView(
        month=month,
        trial=trial,
        invoices=tuple(_invoice(invoice) for result in results for invoice in result.issued),
        already_billed=tuple(account for result in results for account in result.already),
        held=tuple(account for result in results for account in result.held),
        findings=finding_values(finding for result in results for finding in result.findings),
        documents=tuple(map(str, documents)),
    )


def _invoice(invoice: InvoiceStatement) -> BilledInvoice:
    return BilledInvoice(
        number=invoice.number,
        group=invoice.group,
        account=invoice.account,
        subgroup=invoice.subgroup,
        subscribers=invoice.subscribers,
        current_cents=invoice.current,
        retro_cents=invoice.retro,
        total_due_cents=invoice.total_due,
        due=invoice.due,
    )


@dataclass(frozen=True, slots=True)
class ReconciledAccount:
    """One account's month: what the roster says, what was billed and paid, free credit, what is open. In cents."""

    account: str
    subgroup: str
    invoice: str
    roster_cents: Cents
    billed_cents: Cents
    paid_cents: Cents
    unapplied_cents: Cents
    open_cents: Cents


@dataclass(frozen=True, slots=True)
class ReconcileView:
    """A group's month, reconciled. `breaks` counts what differs, by kind; `not_priced` says why, in words."""

    group: str
    month: str
    accounts: tuple[ReconciledAccount, ...]
    suspense_cents: Cents
    unplaced: tuple[Unplaced, ...]
    breaks: Counts
    not_priced: tuple[str, ...]
    documents: tuple[str, ...]


def reconciled(found: Reconciliation, documents: Iterable[str]) -> ReconcileView:
    """Return a reconciled month."""
    notes = (f"{row.note}." for row in found.rows if row.kind in (Break.OUTSIDE, Break.UNPRICED))
    return ReconcileView(
        group=found.group,
        month=found.month,
        accounts=tuple(map(_reconciled, found.accounts)),
        suspense_cents=found.suspense,
        unplaced=found.unplaced,
        breaks=Counts.of(found.breaks),
        not_priced=tuple(dict.fromkeys(notes)),
        documents=tuple(documents),
    )


def _reconciled(account: ReconciliationAccount) -> ReconciledAccount:
    return ReconciledAccount(
        account=account.account,
        subgroup=account.subgroup,
        invoice=account.invoice,
        roster_cents=account.roster,
        billed_cents=account.billed,
        paid_cents=account.paid,
        unapplied_cents=account.unapplied,
        open_cents=account.open,
    )


# --- money -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DepositOutcomeView(Outcome):
    """What became of a deposit of some cents, in words; `done` is false where nothing was done."""

    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedView:
    """An invoice whose documents were written again."""

    invoice: str
    documents: tuple[str, ...]


# --- coverage and terms ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MonthEffectView:
    """What a billed month of an account is still to be corrected by, in cents: before the change and after it."""

    account: str
    month: str
    subscribers: int
    before_cents: Cents
    after_cents: Cents
    change_cents: Cents


@dataclass(frozen=True, slots=True)
class PriceLostView:
    """A billed month of an account that would have no price: lines of coverage, what stands billed, in cents."""

    account: str
    month: str
    units: int
    posted_cents: Cents


@dataclass(frozen=True, slots=True)
class OpenInvoiceView:
    """What is open of an invoice, in cents."""

    number: str
    open_cents: Cents


@dataclass(frozen=True, slots=True)
class MoveView:
    """An account whose books move to another number, with its open invoices and its credit in cents."""

    from_: str
    to: str
    invoices: tuple[OpenInvoiceView, ...]
    credit_cents: Cents


@dataclass(frozen=True, slots=True)
class EffectView:
    """What loading terms changes: in words, in billed months, in whose books, and who is covered beyond them."""

    changes: tuple[str, ...]
    months: tuple[MonthEffectView, ...]
    unpriced: tuple[PriceLostView, ...]
    moves: tuple[MoveView, ...]
    uncovered: tuple[Uncovered, ...]
    needs_two_people: bool


@dataclass(frozen=True, slots=True)
class TermsLoadView:
    """What became of one terms file; `group` and `partners` are those that it loaded."""

    file: str
    loaded: bool
    group: str
    partners: tuple[str, ...]
    effect: EffectView
    findings: tuple[FindingView, ...]


def terms_loaded(path: Path, loaded: Loaded) -> TermsLoadView:
    """Return what became of a terms file."""
    file = loaded.file if loaded.stored else None
    return TermsLoadView(
        file=str(path),
        loaded=loaded.stored,
        group=file.terms.group if file and file.terms else "",
        partners=tuple(partner.code for partner in file.partners) if file else (),
        effect=_effect(loaded.effect),
        findings=finding_values(loaded.findings),
    )


def _effect(effect: Effect) -> EffectView:
    return EffectView(
        changes=tuple(effect.words),
        months=_months(effect.months),
        unpriced=tuple(map(_price_lost, effect.unpriced)),
        moves=tuple(map(_move, effect.moves)),
        uncovered=effect.uncovered,
        needs_two_people=bool(effect.decisions),
    )


def _months(months: Iterable[MonthEffect]) -> tuple[MonthEffectView, ...]:
    return tuple(
        MonthEffectView(
            month.account, str(month.month), month.subscribers, month.before, month.after, month.change
        )
        for month in months
    )


def _price_lost(lost: PriceLost) -> PriceLostView:
    return PriceLostView(lost.account, str(lost.month), lost.units, lost.posted)


def _move(move: Move) -> MoveView:
    invoices = tuple(OpenInvoiceView(invoice.number, invoice.open) for invoice in move.invoices)
    return MoveView(move.old, move.new, invoices, move.credit_cents)


@dataclass(frozen=True, slots=True)
class EndCoverageView:
    """What ends of a group's coverage; `past` counts who loses days that have been. Last days are inclusive."""

    group: str
    ended: tuple[Ended, ...]
    past: int
    beyond_plans: tuple[BeyondPlan, ...]
    done: bool
    problem: str
    months: tuple[MonthEffectView, ...]


def ending(made: Ending) -> EndCoverageView:
    """Return what ends of a group's coverage."""
    return EndCoverageView(
        made.group, made.ended, made.past, made.beyond_plans, made.done, made.problem, _months(made.months)
    )


@dataclass(frozen=True, slots=True)
class RosterExportView:
    """An exported roster: how many members and lines of coverage, where it was written, what would not arrive."""

    group: str
    format: str
    partner: str
    members: int
    lines: int
    documents: tuple[str, ...]
    findings: tuple[FindingView, ...]
