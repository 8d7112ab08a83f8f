"""The suspense desk: money that no account has is listed, proposed for, assigned by two people, and ruled on."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.session import Failure
from model.agreement.terms import Partner
from model.money.arrears import Owing, Payer
from model.money.ledger import UNIDENTIFIED, receivable, suspense, unapplied
from model.timeline import Month
from pipeline.cash.unplaced import holds
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.setup.agree import add_partner
from pipeline.views.paid import places
from store import agreements
from store.money import ledger
from support import desk
from support.at_desk import Desk, digest
from support.employer import remittance
from support.installation import GROUP, PARTNER, TERMS, load_terms, run, take_bytes
from support.verified import whole

ACCOUNT, JANUARY = "41000100", Month(2027, 1)
FIRST = {
    "day": date(2026, 12, 2),
    "records": [{"who": "ada", "lines": ["021 HLT GOLD EMP 2027-01-01"]}],
}
LATER = {
    "day": date(2027, 1, 12),
    "records": [{"who": "dan", "lines": ["021 HLT GOLD EMP 2027-02-01"]}],
}
PAID = (  # two digits swapped; the payer's own words; a take-back of nothing; a subscriber not known yet
    "RMR*IK*100010*PI*300.00",
    "RMR*CT*OCT PREMIUM*PI*100.00",
    "RMR*IK*999999*PI*-50.00",
    "ENT*2*2J*EI*990000005",
    "NM1*IL*1*SAMPLE*DAN",
    "RMR*AZ*E00000002**200.00",
)


class At(Desk):
    """The desk, with what is asked of it here."""

    def money(self, *options: str) -> dict[str, Any]:
        """Return the list as JSON."""
        answer: dict[str, Any] = self.json("bill", "suspense", "list", *options)
        return answer

    def number(self, cents: int) -> int:
        """Return the number of the only item of an amount."""
        (item,) = [each for each in self.money()["items"] if each["amount_cents"] == cents]
        return int(item["number"])

    def assign(self, number: int, *options: object) -> str:
        """Have two people assign; return what the second one was told."""
        looked = self.at("bill", "suspense", "assign", number, *options)
        assert looked.code == 1, looked.out
        seen = (*options, "--seen", digest(looked.out))
        asked = self.at("bill", "suspense", "assign", number, *seen, "--reason", "the payer says so")
        assert asked.code == 1 and "Bill Ing asks for it" in asked.out
        done = self.at("ann", "suspense", "assign", number, *seen, "--reason", "seen the letter")
        assert done.code == 0, done.out
        return done.out

    def books(self) -> tuple[int, int]:
        """Return what the account owes, and its credit."""
        with self.ws.database.read() as conn:
            return ledger.balance(conn, receivable(ACCOUNT)), -ledger.balance(conn, unapplied(ACCOUNT))

    def sums(self) -> tuple[int, int, int]:
        """Return what is in suspense, what is nobody's, and what the list says of both, which is the same."""
        with self.ws.database.read() as conn:
            mine = -ledger.balance(conn, suspense(PARTNER)), -ledger.balance(conn, UNIDENTIFIED)
        told = self.money()
        assert told["amount_cents"] == sum(mine)
        assert (told["suspense_cents"].get(PARTNER, 0), told["unidentified_cents"]) == mine
        return (*mine, told["total"])

    def could(self, day: date = date(2027, 3, 22)) -> dict[str, str]:
        """Return which money could be the payers', were the accounts late on a day."""
        late = {Payer(each): Owing(JANUARY, date(2027, 1, 1), 500_00) for each in (ACCOUNT, "41000200")}
        with self.ws.database.read() as conn:
            terms = agreements.terms(conn, GROUP)
            assert terms is not None
            found = holds(conn, places(conn, [terms]), late, day)
            return {payer.account: words for payer, words in found.items()}

    def receipts(self) -> list[str]:
        """Return where the money went by the receipts, each with what was noted."""
        paths = sorted((self.ws.outbox / PARTNER).rglob("receipt-*.csv"))
        rows = (row for path in paths for row in csv.DictReader(path.read_text("utf-8-sig").splitlines()))
        return [" ".join(row.values()) for row in rows]


