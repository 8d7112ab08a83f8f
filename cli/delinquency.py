"""Late payers: delinquency list|show|approve|reinstate|short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import asof, codes, effects, show
from cli.approval import Reason, Why
from cli.session import NOT_ALL, Failure, Session, command
from model.approval import Approval
from model.money.cents import format_dollars
from writers.words import STAGES, word

if TYPE_CHECKING:
    from pipeline.views.arrears import ArrearsView, DelinquencyView, NonpaymentView

delinquency = typer.Typer(
    help="Late payers: accounts, and families that pay for themselves.", no_args_is_help=True
)

Account = Annotated[str, codes.argument(help="Billing account.")]
Member = Annotated[
    str, codes.option("--member", help="A family that pays for itself: its subscriber's member ID.")
]


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(delinquency, name="delinquency")


@delinquency.command("list")
@command
def list_late(
    session: Session,
    group: Annotated[str, codes.option("--group", help="Only of this group.")] = "",
    known_on: asof.KnownOn = None,
    why: Why = "",
) -> None:
    """List who is late, by account: since which month, how far it is, when it ends; and who ended for it.

    The night keeps it: `rollbook night` tells late payers and lists whose coverage is to end.
    """
    from pipeline.views import arrears

    told = asof.read(session, None, known_on)
    value = arrears.listing(session.workspace(), group, told)
    session.look("delinquency list", sorted({each.member for each in value.payers} - {""}), group=group, why=why)

    def people(console: Console) -> None:
        asof.tell(console, told, session.plan_day())
        _listed(console, value)

    session.emit("delinquency", value, people)


@delinquency.command("show")
@command
def show_late(
    session: Session, account: Account, member: Member = "", known_on: asof.KnownOn = None, why: Why = ""
) -> None:
    """Show one payer: each stage with its day, what was owed then, which notices went out, what holds an end."""
    from pipeline.views import arrears

    told = asof.read(session, None, known_on)
    value = arrears.shown(session.workspace(), account, member, told)
    if value is None:
        raise Failure(f"{_who(account, member)} was never late, or there is none")
    if value.member:
        session.look("delinquency show", [value.member], group=value.group, why=why)

    def people(console: Console) -> None:
        asof.tell(console, told, session.plan_day())
        rows = [_row(each)[2:] for each in value.history]
        console.print(show.table(f"{_who(value.account, value.member)}, group {value.group}", _COLUMNS[2:], rows))
        _holds(console, value.history[-1])

    session.emit("delinquency-shown", value, people)


@delinquency.command("approve")
@command
def approve(session: Session, account: Account, member: Member = "", reason: Reason = "", why: Why = "") -> None:
    """End the coverage of an account on the list, or of one family of it, on the day that the list says.

    Tells who ends and by how much billed months change; does it only when two people decided it: the first one's
    --reason asks for it, another person confirms it by the same command. Who has paid meanwhile, and who was not
    warned in time, does not end.
    """
    from pipeline import inputs

    made = inputs.approve_end(session.workspace(), account, member, session.now(), Approval(reason=reason))
    title = "coverage that ends"
    _tell(
        session, account, member, made, title, "Ended. The next bill corrects what was billed beyond the end.", why
    )


@delinquency.command("reinstate")
@command
def reinstate(session: Session, account: Account, member: Member = "", reason: Reason = "", why: Why = "") -> None:
    """Let coverage that ended for nonpayment go on as it was, once all is paid: two people decide it.

    Who was ended or changed otherwise meanwhile stays so, and is named.
    """
    from pipeline import inputs

    made = inputs.reinstate(session.workspace(), account, member, session.now(), Approval(reason=reason))
    title = "coverage that comes back"
    _tell(
        session, account, member, made, title, "Reinstated. The next bill charges the months since the end.", why
    )


@delinquency.command("short")
@command
def short(session: Session, account: Account, member: Member, reason: Reason = "", why: Why = "") -> None:
    """Tell a COBRA family what lacks of a payment that counts as whole: it has 30 days for it from then on.

    Short by at most the lesser of $50 and 10 % counts as paid until then (26 CFR 54.4980B-8 Q&A-5(d)).
    """
    from pipeline import inputs

    made = inputs.tell_short(session.workspace(), account, member, session.now(), reason)
    if made is None:
        raise Failure(f"{_who(account, member)}: there is no such family")
    session.look("delinquency short", [made.member], why=why)
    session.exit_code = session.exit_code if made.done else NOT_ALL

    def people(console: Console) -> None:
        if made.done:
            text = f"{format_dollars(made.short_cents)} lacks; a letter is owed, to be paid by {made.pay_by}."
            console.print(text, markup=False)
        else:
            console.print(Text(f"Nothing was changed: {made.problem}.", style="red"))

    session.emit("short", made, people)


_COLUMNS = ("account", "family", "stage", "since", "owed>", "unpaid", "due", "grace ends", "warned", "last day")


_LISTED = (0, 1, 2, 4, 5, 7, 9)  # of these, what fits beside each other


def _who(account: str, member: str) -> str:
    return f"account {account}" + (f", family of {member}" if member else "")


def _row(each: ArrearsView) -> tuple[object, ...]:
    return (
        each.account,
        each.member,
        word(STAGES, each.stage) + (" (money unplaced)" if each.hold else ""),
        each.since,
        format_dollars(each.owed_cents),
        each.month,
        each.due,
        each.grace_end,
        each.warned or "",
        each.end or "",
    )


def _listed(console: Console, value: DelinquencyView) -> None:
    if not value.total:
        console.print("Nobody is late.")
        return
    rows = [tuple(_row(each)[at] for at in _LISTED) for each in value.payers]
    console.print(show.table("", [_COLUMNS[at] for at in _LISTED], rows))
    for each in value.payers:
        _holds(console, each)
    console.print(f"{value.total} payer(s), {format_dollars(value.owed_cents)} past due.")


def _holds(console: Console, each: ArrearsView) -> None:
    if each.hold:
        who = _who(each.account, each.member)
        console.print(Text(f"{who}: nothing ends while this could be its money: {each.hold}."))


def _tell(
    session: Session, account: str, member: str, made: NonpaymentView | None, title: str, done: str, why: str
) -> None:
    if made is None:
        raise Failure(f"{_who(account, member)} was never late, or there is none")
    session.look("delinquency", sorted({made.member, *made.others} - {""}), group=made.group, why=why)
    session.exit_code = NOT_ALL if made.problem else session.exit_code

    def people(console: Console) -> None:
        console.print(Text(_who(made.account, made.member), style="bold"), Text(f"group {made.group}"))
        effects.show_ended(console, made.ended, title)
        effects.show_months(console, made.months)
        if made.others:
            console.print(f"Changed otherwise meanwhile, and left so: {', '.join(made.others)}.", markup=False)
        text = Text(f"Nothing was changed: {made.problem}.", style="red") if made.problem else Text(done)
        console.print(text)

    session.emit("nonpayment", made, people)
