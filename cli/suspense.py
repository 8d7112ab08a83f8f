"""Money that no account has: suspense list|show|assign, and payers' standing rules: suspense rules, rule end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import asof, codes, decisions, show
from cli.amounts import above_nothing
from cli.approval import Reason
from cli.decisions import Number, Seen
from cli.session import NOT_ALL, Failure, Session, command
from model.documents.check import counted
from model.enrollment.ruling import Answer, Kind, Wish
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.suspense import (
        PayerRuleView,
        ProposalView,
        SuspenseListView,
        SuspenseRowView,
        SuspenseShownView,
    )

suspense = typer.Typer(help="Money that no account has: whose it may be, and is.", no_args_is_help=True)
rule = typer.Typer(help="One standing rule of a payer.", no_args_is_help=True)
suspense.add_typer(rule, name="rule")

_TO = "invoice:N, several with commas; account:A; subscriber:ID; month:2027-02; or proposal:K, as show has it."


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(suspense, name="suspense")


@suspense.command("list")
@command
def list_suspense(
    session: Session,
    older: Annotated[int, typer.Option("--older", min=0, help="Only what waits for so many days or more.")] = 0,
    group: Annotated[str, codes.option("--group", "-g", help="Only of lines that name this group.")] = "",
    partner: Annotated[str, codes.option("--partner", "-p", help="Only what may be this payer's.")] = "",
    after: Annotated[str, typer.Option("--next", metavar="CURSOR", help="`next` of the page before.")] = "",
) -> None:
    """List the money that no account has, the oldest first: lines in suspense, and deposits that nobody named."""
    from pipeline import inputs
    from pipeline.views.suspense import SuspenseAsked

    if after and not after.isdecimal():
        raise Failure(f"--next {after!r} is not what a page gave")
    asked = SuspenseAsked(older, group, partner)
    value = inputs.suspense_list(session.workspace(), session.now(), asked, int(after or 0))
    session.look("suspense list", _members(each.best for each in value.items if each.best))
    session.emit("suspense", value, lambda console: _listed(console, value))


@suspense.command("show")
@command
def show_suspense(session: Session, number: Number) -> None:
    """Show one item: what was sent, masked, why it lies there, and what it may be for, the best first."""
    from pipeline import inputs

    value = inputs.suspense_show(session.workspace(), number, session.now())
    if value is None:
        raise Failure(f"item {number} is no money without an account: `rollbook suspense list`")
    session.look("suspense show", value.members, document=f"item {number}")
    session.emit("suspense-shown", value, lambda console: _shown(console, value))


@suspense.command("assign")
@command
def assign_suspense(
    session: Session,
    number: Number,
    to: Annotated[str, typer.Option("--to", metavar="WHOSE", help=_TO)],
    month: Annotated[str, typer.Option("--month", help="Of an account or a subscriber: 2027-02.")] = "",
    account: Annotated[str, codes.option("--account", help="Of --to month:..., where there are several.")] = "",
    amount: Annotated[str, typer.Option("--amount", help="Only this part, e.g. 125.00; the rest stays.")] = "",
    always: Annotated[
        bool, typer.Option("--always", help="From now on, too, whatever the payer sends with the same words.")
    ] = False,
    partner: Annotated[
        str, codes.option("--partner", "-p", help="Whose deposit it is, where it may be several's.")
    ] = "",
    reason: Reason = "",
    seen: Seen = "",
) -> None:
    """Say whose money it is. It is shown what that does; two people decide it by the same command.

    What is given goes to the invoices named, then to the oldest of the account, and the rest is its credit; what
    was taken back comes from the invoice named, from credit, then from what was paid last. Nothing is given to an
    account that the payer may not pay, and nothing beyond what is open to one whose agreement is over.
    """
    from pipeline import inputs

    said = Wish(
        Answer(Kind.LINK),
        account=account,
        month=month,
        amount=above_nothing(amount, "--amount") if amount else 0,
        always=always,
        partner=partner,
    )
    try:
        wish = inputs.suspense_wish(session.workspace(), number, session.now(), to, said)
    except ValueError as error:
        raise Failure(str(error)) from None
    decisions.decide(session, number, wish, reason, seen)


@suspense.command("rules")
@command
def list_rules(
    session: Session,
    partner: Annotated[str, codes.option("--partner", "-p", help="Only of this payer.")] = "",
    ended: Annotated[bool, typer.Option("--ended", help="Those that ended, too.")] = False,
    known_on: asof.KnownOn = None,
) -> None:
    """List payers' standing rules: what comes with the same words is the account's at once."""
    from pipeline import inputs

    told = asof.read(session, None, known_on)
    value = inputs.payer_rules(session.workspace(), partner, told, ended=ended)

    def people(console: Console) -> None:
        asof.tell(console, told, session.plan_day())
        console.print(_rules(value))

    session.emit("payer-rule", list(value), people)


@rule.command("end")
@command
def end_rule(
    session: Session, number: Annotated[int, typer.Argument(help="As rules has it.")], reason: Reason = ""
) -> None:
    """End a standing rule; two people decide it. What it assigned stays where it is.

    The first one's --reason asks for it, another person confirms it by the same command at the own login.
    """
    from model.approval import Approval
    from pipeline import inputs

    approval = Approval(reason=reason)
    value = inputs.end_payer_rule(session.workspace(), number, session.now(), approval)
    if value is None:
        raise Failure(f"there is no rule {number}")
    if not value.done:
        session.exit_code = NOT_ALL
    told = f"Rule {number} of {value.rule.partner}: {value.problem or 'ended'}"
    session.emit("payer-rule-ended", value, lambda console: console.print(Text(told)))


# --- shown -----------------------------------------------------------------------------------------------


def _members(proposals: Iterator[ProposalView]) -> Iterator[str]:
    for each in proposals:
        if each.to.startswith("subscriber:"):
            yield each.to.partition(":")[2]


def _listed(console: Console, value: SuspenseListView) -> None:
    heads = ("no.>", "age>", "amount>", "payer", "why", "may be for")
    console.print(show.table("", heads, map(_row, value.items)))
    console.print(f"{counted(value.total, 'item')}, {format_dollars(value.amount_cents)} in all.")
    for partner, cents in value.suspense_cents.pairs:
        console.print(f"In suspense for {partner}: {format_dollars(cents)}")
    console.print(f"Deposits that nobody named: {format_dollars(value.unidentified_cents)}")
    if value.next:
        console.print(f"The next page: --next {value.next}")


def _row(item: SuspenseRowView) -> tuple[object, ...]:
    return (
        item.number or "",
        item.age,
        format_dollars(item.amount_cents),
        item.payer or "nobody's",
        item.why,
        _short(item.best) if item.best else "",
    )


def _short(best: ProposalView) -> str:
    month = f" {best.month}" if best.month else ""
    tied = ", as likely as others" if best.tied else ""
    return f"{best.to}{month}: {'; '.join(best.reasons)}{tied}"


def _shown(console: Console, value: SuspenseShownView) -> None:
    item = value.item
    amount = format_dollars(item.amount_cents)
    taken = " that was taken back" if item.amount_cents < 0 else ""
    console.print(
        Text(f"Item {item.number}: {amount}{taken}", style="bold"), Text(f"{counted(item.age, 'day')} old")
    )
    for text in value.sent:
        console.print(Text(text))
    console.print(Text(f"Why: {item.why}"))
    if value.requested:
        console.print(Text(f"{value.requested_by} asks for it; another person confirms it by the same command."))
    rows = [
        (each.number, f"{each.place}{'=' if each.tied else ''}", f"{each.to} {each.month}".strip(), _reasons(each))
        for each in value.proposals
    ]
    console.print(show.table("\nmay be for", ("no.>", "place", "where", "why"), rows))
    if any(each.tied for each in value.proposals):
        console.print("= is as likely as the others in that place: look before you choose.")
    if not value.searched:
        console.print("Not every sum of open invoices was tried: there are too many.")
    if value.proposals:
        console.print(Text(f"  rollbook suspense assign {item.number} --to proposal:1"), soft_wrap=True)


def _reasons(proposal: ProposalView) -> str:
    return "; ".join(proposal.reasons)


def _rules(rules: tuple[PayerRuleView, ...]) -> object:
    rows = [
        (each.number, each.partner, each.said, each.account, f"{each.made_at:%Y-%m-%d}", _until(each))
        for each in rules
    ]
    return show.table("", ("no.>", "payer", "writes", "account", "since", "until"), rows)


def _until(rule: PayerRuleView) -> str:
    return f"{rule.ended_at:%Y-%m-%d}" if rule.ended_at else ""
