"""What leaves an account by two people's word, as it is asked for at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import codes
from cli.session import NOT_ALL, Session
from model.approval import Approval
from model.asking import Verb
from model.money.cents import format_dollars
from model.money.out import Out

if TYPE_CHECKING:
    from pipeline.views.moneyout import MoneyOutView

Account = Annotated[str, codes.argument(help="Billing account.")]
Amount = Annotated[str, typer.Option(help="Dollars and cents, e.g. 125.00.")]

_DONE = {
    Verb.REFUND: "Refund {number}: {amount} of account {account} goes out by cheque.",
    Verb.TRANSFER: "{amount} of account {account} is credit of account {other} now.",
    Verb.WRITE_OFF: "{amount} of {number} on account {account} is written off.",
    Verb.FEE: "Debit memo {number}: a fee of {amount} on account {account}.",
}


def carry_out(session: Session, out: Out, reason: str) -> None:
    """Do what two people decide, or say why nothing was done."""
    from pipeline import inputs

    made = inputs.money_out(session.workspace(), out, session.now(), Approval(reason=reason))
    if not made.done:
        session.exit_code = NOT_ALL
    session.emit("money-out", made, lambda console: _shown(console, made))


def _shown(console: Console, made: MoneyOutView) -> None:
    amount = format_dollars(made.amount_cents)
    words = _DONE[Verb(made.what)].format(
        number=made.number, account=made.account, other=made.other, amount=amount
    )
    console.print(words if made.done else f"Nothing was done: {made.problem}", soft_wrap=True)
