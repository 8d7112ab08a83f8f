"""Two people who say the same in other words; and what the one asked for is no other one's to replace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from model.money.ledger import receivable, suspense
from model.people import Role
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from store.money import ledger
from support import desk
from support.at_desk import Desk, digest
from support.employer import remittance
from support.installation import GROUP, PARTNER, run, take_bytes
from support.people import known
from support.verified import whole

ACCOUNT = "41000100"
ADA = {"day": date(2026, 12, 2), "records": [{"who": "ada", "lines": ["021 HLT GOLD EMP 2027-01-01"]}]}


class At(Desk):
    """The desk with an item of $300.00 in suspense, of an invoice over $500.00."""

    def looked(self, *to: object) -> list[object]:
        """Look at an assignment; return the command that does just that."""
        command = ["suspense", "assign", self.number, "--to", *to]
        return [*command, "--seen", digest(self.at("bill", *command).out), "--reason"]

    def books(self) -> tuple[int, int]:
        """Return what is in suspense, and what the account owes."""
        with self.ws.database.read() as conn:
            return -ledger.balance(conn, suspense(PARTNER)), ledger.balance(conn, receivable(ACCOUNT))

    @property
    def number(self) -> int:
        """Return the number of the item."""
        return self.only_item(kind="suspense")


@pytest.fixture
def at(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    at = At(ws, monkeypatch)
    known(ws, "Bea Low", Role.BILLING, by="Sue Per")
    desk.take(ws, 1, ADA)
    assert run("bill", "--month", "2027-01", "--group", GROUP, "--today", "2026-12-10").code == 0
    line = "RMR*IK*999999*PI*300.00"
    take_bytes(ws, remittance("000000082", "20270105", "T1", "300.00", line), "paid.edi", date(2027, 1, 5))
    added = at.at("bill", "deposit", "add", "--amount", "300.00", "--trace", "T1", "--company", "1990000001")
    assert added.code == 0, added.out
    yield at


def test_the_same_effect_in_other_words_is_confirmed(at: At, tmp_path: Path) -> None:
    by_invoice, by_account = at.looked("invoice:100001"), at.looked(f"account:{ACCOUNT}")
    number = at.number
    assert "Bill Ing asks for it" in at.at("bill", *by_invoice, "the payer says so").out
    unreasoned = at.at("bea", *by_account[:-1])
    assert "it needs a reason" in unreasoned.out and at.books() == (300_00, 500_00)
    done = at.at("bea", *by_account, "seen the letter")
    assert (done.code, at.books()) == (0, (0, 200_00)), done.out
    told = at.at("bill", "work", "show", number).out
    assert "the payer says so" in told
    whole(at.ws)
    assert replay(at.ws, tmp_path / "again").equal


def test_another_effect_replaces_nobodys_request(at: At, tmp_path: Path) -> None:
    invoice, part = at.looked("invoice:100001"), at.looked("invoice:100001", "--amount", "100.00")
    assert "Bill Ing asks for it" in at.at("bill", *invoice, "the payer says so").out
    confirms = " ".join(map(str, ["rollbook", *invoice, "R"]))
    looked = at.at("bea", *part[:-3])
    assert f"Bill Ing asked for something else: `{confirms}` confirms that" in looked.out
    refused = at.at("bea", *part, "a part of it")
    assert refused.code == 1
    assert f"nothing was changed: Bill Ing asked for something else: `{confirms}` confirms that" in refused.out
    assert "Bill Ing or a supervisor may ask otherwise" in refused.out
    assert at.only_item(kind="suspense") and confirms in at.at("bea", "work", "show", at.number).out
    assert [item["requested_by"] for item in at.json("bea", "work", "list")["items"]] == ["Bill Ing"]

    # Who asked asks otherwise, and a supervisor does; it is told.
    again = at.at("bill", *part, "a part of it")
    assert "Bill Ing asks for it" in again.out and "takes the place of another request" in again.out
    judged = at.at("ben", *invoice, "all of it")
    assert "Ben Ode asks for it" in judged.out and "Bill Ing asked for something else" in judged.out
    assert at.at("bea", *invoice, "as the letter says").code == 0
    assert at.books() == (0, 200_00)
    whole(at.ws)
    assert replay(at.ws, tmp_path / "again").equal


def test_the_word_of_who_has_left_is_in_nobodys_way(at: At) -> None:
    invoice = at.looked("invoice:100001")
    assert "Bill Ing asks for it" in at.at("bill", *invoice, "the payer says so").out
    assert at.at("sue", "operator", "disable", "Bill Ing", "--reason", "left").code == 0
    assert "Bea Low asks for it" in at.at("bea", *invoice, "the payer says so").out
    assert at.at("ann", *invoice, "seen the letter").code == 0
    assert at.books() == (0, 200_00)


def test_a_payment_is_taken_back_once_whatever_the_words(at: At, tmp_path: Path) -> None:
    at.at("bill", "deposit", "add", "--amount", "40.00", "--trace", "T9")
    back = ["payment", "reverse", "T9", "--trace", "RT1", "--code"]
    assert "Bill Ing asks for it" in at.at("bill", *back, "NSF", "--reason", "the bank's advice").out
    other = at.at("bea", *back, "STOP", "--reason", "the bank's advice").out
    confirms = "rollbook payment reverse D2 --code NSF --trace RT1 --on 2027-03-22 --reason R"
    assert f"Bill Ing asked for it in other words: `{confirms}` confirms that" in other
    assert "Bill Ing or a supervisor withdraws it: `rollbook work drop 4`" in other
    assert [item["number"] for item in at.json("bea", "work", "list", "--kind", "request")["items"]] == [4]
    mine = at.at("bill", *back, "STOP", "--reason", "it says stopped").out
    assert f"`{confirms}` confirms that; Bill Ing asks for it" in mine
    assert at.at("bea", *back, "STOP", "--reason", "so it does").code == 0
    assert at.json("bea", "work", "list", "--kind", "request")["items"] == []
    whole(at.ws)
    assert replay(at.ws, tmp_path / "again").equal


def test_another_fee_of_an_account_names_the_one_that_was_asked_for(at: At) -> None:
    fee = ["account", "fee", ACCOUNT, "--reason", "late", "--amount"]
    assert "asks for it" in at.at("bill", *fee, "5.00").out
    beside = at.at("bea", *fee, "6.00").out
    confirms = f"rollbook account fee {ACCOUNT} --amount 5.00 --reason R"
    assert f"Bill Ing asked for another one: `{confirms}` confirms that; Bea Low asks for it" in beside
    own = at.at("bill", *fee, "7.00").out
    assert "--amount 6.00" in own and "--amount 5.00" not in own, "nobody confirms the own one"
    assert len(at.json("bea", "work", "list", "--kind", "request")["items"]) == 3


def test_what_is_refused_names_no_other_amount(at: At) -> None:
    """A payment has its own amount, whatever came back of it; D1001 is d1001."""
    back = [
        "payment",
        "reverse",
        "T1",
        "--code",
        "NSF",
        "--trace",
        "RT1",
        "--amount",
        "10.00",
        "--reason",
        "a slip",
    ]
    refused = at.at("bill", *back).out
    assert refused.startswith("Payment R1 of $300.00: not taken back: $10.00 came back of $300.00")
    fee = ["account", "fee", ACCOUNT, "--amount", "1.00", "--reason", "late"]
    assert at.at("bill", *fee).code == 1 and at.at("bea", *fee).code == 0
    off = ["account", "write-off", ACCOUNT, "--amount", "1.00", "--reason", "a courtesy", "--invoice"]
    assert at.at("bill", *off, "D1001").code == 1 and at.at("bea", *off, "d1001").code == 0
