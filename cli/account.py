"""A billing account: account show|statement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import account_statement, asof, codes, show
from cli.amounts import above_nothing
from cli.approval import Reason
from cli.invoice import invoice_table
from cli.moneyout import Account, Amount, carry_out
from cli.session import Failure, Session, command, parse_day
from model.asking import Verb
from model.money.cents import format_dollars
from model.money.out import Out
from model.timeline import AsOf
from writers.words import ENTRIES, word

if TYPE_CHECKING:
    from model.documents.account_statement import AccountStatement
    from pipeline.views.accounts import AccountView, EntryView

_FORMS = ("text", "json", "csv", "pdf")

account = typer.Typer(help="Billing accounts: balance, invoices, entries.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(account, name="account")


@account.command("show")
@command
def show_account(
    session: Session,
    number: Annotated[str, codes.argument(help="Billing account.")],
    as_of: asof.MoneyDay = None,
    known_on: asof.KnownOn = None,
) -> None:
    """Show a billing account: what is owed and when, invoices, every entry of debt and of credit.

    Today's, or with --as-of and --known-on that of any day: what was outstanding then.
    """
    from pipeline.views import accounts

    told = asof.read(session, as_of, known_on)
    value = accounts.account_value(session.workspace(), number, told)
    if value is None:
        then = f"there was no billing account {number} at the end of {told.known_on}" if told.then else ""
        raise Failure(then or f"there is no billing account {number}")

    def people(console: Console) -> None:
        asof.tell(console, told, session.plan_day())
        _shown(console, value)

    session.emit("account", value, people)


def _shown(console: Console, value: AccountView) -> None:
    owner = f"{value.group_name} ({value.group}), {value.subgroup_name}"
    console.print(Text(value.account, style="bold"), Text(owner))
    due = f", the oldest of it due {value.next_due}" if value.next_due else ""
    owes, credit = format_dollars(value.owed_cents), format_dollars(value.credit_cents)
    console.print(Text(f"Owes {owes}{due}. Credit {credit}."))
    if value.paid_through or not value.families_pay:
        console.print(f"Paid through {value.paid_through or 'no month yet'}.")
    if value.families_pay:
        console.print("Each family pays for itself: `rollbook member show M` says through when.")
    for kept in value.kept:
        console.print(f"Kept for {kept.month}, which is not billed yet: {format_dollars(kept.amount_cents)}")
    if value.held_by != value.account:
        console.print(f"Its number has changed: its books are on account {value.held_by}.")
    console.print(invoice_table(value.invoices, "\nInvoices"))
    heads = ("date", "entry", "by", "amount>")
    owed = [_entry(entry) for entry in value.entries]
    console.print(show.table("\nWhat it owes, entry by entry", (*heads, "owes then>"), owed))
    if value.credit_entries:
        rows = [_entry(entry, f", for {entry.month}" if entry.month else "") for entry in value.credit_entries]
        console.print(show.table("\nIts credit, entry by entry", (*heads, "credit then>"), rows))
    else:
        console.print("\nIt never had credit.")


def _entry(entry: EntryView, month: str = "") -> tuple[str, ...]:
    """Return the row of an entry: its day, what it is, the papers behind it and who, its money."""
    money = map(format_dollars, (entry.amount_cents, entry.balance_cents))
    by = entry.source if entry.actor.startswith("service ") else f"{entry.source}; {entry.actor}"
    return (f"{entry.at:%Y-%m-%d}", word(ENTRIES, entry.cause) + month, by, *money)


@account.command("statement")
@command
def show_statement(
    session: Session,
    number: Annotated[str, codes.argument(help="Billing account.")],
    as_of: asof.MoneyDay = None,
    known_on: asof.KnownOn = None,
    begin: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Movements from this day on; else all of them.")
    ] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="text, json, csv or pdf.")] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to write a csv or pdf into; else the current one.")
    ] = None,
) -> None:
    """Tell an account's statement: what is open and how late, what came when and how, what was done with it.

    The opening balance and every movement since come to the closing balance, which is what is open less the
    credit.
    """
    from pipeline.views.account_statement import NotADayError, of_account
    from pipeline.views.statements import statement_view

    if form not in _FORMS:
        raise Failure(f"--format is {', '.join(_FORMS[:-1])} or {_FORMS[-1]}")
    first, on, known = parse_day(begin), parse_day(as_of), parse_day(known_on)
    try:
        with asof.known():
            made = of_account(session.workspace(), number, session.now(), begin=first, on=on, known_on=known)
    except NotADayError as error:
        raise Failure(str(error)) from None
    if made is None:
        then = f" at the end of {known}" if known else ""
        raise Failure(f"there {'was' if known else 'is'} no billing account {number}{then}")
    session.json = session.json or form == "json"
    written = (_written(made, form, out or Path()),) if form in ("csv", "pdf") else ()
    value = statement_view(made, written)

    def people(console: Console) -> None:
        asof.tell(console, AsOf(on, known), session.plan_day())
        if written:
            show.documents(console, written)
        else:
            account_statement.told(console, made)

    session.emit("account-statement", value, people)


def _written(made: AccountStatement, form: str, folder: Path) -> str:
    from intake.folder import write
    from writers.money import account_statement as writer

    document = writer.pdf(made) if form == "pdf" else writer.csv(made)
    return str(write(folder, document.name, document.pieces()))


# --- what two people decide --------------------------------------------------------------------------------


@account.command("refund")
@command
def refund(session: Session, number: Account, amount: Amount, reason: Reason = "") -> None:
    """Pay an account's credit out; two people decide it.

    Credit pays what is open first, and what is kept for a month stays. The first one's --reason asks for it,
    another person confirms it by the same command at the own login.
    """
    carry_out(session, Out(Verb.REFUND, number, above_nothing(amount)), reason)


@account.command("transfer")
@command
def transfer(
    session: Session,
    number: Account,
    amount: Amount,
    to: Annotated[str, codes.option("--to", help="The account that gets it: of the same payer.")],
    reason: Reason = "",
) -> None:
    """Give an account's credit to another account that the same payer may pay; two people decide it.

    The first one's --reason asks for it, another person confirms it by the same command at the own login.
    """
    carry_out(session, Out(Verb.TRANSFER, number, above_nothing(amount), other=to), reason)


@account.command("write-off")
@command
def write_off(
    session: Session,
    number: Account,
    amount: Amount,
    invoice: Annotated[str, codes.option("--invoice", help="The invoice, or the debit memo.")],
    reason: Reason = "",
) -> None:
    """Ask no more for what is open of an invoice or a debit memo; two people decide it.

    The first one's --reason asks for it, another person confirms it by the same command at the own login.
    """
    carry_out(session, Out(Verb.WRITE_OFF, number, above_nothing(amount), invoice=invoice.upper()), reason)


@account.command("fee")
@command
def fee(session: Session, number: Account, amount: Amount, reason: Reason = "") -> None:
    """Raise a fee: a debit memo of an account, due with its next month; two people decide it.

    The first one's --reason asks for it, another person confirms it by the same command at the own login.
    """
    carry_out(session, Out(Verb.FEE, number, above_nothing(amount)), reason)
