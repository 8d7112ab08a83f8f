"""Refunds on their way: refund list|show|register|paid|return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import codes, show
from cli.approval import Reason
from cli.session import NOT_ALL, Failure, Session, command, parse_day
from model.approval import Approval
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.views.moneyout import RefundEndView, RefundView

refund = typer.Typer(help="Refunds: credit that goes out by cheque.", no_args_is_help=True)
Number = Annotated[str, typer.Argument(help="Refund, as refund list numbers it: C1001.")]


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(refund, name="refund")


@refund.command("list")
@command
def list_refunds(
    session: Session,
    group: Annotated[str | None, codes.option(help="Only of this group.")] = None,
    account: Annotated[str | None, codes.option(help="Only of this billing account.")] = None,
) -> None:
    """List refunds with where each is: out, paid, or returned."""
    from pipeline.views import moneyout

    value = moneyout.refund_list(session.workspace(), group, account)

    def people(console: Console) -> None:
        console.print(_table(value.refunds))
        console.print(f"Out and not cashed yet: {format_dollars(value.out_cents)}")

    session.emit("refunds", value, people)


@refund.command("show")
@command
def show_refund(session: Session, number: Number) -> None:
    """Show a refund: its account and amount, why, with which check register it went out, where it is."""
    from pipeline.views import moneyout

    value = moneyout.refund_value(session.workspace(), number)
    if value is None:
        raise Failure(f"there is no refund {number}")

    def people(console: Console) -> None:
        console.print(_table([value]))
        console.print(f"Reason: {value.reason}", soft_wrap=True)

    session.emit("refund", value, people)


@refund.command("register")
@command
def register_refunds(session: Session) -> None:
    """Write the check register of the refunds that are in none yet, as CSV. The night does it, too."""
    from pipeline import inputs

    made = inputs.register_refunds(session.workspace(), session.now())

    def people(console: Console) -> None:
        if not made.number:
            console.print("No refund waits for a check register.")
            return
        cents = format_dollars(made.amount_cents)
        console.print(f"Check register {made.number}: {made.refunds} refunds, {cents}")
        show.documents(console, made.documents)

    session.emit("register", made, people)


@refund.command("paid")
@command
def pay_refund(
    session: Session,
    number: Number,
    reason: Reason = "",
    day: Annotated[str | None, typer.Option("--date", help="The bank's date; default today.")] = None,
) -> None:
    """Enter that the bank paid a refund; one person and a reason."""
    from pipeline import inputs
    from pipeline.runtime import clock

    ws = session.workspace()
    paid = parse_day(day) or clock.local_date(session.now(), ws.zone())
    _ended(session, inputs.pay_refund(ws, number, paid, session.now(), Approval(reason=reason)))


@refund.command("return")
@command
def return_refund(session: Session, number: Number, reason: Reason = "") -> None:
    """Take a refund back that came back or was stopped: the credit is open again; one person and a reason."""
    from pipeline import inputs

    ws = session.workspace()
    _ended(session, inputs.return_refund(ws, number, session.now(), Approval(reason=reason)))


def _ended(session: Session, made: RefundEndView) -> None:
    if not made.account:
        raise Failure(made.problem)
    if not made.done:
        session.exit_code = NOT_ALL

    def people(console: Console) -> None:
        cents = format_dollars(made.amount_cents)
        done = f"Refund {made.number} of {cents}, account {made.account}: {made.state}."
        console.print(made.problem if made.problem else done, soft_wrap=True)

    session.emit("refund-end", made, people)


def _table(refunds: Iterable[RefundView]) -> object:
    rows = [
        (
            each.number,
            each.account,
            str(each.issued),
            each.state.value,
            str(each.register or "none yet"),
            format_dollars(each.amount_cents),
        )
        for each in refunds
    ]
    heads = ("refund", "account", "approved", "state", "register>", "amount>")
    return show.table("Refunds", heads, rows)
