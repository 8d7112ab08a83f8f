"""A billing account: account show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import codes, show
from cli.invoice import invoice_table
from cli.session import Failure, Session, command
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.money import CreditEntryView, EntryView

account = typer.Typer(help="Billing accounts: balance, invoices, entries.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(account, name="account")


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
        console.print(invoice_table(value.invoices))
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
