"""No invoice with an unpriced month: it is held with nothing used up, tried again, and made when it can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from model.money.ledger import ChargeKind
from model.timeline import Month
from pipeline.month import reconcile
from pipeline.month.bill import Billed, bill, write_trials
from pipeline.runtime.workspace import Workspace
from pipeline.views import due
from store import agreements
from store.money import invoices
from support import values
from support.installation import GROUP, SAMPLES, TERMS, load_terms, run, take
from support.invoiced import whole
from writers.words import legend, reason

JANUARY, FEBRUARY = Month(2027, 1), Month(2027, 2)
DAY = date(2026, 12, 10)
A, B = "41000100", "41000200"
AGREED = TERMS.read_text(encoding="utf-8")
# E50001 has GOLD FAM 1500 and DENTAL FAM 120, E50002 GOLD EMP 500 and DENTAL EMP 40: 2160 a month on A.
GOLD = """
[[group.rates]]
plan = "GOLD"
begin = 2027-01-01
end = 2027-12-31
monthly = { EMP = "500.00", ESP = "1000.00", ECH = "900.00", FAM = "1500.00" }
"""
WITHOUT_GOLD = AGREED.replace(GOLD, "")
WITHOUT_FAMILIES = AGREED.replace(GOLD, GOLD.replace(', FAM = "1500.00"', ""))
BILL_THE_REST = 'first_month = "2027-01"\nunpriced = "bill-the-rest"'


def the_rest(terms: str) -> str:
    assert 'first_month = "2027-01"' in terms
    return terms.replace('first_month = "2027-01"', BILL_THE_REST)


def enrolled(ws: Workspace, terms: str) -> None:
    assert terms != AGREED
    load_terms(ws, AGREED)  # enrollment asks for no rate
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    load_terms(ws, terms)


def billed(ws: Workspace, month: Month = JANUARY, day: date = DAY, **how: Any) -> Billed:
    (made,) = bill(ws, month, ws.now(day), GROUP, **how)
    return made


def codes(made: Billed) -> list[str]:
    return [finding.code for finding in made.findings]


def charged(ws: Workspace) -> int:
    with ws.database.read() as conn:
        return len(invoices.posted(conn, [A, B], FEBRUARY))


@pytest.mark.parametrize("switched", [str, the_rest], ids=["hold", "bill-the-rest"])
def test_a_plan_without_rates_holds_the_invoice_whatever_the_switch(on_both: Workspace, switched) -> None:
    ws = on_both
    enrolled(ws, switched(WITHOUT_GOLD))
    held = billed(ws)
    assert (held.issued, held.held) == ((), (A,))
    assert sorted(codes(held)) == ["INVOICE-HELD", "RATE-MISSING", "RATE-MISSING"]
    assert held.findings[-1].message == (
        f"Account {A} has no invoice for 2027-01: 2 months of coverage in 2027-01 are without a"
        " price. Nothing was charged."
    )
    assert held.findings[-1].fix == "Mend what RATE-MISSING names, then bill the month again."  # no switch helps
    assert charged(ws) == 0 and values.account_value(ws, A)["entries"] == []
    assert due.to_bill(ws, ws.now(date(2026, 12, 11))) == [(JANUARY, GROUP)]

    load_terms(ws, AGREED)  # the rates are there
    (invoice,) = billed(ws, day=date(2026, 12, 11)).issued
    assert (invoice.number, invoice.current, invoice.retro) == ("100001", 216_000, 0)
    assert due.to_bill(ws, ws.now(date(2026, 12, 12))) == []


def test_a_tier_without_a_rate_holds_the_invoice_unless_the_rest_is_billed(on_both: Workspace) -> None:
    ws = on_both
    enrolled(ws, WITHOUT_FAMILIES)
    waits = billed(ws)
    assert waits.held == (A,) and charged(ws) == 0
    assert waits.findings[-1].fix == (
        "Mend what RATE-MISSING names, then bill the month again; or load terms with [group.billing]"
        " unpriced = 'bill-the-rest': the others are billed now, and this when it has a price."
    )

    load_terms(ws, the_rest(WITHOUT_FAMILIES))
    made = billed(ws)
    (january,) = made.issued
    assert (made.held, codes(made)) == ((), ["RATE-MISSING"])
    assert (january.total_due, january.subscribers) == (66_000, 2)
    left = [
        (line.plan, line.tier, line.current, legend(line.legend))
        for line in whole(ws, january).lines
        if line.legend
    ]
    assert left == [("GOLD", "FAM", 0, "2027-01 not billed yet: no rate")]

    february = billed(ws, FEBRUARY, date(2027, 1, 10))
    assert [legend(line.legend) for line in whole(ws, february.issued[0]).lines if line.legend] == [
        "2027-02 not billed yet: no rate"
    ]
    load_terms(ws, AGREED)
    with ws.database.read() as conn:
        loaded = agreements.loaded_tx(conn, agreements.TERMS, GROUP)
    (march,) = billed(ws, Month(2027, 3), date(2027, 2, 10)).issued
    assert [
        (adjustment.month, adjustment.cents, reason(adjustment.reason), adjustment.tx)
        for adjustment in whole(ws, march).adjustments
    ] == [
        ("2027-01", 150_000, "rate arrived", loaded),
        ("2027-02", 150_000, "rate arrived", loaded),
    ]
    assert march.current == 216_000
    assert billed(ws, Month(2027, 4), date(2027, 3, 10)).issued[0].retro == 0


def test_a_trial_holds_what_the_run_would_hold(ws: Workspace) -> None:
    enrolled(ws, WITHOUT_FAMILIES)
    look = billed(ws, trial=True)
    assert (look.issued, look.held) == ((), (A,)) and "INVOICE-HELD" in codes(look)
    assert write_trials(ws, [look]) == []
    with ws.database.read() as conn:
        assert invoices.held(conn) == []
    load_terms(ws, the_rest(WITHOUT_FAMILIES))
    assert billed(ws, trial=True).issued[0].total_due == 66_000


def test_a_held_account_holds_no_other_and_the_cover_waits(ws: Workspace) -> None:
    """Subgroup 200 ended with 2026, and its families stand on the roster: B waits, A does not."""
    load_terms(ws)
    for name, day in (("01-adds.edi", date(2026, 11, 20)), ("02-changes.edi", date(2026, 12, 5))):
        take(ws, SAMPLES / "demo" / name, day)
    hourly = 'account = "41000200"'
    load_terms(ws, AGREED.replace(hourly, f"{hourly}\nend = 2026-12-31"))
    result = billed(ws)
    assert ([statement.account for statement in result.issued], result.held) == ([A], (B,))
    assert result.consolidated is None
    (outside,) = [finding for finding in result.findings if finding.code == "COVERED-OUTSIDE"]
    assert outside.message.startswith("Subgroup 200 is agreed from 2026-01-01 through 2026-12-31, and coverage")
    families, _, listed = outside.subject.partition(": ")
    assert families.endswith(" families") and listed.count(",") == 5 and listed.endswith(" more")
    (held,) = [finding for finding in result.findings if finding.code == "INVOICE-HELD"]
    assert held.fix == "Mend what COVERED-OUTSIDE names, then bill the month again."
    assert due.to_bill(ws, ws.now(date(2026, 12, 11))) == [(JANUARY, GROUP)]
    assert reconcile.reconcile(ws, JANUARY, GROUP, ws.now(DAY)).accounts[1].billed == 0

    load_terms(ws, AGREED)
    later = billed(ws, day=date(2027, 1, 2))  # the month has begun: it is still this one
    assert [(statement.number, statement.account, statement.due) for statement in later.issued] == [
        ("100002", B, date(2027, 1, 2))
    ]
    assert later.consolidated is not None and [bill.account for bill in later.consolidated.bills] == [A, B]
    assert due.to_bill(ws, ws.now(date(2027, 1, 3))) == []


def test_a_birth_date_that_arrives_says_so(ws: Workspace) -> None:
    """Rated by age, a member without a birth date leaves the family's line out; nothing else of it changed."""
    from billing import adjust, hold
    from billing.charges import should_be
    from store.people import roster

    aged = AGREED.replace(GOLD, GOLD[: GOLD.index("end")] + 'by_age = { 0-20 = "200.00", "21+" = "400.00" }\n')
    enrolled(ws, the_rest(aged))
    with ws.database.read() as conn:
        terms, lines = agreements.terms(conn, GROUP), roster.lines(conn, GROUP)
    assert terms is not None
    child = next(line for line in lines if line.relationship == "19" and line.plan == "GOLD")
    unborn = [
        replace(line, demographics=replace(line.demographics, birth=None)) if line is child else line
        for line in lines
    ]
    should = should_be(unborn, terms, JANUARY)
    assert hold.held(should.left_out, "bill-the-rest", JANUARY) == {}
    assert list(hold.held(should.left_out, "hold", JANUARY)) == [A]
    posted = [*adjust.charges(should, [], JANUARY), *hold.marks(should, [])]
    later = adjust.charges(should_be(lines, terms, FEBRUARY), posted, FEBRUARY)
    retro = {reason(charge.reason): charge.person for charge in later if charge.kind is ChargeKind.RETRO}
    assert list(retro) == ["birth date arrived"]
    assert hold.marks(should, posted) == ()  # said once


def test_the_command_says_what_is_held_and_exits_with_1(home) -> None:
    assert run("init").code == 0
    assert run("terms", "load", TERMS, "--today", "2026-11-02").code == 0
    assert (
        run(
            "receive",
            SAMPLES / "valid" / "01-add-family.edi",
            "--partner",
            "harbor-mills",
            "--today",
            "2026-11-23",
        ).code
        == 0
    )
    unpriced = home.parent / "unpriced.toml"
    unpriced.write_text(WITHOUT_FAMILIES, encoding="utf-8")
    assert run("terms", "load", unpriced, "--today", "2026-11-24").code == 0
    asked = ("bill", "--month", "2027-01", "--today", "2026-12-10")
    shown = run(*asked)
    assert shown.code == 1 and f"No invoice for 2027-01 yet: {A}" in shown.out and "INVOICE-HELD" in shown.out
    value = run(*asked, "--json")
    assert (value.code, value.json["held"], value.json["invoices"]) == (1, [A], [])
