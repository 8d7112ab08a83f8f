"""Money: deposit add|match|void, account show, invoice list|print, payment list."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import codes, show
from cli.approval import Approval, ApprovedBy, Reason, RequestedBy
from cli.session import NOT_ALL, Failure, Session, command, parse_day
from model.money.cents import format_dollars, parse_cents

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.views.money import CreditEntryView, DepositView, EntryView, InvoiceView
    from pipeline.views.results import Outcome

deposit = typer.Typer(help="Money that the bank reports.", no_args_is_help=True)
account = typer.Typer(help="Billing accounts: balance, invoices, entries.", no_args_is_help=True)
invoice = typer.Typer(help="Issued invoices.", no_args_is_help=True)
payment = typer.Typer(help="Deposits, remittances and money in suspense.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    trees = {
        "deposit": deposit,
        "account": account,
        "invoice": invoice,
        "payment": payment,
    }
    for name, tree in trees.items():
        app.add_typer(tree, name=name)


@deposit.command("add")
@command
def add_deposit(
    session: Session,
    amount: Annotated[str, typer.Option(help="Dollars and cents, e.g. 12500.00.")],
    trace: Annotated[str, typer.Option(help="The bank's trace, as TRN02 of the 820 names it.")],
    company: Annotated[str, typer.Option(help="The payer's company identifier, as BPR10 of the 820.")] = "",
    received: Annotated[str | None, typer.Option("--date", help="The bank's date; default today.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Another one of the same trace, company and amount.")
    ] = False,
) -> None:
    """Enter a bank deposit; a remittance that waits for it is posted at once."""
    from pipeline import inputs
    from pipeline.runtime import clock

    ws = session.workspace()
    try:
        cents = parse_cents(amount.replace(",", "").removeprefix("$"))
    except ValueError:
        raise Failure(f"{amount!r} is not an amount") from None
    if cents <= 0:
        raise Failure("a deposit is more than nothing")
    if not trace.strip():
        raise Failure("a deposit has a trace: say what the bank calls it")
    day = parse_day(received) or clock.local_date(session.now(), ws.zone())
    _tell(session, inputs.add_deposit(ws, trace, company, cents, day, session.now(), again=again))


@deposit.command("match")
@command
def match_deposit(
    session: Session,
    number: Annotated[int, typer.Argument(help="Deposit, as payment list numbers it.")],
    remittance: Annotated[int, typer.Option(help="Remittance, as payment list numbers it.")],
    reason: Reason = "",
    requested_by: RequestedBy = "",
    approved_by: ApprovedBy = "",
) -> None:
    """Say whose money an open deposit is; a remittance that is held needs two people."""
    from pipeline import inputs

    decision = Approval(requested_by, approved_by, reason)
    _tell(session, inputs.match_deposit(session.workspace(), number, remittance, session.now(), decision))


@deposit.command("void")
@command
def void_deposit(
    session: Session,
    number: Annotated[int, typer.Argument(help="Deposit, as payment list numbers it.")],
    reason: Reason = "",
    requested_by: RequestedBy = "",
    approved_by: ApprovedBy = "",
) -> None:
    """Take back a deposit that was entered wrongly and is matched to nothing; two people decide it."""
    from pipeline import inputs

    decision = Approval(requested_by, approved_by, reason)
    _tell(session, inputs.void_deposit(session.workspace(), number, session.now(), decision))


def _tell(session: Session, made: Outcome) -> None:
    """Show what became of a deposit, and deliver what that owes."""
    from pipeline import inputs
    from pipeline.views.outcomes import DepositOutcomeView
    from pipeline.views.plain import extended

    if not made.done:
        session.exit_code = NOT_ALL
    written = inputs.deliver(session.workspace(), session.now(), trouble=session.trouble)

    def people(console: Console) -> None:
        console.print(f"Deposit {made.deposit} of {format_dollars(made.cents)}: {made.outcome}", soft_wrap=True)
        show.documents(console, written)

    session.emit("deposit", extended(DepositOutcomeView, made, documents=tuple(written)), people)


@account.command("show")
@command
def show_account(session: Session, number: Annotated[str, codes.argument(help="Billing account.")]) -> None:
    """Show a billing account: what is owed and when, invoices, every entry of debt and of credit."""
    from pipeline.views import money

    value = money.account_value(session.workspace(), number)
    if value is None:
        raise Failure(f"there is no billing account {number}")

    def people(console: Console) -> None:
        owner = f"{value.group_name}, {value.subgroup_name}"
        console.print(f"[bold]{number}[/] {owner}: owes {format_dollars(value.owed_cents)}", end="")
        console.print(f", credit {format_dollars(value.credit_cents)}, next due {value.next_due or '-'}")
        for kept in value.kept:
            console.print(f"Kept for {kept.month}, which is not billed yet: {format_dollars(kept.cents)}")
        if value.held_by != number:
            console.print(f"Its number has changed: its books are on account {value.held_by}.")
        console.print(_invoice_table(value.invoices))
        columns = ("date", "entry", "invoice", "amount>", "balance>")
        console.print(show.table("", columns, [_entry(entry, entry.invoice) for entry in value.entries]))
        if value.credit_entries:
            credit = [_entry(entry, entry.source, entry.month) for entry in value.credit_entries]
            heads = ("date", "entry", "from or to", "for month", "amount>", "credit>")
            console.print(show.table("credit", heads, credit))

    session.emit("account", value, people)


def _entry(entry: EntryView | CreditEntryView, *what: str) -> tuple[str, ...]:
    """Return the row of an entry: `what` between its day and cause, and its money."""
    money = map(format_dollars, (entry.cents, entry.balance_cents))
    return (f"{entry.at:%Y-%m-%d}", entry.cause, *what, *money)


def _invoice_table(rows: Iterable[InvoiceView]) -> Table:
    cells = [
        (
            r.number,
            r.account,
            r.month,
            r.issued,
            r.due,
            format_dollars(r.total),
            format_dollars(r.open),
        )
        for r in rows
    ]
    return show.table("", ("invoice", "account", "month", "issued", "due", "total>", "open>"), cells)


@invoice.command("list")
@command
def list_invoices(
    session: Session,
    only: Annotated[str | None, codes.option("--group", help="Only this group's.")] = None,
    number: Annotated[str | None, codes.option("--account", help="Only this account's.")] = None,
) -> None:
    """List issued invoices with what is still open."""
    from pipeline.views import money

    found = money.invoice_list(session.workspace(), only, number)
    session.emit("invoice", found, lambda console: console.print(_invoice_table(found)))


@invoice.command("print")
@command
def print_invoice(
    session: Session,
    number: Annotated[str, typer.Argument(help="Invoice number.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write into.")] = Path(),
) -> None:
    """Write an invoice's documents again, byte for byte as they were sent."""
    from pipeline.views import money
    from pipeline.views.outcomes import PrintedView

    written = money.print_invoice(session.workspace(), number, out)
    if not written:
        raise Failure(f"there is no invoice {number}")
    session.emit(
        "printed",
        PrintedView(number, tuple(map(str, written))),
        lambda console: show.documents(console, written),
    )


