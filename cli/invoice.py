"""Issued invoices: invoice list|print."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import codes, show
from cli.session import Failure, Session, command
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.views.money import InvoiceView


invoice = typer.Typer(help="Issued invoices.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(invoice, name="invoice")


def invoice_table(rows: Iterable[InvoiceView]) -> Table:
    """Return the table of invoices with what is still open."""
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
    session.emit("invoice", found, lambda console: console.print(invoice_table(found)))


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

    group = money.group_of_invoice(session.workspace(), number)
    if group is None:
        raise Failure(f"there is no invoice {number}")
    session.look("invoice print", group=group, document=f"invoice {number}")
    written = money.print_invoice(session.workspace(), number, out)
    session.emit(
        "printed",
        PrintedView(number, tuple(map(str, written))),
        lambda console: show.documents(console, written),
    )
