"""The statement of a billing account as carriers send it: balance, age, open items, activity. As PDF, CSV and
text.

Source: docs/domain.md, Account statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.documents.account_statement import AccountStatement, Movement, OpenItem, Portion
from model.documents.statement import Document
from model.money.cents import Cents, format_cents
from model.money.ledger import AccountKind, Aging, TransferCause
from model.trade.payment import METHODS
from writers.forms import page
from writers.forms.letterhead import letterhead
from writers.forms.spreadsheet import csv_document, file_name
from writers.words import ENTRIES, day, dollars, item, month, word

FORMS = ("csv", "pdf")
_NAMED = 4  # lines of a remittance that are named one by one
AGES = ("Not yet due", "1 to 30 days late", "31 to 60 days", "61 to 90 days", "More than 90 days")
SUMS: dict[TransferCause, str] = {
    TransferCause.PREMIUM: "Premium invoiced",
    TransferCause.RETRO: "Adjustments to earlier months",
    TransferCause.PAYMENT: "Payments received, thank you",
    TransferCause.TAKE_BACK: "Taken back by remittances",
    TransferCause.VOID_INVOICE: "Invoices taken back",
    TransferCause.MOVED: "From or to another account number",
}
_HEADER = (
    "Account", "Through", "Section", "Date", "Recorded", "What", "Invoice", "Month", "Due", "Days late", "Payment",
    "Method", "Trace number", "Bank date", "Bank line", "Remittance lines", "Applied to", "Amount", "Balance",
)  # fmt: skip
_DETAIL = "The CSV of this statement lists all."
_PLACES = {
    AccountKind.RECEIVABLE: "{0}",
    AccountKind.UNAPPLIED: "credit",
    AccountKind.AHEAD: "kept for {1}",
}

Row = tuple[str, ...]


def name(statement: AccountStatement) -> str:
    """Return the name of its documents: `statement-<account>-<last day>`."""
    return file_name("statement", statement.account, statement.end.isoformat())


def csv(statement: AccountStatement) -> Document:
    """Return the CSV: the column Amount of the activity adds up from the opening to the closing balance."""
    return csv_document(name(statement), _HEADER, lambda: _rows(statement))


def pdf(statement: AccountStatement) -> Document:
    """Return the PDF."""
    return Document.of(f"{name(statement)}.pdf", page.pdf("account_statement", view(statement)))


def _rows(statement: AccountStatement) -> Iterator[Row]:
    head = (statement.account, statement.end.isoformat())
    begin = statement.begin.isoformat() if statement.begin else ""
    yield *head, "activity", begin, "", "Opening balance", *[""] * 11, "", format_cents(statement.opening)
    for each in statement.movements:
        yield *head, "activity", *_activity(each)
    end = statement.end.isoformat()
    yield *head, "activity", end, "", "Closing balance", *[""] * 11, "", format_cents(statement.closing)
    for owed in statement.items:
        issued = owed.issued.isoformat() if owed.issued else ""
        what = (owed.number, str(owed.month), owed.due.isoformat(), str(owed.late))
        yield *head, "open", issued, "", "Open", *what, *[""] * 7, format_cents(owed.open), ""
    if statement.credit:
        yield *head, "credit", "", "", "Credit on account", *[""] * 11, format_cents(statement.credit), ""
    for kept_for, cents in statement.kept:
        blank = [""] * 9
        yield *head, "credit", "", "", "Kept for a month", "", str(kept_for), *blank, format_cents(cents), ""


def _activity(one: Movement) -> Row:
    papers = one.papers
    paper: Row = ("", "", "", "", "")
    if papers:
        banked = papers.banked.isoformat() if papers.banked else ""
        paper = (papers.payment, papers.method, papers.trace, banked, papers.bank_line)
    return (
        one.day.isoformat(), one.recorded.isoformat(), what(one), one.invoice, str(one.month or ""), "", "",
        *paper, lines(one), applied(one), format_cents(one.cents), format_cents(one.balance),
    )  # fmt: skip


# --- in words ----------------------------------------------------------------------------------------------


def what(one: Movement) -> str:
    """Say what a movement is: `Invoice 100001, premium`, `Payment`, `Transfer with account 41000200`."""
    said = word(ENTRIES, one.cause)
    if one.cause in (TransferCause.PREMIUM, TransferCause.RETRO):
        return f"Invoice {one.invoice}, {said}"
    if one.other:
        return f"{said.capitalize()}, account {one.other}"
    if one.papers is None and one.invoice and one.cents:
        return f"{said.capitalize()}, {item(one.invoice)}"
    return said.capitalize()


def came(one: Movement) -> str:
    """Say how money came: method, trace, the bank's day and line, the remittance's lines; "" for no payment."""
    papers = one.papers
    if papers is None:
        return ""
    said = [
        METHODS.words.get(papers.method, papers.method),
        f"trace {papers.trace}" if papers.trace else "",
        f"bank {papers.banked}" if papers.banked else "",
        f"bank line {papers.bank_line}" if papers.bank_line else "",
        f"deposit {papers.deposit}" if papers.deposit else "",
        f"remittance {papers.payment[1:]}" if papers.payment.startswith("R") else "",
        lines(one),
        f"receipt {papers.receipt}" if papers.receipt else "",
    ]
    return ", ".join(filter(None, said))


def entered(one: Movement, through: date) -> str:
    """Say that a statement drawn on its last day did not have a movement: entered later; "" where it did."""
    return f"entered on {day(one.recorded)}" if one.recorded > through else ""


def lines(one: Movement) -> str:
    """Name the remittance's lines: `line 3`, `lines 1 to 5`, `lines 1, 3`, or `12 lines from 1 to 40`."""
    if not one.lines:
        return ""
    first, last, count = one.lines[0], one.lines[-1], len(one.lines)
    if count == 1:
        return f"line {first}"
    if last - first == count - 1:
        return f"lines {first} to {last}"
    if count <= _NAMED:
        return f"lines {', '.join(map(str, one.lines))}"
    return f"{count} lines from {first} to {last}"