@payment.command("list")
@command
def list_payments(session: Session) -> None:
    """List deposits and remittances, what waits for what, and money in suspense."""
    from pipeline.views import money

    value = money.payment_list(session.workspace())

    def people(console: Console) -> None:
        deposits = [
            (
                d.id,
                d.received,
                d.trace,
                format_dollars(d.cents),
                _standing(d),
            )
            for d in value.deposits
        ]
        console.print(show.table("deposits", ("", "date", "trace", "amount>", ""), deposits))
        for text in (text for d in value.deposits for text in d.proposals):
            console.print(text, soft_wrap=True)
        remittances = [
            (
                r.id,
                r.effective,
                r.partner,
                r.trace,
                format_dollars(r.cents),
                r.state,
                r.reason,
            )
            for r in value.remittances
        ]
        columns = ("", "date", "partner", "trace", "amount>", "state", "")
        console.print(show.table("remittances", columns, remittances))
        for name, cents in value.suspense.pairs:
            what = f"In suspense for {name}" if name else "Deposits without a remittance"
            console.print(f"{what}: {format_dollars(cents)}")

    session.emit("payments", value, people)


def _standing(deposit: DepositView) -> str:
    """Say how a deposit stands."""
    if deposit.void:
        return "voided"
    return f"matched to {deposit.remittance}" if deposit.remittance else "waits for its remittance"
