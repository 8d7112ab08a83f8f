"""A group's month: bill, reconcile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import codes, show
from cli.session import NOT_ALL, Failure, Session, command
from model.money.cents import format_dollars
from model.timeline import Month
from writers.words import UNPLACED

if TYPE_CHECKING:
    from pipeline.views.outcomes import BillView, ReconcileView
    from pipeline.views.results import Billed

MonthOption = Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="The covered month.")]


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.command("bill")(bill)
    app.command("reconcile")(reconcile)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise Failure(f"{text!r} is not a month: write YYYY-MM") from None


def _known(session: Session, group: str | None) -> None:
    from pipeline.views import agreed

    if group is not None and agreed.terms(session.workspace(), group) is None:
        raise Failure(f"no terms are loaded for group {group}")


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
    from pipeline.views import outcomes

    covered = _month(month)
    _known(session, only)
    ws, now = session.workspace(), session.now()
    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("billing", total=None)
        results = inputs.bill(
            ws, covered, now, only, trial=trial, ahead=ahead, progress=lambda: progress.advance(task)
        )
        written = inputs.write_trials(ws, results) if trial else inputs.deliver(ws, now, trouble=session.trouble)
    if any(finding.severity in ("error", "pend") for result in results for finding in result.findings):
        session.exit_code = NOT_ALL
    view = outcomes.billed(str(covered), results, written, trial=trial)
    session.emit("bill", view, lambda console: _show_billed(console, covered, results, view))


def _show_billed(console: Console, covered: Month, results: Sequence[Billed], view: BillView) -> None:
    rows = [
        (
            invoice.number,
            invoice.group,
            f"{invoice.subgroup} {invoice.subgroup_name}",
            invoice.account,
            invoice.subscribers,
            *map(format_dollars, (invoice.current, invoice.retro, invoice.total_due)),
            invoice.due,
        )
        for billed in results
        for invoice in billed.issued
    ]
    heads = ("invoice", "group", "subgroup", "account", "subscribers>", "current>", "retro>", "total due>", "due")
    if rows:
        console.print(show.table("", heads, rows))
    if view.already_billed:
        console.print(f"Already billed for {covered}: {', '.join(view.already_billed)}")
    if view.held:
        console.print(f"No invoice for {covered} yet: {', '.join(view.held)}")
    show.findings(console, view.findings)
    show.documents(console, view.documents)


@command
def reconcile(
    session: Session,
    month: MonthOption,
    only: Annotated[str, codes.option("--group", help="Group number.")],
) -> None:
    """Hold roster, invoices and money of a group's month against each other."""
    from pipeline import inputs
    from pipeline.views import outcomes

    covered = _month(month)
    _known(session, only)
    found = inputs.reconcile(session.workspace(), covered, only, session.now())
    written = inputs.deliver(session.workspace(), session.now(), trouble=session.trouble)
    view = outcomes.reconciled(found, written)
    session.emit("reconcile", view, lambda console: _show_reconciled(console, view))


def _show_reconciled(console: Console, view: ReconcileView) -> None:
    rows = [
        (
            account.account,
            account.subgroup,
            account.invoice,
            *map(
                format_dollars,
                (
                    account.roster_cents,
                    account.billed_cents,
                    account.paid_cents,
                    account.unapplied_cents,
                    account.open_cents,
                ),
            ),
        )
        for account in view.accounts
    ]
    heads = ("account", "subgroup", "invoice", "roster>", "billed>", "paid>", "credit>", "open>")
    console.print(show.table(f"{view.group} {view.month}", heads, rows))
    console.print(f"In suspense for the group: {format_dollars(view.suspense_cents)}")
    for payment in view.unplaced:
        what = UNPLACED[payment.kind]
        console.print(f"{what}, {payment.partner or 'of nobody known'}: {format_dollars(payment.cents)}")
    console.print("Breaks: " + (", ".join(f"{count} {kind}" for kind, count in view.breaks.pairs) or "none"))
    for note in view.not_priced:
        console.print(note, soft_wrap=True)
    show.documents(console, view.documents)
