"""Loading terms: the effect is told first; what touches the books needs two people, and nothing leaves them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from model.approval import NOBODY
from model.documents.statement import InvoiceStatement
from model.journal import Purpose
from model.money.ledger import BANK, Transfer, TransferCause, ahead, receivable, unapplied
from model.timeline import Month
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.runtime.workspace import Workspace
from pipeline.setup.load_terms import load_terms
from store import journal
from store.money import ledger
from support import values, verified
from support.fixtures import opened, scene
from support.installation import GROUP, PARTNER, ROOT, SAMPLES, TERMS, Ran, run, run_by_two, take, take_bytes
from support.installation import load_terms as begin
from support.invoiced import whole
from support.people import TESTER, TWO, at_the_desk, deciding
from writers.words import reason

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "terms" / "loaded.yaml").read_text("utf-8"))
TEXT = TERMS.read_text("utf-8")
OLD, NEW = "41000100", "41009900"
JANUARY, FEBRUARY, MARCH = Month(2027, 1), Month(2027, 2), Month(2027, 3)
DAY = date(2027, 1, 11)
MOVED = TEXT.replace(
    f'account = "{OLD}"', f'account = [{{ number = "{OLD}" }}, {{ from = 2027-02-01, number = "{NEW}" }}]'
)


def test_a_partners_folders_are_there_before_anything_was_sent(ws: Workspace) -> None:
    """Of a partner in terms that are loaded, and of one that is added."""
    begin(ws)
    assert run("partner", "add", "lakeside", "--isa", "ZZ:LAKESIDE").code == 0
    for code in (PARTNER, "lakeside"):
        assert (ws.settings.home / "inbox" / code).is_dir() and (ws.outbox / code).is_dir()


@pytest.fixture
def billed(on_both: Workspace) -> Workspace:
    """Two families on one account, and January's invoice."""
    return with_january(on_both)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scene(tmp_path_factory.mktemp("january") / "var", with_january)


