"""The next invoice by what is known now: forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from cli import codes, show
from cli.month import covered_month, refuse_unknown
from cli.session import Failure, Session, command
from model.documents.check import counted
from model.money.cents import format_dollars
from writers.words import month as month_words
from writers.words import tier

if TYPE_CHECKING:
    from pipeline.views.forecasts import ForecastAccountView, ForecastView

SHOWN = 10  # items of a kind at a terminal; JSON has more


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("forecast")(forecast)


@command
def forecast(
    session: Session,
    group: Annotated[str, codes.argument(help="Group number.")],
    month: Annotated[
        str, typer.Option("--month", metavar="YYYY-MM", help="Another covered month than the next.")
    ] = "",
) -> None:
    """Tell a group's next invoices by what is known now, by the bill's own trial: nothing is stored.

    By account the premium by plan and level, corrections, balance, credit and total due; and what waits that may
    still change them, with its month's money.
    """
    from pipeline.preview.forecast import forecast as of_group

    refuse_unknown(session, group)
    covered = covered_month(month) if month else None
    value = of_group(session.workspace(), group, session.now(), covered)
    if value is None:
        of = f" for {covered}" if covered else ""
        raise Failure(f"nothing is to be billed{of} by the terms of group {group}")
    session.look("forecast", group=group)
    session.emit("forecast", value, lambda console: _shown(console, value))


def _shown(console: Console, value: ForecastView) -> None:
    named = f"{value.group_name} ({value.group})"
    console.print(Text(f"{named}, {month_words(value.month)}, by what is known on {value.on}", style="bold"))
    for account in value.accounts:
        _account(console, account)
    if len(value.accounts) > 1:
        console.print(Text(f"\nTotal due on all accounts: {format_dollars(value.total_due_cents)}", style="bold"))
    if value.already_billed:
        console.print(f"Already billed for {value.month}: {', '.join(value.already_billed)}")
    for held in value.held:
        console.print(f"Account {held.account} would get no invoice: {held.why}")
    _waits(console, value)
    show.findings(console, value.findings, "\nwould be said")


def _account(console: Console, one: ForecastAccountView) -> None:
    head = f"\nAccount {one.account}, {one.subgroup_name}: {format_dollars(one.total_due_cents)} due {one.due}"
    console.print(Text(head, style="bold"))
    rows = [
        (each.plan_name or each.plan, tier(each.tier), each.count, format_dollars(each.amount_cents))
        for each in one.levels
    ]
    console.print(show.table("", ("plan", "level", "count>", "premium>"), rows))
    sums = [
        ("Prior balance", one.prior_balance_cents),
        ("Payments received", -one.payments_cents),
        ("Payments returned", one.reversals_cents),
        ("Refunds", one.refunds_cents),
        ("Transfers between accounts", one.transfers_cents),
        ("Written off", -one.write_offs_cents),
        (f"Current premium of {counted(one.subscribers, 'subscriber')}", one.current_cents),
        *((f"Corrections of {month_words(each.month)}", each.amount_cents) for each in one.corrected),
        ("Fees", one.fees_cents),
        ("Credit that would be used", -one.credit_cents),
    ]
    told = [(label, format_dollars(cents)) for label, cents in sums if cents]
    total = ("Total due", format_dollars(one.total_due_cents))
    console.print(show.table("", ("", "amount>"), [*told, total]))


def _waits(console: Console, value: ForecastView) -> None:
    if not value.waits:
        console.print("\nNothing waits that may change it.")
        return
    console.print(Text("\nWhat may still change it: open work with a month's money", style="italic"))
    for waits in value.waits:
        count = f"{waits.count} of {waits.code}, {format_dollars(waits.amount_cents)}"
        console.print(Text(count))
        for item in waits.items[:SHOWN]:
            line = f" {item.line}," if item.line else ""
            told = f"item {item.number}: {item.label},{line} {format_dollars(item.amount_cents)}, due {item.due}"
            console.print(Padding(Text(told), (0, 0, 0, 2)))
        if waits.count > len(waits.items[:SHOWN]):
            console.print(
                Padding(f"more: rollbook work list --kind {waits.kind} --group {value.group}", (0, 0, 0, 2))
            )
