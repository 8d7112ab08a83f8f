"""What would become of a file, of a decision or of terms, as it is shown. Names in `_cents` are cents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date

from model.documents.preview import Bill, NextInvoice, Preview
from model.money.cents import Cents
from pipeline.views.findings import FindingView, finding_values
from pipeline.views.placed import EntryToldView
from pipeline.views.plain import Counts, of_fields


@dataclass(frozen=True, slots=True)
class SetPreviewView:
    """A set and the state that it would come to."""

    control: str
    kind: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """How many lines of members come to what, by subgroup and plan; no plan: what is known of members.

    `implied` end with another's line, or because a full file lacks them; `waiting` for a person.
    """

    group: str
    subgroup: str
    line: str
    plan: str
    added: int
    ended: int
    implied: int
    moved: int
    changed: int
    unchanged: int
    waiting: int
    rejected: int


@dataclass(frozen=True, slots=True)
class OmittedView:
    """How many of those who belong into it (`of_`) a full file does not name; a month of it is billed `cents`."""

    group: str
    subgroup: str
    subscribers: int
    of_subscribers: int
    dependents: int
    of_dependents: int
    lines: int
    of_lines: int
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class NextBillView:
    """What a next invoice says: its month, corrections of earlier ones, all that is due."""

    current_cents: Cents
    retro_cents: Cents
    total_due_cents: Cents


@dataclass(frozen=True, slots=True)
class NextInvoiceView:
    """An account's next invoice, as it would be now and then; `held`: why there would be none."""

    group: str
    account: str
    subgroup: str
    month: str
    now: NextBillView
    then: NextBillView
    held: str


@dataclass(frozen=True, slots=True)
class RetroMonthView:
    """What an account's next invoice corrects of an earlier month, as it would be now and then."""

    account: str
    month: str
    now_cents: Cents
    then_cents: Cents


@dataclass(frozen=True, slots=True)
class LossView:
    """Plans by which a member would not be covered any more, both days inclusive; `subscriber` is masked.

    `never`: as if it had never been there.
    """

    group: str
    subgroup: str
    subscriber: str
    member_id: str
    name: str
    relationship: str
    begin: date
    end: date
    never: bool
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewTierView:
    """A subscriber's level that would be another one, from a day (inclusive)."""

    group: str
    subgroup: str
    subscriber: str
    member_id: str
    name: str
    line: str
    before: str
    after: str
    begin: date


@dataclass(frozen=True, slots=True)
class PreviewView:
    """A preview. The first `losses` and `tiers` are named; `lost` and `levels` count all of them.

    `digest` names it: `rollbook receive --expect` applies only what it shows. Nothing was changed.
    """

    about: str
    partner: str
    kind: str
    state: str
    on: date
    digest: str
    sets: tuple[SetPreviewView, ...]
    notes: tuple[str, ...]
    changes: tuple[str, ...]
    uncovered: tuple[str, ...]
    places: tuple[PlaceView, ...]
    omitted: tuple[OmittedView, ...]
    invoices: tuple[NextInvoiceView, ...]
    retro: tuple[RetroMonthView, ...]
    entries: tuple[EntryToldView, ...]
    lost: int
    losses: tuple[LossView, ...]
    levels: int
    tiers: tuple[NewTierView, ...]
    finding_counts: Counts
    findings: tuple[FindingView, ...]
    documents: tuple[str, ...]


def preview_view(preview: Preview) -> PreviewView:
    """Return a preview as it is shown."""
    return PreviewView(
        about=preview.about,
        partner=preview.partner,
        kind=preview.kind,
        state=preview.state,
        on=preview.on,
        digest=preview.shown,
        sets=tuple(of_fields(SetPreviewView, each) for each in preview.sets),
        notes=tuple(preview.notes),
        changes=tuple(preview.changes),
        uncovered=tuple(preview.uncovered),
        places=tuple(PlaceView(*astuple(place), *astuple(lines)) for place, lines in preview.places),
        omitted=tuple(of_fields(OmittedView, each, amount_cents=each.cents or 0) for each in preview.omitted),
        invoices=invoice_views(preview.invoices),
        retro=tuple(RetroMonthView(each.account, each.month, each.now, each.then) for each in preview.retro),
        entries=tuple(EntryToldView(e.debit, e.credit, e.invoice, e.cents) for e in preview.entries),
        lost=preview.lost,
        losses=tuple(of_fields(LossView, each) for each in preview.losses),
        levels=preview.levels,
        tiers=tuple(of_fields(NewTierView, each) for each in preview.tiers),
        finding_counts=Counts.of(preview.severities),
        findings=finding_values(preview.findings),
        documents=tuple(preview.documents),
    )


def invoice_views(invoices: Iterable[NextInvoice]) -> tuple[NextInvoiceView, ...]:
    """Return next invoices as they are shown."""
    return tuple(of_fields(NextInvoiceView, each, now=_bill(each.now), then=_bill(each.then)) for each in invoices)


def _bill(bill: Bill) -> NextBillView:
    return NextBillView(bill.current, bill.retro, bill.total_due)
