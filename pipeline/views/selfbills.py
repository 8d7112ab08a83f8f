"""Self bills: what we compute of a month, what was reported and paid, and by what they differ. Money in cents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from billing.payers import Payers
from billing.selfbill import by, of_plan, of_tier, total
from intake.folder import write
from model.agreement.terms import Terms
from model.documents import keys
from model.money.cents import Cents
from model.money.selfbill import Part, Source, standing
from model.timeline import Month
from pipeline.runtime.workspace import Workspace
from pipeline.views.selfmonths import MonthBilled, bills_itself, of_month
from store import agreements
from store.engine import Connection
from store.money import accounts, invoices
from store.people import roster
from store.received import outbox, statement_rows
from writers.render import render


@dataclass(frozen=True, slots=True)
class SelfBillPartView:
    """One part of a month. None: nothing was said of the measure."""

    plan: str
    tier: str
    member: str  # the subscriber's member ID
    name: str
    covered: str  # the covered person, where each member is billed at a rate of their own age
    added: bool  # a row of the sheet that is of nobody on the bill
    computed_people: int
    computed_cents: Cents
    reported_people: int | None
    reported_cents: Cents | None
    variance_people: int
    variance_cents: Cents


@dataclass(frozen=True, slots=True)
class SelfBillView:
    """One account's month that the payer bills itself."""

    group: str
    account: str
    subgroup: str
    month: str
    invoice: str  # "" where the month is not billed yet
    by_sheet: bool  # a worksheet stands reported; else what 820s said
    reported: bool
    accepted: bool
    asked: bool  # the payer was asked to correct it
    total: SelfBillPartView
    paid_cents: Cents  # on the invoice
    open_cents: Cents
    plans: tuple[SelfBillPartView, ...]
    tiers: tuple[SelfBillPartView, ...]
    differing: tuple[SelfBillPartView, ...]  # parts, the first 500 of those that differ
    differ: int


@dataclass(frozen=True, slots=True)
class SelfBillsView:
    """The self bills of a group's month, by account."""

    group: str
    month: str
    bills: tuple[SelfBillView, ...]


@dataclass(frozen=True, slots=True)
class SelfBillDecidedView:
    """What became of a decision about a variance; `problem` says why it was not done."""

    account: str
    month: str
    variance_cents: Cents
    variance_people: int
    done: bool
    problem: str = ""
    documents: tuple[str, ...] = ()


MOST = 500


def self_bills(ws: Workspace, group: str, month: Month, account: str = "") -> SelfBillsView | None:
    """Return the self bills of a group's month, or of one account of it; None for a group that we do not know."""
    with ws.database.read() as conn:
        terms = agreements.terms(conn, group)
        if terms is None:
            return None
        own = [place.account for place in terms.subgroups if not account or place.account == account]
        found = tuple(
            _view(conn, terms, of_month(conn, number, month))
            for number in own
            if bills_itself(terms, number, month)
        )
    return SelfBillsView(group, str(month), found)


def write_worksheets(ws: Workspace, group: str, month: Month, folder: Path) -> list[Path]:
    """Write the worksheets of a group's month again: the archived bytes, else the stored statements rendered."""
    written: list[Path] = []
    with ws.database.read() as conn:
        own = [account.number for account in accounts.of_groups(conn, [group])]
        numbers = [
            issued.number for issued in invoices.listing(conn, accounts=own, month=month) if not issued.void
        ]
        items = [
            item for number in numbers for item in outbox.starting(conn, keys.worksheets(number), ws.vault.fields)
        ]
    for item in items:
        if item.documents:
            written += [write(folder, name, ws.vault.archive.read(sha256)) for name, sha256 in item.documents]
        elif item.statement is not None:
            rows = partial(statement_rows.read, ws.database, ws.vault.fields)
            written += [write(folder, each.name, each.pieces()) for each in render(item.statement, rows)]
    return list(dict.fromkeys(written))


def _view(conn: Connection, terms: Terms, billed: MonthBilled) -> SelfBillView:
    place = terms.account(billed.account)
    stands = standing(billed.history)
    alone = (Part(u.plan, u.tier, u.contract, u.person, 0, u.count, u.cents) for u in billed.units)
    parts = billed.parts or tuple(alone)
    off = [part for part in parts if part.differs]
    payers = _payers(conn, terms.group, off[:MOST])
    issued = billed.invoice
    return SelfBillView(
        group=terms.group,
        account=billed.account,
        subgroup=place.code if place else "",
        month=str(billed.month),
        invoice=issued.number if issued else "",
        by_sheet=any(line.source is Source.SHEET for line in stands),
        reported=bool(stands),
        accepted=billed.accepted and bool(off),
        asked=any(line.source is Source.ASKED for line in billed.history),
        total=_part(total(parts)),
        paid_cents=issued.total - issued.open if issued else 0,
        open_cents=issued.open if issued else 0,
        plans=tuple(map(_part, by(parts, of_plan))),
        tiers=tuple(map(_part, by(parts, of_tier))),
        differing=tuple(_part(part, payers) for part in off[:MOST]),
        differ=len(off),
    )


def _payers(conn: Connection, group: str, parts: Iterable[Part]) -> Payers:
    contracts = sorted({part.contract for part in parts} - {0})
    families = roster.billable(conn, group, contracts) if contracts else []
    return Payers(roster.flat(families), families)


def _part(part: Part, payers: Payers | None = None) -> SelfBillPartView:
    payer = payers.of(part.contract) if payers and part.contract else None
    return SelfBillPartView(
        plan=part.plan,
        tier=part.tier,
        member=payer.member if payer else "",
        name=payer.name if payer else "",
        covered=payers.person(part.person) if payers else "",
        added=bool(part.unknown),
        computed_people=part.computed_count,
        computed_cents=part.computed,
        reported_people=part.reported_count,
        reported_cents=part.reported,
        variance_people=part.people,
        variance_cents=part.cents,
    )
