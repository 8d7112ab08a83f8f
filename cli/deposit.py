"""Money that the bank reports: deposit add|match|void."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import show
from cli.amounts import above_nothing
from cli.approval import Reason
from cli.session import NOT_ALL, Failure, Session, command, parse_day
from model.approval import Approval
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.outcomes import DepositOutcomeView

deposit = typer.Typer(help="Money that the bank reports.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(deposit, name="deposit")


@deposit.command("add")
@command
def add_deposit(
    session: Session,
    amount: Annotated[str, typer.Option(help="Dollars and cents, e.g. 12500.00.")],
    trace: Annotated[str, typer.Option(help="The bank's trace, as TRN02 of the 820 names it.")],
    company: Annotated[str, typer.Option(help="The payer's company identifier, as BPR10 of the 820.")] = "",
    received: Annotated[str | None, typer.Option("--date", help="The bank's date; default today.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Another one of the same trace, company and amount.")
    ] = False,
) -> None:
    """Enter a bank deposit; a remittance that waits for it is posted at once."""
    from pipeline import inputs
    from pipeline.runtime import clock

    ws = session.workspace()
    cents = above_nothing(amount, "a deposit")
    if not trace.strip():
        raise Failure("a deposit has a trace: say what the bank calls it")
    today = clock.local_date(session.now(), ws.zone())
    day = parse_day(received) or today
    if day > today:
        raise Failure(f"{day} is still ahead: a deposit is entered when the bank has it")
    _tell(session, inputs.add_deposit(ws, trace, company, cents, day, session.now(), again=again))


@deposit.command("match")
@command
def match_deposit(
    session: Session,
    number: Annotated[int, typer.Argument(help="Deposit, as payment list numbers it.")],
    remittance: Annotated[int, typer.Option(help="Remittance, as payment list numbers it.")],
    reason: Reason = "",
) -> None:
    """Say whose money an open deposit is; a remittance that is held needs two people.

    The first one's --reason asks for it, another person confirms it by the same command at the own login.
    """
    from pipeline import inputs

    decision = Approval(reason=reason)
    _tell(session, inputs.match_deposit(session.workspace(), number, remittance, session.now(), decision))


@deposit.command("void")
@command
def void_deposit(
    session: Session,
    number: Annotated[int, typer.Argument(help="Deposit, as payment list numbers it.")],
    reason: Reason = "",
) -> None:
    """Take back a deposit that was entered wrongly and is matched to nothing; two people decide it.

    The first one's --reason asks for it, another person confirms it by the same command at the own login.
    """
    from pipeline import inputs

    decision = Approval(reason=reason)
    _tell(session, inputs.void_deposit(session.workspace(), number, session.now(), decision))


def _tell(session: Session, made: DepositOutcomeView) -> None:
    """Show what became of a deposit, and deliver what that owes."""
    from pipeline import inputs

    if not made.deposit:
        raise Failure(made.outcome)
    if not made.done:
        session.exit_code = NOT_ALL
    written = inputs.deliver(session.workspace(), session.now(), trouble=session.trouble)
    view = replace(made, documents=tuple(written))

    def people(console: Console) -> None:
        console.print(
            f"Deposit {view.deposit} of {format_dollars(view.amount_cents)}: {view.outcome}", soft_wrap=True
        )
        show.documents(console, view.documents)

    session.emit("deposit", view, people)
