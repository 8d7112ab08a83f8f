"""Payers that bill themselves: selfbill worksheet|show|accept|correct."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from cli import codes, show
from cli.approval import Reason
from cli.month import MonthOption, covered_month, refuse_unknown
from cli.session import NOT_ALL, Failure, Session, command
from model.approval import Approval
from model.money.cents import Cents, format_dollars

if TYPE_CHECKING:
    from model.timeline import Month
    from pipeline.views.selfbills import SelfBillDecidedView, SelfBillPartView, SelfBillView


class _SelfBill(TyperGroup):
    """Says of a file that is given to it how it is taken."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  as Typer has it
        """Return the command that is meant. Raises UsageError."""
        if self.get_command(ctx, args[0]) is None and Path(args[0]).exists():
            ctx.fail(
                f"{args[0]} is no command. A worksheet that comes back is received as any file is: "
                f"rollbook receive FILE --partner P"
            )
        return super().resolve_command(ctx, args)


selfbill = typer.Typer(cls=_SelfBill, help="Payers that bill themselves.", no_args_is_help=True)

Group = Annotated[str, codes.argument(help="Group number.")]
Account = Annotated[str, codes.option("--account", help="Billing account; may be left out where it is only one.")]


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(selfbill, name="selfbill")


@selfbill.command("worksheet")
@command
def worksheet(
    session: Session,
    group: Group,
    month: MonthOption,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write into.")] = Path(),
) -> None:
    """Write a month's worksheets again: what we compute per plan, level and person, for the payer to fill in."""
    from pipeline.views import selfbills
    from pipeline.views.outcomes import PrintedView

    covered = covered_month(month)
    refuse_unknown(session, group)
    session.look("selfbill worksheet", group=group, document=f"worksheets of {covered}")
    view = selfbills.self_bills(session.workspace(), group, covered)
    if view is None or not view.bills:
        raise Failure(_none(group, covered))
    written = selfbills.write_worksheets(session.workspace(), group, covered, out)
    if not written:
        raise Failure(f"group {group} has no worksheet of {covered}: bill the month first")
    session.emit(
        "printed",
        PrintedView(f"{group} {covered}", tuple(map(str, written))),
        lambda console: show.documents(console, tuple(map(str, written))),
    )


@selfbill.command("show")
@command
def show_bill(session: Session, group: Group, month: MonthOption) -> None:
    """Show what we compute of a month, what was reported and paid, and by what they differ."""
    from pipeline.views import selfbills

    covered = covered_month(month)
    refuse_unknown(session, group)
    view = selfbills.self_bills(session.workspace(), group, covered)
    if view is None or not view.bills:
        raise Failure(_none(group, covered))
    session.look("selfbill show", group=group)

    def people(console: Console) -> None:
        for bill in view.bills:
            _show(console, bill)

    session.emit("selfbill", view, people)


def _none(group: str, covered: Month) -> str:
    return f"no account of group {group} bills itself for {covered} (billing_mode of its terms)"


def _show(console: Console, bill: SelfBillView) -> None:
    console.print(f"Account {bill.account}, {bill.month}: {_state(bill)}", soft_wrap=True)
    money = f"paid {format_dollars(bill.paid_cents)}, open {format_dollars(bill.open_cents)}"
    if bill.invoice:
        console.print(f"Invoice {bill.invoice}: {money}", soft_wrap=True)
    rows = [(_level(part), part) for part in bill.tiers]
    console.print(_table("by plan and level", [*rows, ("total", bill.total)]))
    if bill.differing:
        console.print(_table("what differs", [(_who(part), part) for part in bill.differing]))
    if bill.differ > len(bill.differing):
        console.print(
            f"{bill.differ - len(bill.differing)} more differ; --json and the worksheet have the first 500"
        )


def _state(bill: SelfBillView) -> str:
    if not bill.invoice:
        return "not billed yet"
    if not bill.reported:
        return "nothing was reported yet"
    how = "by the worksheet" if bill.by_sheet else "by the payments"
    if not bill.differ:
        return f"reported {how} as we compute it"
    after = "; the variance is accepted" if bill.accepted else "; the payer was asked to correct it" * bill.asked
    return f"reported {how}, and it differs{after}"


def _level(part: SelfBillPartView) -> str:
    return f"{part.plan or 'any plan'} {part.tier or 'any level'}"


def _who(part: SelfBillPartView) -> str:
    who = part.covered or part.name or part.member
    return f"{_level(part)}, {who or ('a row that was added' if part.added else 'nobody in particular')}"


def _table(title: str, rows: Iterable[tuple[str, SelfBillPartView]]) -> object:
    columns = ("", "people>", "computed>", "people>", "reported>", "people>", "variance>")
    cells = [
        (
            named,
            part.computed_people,
            format_dollars(part.computed_cents),
            _count(part.reported_people),
            _money(part.reported_cents),
            f"{part.variance_people:+}" if part.reported_people is not None else "",
            format_dollars(part.variance_cents) if part.reported_cents is not None else "",
        )
        for named, part in rows
    ]
    return show.table(title, columns, cells)


def _count(people: int | None) -> str:
    return "" if people is None else str(people)


def _money(cents: Cents | None) -> str:
    return "" if cents is None else format_dollars(cents)


@selfbill.command("accept")
@command
def accept(session: Session, group: Group, month: MonthOption, account: Account = "", reason: Reason = "") -> None:
    """Accept what was reported as explained; it moves no money, and where money differs two people decide it.

    The first one's --reason asks for it, another person confirms it by the same command at the own login.
    """
    from pipeline import inputs

    covered = covered_month(month)
    number = _account(session, group, account)
    ws, decision = session.workspace(), Approval(reason=reason)
    _decided(session, inputs.accept_variance(ws, group, number, covered, session.now(), decision))


@selfbill.command("correct")
@command
def correct(
    session: Session, group: Group, month: MonthOption, account: Account = "", reason: Reason = ""
) -> None:
    """Ask the payer to correct what it reported: the worksheet goes out again with what differs."""
    from pipeline import inputs

    covered = covered_month(month)
    number = _account(session, group, account)
    ws = session.workspace()
    _decided(session, inputs.ask_correction(ws, group, number, covered, session.now(), reason))


def _account(session: Session, group: str, account: str) -> str:
    """Return the account that is meant."""
    from pipeline.views import agreed

    refuse_unknown(session, group)
    terms = agreed.terms(session.workspace(), group)
    own = [place.account for place in terms.subgroups] if terms else []
    if account or len(own) == 1:
        return account or own[0]
    raise Failure(f"group {group} has {len(own)} accounts: say which, --account")


def _decided(session: Session, view: SelfBillDecidedView | None) -> None:
    """Show what became of a decision, and deliver what that owes."""
    from pipeline import inputs

    if view is None:
        raise Failure("there is no self bill of this account and month")
    if not view.done:
        session.exit_code = NOT_ALL
    written = inputs.deliver(session.workspace(), session.now(), trouble=session.trouble)
    whole = replace(view, documents=tuple(written))

    def people(console: Console) -> None:
        off = f"{format_dollars(view.variance_cents)}, {view.variance_people:+} people"
        what = "done" if view.done else f"not done: {view.problem}"
        console.print(f"Account {view.account}, {view.month}, variance {off}: {what}", soft_wrap=True)
        show.documents(console, whole.documents)

    session.emit("selfbill-decided", whole, people)