@pytest.fixture
def at(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    at = At(ws, monkeypatch)
    desk.take(ws, 1, FIRST)
    assert run("bill", "--month", "2027-01", "--group", GROUP, "--today", "2026-12-10").code == 0
    take_bytes(ws, remittance("000000082", "20270105", "T1", "550.00", *PAID), "1.edi", date(2027, 1, 5))
    added = at.at("bill", "deposit", "add", "--amount", "550.00", "--trace", "T1", "--company", "1990000001")
    assert added.code == 0, added.out
    yield at


def rules(day: str, *options: str) -> Any:
    return json.loads(run("suspense", "rules", *options, "--today", day, "--json").out)


def end_rule(at: At, rule: dict[str, Any]) -> None:
    """End a rule by two people, not before it was made; what was known of it before stays told."""
    ending = ("suspense", "rule", "end", rule["number"], "--reason", "they write it for everything")
    assert "another person confirms it" in at.at("bill", *ending).out
    at.monkeypatch.setattr("cli.session.login", lambda: "ann")
    early = run(*ending, "--today", "2027-03-21")
    assert early.code == 1 and "it was made on 2027-03-22, and ends on no day before that" in early.out
    assert "ended" in run(*ending, "--today", "2027-03-24").out
    assert rules("2027-03-24") == []
    (gone,) = rules("2027-03-24", "--ended")
    assert gone == rule | {"ended_at": gone["ended_at"]} != rule
    for options in ((), ("--ended",)):
        assert rules("2027-03-24", *options, "--known-on", "2027-03-23") == [rule]


def test_suspense_from_the_list_to_the_receipt(at: At, tmp_path: Path) -> None:
    ws = at.ws
    assert at.sums() == (550_00, 0, 4)
    assert [each["amount_cents"] for each in at.money("--older", "1")["items"]] == []
    assert at.money("--partner", "nobody")["total"] == 0
    swapped, unknown, words, taken = map(at.number, (300_00, 200_00, 100_00, -50_00))
    shown = at.json("bill", "suspense", "show", swapped)
    assert (shown["proposals"][0]["to"], shown["proposals"][0]["why"]) == ("invoice:100001", ["invoice-near"])
    assert "invoice 100010 is not one of yours" in shown["item"]["why"]
    assert at.json("bill", "suspense", "show", unknown)["proposals"][0]["to"].startswith("account:")

    # The subscriber comes, and is proposed by that alone.
    desk.take(ws, 2, LATER)
    (member,) = desk.members_of(ws, "F000003")
    best = at.json("bill", "suspense", "show", unknown)["proposals"][0]
    assert (best["to"], best["why"]) == (f"subscriber:{member}", ["named", "name"])

    # A part, and then the rest of it: what stays is the same item.
    out = at.assign(swapped, "--to", "proposal:1", "--amount", "100.00")
    assert "$200.00 of it stays" in out
    assert at.json("bill", "suspense", "show", swapped)["item"]["amount_cents"] == 200_00
    assert at.sums() == (450_00, 0, 4)
    went = [line["went"] for line in at.json("bill", "payment", "show", "T1")["lines"]]
    assert went[0] == "$300.00: $100.00 to invoice 100001, $200.00 in suspense"
    assert went[2] == "-$50.00: -$50.00 in suspense"
    assert "assigned" in at.assign(swapped, "--to", "invoice:100001")
    with ws.database.read() as conn:
        assert ledger.balance(conn, receivable(ACCOUNT)) == 200_00
    assert "assigned" in at.assign(unknown, "--to", f"subscriber:{member}", "--month", "2027-02")
    with ws.database.read() as conn:
        assert [(str(m), cents) for _, m, cents in ledger.ahead_of(conn, [ACCOUNT])] == [("2027-02", 200_00)]

    # What was taken back is taken from the account that had it.
    assert "assigned" in at.assign(taken, "--to", f"account:{ACCOUNT}")
    with ws.database.read() as conn:
        assert ledger.balance(conn, receivable(ACCOUNT)) == 250_00

    # The payer's words, once and for all.
    assert "OCT PREMIUM" in at.assign(words, "--to", f"account:{ACCOUNT}", "--always")
    assert at.sums() == (0, 0, 0)
    (rule,) = at.json("bill", "suspense", "rules")
    assert (rule["said"], rule["account"]) == ("CT OCT PREMIUM", ACCOUNT)
    for number, trace in ((83, "T2"), (84, "T3")):
        again = remittance(f"0000000{number}", "20270205", trace, "40.00", "RMR*CT*Oct  Premium*PI*40.00")
        take_bytes(ws, again, f"{number}.edi", date(2027, 2, 5))
        at.at("bill", "deposit", "add", "--amount", "40.00", "--trace", trace, "--company", "1990000001")
        if trace == "T2":
            assert at.sums() == (0, 0, 0)
            assert "PAYMENT-BY-RULE" in at.at("bill", "file", "show", "F000004").out
            end_rule(at, rule)
    assert at.sums() == (40_00, 0, 1)
    assert at.json("bill", "suspense", "rules") == []
    assert any("by standing rule 1" in row for row in at.receipts())
    assert any("100.00 CT OCT PREMIUM" in row for row in at.receipts()), "which line it was"
    went = {line["reference"]: line["went"] for line in at.json("bill", "payment", "show", "T1")["lines"]}
    assert went["999999"] == "-$50.00: $50.00 taken back"
    whole(ws)
    assert replay(ws, tmp_path / "again").equal


def test_a_deposit_that_nobody_named_is_assigned_in_parts(at: At, tmp_path: Path) -> None:
    at.at("bill", "deposit", "add", "--amount", "500.00", "--trace", "T9")
    number = at.number(500_00)
    assert at.sums() == (550_00, 500_00, 5)
    shown = at.json("bill", "suspense", "show", number)
    assert [(each["to"], each["why"]) for each in shown["proposals"]] == [("invoice:100001", ["equals-open"])]
    mine = "; ".join(f"${cents}.00 in suspense (work item {at.number(100 * cents)})" for cents in (300, 100, 200))
    assert at.could() == {ACCOUNT: f"{mine}; deposit 2 of $500.00", "41000200": mine}
    assert at.could(date(2025, 1, 1)) == {ACCOUNT: "deposit 2 of $500.00"}, "on a day before its payer's grant"
    assert "$120.00 of it stays" in at.assign(number, "--to", "invoice:100001", "--amount", "380.00")
    assert at.sums() == (550_00, 120_00, 5)
    assert at.could() == {ACCOUNT: f"{mine}; deposit 2 of $120.00", "41000200": mine}, (
        "what is left is just what is open"
    )
    explained = " ".join(at.at("bill", "explain", "payment", "T9").out.split())
    assert "$380.00 of it was recorded for account 41000100" in explained
    assert "$120.00 of it is no account's yet: nobody has said whose it is." in explained
    refused = at.at("bill", "deposit", "void", 2, "--reason", "entered twice")
    assert "is placed on accounts" in refused.out
    whole(at.ws)
    assert "assigned" in at.assign(number, "--to", f"account:{ACCOUNT}")
    assert at.sums() == (550_00, 0, 4)
    with at.ws.database.read() as conn:
        assert ledger.balance(conn, receivable(ACCOUNT)) == 0
        assert ledger.balance(conn, unapplied(ACCOUNT)) == 0
    assert sum("100001" in row for row in at.receipts()) == 2
    whole(at.ws)
    assert replay(at.ws, tmp_path / "again").equal


def test_a_payment_that_does_not_add_up_is_assigned_in_parts(at: At) -> None:
    lines = ("RMR*IK*100001*PI*200.00", "RMR*IK*100001*PI*100.00")
    take_bytes(at.ws, remittance("000000085", "20270106", "T5", "400.00", *lines), "5.edi", date(2027, 1, 6))
    at.at("bill", "deposit", "add", "--amount", "400.00", "--trace", "T5", "--company", "1990000001")
    number = at.number(400_00)
    at.assign(number, "--to", "invoice:100001", "--amount", "150.00")
    shown = at.json("bill", "payment", "show", "T5")
    assert {(line["disposition"], line["went"].partition(": ")[2]) for line in shown["lines"]} == {
        ("PENDED", shown["reason"])
    }
    assert "$100.00 unexplained" in shown["reason"]
    at.assign(number, "--to", f"account:{ACCOUNT}")
    assert {line["disposition"] for line in at.json("bill", "payment", "show", "T5")["lines"]} == {"APPLIED"}


REFUSED = (
    (["--to", "account:99999999"], "there is no account 99999999 that the payer may pay"),
    (["--to", "invoice:999999"], "there is no invoice 999999 that the payer may pay"),
    (["--to", "subscriber:E77777777"], "there is no subscriber E77777777 that the payer may pay"),
    (["--to", "proposal:9"], "there is no proposal 9"),
    (["--to", "nowhere"], "--to is one of"),
    (["--to", "month:2027-13"], "is not a month"),
    (["--to", "month:2027-02"], "say of which account"),
    (["--to", f"account:{ACCOUNT}", "--amount", "300.01"], "$300.00 of it is there"),
    (["--to", f"account:{ACCOUNT}", "--amount", "-1"], "--amount is more than nothing"),
    (["--to", f"account:{ACCOUNT}", "--partner", "bayview"], "it is money of harbor-mills"),
    (["--to", f"account:{ACCOUNT}", "--amount", "125,00"], "'125,00' is not an amount"),
    (["--to", "month:2026-01", "--account", ACCOUNT], "has no invoice of 2026-01"),
)


def test_what_is_refused_says_why(at: At) -> None:
    number = at.number(300_00)
    for options, why in REFUSED:
        try:
            told = at.at("bill", "suspense", "assign", number, *options).out
        except Failure as failure:  # it could not be read
            told = str(failure)
        assert why in told, told
    assert at.sums() == (550_00, 0, 4)


def test_a_closed_account_gets_what_is_open_and_another_partner_nothing(at: At) -> None:
    add_partner(at.ws, Partner("bayview", "Bayview Brokers"), at.ws.now(date(2027, 1, 6)))
    at.at("bill", "deposit", "add", "--amount", "620.00", "--trace", "T9")
    number = at.number(620_00)
    other = at.at("bill", "suspense", "assign", number, "--to", f"account:{ACCOUNT}", "--partner", "bayview")
    assert f"account {ACCOUNT} is of group {GROUP}, which bayview may not pay" in other.out
    other = at.at("bill", "suspense", "assign", number, "--to", "invoice:100001", "--partner", "bayview")
    assert f"invoice 100001 is of group {GROUP}, which bayview may not pay" in other.out
    ended = TERMS.read_text("utf-8").replace(
        "begin = 2026-01-01\naddress", "begin = 2026-01-01\nend = 2027-01-31\naddress"
    )
    load_terms(at.ws, ended, date(2027, 1, 7))
    closed = at.at("bill", "suspense", "assign", number, "--to", "invoice:100001")
    assert "is closed, its agreement is over; $120.00 is more than is open on it" in closed.out
    assert f"or --to account:{ACCOUNT} for no month, where it is credit that can be refunded" in closed.out
    assert "$120.00 of it stays" in at.assign(number, "--to", "invoice:100001", "--amount", "500.00")
    assert at.books() == (0, 0)
    at.assign(number, "--to", f"account:{ACCOUNT}")
    assert at.books() == (0, 120_00)
    refund = ("account", "refund", ACCOUNT, "--amount", "120.00", "--reason", "it owes nothing any more")
    assert [at.at(login, *refund).code for login in ("bill", "ann")] == [1, 0]
    assert at.books() == (0, 0)


def test_screens_fit(at: At) -> None:
    at.at("bill", "deposit", "add", "--amount", "500.00", "--trace", "T9")
    screens = [("suspense", "list"), *(("suspense", "show", each["number"]) for each in at.money()["items"])]
    for columns in (80, 120):
        for screen in screens:
            lines = run(*screen, "--today", "2027-03-22", columns=columns).out.splitlines()
            assert [each for each in lines if len(each.rstrip()) > columns and "rollbook " not in each] == []
            assert sum("$500.00" in each for each in lines) or "T1" in " ".join(lines)
