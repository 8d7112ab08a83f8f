"""A group's month: reconcile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import asof, codes, given, show
from cli.month import covered_month, refuse_unknown
from cli.session import NOT_ALL, Failure, Session, command
from model.money.cents import format_dollars
from model.money.sums import Part
from writers.words import SUMS, UNPLACED

if TYPE_CHECKING:
    from pipeline.views.months import ReconcileView, SumTermView

SHOWN = 50  # accounts at a terminal, and reasons why something is not priced


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("reconcile")(reconcile)


@command
def reconcile(
    session: Session,
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[answers FILE]", help="A workbook of it that comes back.")
    ] = None,
    month: Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="The covered month.")] = "",
    only: Annotated[str, codes.option("--group", help="Group number.")] = "",
    as_of: asof.MoneyDay = None,
    known_on: asof.KnownOn = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for our own copy, with all that waits.")
    ] = None,
) -> None:
    """Hold roster, invoices and money of a group's month against each other.

    By what is known and paid today, and owed to those who get its bills. With --as-of or --known-on as it was on
    that day: such a document is ours and goes to nobody else.

    `reconcile answers FILE` takes the answers of its workbook, by the keys of its rows: each becomes a decision of
    yours with its reason, or open work.
    """
    from pipeline import inputs

    if what:
        _answers(session, what)
        return
    if not month or not only:
        raise Failure("--month and --group say what is reconciled; `reconcile answers FILE` reads its answers")
    covered = covered_month(month)
    refuse_unknown(session, only)
    told = asof.read(session, as_of, known_on)
    with asof.known():
        view = inputs.reconcile(session.workspace(), covered, only, session.now(), told, out)
    written = inputs.deliver(session.workspace(), session.now(), trouble=session.trouble)
    view = replace(view, documents=(*view.documents, *written))

    def people(console: Console) -> None:
        asof.tell(console, told, session.plan_day())
        _show_reconciled(console, view)

    session.emit("reconcile", view, people)


def _answers(session: Session, what: Sequence[str]) -> None:
    """Take the answers of a workbook, and tell what became of each."""
    from parsers.census.table import MAX_BYTES
    from pipeline import inputs

    if len(what) != 2 or what[0] != "answers":
        raise Failure("what comes back is `reconcile answers FILE`")
    path = Path(what[1])
    data = given.content(path, "the workbook that `rollbook reconcile` wrote, with its answers", MAX_BYTES)
    value = inputs.answer_reconciled(session.workspace(), data, session.now())
    if value.findings or value.problem:
        session.exit_code = NOT_ALL
    session.look("reconcile answers", sorted({each.member for each in value.answers} - {""}), document=path.name)

    def people(console: Console) -> None:
        rows = [
            (each.row, each.answer, each.account, each.member or each.payment, "stood" if each.again else "taken")
            for each in value.answers
        ]
        if rows:
            console.print(show.table("answers", ("row>", "answer", "account", "about", ""), rows))
        elif not (value.findings or value.problem):
            console.print("No row of it has an answer: nothing was done.")
        if value.problem:
            console.print(f"Nothing was done: {value.problem}", soft_wrap=True)
        show.findings(console, value.findings, "\nrefused")
        if value.findings and not rows:
            console.print("Nothing of it was taken.")

    session.emit("reconcile-answers", value, people)


def _sum(terms: Sequence[SumTermView]) -> str:
    """Say a sum in a line: `Billed $2.00 + corrections $1.00 = invoiced $3.00`."""
    words = (f"{term.sign} {SUMS[Part(term.what)].lower()} {format_dollars(term.amount_cents)}" for term in terms)
    return " ".join(words).strip().capitalize()


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
                    account.invoiced_cents,
                    account.paid_cents,
                    account.unapplied_cents,
                    account.open_cents,
                ),
            ),
        )
        for account in view.accounts[:SHOWN]
    ]
    sums = ("roster>", "billed>", "invoiced>", "paid>", "credit>", "open>")
    heads = ("account", "sub-\ngroup", "in-\nvoice", *sums)
    console.print(show.table(f"{view.group} {view.month}", heads, rows))
    if view.account_count > SHOWN:
        console.print(f"{view.account_count} accounts in all; the document has each.")
    for terms in view.sums:
        console.print(Text(f"\n{_sum(terms)}."))
    console.print()
    for payment in view.unplaced:
        what = UNPLACED[payment.kind]
        console.print(f"{what}, {payment.partner or 'of nobody known'}: {format_dollars(payment.amount_cents)}")
    console.print(f"Breaks: {show.counted(view.breaks) or 'none'}")
    for note in view.not_priced[:SHOWN]:
        console.print(note)
    if view.not_priced_count > SHOWN:
        console.print(f"{view.not_priced_count} such reasons in all; the document has each.")
    show.documents(console, view.documents)
