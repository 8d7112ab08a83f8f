"""A group's month: bill."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import codes, show
from cli.month import MonthOption, covered_month, refuse_unknown
from cli.session import NOT_ALL, Session, command
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.months import BillView


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("bill")(bill)


@command
def bill(
    session: Session,
    month: MonthOption,
    only: Annotated[str | None, codes.option("--group", help="Only this group.")] = None,
    trial: Annotated[bool, typer.Option("--trial", help="Compute and print with a mark; store nothing.")] = False,
    ahead: Annotated[bool, typer.Option("--ahead", help="The month lies after next month, and is meant.")] = False,
) -> None:
    """Bill a month: one numbered invoice per billing account, corrections of earlier months included."""
    from pipeline import inputs

    covered = covered_month(month)
    refuse_unknown(session, only)
    ws, now = session.workspace(), session.now()
    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("billing", total=None)
        view = inputs.bill(
            ws, covered, now, only, trial=trial, ahead=ahead, progress=lambda: progress.advance(task)
        )
        if not trial:
            view = replace(view, documents=tuple(inputs.deliver(ws, now, trouble=session.trouble)))
    if any(finding.severity in ("error", "pend") for finding in view.findings):
        session.exit_code = NOT_ALL
    session.emit("bill", view, lambda console: _show_billed(console, view))


def _show_billed(console: Console, view: BillView) -> None:
    rows = [
        (
            invoice.number,
            invoice.group,
            f"{invoice.subgroup} {invoice.subgroup_name}",
            invoice.account,
            invoice.subscribers,
            *map(format_dollars, (invoice.current_cents, invoice.retro_cents, invoice.total_due_cents)),
            invoice.due,
        )
        for invoice in view.invoices
    ]
    heads = ("invoice", "group", "subgroup", "account", "subs>", "current>", "retro>", "total due>", "due")
    if rows:
        console.print(show.table("", heads, rows))
    if view.already_billed:
        console.print(f"Already billed for {view.month}: {', '.join(view.already_billed)}")
    if view.held:
        console.print(f"No invoice for {view.month} yet: {', '.join(view.held)}")
    show.findings(console, view.findings)
    show.documents(console, view.documents)
