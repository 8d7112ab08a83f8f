"""Who gets the money: every line where it belongs, every cent exactly once."""

from dataclasses import replace
from datetime import date

import pytest

from billing.book import Book, Known, Payable, references
from billing.cash import allocate
from billing.funds import Money
from model.finding import Where
from model.money.cents import format_cents, parse_cents
from model.money.ledger import BANK
from model.money.notes import Remark, note
from model.money.remittance import Adjustment, Remittance, RemittanceLine
from support.booked import book
from support.books import cents, place, show
from writers import words
from writers.words import received_place

CASES = "cash.yaml"
RECEIVED = date(2027, 1, 4)


def adjustments(rows):
    return tuple(Adjustment(parse_cents(row.split()[0]), row.split()[1], Where()) for row in rows)


def line(number, raw):
    raw = raw if isinstance(raw, dict) else {"line": raw}
    qualifier, reference, dollars = raw["line"].split()
    begin, end = raw.get("period", (None, None))
    return RemittanceLine(
        number=number,
        level="B" if "person" in raw else "A",
        qualifier=qualifier,
        reference=reference,
        kind=raw.get("kind", ""),
        paid=parse_cents(dollars),
        billed=cents(raw["billed"]) if "billed" in raw else None,
        adjustments=adjustments(raw.get("adx", ())),
        person_id=raw.get("person", ""),
        begin=begin,
        end=end,
        headcount=(),
        where=Where(set="0001", segment=10 + number, segment_id="RMR"),
    )


def remittance(case):
    return Remittance(
        control="0001",
        handling="C",
        cents=cents(case["payment"]),
        credit="C",
        method="ACH",
        company="1999999999",
        effective=RECEIVED,
        trace="55501",
        references=(),
        payer=("Northwind Traders", ""),
        payee=("Example Health", ""),
        adjustments=adjustments(case.get("adx", ())),
        lines=tuple(line(number, raw) for number, raw in enumerate(case["lines"], 1)),
        where=Where(set="0001", segment=3, segment_id="BPR"),
    )


def test_allocate(case):
    paid = remittance(case)
    money = Money("acme", RECEIVED, remittance=3, deposit=7)
    result = allocate(
        paid, book(case), money, suspend=note(Remark.AS_WRITTEN, case["suspend"]) if "suspend" in case else None
    )
    assert [show(entry) for entry in result.transfers] == case["expect"]
    assert [finding.code for finding in result.findings] == case.get("findings", [])
    if "receipt" in case:
        assert [f"{received_place(row)} {format_cents(row.cents)}" for row in result.lines] == case["receipt"]
    if "notes" in case:
        assert [words.note(row.note) for row in result.lines] == case["notes"]
    bank = sum(
        transfer.cents if transfer.debit == BANK else -transfer.cents
        for transfer in result.transfers
        if BANK in (transfer.debit, transfer.credit)
    )
    assert bank == sum(row.cents for row in result.lines) == paid.cents
    assert {(transfer.effective, transfer.remittance, transfer.deposit) for transfer in result.transfers} <= {
        (RECEIVED, 3, 7)
    }


def test_negative_payment_is_refused():
    with pytest.raises(ValueError, match="negative"):
        allocate(remittance({"payment": -1.00, "lines": []}), book({}), Money("acme", RECEIVED))


def test_references_are_asked_for_once():
    paid = remittance(
        {"payment": 3.0, "lines": ["AZ X1 1.00", {"line": "AZ X1 1.00", "person": "P1"}, "IK 7 1.00"]}
    )
    assert references(paid) == ("X1", "P1", "7")


def test_what_was_not_sent_names_nothing():
    """A subgroup may be written as nothing in an 834; an RMR without reference still names no account."""
    paid = remittance({"payment": 5.0, "lines": ["AZ - 5.00"]})
    blank = replace(paid, lines=(replace(paid.lines[0], reference=""),))
    known = Book((Payable("A-100", "NW1000", ("",)),), subscribers=(Known("", 1, (place("A-100"),)),))
    (entry,) = allocate(blank, known, Money("acme", RECEIVED)).transfers
    assert entry.credit == "suspense:acme"
