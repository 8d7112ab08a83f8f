"""Receipt and reconciliation: every cent of the statement is in the columns."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal

from model.money.breaks import Break
from model.money.ledger import AccountKind
from writers.forms import page
from writers.money import receipt as receipts
from writers.money import reconciliation as reconciliations


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(data.decode("utf-8-sig").splitlines()))


def test_the_receipt_is_as_reviewed(receipt, golden, pdf_pages):
    print_, table = receipts.render(receipt)
    assert (print_.name, table.name) == ("receipt-R000003.pdf", "receipt-R000003.csv")
    golden(table.name, table.data)
    golden("receipt-R000003.txt", "\f".join(pdf_pages(print_.data)).encode())


def test_money_that_was_received_before_is_not_thanked_for_again(receipt, pdf_pages):
    before = replace(receipt.lines[0], account="", invoice="", what=AccountKind.SUSPENSE, cents=-500)
    now = replace(receipt.lines[0], cents=500)
    (text,) = pdf_pages(receipts.render(replace(receipt, cents=0, lines=(before, now), remaining=()))[0].data)
    assert f"Money received before, of payment {receipt.trace}" in text and "Thank you" not in text


def test_every_cent_of_a_payment_is_on_its_receipt(receipt):
    made = rows(receipts.render(receipt)[1].data)
    assert sum(Decimal(row["Amount"]) for row in made) * 100 == receipt.cents


def test_the_reconciliation_is_as_reviewed(reconciliation, golden, pdf_pages):
    print_, *tables, _, _ = reconciliations.render(reconciliation)
    name = "reconciliation-G10020-2027-02-000001"
    assert [d.name for d in (print_, *tables)] == [
        f"{name}.pdf",
        f"{name}-subscribers.csv",
        f"{name}-accounts.csv",
    ]
    for table in tables:
        golden(table.name, table.data)
    golden(f"{name}.txt", "\f".join(pdf_pages(print_.data)).encode())


def test_print_shows_only_what_differs_and_the_table_all(reconciliation, pdf_pages):
    print_, subscribers, *_ = reconciliations.render(reconciliation)
    text = "\n".join(pdf_pages(print_.data))
    assert [row.name in text for row in reconciliation.rows] == [False, False, True, True, True, True, True]
    assert len(rows(subscribers.data)) == len(reconciliation.rows)


def test_money_in_suspense_is_never_called_agreement(reconciliation, pdf_pages):
    clean = replace(reconciliation, breaks=(), rows=reconciliation.rows[:2])
    assert "Some items do not agree" in pdf_pages(reconciliations.render(clean)[0].data)[0]
    for settled in (replace(clean, suspense=0), replace(clean, unplaced=())):
        assert "Some items do not agree" in pdf_pages(reconciliations.render(settled)[0].data)[0]
    settled = replace(clean, suspense=0, unplaced=())
    assert "Roster, invoices and payments agree" in pdf_pages(reconciliations.render(settled)[0].data)[0]


def test_long_lists_are_whole_in_columns_and_the_first_on_pages(receipt, reconciliation, pdf_pages, monkeypatch):
    monkeypatch.setattr(page, "ON_PAGES", 2)
    print_, table = receipts.render(receipt)
    count = len(receipt.lines)
    assert f"The first 2 of {count} lines are listed here." in " ".join(" ".join(pdf_pages(print_.data)).split())
    assert len(rows(table.data)) == count > 2
    differing = [row for row in reconciliation.rows if row.kind is not Break.OK]
    print_, subscribers, *_ = reconciliations.render(reconciliation)
    text = " ".join(" ".join(pdf_pages(print_.data)).split())
    assert f"The first 2 of {len(differing)} subscribers are listed here." in text
    assert [row.name in text for row in differing] == [True, True] + [False] * (len(differing) - 2)
    assert len(rows(subscribers.data)) == len(reconciliation.rows)
