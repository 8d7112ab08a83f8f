"""The account statement on paper and in columns: every figure of it, and the sums as they stand there."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from model.agreement.terms import Contact
from model.documents.account_statement import AccountStatement, Movement, OpenItem, Papers, Portion
from model.money.ledger import AccountKind, Aging, TransferCause
from model.timeline import Month
from writers.forms import page
from writers.money import account_statement as writer

JANUARY = Month(2027, 1)
PAID = Papers(
    "R7", "CM20270129", "ACH", "Contoso Manufacturing, Inc.", "contoso", date(2027, 1, 28), 12, "BAI-991", 500007
)
BACK = replace(PAID, receipt=0)


def moved(day: int, cause: TransferCause, cents: int, balance: int, **more: object) -> Movement:
    return Movement(date(2027, 1, day), date(2027, 1, day), cause, cents, balance, **more)  # type: ignore[arg-type]


@pytest.fixture
def account_statement() -> AccountStatement:
    """A month of everything: an invoice corrected, a payment and its return, a fee, a refund, a write-off."""
    owed, credit = AccountKind.RECEIVABLE, AccountKind.UNAPPLIED
    went = (
        Portion(owed, "100012", "", 90000),
        Portion(credit, "", "", 7500),
        Portion(AccountKind.AHEAD, "", "2027-03", 2500),
    )
    used = (Portion(credit, "", "", -2500), Portion(owed, "100012", "", 2500))
    back = (Portion(owed, "100012", "", -100000),)
    movements = (
        moved(10, TransferCause.PREMIUM, 120000, 145000, invoice="100012", month=JANUARY),
        moved(10, TransferCause.RETRO, -20000, 125000, invoice="100012", month=JANUARY),
        moved(29, TransferCause.PAYMENT, -100000, 25000, papers=PAID, lines=(1, 2, 3), portions=went),
        moved(30, TransferCause.CREDIT, 0, 25000, portions=used),
        moved(30, TransferCause.REVERSAL, 100000, 125000, papers=BACK, lines=(4,), portions=back),
        moved(30, TransferCause.FEE, 3500, 128500, invoice="D1001"),
        moved(31, TransferCause.REFUND, 1000, 129500),
        moved(31, TransferCause.TRANSFER, -4500, 125000, other="G10020-002"),
        moved(31, TransferCause.WRITE_OFF, -25, 124975, invoice="100012"),
    )  # fmt: skip
    return AccountStatement(
        carrier="Northwind Health Plan",
        carrier_address=("200 Harbor Street, Suite 900", "Hartford, CT 06103"),
        remit_to=("Northwind Health Plan", "PO Box 5550", "Hartford, CT 06102-5550"),
        contact=Contact("Employer Services", "(860) 555-0142", "billing@northwind.example.com"),
        group="G10020",
        group_name="Contoso Manufacturing, Inc.",
        group_address=("1 Foundry Road", "New Britain, CT 06051"),
        subgroup="001",
        subgroup_name="Plant and Warehouse",
        account="G10020-001",
        held_by="G10020-001",
        begin=date(2027, 1, 1),
        end=date(2027, 1, 31),
        known_on=None,
        produced=date(2027, 2, 1),
        opening=25000,
        closing=124975,
        sums=tuple((each.cause, each.cents) for each in movements if each.cents),
        movements=movements,
        items=(
            OpenItem("100009", Month(2026, 12), date(2026, 11, 10), date(2026, 12, 1), 112000, 25000, 61),
            OpenItem("100012", JANUARY, date(2027, 1, 10), date(2027, 2, 1), 100000, 99975, 0),
            OpenItem("D1001", JANUARY, None, date(2027, 1, 30), 3500, 3500, 1),
        ),
        aging=Aging("", 99975, 3500, 0, 25000, 0, 128475),
        credit=1000,
        kept=((Month(2027, 3), 2500),),
    )


def test_the_statement_is_as_reviewed(
    account_statement: AccountStatement,
    golden: Callable[[str, bytes], None],
    pdf_pages: Callable[[bytes], list[str]],
) -> None:
    table, print_ = writer.csv(account_statement), writer.pdf(account_statement)
    assert (table.name, print_.name) == tuple(f"statement-G10020-001-2027-01-31.{form}" for form in ("csv", "pdf"))
    golden(table.name, table.data)
    golden("statement-G10020-001-2027-01-31.txt", "\f".join(pdf_pages(print_.data)).encode())


def test_the_activity_adds_up_from_one_balance_to_the_other(account_statement: AccountStatement) -> None:
    rows = list(csv.DictReader(writer.csv(account_statement).data.decode("utf-8-sig").splitlines()))
    opening, *moves, closing = [row for row in rows if row["Section"] == "activity"]
    balance = Decimal(opening["Balance"])
    for row in moves:
        balance += Decimal(row["Amount"])
        assert Decimal(row["Balance"]) == balance
    assert balance == Decimal(closing["Balance"])
    held = {
        name: sum(Decimal(row["Amount"]) for row in rows if row["Section"] == name) for name in ("open", "credit")
    }
    assert held["open"] - held["credit"] == balance


def test_a_long_activity_is_whole_in_columns_and_begun_on_pages(
    account_statement: AccountStatement,
    pdf_pages: Callable[[bytes], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page, "ON_PAGES", 2)
    text = " ".join(" ".join(pdf_pages(writer.pdf(account_statement).data)).split())
    assert "The first 2 of 9 entries are listed here." in text and "The first 2 of 3 open items" in text
    assert writer.csv(account_statement).data.count(b"activity") == 11


def test_what_was_entered_after_its_last_day_says_when(account_statement: AccountStatement) -> None:
    """A statement drawn on that day had it not."""
    *before, last = account_statement.movements
    late = replace(account_statement, movements=(*before, replace(last, recorded=date(2027, 3, 15))))
    shown = writer.view(late)["movements"]
    assert isinstance(shown, list)
    assert [each["came"].rpartition("entered on ")[2] for each in shown if "entered" in each["came"]] == [
        "March 15, 2027"
    ]
