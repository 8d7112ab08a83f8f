"""Bill: a month's invoices, one per billing account, each issued once.

One transaction per group, with the guards of its roster and accounts: should-be minus posted, numbered statements,
their ledger entries, and the documents owed commit together. An account that has its invoice for the month is left
alone.

Source: docs/domain.md, Billing; docs/design.md, The ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from billing import hold, invoice
from billing.consolidate import consolidate
from billing.selfbill import units
from intake.folder import write
from model.agreement.terms import Carrier, Partner, Subgroup, Terms
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.statement import ConsolidatedInvoice, InvoiceAdjustment, InvoiceLine, InvoiceStatement
from model.finding import Finding
from model.journal import Input, InputKind, Purpose
from model.money.ledger import ChangeCause, OpenInvoice
from model.timeline import Month
from pipeline.cash import selfbill, unclaimed
from pipeline.desk import papers
from pipeline.month import stands, worksheet
from pipeline.month.contracts import Wanted, wanted
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views import due, months
from pipeline.views.agreed import receivers
from pipeline.views.findings import finding_values
from pipeline.views.months import BillView
from store import agreements, counters, guards
from store.desk.items import Step
from store.engine import Connection
from store.money import accounts, invoices, ledger, settled
from store.received import outbox
from store.received.statement_rows import Placed
from writers.render import render

FIRST_INVOICE = 100_001
FIRST_CONSOLIDATED = 300_001


@dataclass(frozen=True, slots=True)
class Billed:
    """What billing one group's month came to."""

    group: str
    issued: tuple[InvoiceStatement, ...]  # their detail with them where it is a trial
    already: tuple[str, ...]  # accounts that had their invoice before
    findings: tuple[Finding, ...]
    held: tuple[str, ...] = ()  # accounts without an invoice, since a month of theirs cannot be priced
    consolidated: ConsolidatedInvoice | None = None  # where something was issued and the group has several bills


class _BooksDisagreeError(Exception):
    """Ends the transaction of a bill."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("books disagree")
        self.findings = findings


@dataclass(frozen=True, slots=True)
class _Run:
    """One group's billing run: what all of its invoices need, each account's part by its number."""

    carrier: Carrier
    terms: Terms
    partners: Sequence[Partner]
    month: Month
    now: datetime
    trial: bool
    wanted: Wanted
    causes: Sequence[ChangeCause]
    standings: Mapping[str, invoice.Standing]
    opens: Mapping[str, Sequence[OpenInvoice]]

    @property
    def today(self) -> date:
        """Return the plan's day."""
        return clock.local_date(self.now, self.carrier.time_zone)


def bill(
    ws: Workspace,
    month: Month,
    now: datetime,
    group: str | None = None,
    *,
    trial: bool = False,
    ahead: bool = False,
    progress: Callable[[], None] = lambda: None,
) -> list[Billed]:
    """Bill one group's month, or every group's. A trial computes the same statements and stores nothing.

    A month after next month is refused (MONTH-AHEAD, of no group) unless `ahead` says that it is meant, or it is a
    trial.
    """
    early = None if trial or ahead else due.too_far(ws, month, now)
    if early:
        return [Billed("", (), (), (early,))]
    if not trial:
        from pipeline.cash import deposits  # a third of what a command of a trial imports, and no trial posts

        deposits.look_again(ws, now)
    with ws.database.read() as conn:
        numbers = agreements.groups(conn) if group is None else [group]
    billed: list[Billed] = []
    asked = ws.asked(InputKind.COMMAND, now, month=str(month), group=group, ahead=ahead)
    for number in numbers:
        if trial:
            with ws.database.read() as conn:
                billed.append(_bill_group(ws, conn, number, month, now, None))
        else:
            billed.append(bill_group(ws, number, month, now, asked))
        progress()
    return billed


