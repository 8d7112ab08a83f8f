"""A payment that the bank took back, case by case (tests/cases/billing/reversals.yaml)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from billing.reversal import bearer, reopened
from model.money.cents import parse_cents
from support.installation import ROOT
from support.reversals import Ledger, read, write

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "billing" / "reversals.yaml").read_text("utf-8"))


def laid(case: dict[str, Any]) -> Ledger:
    """Return the ledger before the return."""
    items = {}
    for number, item in case.get("items", {}).items():
        account, total = item.split()
        items[str(number)] = (account, parse_cents(total))
    ledger = Ledger(items, case.get("holders", {}))
    for text in case["before"]:
        own, entry = read(text)
        ledger.post([entry], own=own)
    return ledger


@pytest.mark.parametrize("told", CASES, ids=lambda told: told["name"])
def test_a_payment_is_taken_back(told: dict[str, Any]) -> None:
    ledger = laid(told)
    made = ledger.reverse()
    assert ledger.bank() == 0
    assert {account: cents // 100 for account, cents in made.owed} == told.get("owed", {})
    if "entries" in told:
        assert [write(entry) for entry in made.transfers] == told["entries"]
    opens = {number: cents for number, cents in ledger.opens().items() if cents and not number.startswith("NEW")}
    credits = {name: cents for name, cents in ledger.credits().items() if cents}
    shown = {"u" if name.startswith("unapplied") else "a": name for name in credits}
    assert opens | {f"{kind}:{name.partition(':')[2]}": credits[name] for kind, name in shown.items()} == {
        name: cents * 100 for name, cents in told["after"].items()
    }
    assert all(entry.remittance == 7 and entry.line == 3 for entry in made.transfers)


def test_the_fee_is_the_account_s_that_got_the_most_and_of_equals_the_lower_number() -> None:
    ledger = Ledger({"1": ("B", 50_00), "2": ("A", 50_00), "3": ("C", 10_00)})
    ledger.post((read(f"* bank r:{of}")[1] for of in ("B 50 #1", "A 50 #2", "C 10 #3")), own=True)
    assert bearer(ledger.books().own, {}) == "A"
    assert bearer(ledger.books().own, {"C": "B"}) == "B"
    assert reopened(ledger.reverse().transfers) == {"1": 50_00, "2": 50_00, "3": 10_00}
