"""What waits for what: payment list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.console import Console

from cli import show
from cli.session import Session, command
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.money import DepositView

payment = typer.Typer(help="Deposits, remittances and money in suspense.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(payment, name="payment")


@payment.command("list")
@command
def list_payments(session: Session) -> None:
    """List deposits and remittances, what waits for what, and money in suspense."""
    from pipeline.views import money

    value = money.payment_list(session.workspace())

    def people(console: Console) -> None:
        deposits = [
            (
                d.id,
                d.received,
                d.trace,
                format_dollars(d.amount_cents),
                _standing(d),
            )
            for d in value.deposits
        ]
        console.print(show.table("deposits", ("", "date", "trace", "amount>", ""), deposits))
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
        for name, cents in value.suspense_cents.pairs:
            what = f"In suspense for {name}" if name else "Deposits without a remittance"
            console.print(f"{what}: {format_dollars(cents)}")

    session.emit("payments", value, people)


def _standing(deposit: DepositView) -> str:
    """Say how a deposit stands."""
    if deposit.void:
        return "voided"
    if deposit.placed:
        return "placed on accounts"
    return f"matched to {deposit.remittance}" if deposit.remittance else "waits for its remittance"