def bill_group(ws: Workspace, number: str, month: Month, now: datetime, asked: Input) -> Billed:
    """Bill a group's month in one transaction, which nothing of is committed where its books disagree."""

    def work(conn: Connection) -> Billed:
        made = _bill_group(ws, conn, number, month, now, asked)
        _hold_books(conn, number, now)
        return made

    try:
        return ws.database.change(partial(guards.of_groups, numbers=[number]), work)
    except _BooksDisagreeError as error:
        return Billed(number, (), (), error.findings)


def _hold_books(conn: Connection, number: str, now: datetime) -> None:
    """Let nothing of a group commit whose books do not agree with themselves."""
    from pipeline.verify.run import disagreements  # as above

    findings = disagreements(conn, now, [group.number for group in accounts.of_groups(conn, [number])])
    if findings:
        raise _BooksDisagreeError(findings)


def _bill_group(
    ws: Workspace, conn: Connection, number: str, month: Month, now: datetime, asked: Input | None
) -> Billed:
    """Bill a group's month as `asked`; None: a trial."""
    trial = asked is None
    terms, carrier = agreements.terms(conn, number), agreements.carrier(conn)
    assert terms is not None and carrier is not None, "the caller names a group that was loaded"
    ever = accounts.of_groups(conn, [number])
    payers = terms.billed(ever)
    own = [payer.account for payer in payers]
    post = wanted(conn, terms, own, month)
    run = _Run(
        carrier=carrier,
        terms=terms,
        partners=agreements.partners(conn),
        month=month,
        now=now,
        trial=trial,
        wanted=post,
        causes=invoices.origins(
            conn, {charge.cause_tx for some in post.charges.values() for charge in some} - {0}
        ),
        standings=stands.standings(conn, own, month),
        opens=stands.opens(conn, own),
    )
    has = {issued.account for issued in invoices.listing(conn, accounts=own, month=month)}
    had = [account for account in own if account in has]
    held = hold.held(post.left_out, terms.billing.unpriced.on(month.first), month)
    held = {account: finding for account, finding in held.items() if account not in had}
    tx = ws.step(conn, Purpose.BILL, asked, month=month, group=number) if asked else 0
    issued = [
        _issue(ws, conn, run, subgroup, tx)
        for subgroup in payers
        if subgroup.account not in has and subgroup.account not in held and _owes_a_bill(conn, run, subgroup)
    ]
    cover = _consolidate(ws, conn, run, issued, tx) if issued and not held else None
    if tx:
        _leave(conn, run, tx, held, had, {statement.account for statement in issued})
    findings = (*post.findings, *held.values())
    return Billed(number, tuple(issued), tuple(had), findings, tuple(held), cover)


def _leave(
    conn: Connection, run: _Run, tx: int, held: Mapping[str, Finding], had: Sequence[str], issued: Collection[str]
) -> None:
    """Record what a bill leaves: accounts that are held, what it settles, and what waits for a person."""
    post, group, month = run.wanted, run.terms.group, run.month
    for account in held:
        invoices.hold(conn, tx, account, month)  # pipeline.views.due tries them again each day
    if post.last is None or post.last <= month:
        settled.save(conn, tx, group, month, post.left(issued))
    papers.billed(
        conn,
        Step(tx, run.today),
        group,
        month,
        held=held,
        left_out=post.left_out,
        findings=post.findings,
        done={*had, *issued},
    )
    unclaimed.look(conn, Step(tx, run.today), group)


def _owes_a_bill(conn: Connection, run: _Run, subgroup: Subgroup) -> bool:
    """An account gets an invoice when it has charges or owes anything, or money moved since the last one.

    Money kept for a month moves when that month is billed.

    A credit that the last invoice showed is not shown again by an empty one.
    """
    account, standing = subgroup.account, run.standings[subgroup.account]
    if any(charge.cents for charge in run.wanted.charges[account]) or standing.ahead or standing.owed:
        return True
    _, last = invoices.last_of(conn, [account]).get(account, ("", 0))
    return ledger.moved(conn, account, last)


