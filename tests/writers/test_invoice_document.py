"""The invoice says what the statement says, once in print and once in columns."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest

from model.money.cents import format_dollars
from support.moved import MOVED
from writers import render as door
from writers.forms import page
from writers.money.invoice import render

PRINT_AGAIN = """
import hashlib, sys
from pydantic import TypeAdapter
from model.documents.statement import InvoiceStatement
from writers.money.invoice import render
statement = TypeAdapter(InvoiceStatement).validate_json(sys.stdin.read())
print(hashlib.sha256(render(statement)[0].data).hexdigest())
"""


def columns(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(data.decode("utf-8-sig").splitlines()))


def test_print_and_columns_are_as_reviewed(make_invoice, golden, pdf_pages):
    print_, table, _ = render(make_invoice())
    assert (print_.name, table.name) == ("invoice-100012.pdf", "invoice-100012.csv")
    golden(table.name, table.data)
    golden("invoice-100012.txt", "\f".join(pdf_pages(print_.data)).encode())


def test_the_same_statement_prints_the_same_bytes_anywhere(make_invoice):
    from hashlib import sha256

    from pydantic import TypeAdapter

    statement = make_invoice(3)
    stored = TypeAdapter(type(statement)).dump_json(statement)
    elsewhere = os.environ | {"TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "1", "PYTHONHASHSEED": "7"}
    made = subprocess.run(
        [sys.executable, "-c", PRINT_AGAIN], input=stored, env=elsewhere, capture_output=True, check=True
    )
    assert made.stdout.decode().strip() == sha256(render(statement)[0].data).hexdigest()


def test_the_amount_column_adds_up_to_what_is_new_on_the_invoice(make_invoice):
    statement = make_invoice(40, **MOVED)
    total = sum(Decimal(row["Amount"]) for row in columns(render(statement)[1].data))
    before = statement.prior_balance - statement.payments - statement.unapplied
    assert total * 100 == statement.itemized == statement.total_due - before


def test_each_line_that_is_not_zero_is_shown_and_itemized(make_invoice, pdf_pages):
    print_, table, _ = render(make_invoice(3, **MOVED))
    text = " ".join(" ".join(pdf_pages(print_.data)).split())
    for label, cents in (
        ("Returned payments", "$12,460.00"),
        ("Refunds", "$292.50"),
        ("Transfers between accounts", "$502.00"),
        ("Write-offs", "−$0.99"),
        ("Fees", "$25.00"),
    ):
        assert f"{label} {cents}" in text
    told = {row["Reason"]: row["Amount"] for row in columns(table.data) if not row["Subscriber"]}
    assert told == {
        "Returned payment HM2026120001": "12460.00",
        "Refund 5001": "412.50",
        "Refund 5000, which came back": "-120.00",
        "Credit moved to account G10020-002": "512.30",
        "Credit moved from account of another group": "-10.30",
        "Write-off of 100007": "-0.99",
        "Fee D1001": "25.00",
    }
    assert all(what in text for what in told)
    plain = " ".join(pdf_pages(render(make_invoice(3))[0].data))
    assert not any(
        word in plain for word in ("Returned", "Refunds", "Transfers", "Write-offs", "Fees", "activity")
    )


def test_a_very_long_invoice_lists_the_first_on_pages_and_all_in_columns(make_invoice, pdf_pages, monkeypatch):
    monkeypatch.setattr(page, "ON_PAGES", 20)
    statement = make_invoice(45)
    print_, table, _ = render(statement)
    text = " ".join("\n".join(pdf_pages(print_.data)).split())
    members = list(dict.fromkeys(line.member for line in statement.lines))
    corrected = {item.member for item in statement.adjustments}
    listed = [member for member in members if member in text and member not in corrected]
    assert listed == [member for member in members[:20] if member not in corrected]
    assert f"The first 20 of {len(members)} subscribers are listed here." in text
    assert format_dollars(statement.current) in text
    assert {row["Member ID"] for row in columns(table.data)} >= set(members)
    assert "are listed here" not in " ".join(pdf_pages(render(make_invoice(10))[0].data))


def test_what_is_large_is_typeset_beside_us_with_the_same_bytes(make_invoice, monkeypatch):
    statement = make_invoice(10)
    made = []
    for large in (0, 10**9):
        monkeypatch.setattr(page, "LARGE", large)
        made.append(render(statement)[0].data)
    assert made[0] == made[1]


def test_what_does_not_fit_into_bounded_memory_is_an_error_of_that_document(make_invoice, monkeypatch):
    monkeypatch.setattr(page, "MOST", 100_000_000)
    assert door.render(make_invoice(1))
    monkeypatch.setattr(page, "LARGE", 0)
    with pytest.raises(door.RenderError, match=r"TooLargeError at page\.py line \d+"):
        door.render(make_invoice(1))


def test_every_subscriber_and_amount_of_a_long_invoice_is_printed(make_invoice, pdf_pages):
    statement = make_invoice(200)
    pages = pdf_pages(render(statement)[0].data)
    text = "\n".join(pages)
    assert len(pages) > 5
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1))
    assert all(line.member in text and line.name in text for line in statement.lines)
    for line in statement.lines:
        assert format_dollars(line.current) in text
    assert text.count(format_dollars(statement.total_due)) == 3  # banner, summary, coupon


def test_a_trial_says_so_and_asks_for_no_money(make_invoice, pdf_pages):
    print_, table, _ = render(make_invoice(3, trial=True, number="", account="A/1 ../2"))
    text = "\n".join(pdf_pages(print_.data))
    assert print_.name == "trial-invoice-A-1-..-2-2027-02.pdf"
    assert text.count("TRIAL") == 2  # on each page
    assert "Not a demand for payment" in text
    assert "SEND PAYMENT TO" not in text
    assert {row["Invoice"] for row in columns(table.data)} == {"TRIAL"}


def test_a_long_trial_carries_its_mark_on_every_page(make_invoice, pdf_pages):
    pages = pdf_pages(render(make_invoice(40, trial=True))[0].data)
    assert len(pages) > 2
    assert all("TRIAL" in page for page in pages)


def test_a_correction_names_its_transaction_and_file(make_invoice, pdf_pages):
    first, second = make_invoice(3).adjustments
    caused = make_invoice(3, adjustments=(replace(first, tx=12, set=2, file="F000002"), replace(second, tx=14)))
    print_, table, _ = render(caused)
    assert [row["Caused by"] for row in columns(table.data)[-2:]] == ["tx 12, file F000002", "tx 14"]
    text = "\n".join(pdf_pages(print_.data))
    assert "tx 12, file F000002" in text
    assert "Under each reason: our transaction (tx) that caused the adjustment" in text


def test_members_billed_by_age_are_named_under_their_subscriber(make_invoice, pdf_pages):
    line = make_invoice(1).lines[0]
    lines = tuple(replace(line, covered=name, tier="AGE 9") for name in ("Alvarez, Ada", "Alvarez, Bo"))
    print_, table, _ = render(make_invoice(1, lines=lines))
    assert [row["Covered person"] for row in columns(table.data)[:2]] == ["Alvarez, Ada", "Alvarez, Bo"]
    assert "Alvarez, Bo" in "\n".join(pdf_pages(print_.data))


def test_a_credit_balance_asks_for_no_money(make_invoice, pdf_pages):
    text = pdf_pages(render(make_invoice(3, total_due=-4200))[0].data)[0]
    assert "Your account has a credit" in text
    assert "\N{MINUS SIGN}$42.00" in text
    assert "Please pay by" not in text
    assert "Amount enclosed" not in text


def test_the_coupon_stays_on_page_one_when_everything_is_long(make_invoice, pdf_pages):
    plans = tuple((f"Consumer directed health plan number {n} (HSA)", n, n * 100) for n in range(6))
    statement = make_invoice(3, plans=plans, fees=2500, group_name="Łódź Ångström & Sons Manufacturing " * 2)
    pages = pdf_pages(render(statement)[0].data)
    assert len(pages) == 2
    assert "Amount enclosed" in pages[0]


def test_many_plans_move_to_their_own_page(make_invoice, pdf_pages):
    plans = tuple((f"Plan {n}", n, n * 100) for n in range(30))
    pages = pdf_pages(render(make_invoice(3, plans=plans))[0].data)
    assert "Plan 29" not in pages[0]
    assert "Plan 29" in pages[1]
    assert "Amount enclosed" in pages[0]


def test_names_are_text_and_never_markup(make_invoice, pdf_pages):
    name = '#import "x" *b* $x$ <l> [c] `d` @e'
    text = pdf_pages(render(make_invoice(3, subgroup_name=name))[0].data)[0]
    assert name in text


def test_an_invoice_without_lines_is_one_page(make_invoice, pdf_pages):
    bare = make_invoice(3, lines=(), adjustments=(), plans=(), current=0, retro=0, total_due=0)
    (page,) = pdf_pages(render(bare)[0].data)
    assert "Your account is settled" in page
