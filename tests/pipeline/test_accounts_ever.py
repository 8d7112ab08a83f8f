"""Every account that ever had a posting stays in the books, whatever the terms say today.

Source: docs/domain.md, Account numbers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial

import pytest

from model.agreement.terms import Terms
from model.documents import keys
from model.documents.statement import Reconciliation
from model.journal import Purpose
from model.timeline import Month
from parsers.terms import text as reading
from pipeline.month.bill import bill
from pipeline.month.reconcile import reconcile
from pipeline.runtime.workspace import Workspace
from store import agreements, journal
from store.received import outbox, statement_rows
from support import values
from support.installation import GROUP, SAMPLES, TERMS, load_terms, take
from support.invoiced import whole
from support.people import TESTER
from writers.render import render
from writers.words import reason

OLD = "41000100"
JANUARY, FEBRUARY = Month(2027, 1), Month(2027, 2)
TOTAL = 212_000 + 54_000  # IVAN and family GOLD FAM 1500 + DENTAL FAM 120; ADA GOLD EMP 500 + DENTAL EMP 40


@pytest.fixture
def billed(on_both: Workspace) -> Workspace:
    """A group with two families on one account, and January's invoice."""
    load_terms(on_both)
    take(on_both, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    bill(on_both, JANUARY, noon(on_both, date(2026, 12, 10)), GROUP)
    return on_both


def noon(ws: Workspace, day: date) -> datetime:
    return ws.now(day)


def put(ws: Workspace, text: str) -> Terms:
    """Make these the terms past every check: as a store may hold them from an earlier release."""
    loaded, findings = reading.load(text)
    assert loaded and loaded.terms, findings
    with ws.database.write() as conn:
        tx = journal.open_tx(conn, noon(ws, date(2027, 1, 5)), TESTER, Purpose.LOAD_TERMS)
        agreements.save(conn, tx, loaded.terms, text)
    return loaded.terms


def without_salaried() -> str:
    """The sample's terms without their first subgroup."""
    text = TERMS.read_text(encoding="utf-8")
    gone = '[[group.subgroups]]\ncode = "100"\nname = "Salaried"\naccount = "41000100"\n\n'
    assert gone in text
    return text.replace(gone, "")


def test_a_subgroup_that_the_terms_dropped_keeps_its_debt_in_the_books(billed: Workspace) -> None:
    before = values.account_value(billed, OLD)
    put(billed, without_salaried())
    after = values.account_value(billed, OLD)
    assert after["owed_cents"] == before["owed_cents"] > 0
    assert (after["group"], after["subgroup"]) == (GROUP, "100")
    found = reconcile(billed, JANUARY, GROUP, noon(billed, date(2027, 1, 6)))
    assert [
        (account.account, account.subgroup, account.open) for account in found.accounts if account.invoice
    ] == [(OLD, "100", before["owed_cents"])]
    (result,) = bill(billed, FEBRUARY, noon(billed, date(2027, 1, 10)), GROUP)
    (february,) = [statement for statement in result.issued if statement.account == OLD]
    assert (february.prior_balance, february.current, february.retro) == (before["owed_cents"], 0, 0)
    assert (february.subgroup, february.total_due) == ("100", before["owed_cents"])


def test_the_rows_of_a_reconciliation_lie_beside_it_once_for_all_who_get_it(billed: Workspace) -> None:
    found = reconcile(billed, JANUARY, GROUP, noon(billed, date(2027, 1, 6)))
    with billed.database.read() as conn:
        owed = outbox.starting(conn, keys.reconciliation(GROUP, JANUARY), billed.vault.fields)
    assert owed and all(isinstance(item.statement, Reconciliation) for item in owed)
    assert {item.statement for item in owed} == {replace(found, rows=(), unplaced=())}
    read = partial(statement_rows.read, billed.database, billed.vault.fields)
    assert found.rows and tuple(read(str(keys.reconciled(found.number)))) == found.rows
    beside, within = (render(replace(found, rows=rows), read) for rows in ((), found.rows))
    assert beside[1].data == render(found)[1].data != within[1].data, "each row once"


def test_a_month_once_posted_stays_in_the_difference(billed: Workspace) -> None:
    """A first month that was moved forward credits nothing, and a corrected rate of that month still comes."""
    text = TERMS.read_text(encoding="utf-8").replace('first_month = "2027-01"', 'first_month = "2027-02"')
    assert '{ EMP = "40.00", ESP' in text
    put(billed, text.replace('{ EMP = "40.00", ESP', '{ EMP = "45.00", ESP'))
    (result,) = bill(billed, FEBRUARY, noon(billed, date(2027, 1, 10)), GROUP)
    (february,) = result.issued
    assert [
        (adjustment.month, adjustment.plan, adjustment.cents, reason(adjustment.reason))
        for adjustment in whole(billed, february).adjustments
    ] == [("2027-01", "DENTAL", 5_00, "rate changed")]


def test_the_group_page_names_a_subgroup_that_has_people_and_no_terms(billed: Workspace) -> None:
    put(billed, without_salaried())
    shown = values.group_value(billed, GROUP, date(2027, 1, 6))["subgroups"]
    assert [(subgroup["code"], subgroup["account"], subgroup["members"]) for subgroup in shown] == [
        ("200", "41000200", 0),
        ("100", OLD, 4),
    ]