def applied(one: Movement) -> str:
    """Say where money went, or came from: `$500.00 to invoice 100001; $20.00 to credit`; "" where it is plain."""
    if one.papers is None and one.cents:
        return ""
    return "; ".join(map(_portion, one.portions))


def _portion(one: Portion) -> str:
    place = _PLACES[one.what].format(item(one.invoice), month(one.month))
    return f"{dollars(abs(one.cents))} {'to' if one.cents > 0 else 'from'} {place}"


def ages(aging: Aging) -> list[tuple[str, Cents]]:
    """Return what is owed by age, in words."""
    cents = (aging.not_due, aging.days_1_30, aging.days_31_60, aging.days_61_90, aging.days_over_90)
    return list(zip(AGES, cents, strict=True))


def summary(statement: AccountStatement) -> list[tuple[str, Cents]]:
    """Return how the opening balance becomes the closing one; the sums between add up."""
    opened = f"Balance before {day(statement.begin)}" if statement.begin else "Opening balance"
    sums = [(SUMS.get(cause) or word(ENTRIES, cause).capitalize(), cents) for cause, cents in statement.sums]
    return [(opened, statement.opening), *sums]


def holds(statement: AccountStatement) -> list[tuple[str, Cents]]:
    """Return what the closing balance is made of: open items less credit."""
    made = [("Open invoices and charges", statement.owed)]
    made += [("Credit on account", -statement.credit)] if statement.credit else []
    return made + [(f"Kept for {month(str(named))}", -cents) for named, cents in statement.kept]


def late(days: int) -> str:
    """Say how late something is: `12 days`, `1 day`; "" where it is not."""
    return f"{days} day{'s' * (days != 1)}" if days else ""


# --- on paper ----------------------------------------------------------------------------------------------


def view(statement: AccountStatement) -> dict[str, object]:
    """Return everything the template shows, as finished texts."""
    end = statement.end
    return {
        **letterhead(statement, statement.produced),
        "carrier_address": statement.carrier_address,
        "account": statement.account,
        "through": day(end),
        "bill_to": (statement.group_name, statement.subgroup_name, *statement.group_address),
        "facts": _facts(statement),
        "balance": _balance(statement),
        "summary": [(label, dollars(cents)) for label, cents in summary(statement)],
        "holds": [(label, dollars(cents)) for label, cents in holds(statement)],
        "closing": dollars(statement.closing),
        "ages": [(label, dollars(cents)) for label, cents in ages(statement.aging)],
        "items": [_item(each) for each in statement.items[: page.ON_PAGES]],
        "items_more": page.more("open items", len(statement.items), _DETAIL),
        "owed": dollars(statement.owed),
        "opening": dollars(statement.opening),
        "movements": [_shown(each, end) for each in statement.movements[: page.ON_PAGES]],
        "movements_more": page.more("entries", len(statement.movements), _DETAIL),
        "remit_to": statement.remit_to or (statement.carrier, *statement.carrier_address),
        "quote": f"Quote the invoice (RMR*IK) or account {statement.account} (RMR*11) in your remittance (820).",
        "moved": statement.held_by if statement.held_by != statement.account else "",
    }


def _facts(statement: AccountStatement) -> list[tuple[str, str]]:
    known = [("As known on", day(statement.known_on))] if statement.known_on else []
    begin = day(statement.begin) if statement.begin else "its first entry"
    return [
        ("Account", statement.account),
        ("Group", f"{statement.group}  {statement.group_name}"),
        ("Subgroup", f"{statement.subgroup}  {statement.subgroup_name}"),
        ("Period", f"{begin} to {day(statement.end)}"),
        ("Produced", day(statement.produced)),
        *known,
    ]


def _balance(statement: AccountStatement) -> dict[str, str]:
    """Return what the page says first: what is owed, how much of it is late, or that there is a credit."""
    label, kind = f"Balance on {day(statement.end)}", "owed"
    if statement.past_due:
        return {"label": label, "title": f"{dollars(statement.past_due)} of it is past due", "kind": "late"}
    if statement.closing < 0:
        return {"label": label, "title": "Your account has a credit", "kind": kind}
    title = "Nothing is past due" if statement.closing else "Your account is settled"
    return {"label": label, "title": title, "kind": kind}


def _item(one: OpenItem) -> dict[str, str]:
    return {
        "number": one.number,
        "month": month(str(one.month)),
        "issued": day(one.issued) if one.issued else "",
        "due": day(one.due),
        "late": late(one.late),
        "total": dollars(one.total),
        "open": dollars(one.open),
    }


def _shown(one: Movement, through: date) -> dict[str, str]:
    return {
        "day": f"{one.day:%m/%d/%Y}",
        "what": what(one),
        "came": ", ".join(filter(None, (came(one), entered(one, through)))),
        "applied": applied(one),
        "month": month(str(one.month)) if one.month and one.cents and not one.papers else "",
        "cents": dollars(one.cents) if one.cents else "",
        "balance": dollars(one.balance),
    }
