"""The invoice as PDF for people, CSV for systems, XLSX for both. Sums come with the statement.

Source: docs/domain.md, The invoice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, groupby
from typing import Any

from model.documents import keys
from model.documents.statement import (
    Beside,
    ConsolidatedInvoice,
    Document,
    InvoiceAdjustment,
    InvoiceLine,
    InvoiceStatement,
    nothing,
)
from model.money.cents import Cents, format_cents
from writers.forms import page, spreadsheet
from writers.forms.letterhead import letterhead
from writers.forms.spreadsheet import Column, csv_document, file_name
from writers.moved import ACTIVITIES, activity
from writers.words import contact_lines, day, dollars, legend, month, reason, tier, word

COLUMNS = (
    Column("Invoice", 11), Column("Account", 12), Column("Group", 11), Column("Subgroup", 11),
    Column("Billing month", 10), Column("Due date", 12), Column("Subscriber", 13), Column("Member ID", 13),
    Column("Name", 24), Column("Covered person", 24), Column("Line of coverage", 12), Column("Plan", 11),
    Column("Plan name", 22), Column("Tier", 8), Column("Coverage level", 22), Column("Type", 17),
    Column("Premium month", 10), Column("Amount", 14, "money"), Column("Reason", 34), Column("Caused by", 24),
)  # fmt: skip
_AMOUNT = next(at for at, column in enumerate(COLUMNS) if column.kind == "money")
_SUMMARY = (Column("What you owe", 34), Column("Amount", 18, "money"))
_PLANS = (Column("Plan", 34), Column("Subscribers", 18, "count"), Column("Current premium", 18, "money"))

_ALL = "The CSV and the workbook of this invoice list all; the totals are of all."

Row = tuple[str | Cents, ...]  # cents in the money column only
Item = InvoiceLine | InvoiceAdjustment


def render(statement: InvoiceStatement, beside: Beside = nothing) -> tuple[Document, ...]:
    """Return `invoice-<number>` as `.pdf`, `.csv` and `.xlsx`; a trial's names say so, with account and month.

    `beside` reads the rows of its detail that lie beside it, by key.
    """
    trial = ("trial-invoice", statement.account, statement.month)
    name = file_name(*(trial if statement.trial else ("invoice", statement.number)))
    header = [column.heading for column in COLUMNS]
    return (
        Document.of(f"{name}.pdf", page.pdf("invoice", view(statement, beside))),
        csv_document(name, header, lambda: map(_texts, rows(statement, beside))),
        _book(name, statement, beside),
    )


def _items(statement: InvoiceStatement, beside: Beside) -> Iterator[Item]:
    """Yield an invoice's lines, then its adjustments."""
    return chain(statement.lines, statement.adjustments, beside(str(keys.invoice(statement.number))))


def _book(name: str, statement: InvoiceStatement, beside: Beside) -> Document:
    due = [("Bill to", f"{statement.group_name}, {statement.subgroup_name}"), ("Due date", day(statement.due))]
    owed = [(label, cents) for label, cents in _amounts(statement)]
    total: Row = ("Total", *[""] * (_AMOUNT - 1), statement.itemized, "", "")
    sheets = (
        spreadsheet.Sheet("Summary", _SUMMARY, owed, ("Total due", statement.total_due)),
        spreadsheet.Sheet("Plans", _PLANS, statement.plans, ("Total", statement.subscribers, statement.current)),
        spreadsheet.Sheet("Detail", COLUMNS, rows(statement, beside), total, frozen=1),
    )
    mark = "TRIAL, not a demand for payment" if statement.trial else statement.number
    title = f"{statement.carrier}: premium invoice {mark}"
    return spreadsheet.xlsx_document(name, title, [*due, *_facts(statement)], statement.produced, sheets)


def _texts(row: Row) -> list[str]:
    """Return a row as the CSV has it: cents as dollars."""
    return [format_cents(cell) if isinstance(cell, int) else cell for cell in row]


