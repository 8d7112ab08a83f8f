"""A group's month: bill, reconcile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from cli import codes, show
from cli.session import NOT_ALL, Failure, Session, command
from model.money.breaks import Break
from model.money.cents import format_dollars
from model.timeline import Month
from writers.words import UNPLACED

if TYPE_CHECKING:
    from model.documents.statement import Reconciliation
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
    session.emit(
        {"month": str(covered), "trial": trial, **_billed_value(results, written)},
        lambda console: _show_billed(console, covered, results, written),
    )


def _billed_value(results: Sequence[Billed], written: Sequence[Path | str]) -> dict[str, Any]:
    from pipeline.views.files import finding_value

    return {
        "invoices": [
            {
                "number": invoice.number,
                "group": invoice.group,
                "account": invoice.account,
                "subgroup": invoice.subgroup,
                "subscribers": invoice.subscribers,
                "current_cents": invoice.current,
                "retro_cents": invoice.retro,
                "total_due_cents": invoice.total_due,
                "due": invoice.due,
            }
            for billed in results
            for invoice in billed.issued
        ],
        "already_billed": [account for result in results for account in result.already],
        "held": [account for result in results for account in result.held],
        "findings": [finding_value(finding) for result in results for finding in result.findings],
        "documents": [str(path) for path in written],
    }


def _show_billed(
    console: Console, covered: Month, results: Sequence[Billed], written: Sequence[Path | str]
) -> None:
    from pipeline.views.files import finding_value

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
    already = [account for result in results for account in result.already]
    if already:
        console.print(f"Already billed for {covered}: {', '.join(already)}")
    held = [account for result in results for account in result.held]
    if held:
        console.print(f"No invoice for {covered} yet: {', '.join(held)}")
    show.findings(console, [finding_value(finding) for result in results for finding in result.findings])
    show.documents(console, written)


@command
def reconcile(
    session: Session,
    month: MonthOption,
    only: Annotated[str, codes.option("--group", help="Group number.")],
) -> None:
    """Hold roster, invoices and money of a group's month against each other."""
    from pipeline import inputs

    covered = _month(month)
    _known(session, only)
    found = inputs.reconcile(session.workspace(), covered, only, session.now())
    written = inputs.deliver(session.workspace(), session.now(), trouble=session.trouble)
    session.emit(
        {**_reconciled_value(found), "documents": [str(path) for path in written]},
        lambda console: _show_reconciled(console, found, written),
    )


def _reconciled_value(found: Reconciliation) -> dict[str, Any]:
    return {
        "group": found.group,
        "month": found.month,
        "accounts": [
            {
                "account": account.account,
                "subgroup": account.subgroup,
                "invoice": account.invoice,
                "roster_cents": account.roster,
                "billed_cents": account.billed,
                "paid_cents": account.paid,
                "unapplied_cents": account.unapplied,
                "open_cents": account.open,
            }
            for account in found.accounts
        ],
        "suspense_cents": found.suspense,
        "unplaced": [asdict(payment) for payment in found.unplaced],
        "breaks": dict(found.breaks),
        "not_priced": _unpriced(found),
    }


def _unpriced(found: Reconciliation) -> list[str]:
    """Say once why the month could not be priced for some, as their rows do."""
    notes = (f"{row.note}." for row in found.rows if row.kind in (Break.OUTSIDE, Break.UNPRICED))
    return list(dict.fromkeys(notes))


def _show_reconciled(console: Console, found: Reconciliation, written: Sequence[str]) -> None:
    rows = [
        (
            account.account,
            account.subgroup,
            account.invoice,
            *map(format_dollars, (account.roster, account.billed, account.paid, account.unapplied, account.open)),
        )
        for account in found.accounts
    ]
    heads = ("account", "subgroup", "invoice", "roster>", "billed>", "paid>", "credit>", "open>")
    console.print(show.table(f"{found.group} {found.month}", heads, rows))
    console.print(f"In suspense for the group: {format_dollars(found.suspense)}")
    for payment in found.unplaced:
        what = UNPLACED[payment.kind]
        console.print(f"{what}, {payment.partner or 'of nobody known'}: {format_dollars(payment.cents)}")
    console.print("Breaks: " + (", ".join(f"{count} {kind}" for kind, count in found.breaks) or "none"))
    for note in _unpriced(found):
        console.print(note, soft_wrap=True)
    show.documents(console, written)
