"""A payment whole as it is shown at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from cli import show
from model.documents.check import counted
from model.money.cents import format_dollars
from model.money.ledger import UNIDENTIFIED, AccountKind
from model.trade.payment import METHODS
from writers.words import ENTRIES, item, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.views.payments import PaymentShownView, WhereaboutsView

SHOWN = 50  # lines and entries at a terminal; JSON has more

_PLACES = {
    AccountKind.RECEIVABLE: "{item} of account {account}",
    AccountKind.UNAPPLIED: "credit of account {account}",
    AccountKind.AHEAD: "account {account}, kept for {month}",
    AccountKind.REFUND: "paid back",
    AccountKind.WRITE_OFF: "written off",
}


def tell(console: Console, value: PaymentShownView) -> None:
    """Show how a payment came, where each cent of it is, and what became of each line."""
    who = f" of {value.partner}" if value.partner else ""
    head = f"Payment {value.payment}{who}: {format_dollars(value.amount_cents)}, trace {value.trace or 'none'}"
    console.print(Text(head, style="bold"))
    for text in _came(value):
        console.print(Text(text))
    if rows := [(_place(each), format_dollars(each.amount_cents)) for each in value.now]:
        console.print(show.table("\nWhere it is now", ("", "amount>"), rows))
    elif value.cheques:
        _cheques(console, value)
    else:
        console.print("Nothing of it is here any more.")
    _lines(console, value)
    entries = [
        (str(each.day), word(ENTRIES, each.cause), each.line or "", _side(each.debit), _side(each.credit),
         each.invoice, format_dollars(each.amount_cents))
        for each in value.entries[:SHOWN]
    ]  # fmt: skip
    heads = ("day", "entry", "line>", "from", "to", "invoice", "amount>")
    console.print(show.table("\nIts entries", heads, entries))
    if value.entry_count > SHOWN:
        console.print(f"{value.entry_count} entries in all; --json has more.")


def _cheques(console: Console, value: PaymentShownView) -> None:
    """Show what took the place of a lockbox's credit."""
    many = counted(value.cheque_count, "cheque")
    console.print(f"A lockbox's credit: it was split into {many}, each a payment.")
    rows = [(each.number, each.payment, format_dollars(each.amount_cents)) for each in value.cheques[:SHOWN]]
    console.print(show.table("\nIts cheques", ("cheque", "payment", "amount>"), rows))
    if value.cheque_count > SHOWN:
        console.print(f"{value.cheque_count} cheques in all; --json has more.")


def _came(value: PaymentShownView) -> Iterator[str]:
    if value.payer:
        yield f"From {value.payer}, by {word(METHODS.words, value.method)}"
    if value.deposit:
        yield f"Deposit {value.deposit}, at the bank on {value.banked}"
    for line in value.bank:
        reference = line.reference or "without a reference"
        credit = f", a cheque of the credit {line.credit}" if line.credit else ""
        yield f"Bank line {reference} of {line.day}: {format_dollars(line.amount_cents)}{credit}"
    if value.file_id:
        receipt = f", receipt {value.receipt}" if value.receipt else ""
        age = counted(value.age, "day")
        yield f"Remittance in file {value.file_id}, {value.state.lower()}{receipt}; {age} old"
    if value.reason:
        yield f"Why: {value.reason}"
    if value.reversal:
        back = value.reversal
        yield f"Taken back by the bank on {back.day}: {back.code}, return {back.return_trace}"


def _side(name: str) -> str:
    """Name a ledger account; money whose remittance has not come is nobody's."""
    return "nobody's yet" if name == UNIDENTIFIED else name


def _place(each: WhereaboutsView) -> str:
    if each.kind is AccountKind.SUSPENSE:
        return f"in suspense for {each.account}" if each.account else "no account's yet"
    words = _PLACES.get(each.kind, str(each.kind)).format(
        item=item(each.item), account=each.account, month=each.month
    )
    return f"{words}, by credit" if each.through_credit else words


def _lines(console: Console, value: PaymentShownView) -> None:
    rows = [
        (
            each.number,
            " ".join(filter(None, (each.qualifier, each.reference, each.person))),
            f"{each.begin:%Y-%m}" if each.begin else "",
            show.state(each.disposition),
            each.went,
        )
        for each in value.lines[:SHOWN]
    ]
    if value.line_count:
        heads = ("line>", "names", "month", "", "what became of it")
        console.print(show.table("\nIts lines", heads, rows))
    if value.line_count > SHOWN:
        console.print(f"{value.line_count} lines in all; --json has more.")
