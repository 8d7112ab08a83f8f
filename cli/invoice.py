"""Issued invoices: invoice list|print|void."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import asof, codes, show
from cli.approval import Reason
from cli.session import NOT_ALL, Failure, Session, command
from model.approval import Approval
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.views.money import InvoiceView


invoice = typer.Typer(help="Issued invoices.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(invoice, name="invoice")


def invoice_table(rows: Iterable[InvoiceView], title: str = "") -> Table:
    """Return the table of invoices with what is still open."""
    cells = [
        (
            r.number,
            r.account,
            r.month,
            r.issued,
            r.due,
            format_dollars(r.total_cents),
            "void" if r.void else format_dollars(r.open_cents),
        )
        for r in rows
    ]
    return show.table(title, ("invoice", "account", "month", "issued", "due", "total>", "open>"), cells)


@invoice.command("list")
@command
def list_invoices(
    session: Session,
    only: Annotated[str | None, codes.option("--group", help="Only this group's.")] = None,
    number: Annotated[str | None, codes.option("--account", help="Only this account's.")] = None,
    as_of: asof.MoneyDay = None,
    known_on: asof.KnownOn = None,
) -> None:
    """List issued invoices with what is still open, or was on a day."""
    from pipeline.views import money

    told = asof.read(session, as_of, known_on)
    found = money.invoice_list(session.workspace(), only, number, told)

    def people(console: Console) -> None:
        asof.tell(console, told, session.plan_day())
        console.print(invoice_table(found))

    session.emit("invoice", found, people)


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


@invoice.command("void")
@command
def void_invoice(
    session: Session,
    number: Annotated[str, typer.Argument(help="Invoice number.")],
    reason: Reason = "",
) -> None:
    """Take an account's latest invoice back, unpaid, so that its month is free again; two people decide it.

    The first one's --reason asks for it, another person confirms it by the same command at the own login.
    """
    from pipeline import inputs

    decision = Approval(reason=reason)
    value = inputs.void_invoice(session.workspace(), number, session.now(), decision)
    if value is None:
        raise Failure(f"there is no invoice {number}")
    if not value.done:
        session.exit_code = NOT_ALL
    written = inputs.deliver(session.workspace(), session.now(), trouble=session.trouble) if value.done else []
    view = replace(value, documents=tuple(written))

    def people(console: Console) -> None:
        what = f"void; bill {view.account}'s month again" if view.done else f"not voided: {view.problem}"
        console.print(f"Invoice {view.invoice} of {format_dollars(view.total_cents)}: {what}", soft_wrap=True)
        show.documents(console, view.documents)

    session.emit("voided", view, people)