def rows(statement: InvoiceStatement, beside: Beside) -> Iterator[Row]:
    """Yield a row per charge and per thing that moved; Amount (cents) adds up to what the statement itemizes."""
    number = f"TRIAL {statement.number}".strip() if statement.trial else statement.number
    head = (
        number, statement.account, statement.group, statement.subgroup, statement.month, statement.due.isoformat(),
    )  # fmt: skip
    for item in _items(statement, beside):
        who = (item.subscriber, item.member, item.name, item.covered, item.line, item.plan, item.plan_name)
        level = (item.tier, tier(item.tier))
        if isinstance(item, InvoiceAdjustment):
            yield *head, *who, *level, "Adjustment", item.month, item.cents, reason(item.reason), item.reference
        elif item.current or not item.retro:  # a line with only a correction is said by its adjustment rows
            note = "" if item.retro else legend(item.legend)  # a correction's reason stands with the correction
            yield *head, *who, *level, "Current premium", statement.month, item.current, note, ""
    for moved in statement.activity:
        what = activity(moved.what, moved.reference, moved.cents)
        yield *head, *[""] * 9, word(ACTIVITIES, moved.what), "", moved.cents, what, moved.day.isoformat()


def view(statement: InvoiceStatement, beside: Beside, voided: date | None = None) -> dict[str, object]:
    """Return everything the template shows, as finished texts; `voided`: the day from which it counts no more."""
    return {
        **letterhead(statement, statement.produced),
        "carrier_address": statement.carrier_address,
        "number": statement.number,
        **_named(statement, voided),
        "account": statement.account,
        "month": month(statement.month),
        "bill_to": (statement.group_name, statement.subgroup_name, *statement.group_address),
        "facts": _facts(statement),
        "summary": summary(statement),
        "total_due": dollars(statement.total_due),
        "subscribers": str(statement.subscribers),
        "current": dollars(statement.current),
        "retro": dollars(statement.retro),
        "plans": [(name, str(count), dollars(cents)) for name, count, cents in statement.plans],
        **_detail(_items(statement, beside)),
        "activity": [
            (day(moved.day), activity(moved.what, moved.reference, moved.cents), dollars(moved.cents))
            for moved in statement.activity
        ],
        "notes": _notes(statement, voided),
        **_demand(statement, voided),
    }


def _detail(items: Iterable[Any]) -> dict[str, object]:
    """Return the first subscribers and the first adjustments, and whether there are more."""
    subscribers, adjustments = list[dict[str, object]](), list[dict[str, str]]()
    people = corrections = 0
    for who, some in groupby(items, _subscriber):
        if who:
            people += 1
            subscribers += [_lines_of(who, some)] if people <= page.ON_PAGES else []
            continue
        for corrections, item in enumerate(some, 1):
            adjustments += [_adjustment(item)] if corrections <= page.ON_PAGES else []
    return {
        "subscribers_detail": subscribers,
        "subscribers_more": page.more("subscribers", people, _ALL),
        "adjustments": adjustments,
        "adjustments_more": page.more("adjustments", corrections, _ALL),
    }


def _lines_of(who: tuple[str, str, str], lines: Iterable[Any]) -> dict[str, object]:
    """Return a subscriber's block."""
    subscriber, member, name = who
    return {"name": name, "ids": f"{member}  ·  {subscriber}", "lines": [_line(line) for line in lines]}


def _subscriber(item: Item) -> tuple[str, str, str] | None:
    """Return whose line it is; of adjustments, which have a list of their own, nobody."""
    return None if isinstance(item, InvoiceAdjustment) else (item.subscriber, item.member, item.name)


def _facts(statement: InvoiceStatement) -> list[tuple[str, str]]:
    return [
        ("Account", statement.account),
        ("Group", statement.group),
        ("Subgroup", f"{statement.subgroup}  {statement.subgroup_name}"),
        ("Coverage period", f"{day(statement.period_begin)} to {day(statement.period_end)}"),
        ("Invoice date", day(statement.produced)),
        ("Payments posted", payments_posted(statement)),
    ]


def payments_posted(statement: InvoiceStatement) -> str:
    """Say which payments are in an invoice: by the invoices they lie between, since a date could not part them."""
    return (
        f"after invoice {statement.payments_after}, before this one"
        if statement.payments_after
        else ("before this invoice was made")
    )


def summary(statement: InvoiceStatement | ConsolidatedInvoice) -> list[tuple[str, str]]:
    """Return what comes to the total due, as print shows it."""
    return [(label, dollars(cents)) for label, cents in _amounts(statement)]


