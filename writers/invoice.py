"""The invoice as PDF for people and CSV for systems (DOMAIN.md 6). Every sum comes with the statement."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from model.money import format_cents
from model.statement import Document, InvoiceAdjustment, InvoiceLine, InvoiceStatement
from writers.page import pdf
from writers.table import csv_document, file_name
from writers.words import TIERS, contact_lines, day, dollars, month, word

_HEADER = (
    "Invoice", "Account", "Group", "Subgroup", "Billing month", "Due date", "Subscriber", "Member ID", "Name",
    "Line of coverage", "Plan", "Plan name", "Tier", "Coverage level", "Type", "Premium month", "Amount", "Reason",
)  # fmt: skip


def render(statement: InvoiceStatement) -> tuple[Document, ...]:
    """Return `invoice-<number>.pdf` and `.csv`; a trial run's names say so and carry account and month."""
    trial = ("trial-invoice", statement.account, statement.month)
    name = file_name(*(trial if statement.trial else ("invoice", statement.number)))
    return Document(f"{name}.pdf", pdf("invoice", _view(statement))), csv_document(name, _HEADER, _rows(statement))


def _rows(statement: InvoiceStatement) -> Iterator[tuple[str, ...]]:
    """Yield one row per charge; the column Amount adds up to current premium plus adjustments plus fees."""
    number = f"TRIAL {statement.number}".strip() if statement.trial else statement.number
    head = (
        number, statement.account, statement.group, statement.subgroup, statement.month, statement.due.isoformat(),
    )  # fmt: skip
    for line in statement.lines:
        if line.current or not line.retro:  # a line with only a correction is said by its adjustment rows
            who = (line.subscriber, line.member, line.name, line.line, line.plan, line.plan_name)
            level = (line.tier, word(TIERS, line.tier))
            yield *head, *who, *level, "Current premium", statement.month, format_cents(line.current), ""
    for item in statement.adjustments:
        who = (item.subscriber, item.member, item.name, item.line, item.plan, item.plan_name)
        level = (item.tier, word(TIERS, item.tier))
        yield *head, *who, *level, "Adjustment", item.month, format_cents(item.cents), item.reason
    if statement.fees:
        yield *head, *[""] * 8, "Fee", statement.month, format_cents(statement.fees), ""


def _view(statement: InvoiceStatement) -> dict[str, object]:
    """Return everything the template shows, as finished texts."""
    return {
        "carrier": statement.carrier,
        "carrier_address": statement.carrier_address,
        "contact": contact_lines(statement.contact),
        "date": (statement.produced.year, statement.produced.month, statement.produced.day),
        "number": statement.number,
        "trial": statement.trial,
        "account": statement.account,
        "month": month(statement.month),
        "bill_to": (statement.group_name, statement.subgroup_name, *statement.group_address),
        "facts": _facts(statement),
        "summary": _summary(statement),
        "total_due": dollars(statement.total_due),
        "subscribers": str(statement.subscribers),
        "current": dollars(statement.current),
        "retro": dollars(statement.retro),
        "plans": [(name, str(count), dollars(cents)) for name, count, cents in statement.plans],
        "subscribers_detail": [
            {"name": name, "ids": f"{member}  ·  {subscriber}", "lines": [_line(line) for line in lines]}
            for (subscriber, member, name), lines in groupby(statement.lines, _subscriber)
        ],
        "adjustments": [_adjustment(item) for item in statement.adjustments],
        "notes": _notes(statement),
        **_demand(statement),
    }


def _subscriber(line: InvoiceLine) -> tuple[str, str, str]:
    return line.subscriber, line.member, line.name


def _facts(statement: InvoiceStatement) -> list[tuple[str, str]]:
    return [
        ("Account", statement.account),
        ("Group", statement.group),
        ("Subgroup", f"{statement.subgroup}  {statement.subgroup_name}"),
        ("Coverage period", f"{day(statement.period_begin)} to {day(statement.period_end)}"),
        ("Invoice date", day(statement.produced)),
        ("Payments through", day(statement.payments_through)),
    ]


def _summary(statement: InvoiceStatement) -> list[tuple[str, str]]:
    rows = [
        ("Prior balance", dollars(statement.prior_balance)),
        ("Payments received, thank you", dollars(-statement.payments)),
        (f"Current premium, {month(statement.month)}", dollars(statement.current)),
        ("Adjustments to earlier months", dollars(statement.retro)),
    ]
    if statement.fees:
        rows.append(("Fees", dollars(statement.fees)))
    if statement.unapplied:
        rows.append(("Credit on account", dollars(-statement.unapplied)))
    return rows


def _notes(statement: InvoiceStatement) -> list[tuple[str, list[str]]]:
    """Return the three answers that most calls about an invoice ask for (FAQ 35, 36, 38, 40)."""
    payments = (
        f"Includes payments received through {day(statement.payments_through)}. Later ones appear next month."
    )
    changes = (
        f"Changes we receive after {day(statement.produced)} are adjusted on your next invoice. "
        "Please pay the amount billed."
    )
    notes = [("Recent payments", [payments]), ("Enrollment changes", [changes])]
    contact = contact_lines(statement.contact)
    return [*notes, ("Questions?", contact)] if contact else notes


def _demand(statement: InvoiceStatement) -> dict[str, object]:
    """Return what page 1 asks the reader to do: pay (with a coupon), nothing, or (trial) to read only."""
    label, due_by = "Please pay by", day(statement.due)
    if statement.total_due <= 0:
        label = "Nothing to pay"
        due_by = "Your account has a credit" if statement.total_due < 0 else "Your account is settled"
    if statement.trial:
        label, due_by = "Trial run", "Not a demand for payment"
    return {
        "due_label": label,
        "due_by": due_by,
        "payable": statement.total_due > 0 and not statement.trial,
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
        "tier": word(TIERS, line.tier),
        "current": dollars(line.current),
        "retro": dollars(line.retro) if line.retro else "",
        "reason": line.legend,
    }


def _adjustment(item: InvoiceAdjustment) -> dict[str, str]:
    return {
        "name": item.name,
        "ids": f"{item.member}  ·  {item.subscriber}" if item.member else item.subscriber,
        "month": month(item.month),
        "plan": item.plan_name or item.plan,
        "tier": word(TIERS, item.tier),
        "reason": item.reason,
        "cents": dollars(item.cents),
    }