@pytest.fixture
def one(told: Path, bare_home: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """The same on SQLite alone."""
    shutil.copytree(told, bare_home)
    yield from opened(request)


def with_january(ws: Workspace) -> Workspace:
    begin(ws)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    bill(ws, JANUARY, ws.now(date(2026, 12, 10)), GROUP)
    return ws


def edited(case: dict[str, Any]) -> str:
    """The sample's terms with a case's edits."""
    text = TEXT
    for old, new in case["edits"].items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_a_file_changes(one: Workspace, case: dict[str, Any]) -> None:
    """It is told in words and money, refused, left to two people, or loaded; refused means nothing was stored."""
    text, now = edited(case), one.now(case.get("day", DAY))
    asked = load_terms(one, text, now, NOBODY)
    assert [finding.code for finding in asked.findings] == case.get("findings", [])
    assert [line for line in asked.effect.words if line] == case.get("words", [])
    assert case.get("says", "") in " ".join(finding.message for finding in asked.findings)
    assert [[e.account, str(e.month), e.change] for e in asked.effect.months] == case.get("months", [])
    told = [[gone.what, gone.people, gone.past] for gone in asked.effect.uncovered]
    assert told == case.get("uncovered", [])
    lost = [[lost.account, str(lost.month), lost.units, lost.posted] for lost in asked.effect.unpriced]
    assert lost == case.get("unpriced", [])
    assert asked.stored is (case.get("findings", []) == [])
    if not asked.stored:
        assert values.account_value(one, OLD)["owed_cents"] == 216_000
        with one.database.read() as conn:
            assert len(ledger.entries(conn, receivable(OLD))) == 1
        allowed = load_terms(deciding(one), text, now, TWO)
        assert allowed.stored is (asked.findings[0].code == "TERMS-EFFECT")
        assert load_terms(one, text, now, NOBODY).stored is allowed.stored, "what is in force changes nothing"


def test_a_dated_switch_leaves_what_is_billed_alone(ws: Workspace) -> None:
    """Ada begins on 12 January: 540.00 for the month, and 348.39 (20 of 31 days) if it went by days."""
    begin(ws)
    head, ada = (SAMPLES / "valid" / "01-add-family.edi").read_text("utf-8").split("REF*0F*E50002")
    text = f"{head}REF*0F*E50002{ada.replace('348*D8*20261201', '348*D8*20270112')}"
    take_bytes(ws, text.encode(), "adds.edi", date(2026, 11, 23))
    bill(ws, JANUARY, ws.now(date(2026, 12, 10)), GROUP)
    plain = TEXT.replace('proration = "full-month"', 'proration = "daily"')
    asked = load_terms(ws, plain, ws.now(DAY))
    assert [(effect.account, str(effect.month), effect.change) for effect in asked.effect.months] == [
        (OLD, "2027-01", 348_39 - 540_00)
    ]
    assert not asked.stored
    daily = 'proration = [{ value = "full-month" }, { from = 2027-02-01, value = "daily" }]'
    assert load_terms(ws, TEXT.replace('proration = "full-month"', daily), ws.now(DAY)).stored
    (february,) = bill(ws, FEBRUARY, ws.now(DAY), GROUP)[0].issued
    assert (february.retro, february.current) == (0, 216_000)


# --- an account gets another number ------------------------------------------------------------------------


def paid(ws: Workspace) -> None:
    """Part of January is paid, some money more lies on the account, and some for February."""
    with ws.database.write() as conn:
        tx = journal.open_tx(conn, ws.now(DAY), TESTER, Purpose.ENTER_DEPOSIT)
        opened = ledger.invoice_open(conn, [OLD])[0].number
        ledger.post(conn, tx, [
            Transfer(BANK, receivable(OLD), 50_000, DAY, TransferCause.PAYMENT, opened),
            Transfer(BANK, unapplied(OLD), 1_234, DAY, TransferCause.UNAPPLIED),
            Transfer(BANK, ahead(OLD, FEBRUARY), 777, DAY, TransferCause.AHEAD),
        ])  # fmt: skip


def trial(ws: Workspace, month: Month) -> InvoiceStatement:
    (statement,) = bill(ws, month, ws.now(DAY), GROUP, trial=True)[0].issued
    return statement


@pytest.mark.leaves("bank")  # money that no paper brought
def test_an_account_moves_with_all_its_books(billed: Workspace) -> None:
    ws = billed
    paid(ws)
    before, expected = values.account_value(ws, OLD), trial(ws, FEBRUARY)
    refused = load_terms(ws, MOVED, ws.now(DAY))
    assert [finding.code for finding in refused.findings] == ["TERMS-EFFECT"] and values.account_value(
        ws, OLD
    ) == before
    loaded = load_terms(deciding(ws), MOVED, ws.now(DAY), TWO)
    assert loaded.stored and not loaded.effect.months, "nothing is billed again"
    after = values.account_value(ws, NEW)
    same = ("owed_cents", "credit_cents", "kept", "next_due")
    assert [after[name] for name in same] == [before[name] for name in same]
    assert [after[name] for name in same] == [
        166_000,
        1_234,
        [{"month": "2027-02", "amount_cents": 777}],
        "2027-01-01",
    ]
    assert [(i["number"], i["due"], i["open_cents"], i["issued_on"]) for i in after["invoices"]] == [
        (i["number"], i["due"], i["open_cents"], OLD) for i in before["invoices"]
    ]
    gone = values.account_value(ws, OLD)
    assert [gone[name] for name in ("held_by", *same)] == [NEW, 0, 0, [], ""]
    assert [entry["cause"] for entry in gone["entries"]] == ["premium", "payment", "moved"]
    assert trial(ws, FEBRUARY) == replace(expected, account=NEW)


def test_a_later_correction_goes_to_the_new_number(billed: Workspace) -> None:
    ws = billed
    load_terms(deciding(ws), MOVED, ws.now(DAY), TWO)
    (february,) = bill(ws, FEBRUARY, ws.now(DAY), GROUP)[0].issued
    assert (february.account, february.prior_balance, february.retro) == (NEW, 216_000, 0)
    dearer = MOVED.replace('{ EMP = "500.00"', '{ EMP = "510.00"')
    corrected = load_terms(deciding(ws), dearer, ws.now(DAY), TWO)
    months = [(effect.account, str(effect.month), effect.change) for effect in corrected.effect.months]
    assert months == [(NEW, "2027-01", 10_00), (NEW, "2027-02", 10_00)]
    (march,) = bill(ws, MARCH, ws.now(date(2027, 2, 10)), GROUP)[0].issued
    assert [(row.month, row.cents, reason(row.reason)) for row in whole(ws, march).adjustments] == [
        ("2027-01", 10_00, "rate changed"),
        ("2027-02", 10_00, "rate changed"),
    ]
    assert march.account == NEW
    verified.whole(ws)


def test_a_payment_under_the_old_number_finds_the_new_one(one: Workspace) -> None:
    ws = one
    load_terms(deciding(ws), MOVED, ws.now(DAY), TWO)
    data = (
        (SAMPLES / "broken" / "unbalanced-820" / "unbalanced.edi")
        .read_bytes()
        .replace(b"1000*1000", b"999.99*1000")
    )
    add_deposit(ws, "HMBAD820", "1990000001", 99_999, DAY, ws.now(DAY))
    value = take_bytes(ws, data, "pays.edi", DAY)
    assert value["state"] == "APPLIED", value["all_findings"]
    assert values.account_value(ws, NEW)["owed_cents"] == 216_000 - 99_999
    assert values.account_value(ws, OLD)["owed_cents"] == 0


def test_an_account_moves_again_and_back(one: Workspace) -> None:
    ws = one
    load_terms(deciding(ws), MOVED, ws.now(DAY), TWO)
    bill(ws, FEBRUARY, ws.now(DAY), GROUP)
    third = MOVED.replace(
        f'number = "{NEW}" }}', f'number = "{NEW}" }}, {{ from = 2027-03-01, number = "41007700" }}'
    )
    assert load_terms(deciding(ws), third, ws.now(DAY), TWO).stored
    assert values.account_value(ws, "41007700")["owed_cents"] == 2 * 216_000
    assert [values.account_value(ws, number)["held_by"] for number in (OLD, NEW)] == ["41007700"] * 2
    back = TEXT.replace(
        f'account = "{OLD}"', f'account = [{{ number = "41007700" }}, {{ from = 2027-03-01, number = "{OLD}" }}]'
    )
    assert load_terms(deciding(ws), back, ws.now(DAY), TWO).stored
    assert values.account_value(ws, OLD)["owed_cents"] == 2 * 216_000


def test_a_person_sees_it_before_it_is_done(
    one: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line: exit code 1 and the effect; with two people it is done and kept."""
    at_the_desk(one, monkeypatch)
    file = tmp_path / "moved.toml"
    file.write_text(MOVED)
    asked = run("terms", "load", file, "--today", DAY)
    assert asked.code == 1 and "nothing was loaded" in asked.out
    assert f"Account {OLD} moves to {NEW}: open invoices 100001, $2,160.00 in all" in asked.out
    why = ("--reason", "letter of 3 January")
    done = run_by_two(monkeypatch, "terms", "load", file, "--today", DAY, "--json", *why)
    assert done.code == 0 and done.json[0]["loaded"]
    assert done.json[0]["effect"]["moves"] == [
        {"from": OLD, "to": NEW, "invoices": [{"number": "100001", "open_cents": 216_000}], "credit_cents": 0}
    ]
    shown = run("account", "show", OLD)
    assert shown.code == 0 and f"its books are on account {NEW}" in shown.out


def test_a_price_is_taken_from_a_billed_month_by_two_people_only(
    one: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is credited by it: what stands billed has no price, and holds the next invoice until it has."""
    at_the_desk(one, monkeypatch)
    file = tmp_path / "fewer.toml"
    file.write_text(TEXT.replace(', FAM = "1500.00" }', " }"))
    asked = run("terms", "load", file, "--today", DAY)
    assert asked.code == 1 and "nothing was loaded" in asked.out and "TERMS-EFFECT" in asked.out
    assert [word in asked.out for word in (OLD, "2027-01", "$1,500.00")] == [True] * 3
    value = run("terms", "load", file, "--today", DAY, "--json").json[0]
    lost = {"account": OLD, "month": "2027-01", "units": 1, "posted_cents": 150_000}
    assert (value["loaded"], value["effect"]["unpriced"], value["effect"]["months"]) == (False, [lost], [])
    assert value["effect"]["needs_two_people"]
    why = ("--reason", "the contract has no family rate")
    assert run_by_two(monkeypatch, "terms", "load", file, "--today", DAY, "--json", *why).code == 0

    held = run("bill", "--month", "2027-02", "--group", GROUP, "--today", DAY, "--json")
    assert (held.code, held.json["held"], held.json["invoices"]) == (1, [OLD], [])
    file.write_text(TEXT)
    again = run("terms", "load", file, "--today", DAY, "--json")
    assert again.code == 0 and again.json[0]["effect"]["unpriced"] == [], (
        "a price comes back by anybody: it is the same"
    )
    (february,) = run("bill", "--month", "2027-02", "--group", GROUP, "--today", DAY, "--json").json["invoices"]
    assert (february["current_cents"], february["retro_cents"]) == (216_000, 0)


def test_what_nobody_asks_for_any_more_is_raised_by_two_people_and_lowered_by_one(
    one: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tolerance, and each of its caps."""
    at_the_desk(one, monkeypatch)
    file, why = tmp_path / "tolerance.toml", ("--reason", "as agreed with the employer")

    def load(**caps: int) -> Ran:
        switches = "".join(f"tolerance{name}_cents = {cents}\n" for name, cents in caps.items())
        file.write_text(TEXT.replace("grace_days = 31\n", f"grace_days = 31\n{switches}", 1))
        return run("terms", "load", file, "--today", DAY, "--json")

    asked = load(**{"": 100, "_month": 150})
    assert asked.code == 1 and not asked.json[0]["loaded"] and asked.json[0]["effect"]["needs_two_people"]
    (finding,) = asked.json[0]["findings"]
    assert "paid invoices may be short of up to $1.00 and nobody asks for it" in finding["message"]
    assert run_by_two(monkeypatch, "terms", "load", file, "--today", DAY, "--json", *why).code == 0
    assert load(**{"": 100, "_month": 120}).json[0]["loaded"], "a lower cap"
    assert not load(**{"": 100, "_month": 121}).json[0]["loaded"], "a higher one"
    assert not load(**{"": 110, "_month": 120}).json[0]["loaded"]
    assert load().json[0]["loaded"], "none at all"