def _amounts(statement: InvoiceStatement | ConsolidatedInvoice) -> list[tuple[str, Cents]]:
    found = [
        ("Prior balance", statement.prior_balance),
        ("Payments received, thank you", -statement.payments),
        *((label, cents) for label, cents in _moved(statement) if cents),
        (f"Current premium, {month(statement.month)}", statement.current),
        ("Adjustments to earlier months", statement.retro),
    ]
    if statement.fees:
        found.append(("Fees", statement.fees))
    if statement.unapplied:
        found.append(("Credit on account", -statement.unapplied))
    return found


def _moved(statement: InvoiceStatement | ConsolidatedInvoice) -> tuple[tuple[str, Cents], ...]:
    """Return what else moved since the last invoice, line by line of the summary."""
    return (
        ("Returned payments", statement.reversals),
        ("Refunds", statement.refunds),
        ("Transfers between accounts", statement.transfers),
        ("Write-offs", -statement.write_offs),
    )


def _notes(statement: InvoiceStatement, voided: date | None) -> list[tuple[str, list[str]]]:
    """Return the three answers that most calls about an invoice ask for (FAQ 35, 36, 38, 40)."""
    payments = f"Includes payments posted {payments_posted(statement)}. Later ones appear on your next invoice."
    changes = (
        "Changes that we process after this invoice was made are adjusted on your next one. "
        "Please pay the amount billed."
    )
    notes = [("Recent payments", [payments]), ("Enrollment changes", [changes])]
    if statement.self_bill:
        own = (
            "You bill yourself: this is what we compute for the month. Report people and amounts on the worksheet "
            "or by an 820, and pay what you report; a difference stays open until it is cleared."
        )
        notes = [("Self bill", [own])]
    if voided:
        void = "This invoice was taken back. Its month is billed again by an invoice of another number."
        notes = [("What this means", [void])]
    contact = contact_lines(statement.contact)
    return [*notes, ("Questions?", contact)] if contact else notes


def _named(statement: InvoiceStatement, voided: date | None) -> dict[str, str]:
    """Return what the page is called, and the mark across it where it asks for nothing."""
    if statement.trial:
        return {"name": "Trial run", "mark": "TRIAL"}
    number = f"No. {statement.number}"
    if voided:
        return {"name": f"{number}, void", "mark": "VOID"}
    return {"name": f"{number}, self bill" if statement.self_bill else number, "mark": ""}


def _demand(statement: InvoiceStatement, voided: date | None) -> dict[str, object]:
    """Return what page 1 asks the reader to do: pay (with a coupon), nothing, or (trial) to read only."""
    label, due_by = "Please pay by", day(statement.due)
    if statement.total_due <= 0:
        label = "Nothing to pay"
        due_by = "Your account has a credit" if statement.total_due < 0 else "Your account is settled"
    if statement.self_bill and statement.total_due > 0:
        label = "Self bill, due"
    if statement.trial:
        label, due_by = "Trial run", "Not a demand for payment"
    if voided:
        label, due_by = "Void", f"Since {day(voided)}: pay nothing on it"
    return {
        "due_label": label,
        "due_by": due_by,
        "payable": statement.total_due > 0 and not (statement.trial or voided or statement.self_bill),
        "remit_to": statement.remit_to or (statement.carrier, *statement.carrier_address),
        "payment_note": f"Electronic remittance (820): quote invoice {statement.number} in RMR*IK"
        f" or account {statement.account} in RMR*11.",
        "coupon": [
            ("Account", statement.account),
            ("Invoice", statement.number),
            ("From", statement.group_name),
            ("Due date", day(statement.due)),
        ],
    }


def _line(line: InvoiceLine) -> dict[str, str]:
    return {
        "plan": line.plan_name or line.plan,
        "covered": line.covered,
        "tier": tier(line.tier),
        "current": dollars(line.current),
        "retro": dollars(line.retro) if line.retro else "",
        "reason": legend(line.legend),
    }


def _adjustment(item: InvoiceAdjustment) -> dict[str, str]:
    return {
        "name": item.name,
        "ids": f"{item.member}  ·  {item.subscriber}" if item.member else item.subscriber,
        "month": month(item.month),
        "plan": item.plan_name or item.plan,
        "tier": tier(item.tier),
        "covered": item.covered,
        "reason": reason(item.reason),
        "reference": item.reference,
        "cents": dollars(item.cents),
    }