def _issue(
    ws: Workspace,
    conn: Connection,
    run: _Run,
    subgroup: Subgroup,
    tx: int,
) -> InvoiceStatement:
    ours, standing = run.wanted.charges[subgroup.account], run.standings[subgroup.account]
    head = invoice.Head("TRIAL", run.trial, run.month, produced=run.today)
    mine = run.terms.bills_itself(subgroup, run.month.first)
    statement = invoice.statement(head, run.carrier, run.terms, subgroup, ours, standing)
    statement = replace(statement, self_bill=mine)
    lines = invoice.lines(ours, run.wanted.payers, run.terms)
    adjustments = invoice.adjustments(ours, run.wanted.payers, run.terms, run.causes)
    if run.trial:
        return replace(statement, lines=tuple(lines), adjustments=tuple(adjustments))
    number = str(counters.take(conn, "invoice", start=FIRST_INVOICE))  # last: others wait for it from here on
    statement = replace(statement, number=number)
    invoices.issue(conn, tx, statement, ours, _placed(lines, adjustments), ws.vault.fields)
    ledger.post(conn, tx, invoice.transfers(statement, standing, run.opens[subgroup.account]))
    told = receivers(run.partners, run.terms.group, run.today, subgroup.code)
    if statement.self_bill:
        bill = worksheet.Bill(run.terms, statement, units(ours), run.wanted.payers)
        worksheet.owe(ws, conn, tx, bill, told)
        selfbill.look_again(conn, Step(tx, run.today), subgroup.account, run.month)
        return statement
    for partner in told:
        key = str(keys.invoice(number, partner))
        outbox.put(conn, tx, key, partner, DocumentKind.INVOICE, statement, None, ws.vault.fields)
    return statement


def _placed(lines: Iterable[InvoiceLine], adjustments: Iterable[InvoiceAdjustment]) -> Iterator[Placed]:
    """Yield the rows of an invoice's detail in their places: lines, then adjustments."""
    for rank, rows in enumerate((lines, adjustments)):
        yield from ((rank, 0, number, row) for number, row in enumerate(rows, 1))


def _consolidate(
    ws: Workspace, conn: Connection, run: _Run, issued: Sequence[InvoiceStatement], tx: int
) -> ConsolidatedInvoice | None:
    """Put all of a month's bills under one cover, those issued earlier too, and owe it to who gets the bills."""
    new = {statement.account for statement in issued}
    before = [
        found
        for listed in invoices.listing(conn, group=run.terms.group, month=run.month)
        if listed.account not in new
        if (found := invoices.find(conn, listed.number, ws.vault.fields))
    ]
    bills = [statement for statement in (*before, *issued) if not statement.self_bill]
    if len(bills) < 2:
        return None
    number = "TRIAL" if run.trial else str(counters.take(conn, "consolidated", start=FIRST_CONSOLIDATED))
    cover = consolidate(number, run.carrier, run.terms, run.today, bills)
    if not run.trial:
        invoices.cover(conn, tx, cover)
        for partner in receivers(run.partners, run.terms.group, run.today):
            key = str(keys.consolidated(number, partner))
            outbox.put(conn, tx, key, partner, DocumentKind.CONSOLIDATED, cover, None, ws.vault.fields)
    return cover


def shown(month: Month, results: Sequence[Billed], written: Iterable[Path] = (), *, trial: bool) -> BillView:
    """Return what billing some groups' month came to, as it is shown."""
    return BillView(
        month=str(month),
        trial=trial,
        invoices=tuple(months.billed(invoice) for result in results for invoice in result.issued),
        already_billed=tuple(account for result in results for account in result.already),
        held=tuple(account for result in results for account in result.held),
        findings=finding_values(finding for result in results for finding in result.findings),
        documents=tuple(map(str, written)),
    )


def write_trials(ws: Workspace, results: Sequence[Billed]) -> list[Path]:
    """Write a trial's documents into the home's trial folder; they are owed to nobody."""
    folder = ws.settings.home / "trial"
    written = [
        write(folder, f"{statement.account}-{document.name}", document.pieces())
        for result in results
        for statement in result.issued
        for document in render(statement)
    ]
    covers = [result.consolidated for result in results if result.consolidated]
    return written + [
        write(folder, document.name, document.pieces()) for cover in covers for document in render(cover)
    ]
