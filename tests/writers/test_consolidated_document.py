"""The consolidated invoice totals the bills to the cent, and asks for no money of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from billing.consolidate import consolidate
from model.agreement.terms import Billing, Carrier, Contact, EnrollmentSwitches, Terms
from model.documents.statement import ConsolidatedInvoice
from model.timeline import Month, Span
from support.moved import MOVED
from writers.money.consolidated import render

WHO = Contact("Employer Services", "(860) 555-0142", "billing@northwind.example.com")


@pytest.fixture
def cover(make_invoice) -> ConsolidatedInvoice:
    """Return the cover of three bills: one to pay, one in credit, one small."""
    pay_to = ("Northwind Health Plan", "PO Box 5550", "Hartford, CT 06102")
    carrier = Carrier(
        "Northwind Health Plan", (), (), "", ("200 Harbor Street", "Hartford, CT 06103"), pay_to, WHO
    )
    always, first = Span(date(2027, 1, 1)), Month(2027, 1)
    address = ("1 Foundry Road", "New Britain, CT 06051")
    terms = Terms(
        "G10020", "Contoso Manufacturing, Inc.", "", always, (), Contact(), address, (), (), (), (),
        EnrollmentSwitches(),
        Billing(first),
    )  # fmt: skip
    plant = make_invoice(14, **MOVED)
    left = make_invoice(
        0, number="100013", account="G10020-002", subgroup="002", subgroup_name="Office", current=0, lines=(),
        adjustments=(), plans=(), retro=-51230, prior_balance=0, payments=0, unapplied=0, total_due=-51230,
    )  # fmt: skip
    cobra = make_invoice(
        2, number="100014", account="G10020-COBRA", subgroup="COBRA", subgroup_name="Continuation", retro=0,
        adjustments=(), due=date(2027, 2, 10), prior_balance=0, payments=0, unapplied=0, total_due=162760,
    )  # fmt: skip
    return consolidate("300001", carrier, terms, date(2027, 1, 10), [cobra, left, plant])


def test_every_total_is_the_sum_of_the_bills(cover) -> None:
    assert [bill.account for bill in cover.bills] == ["G10020-001", "G10020-002", "G10020-COBRA"]
    figures = ("subscribers", "current", "retro", "prior_balance", "payments", "unapplied", "total_due")
    for name in (*figures, *(set(MOVED) - {"activity"})):
        assert getattr(cover, name) == sum(getattr(bill, name) for bill in cover.bills), name
    assert cover.total_due == cover.to_pay - cover.in_credit
    assert sum(cents for _, _, cents in cover.plans) == cover.current
    assert cover.due == date(2027, 2, 1)  # the bill in credit asks for nothing


def test_the_consolidated_invoice_is_as_reviewed(cover, golden, pdf_pages) -> None:
    print_, book = render(cover)
    assert (print_.name, book.name) == ("consolidated-300001.pdf", "consolidated-300001.xlsx")
    golden("consolidated-300001.txt", "\f".join(pdf_pages(print_.data)).encode())


def test_it_says_that_credit_stays_with_its_account(cover, pdf_pages) -> None:
    text = " ".join(" ".join(pdf_pages(render(cover)[0].data)).split())
    assert "The credit of $512.30 stays with its account" in text
    assert "It is not a reconciliation" in text
    assert "Amount enclosed" not in text  # no coupon: each bill has its own


def test_the_workbook_holds_each_bill_and_each_charge(cover, tmp_path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(render(cover)[1].data)
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Accounts", "Plans", "Detail"]
    accounts: list[list[Any]] = book.get_sheet_by_name("Accounts").to_python()
    assert accounts[-1][0] == "Total"
    assert round(accounts[-1][-1] * 100) == cover.total_due
    assert [row[3] for row in accounts[-4:-1]] == ["100012", "100013", "100014"]
    head, *detail = book.get_sheet_by_name("Detail").to_python()
    amounts: list[Any] = [row[head.index("Amount")] for row in detail]
    assert round(sum(amounts) * 100) == sum(bill.itemized for bill in cover.bills) + 51230  # left: no line for it


def test_a_trial_says_so(cover, pdf_pages) -> None:
    print_, book = render(replace(cover, trial=True, number="TRIAL"))
    assert print_.name == "trial-consolidated-G10020-2027-02.pdf"
    assert book.name == "trial-consolidated-G10020-2027-02.xlsx"
    assert "Not a demand for payment" in pdf_pages(print_.data)[0]
