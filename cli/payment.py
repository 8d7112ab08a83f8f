"""Payments: payment list|allocate|template|reverse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import given, show
from cli.amounts import cents_of
from cli.approval import Reason
from cli.session import NOT_ALL, Failure, Session, command, parse_day
from cli.template import save
from model.approval import Approval
from model.documents.check import counted
from model.money.bank import split_into
from model.money.cents import format_dollars
from model.money.returns import Advice
from model.trade.returned import means

if TYPE_CHECKING:
    from pipeline.views.money import DepositView, PaymentsView
    from pipeline.views.reversed import ReturnedPartView, ReversedView

payment = typer.Typer(help="Deposits, remittances and money in suspense.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(payment, name="payment")


@payment.command("show")
@command
def show_payment(
    session: Session,
    name: Annotated[str, typer.Argument(help="Trace number, receipt number, R7 (remittance) or D12 (deposit).")],
) -> None:
    """Show a payment: how it came, each line, and on which invoice or in whose credit each cent of it is now."""
    from cli import payment_shown
    from pipeline.explain import paid

    value = paid.show(session.workspace(), name, session.now())
    if isinstance(value, str):
        raise Failure(value)
    session.look("payment show", document=f"payment {value.payment}")
    session.emit("payment", value, lambda console: payment_shown.tell(console, value))


@payment.command("list")
@command
def list_payments(session: Session) -> None:
    """List deposits and remittances, what waits for what, and money in suspense."""
    from pipeline.views import money

    value = money.payment_list(session.workspace(), session.plan_day())

    def people(console: Console) -> None:
        deposits = [
            (
                d.id,
                d.received,
                d.trace,
                format_dollars(d.amount_cents),
                counted(d.age, "day") if d.age else "",
                _standing(d),
            )
            for d in value.deposits
        ]
        console.print(show.table("deposits", ("", "date", "trace", "amount>", "age", ""), deposits))
        for text in (text for d in value.deposits for text in d.proposals):
            console.print(text, soft_wrap=True)
        remittances = [
            (
                r.id,
                r.effective,
                r.partner,
                r.trace,
                r.file_id,
                format_dollars(r.amount_cents),
                r.state,
                r.reason,
            )
            for r in value.remittances
        ]
        columns = ("", "date", "partner", "trace", "file", "amount>", "state", "")
        console.print(show.table("remittances", columns, remittances))
        _show_held(console, value)
        for name, cents in value.suspense_cents.pairs:
            what = f"In suspense for {name}" if name else "Deposits without a remittance"
            console.print(f"{what}: {format_dollars(cents)}")

    session.emit("payments", value, people)


@payment.command("allocate")
@command
def allocate(
    session: Session,
    deposit: Annotated[int, typer.Argument(help="Deposit, as payment list numbers it.")],
    file: Annotated[Path, typer.Argument(help="A CSV with the headings of `payment template`.")],
    partner: Annotated[str, typer.Option(help="Whose payment it is; default: whom its company is bound to.")] = "",
    reason: Reason = "",
) -> None:
    """Post a deposit without an 820 by a file that says what it is for, to the cent."""
    from parsers.census.table import MAX_BYTES
    from pipeline import inputs

    data = given.content(file, "the allocation (`rollbook payment template`)", MAX_BYTES)
    ws, decision = session.workspace(), Approval(reason=reason)
    made = inputs.allocate(ws, deposit, data, file.name, partner, session.now(), decision)
    written = inputs.deliver(ws, session.now(), trouble=session.trouble)
    view = replace(made, documents=tuple(written))
    if not view.deposit:
        raise Failure(view.outcome)
    if not view.done:
        session.exit_code = NOT_ALL

    def people(console: Console) -> None:
        console.print(f"Deposit {view.deposit}: {view.outcome}", soft_wrap=True)
        show.findings(console, view.findings, "found")
        show.documents(console, view.documents)

    session.emit("allocated", view, people)


@payment.command("template")
@command
def template(
    session: Session,
    group: Annotated[str, typer.Option(help="Begin with what this group has open.")] = "",
    deposit: Annotated[int, typer.Option(help="Begin with this deposit's trace, company and amount.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write here instead of the current folder.")
    ] = None,
) -> None:
    """Write an allocation file to fill in: what a payment without an 820 is for."""
    from pipeline.views import allocated
    from writers.reports.allocation_template import render

    try:
        rows = allocated.template_rows(session.workspace(), group, deposit) if group or deposit else []
    except LookupError as nothing:
        raise Failure(str(nothing.args[0])) from None
    save(session, render(rows), out)


@payment.command("reverse")
@command
def reverse_payment(
    session: Session,
    name: Annotated[str, typer.Argument(help="Trace number, receipt number, R7 (remittance) or D12 (deposit).")],
    code: Annotated[str, typer.Option(help="Why: NSF, STOP, CLOSED, REFER, or a return code R01 to R31.")],
    trace: Annotated[str, typer.Option(help="The return's own trace, as the bank's advice has it.")],
    on: Annotated[str | None, typer.Option("--on", help="The bank's day of the return; default today.")] = None,
    amount: Annotated[str, typer.Option(help="What came back; refused unless it is the whole payment.")] = "",
    reason: Reason = "",
) -> None:
    """Take back a payment that the bank took back: its invoices are open again; two people decide it.

    The first one's --reason asks for it, another person confirms it by the same command at the own login.
    """
    from pipeline import inputs

    ws = session.workspace()
    cents = cents_of(amount) if amount else None
    advice = Advice(trace, code.strip().upper(), parse_day(on) or session.plan_day(), cents)
    try:
        view = inputs.reverse_payment(ws, name, advice, session.now(), Approval(reason=reason))
    except LookupError as nothing:
        raise Failure(str(nothing.args[0])) from None
    if not (view.done or view.again):
        session.exit_code = NOT_ALL
    written = inputs.deliver(ws, session.now(), trouble=session.trouble) if view.done else []
    view = replace(view, documents=tuple(written))
    session.emit("reversed", view, lambda console: _tell_reversed(console, view))


def _tell_reversed(console: Console, view: ReversedView) -> None:
    what = f"Payment {view.payment} of {format_dollars(view.amount_cents)}"
    if view.done:
        text = f"taken back, {means(view.code)}, by return {view.return_trace} of {view.day}"
    else:
        text = view.problem if view.again else f"not taken back: {view.problem}"
    console.print(f"{what}: {text}", soft_wrap=True)
    if view.parts:
        rows = [
            (part.account, _part(part), part.due or "", format_dollars(part.amount_cents), _open(part))
            for part in view.parts
        ]
        title = "what became of it" if view.done else "what would become of it"
        console.print(show.table(title, ("account", "", "first due", "amount>", "open>"), rows))
    if view.until:
        console.print(f"To be made good by {view.until}, as the notice says.")
    show.documents(console, view.documents)


def _part(part: ReturnedPartView) -> str:
    words = {
        "invoice": "invoice {0}",
        "memo": "owed: refunded or moved on {0}",
        "credit": "credit",
        "suspense": "suspense",
        "fee": "fee {0}",
    }
    return words[part.part].format(part.number).strip()


def _open(part: ReturnedPartView) -> str:
    return format_dollars(part.open_cents) if part.part in ("invoice", "memo", "fee") else ""


def _show_held(console: Console, value: PaymentsView) -> None:
    lines = [
        (
            f"{each.payment} {each.line or ''}".strip(),
            each.partner,
            each.group,
            each.names,
            format_dollars(each.amount_cents),
            counted(each.age, "day"),
        )
        for each in value.lines
    ]
    if lines:
        heads = ("payment, line", "partner", "group", "names", "amount>", "age")
        console.print(show.table("in suspense, line by line", heads, lines))
    if value.line_count > len(lines):
        console.print(f"{value.line_count} such lines in all.")


def _standing(deposit: DepositView) -> str:
    """Say how a deposit stands."""
    if deposit.returned:
        return f"returned {deposit.returned}"
    if deposit.cheques:
        return split_into(deposit.cheques)
    if deposit.void:
        return "voided"
    if deposit.placed:
        return "placed on accounts"
    return f"matched to {deposit.remittance}" if deposit.remittance else "waits for its remittance"
