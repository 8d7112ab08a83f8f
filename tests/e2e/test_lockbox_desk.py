"""A lockbox as the desk sees it: the credit that became its cheques, what its file carries beside cheques."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from sample_files.banking import LOCKBOX_MAP, Entry, bai2, lockbox
from support.installation import SAMPLES, load_terms, run
from support.people import TWO, deciding

DAY = date(2027, 1, 14)
TODAY = ("--today", str(DAY))


def split(ws: Workspace, *numbers: str) -> None:
    """Have a credit of the bank split into so many cheques of $3.00."""
    load_terms(ws)
    credit = Entry("115", 300 * len(numbers), "B7", "", "LOCKBOX LB7")
    inputs.load_bank(ws, bai2([credit], DAY), "statement.bai", "", ws.now(DAY))
    data = lockbox([(number, 300, "", "") for number in numbers], DAY)
    assert inputs.load_bank(ws, data, "lockbox.csv", LOCKBOX_MAP, ws.now(DAY)).split == 1


def test_a_credit_that_was_split_is_no_voided_one(ws: Workspace) -> None:
    """Wherever its deposit is named it says into which cheques, each by its number and the name of its payment."""
    split(ws, "5001", "5002")
    words = "split into 2 cheques: 5001 (D2), 5002 (D3)"
    listed = run("payment", "list", *TODAY).out
    assert words in " ".join(listed.split()) and "voided" not in listed
    first = run("payment", "list", *TODAY, "--json").json["deposits"][0]
    assert first["cheques"] == ["5001 (D2)", "5002 (D3)"]
    shown = " ".join(run("payment", "show", "D1", *TODAY).out.split())
    assert "it was split into 2 cheques, each a payment" in shown and "5002 D3 $3.00" in shown
    assert "Nothing of it is here" not in shown
    assert f"a lockbox's, {words}" in " ".join(run("bank", "show", "1", *TODAY).out.split())
    assert "a cheque of the credit B7" in " ".join(run("payment", "show", "D2", *TODAY).out.split())
    explained = " ".join(run("explain", "payment", "D1", *TODAY).out.split())
    assert f"is a lockbox's and was {words}." in explained and "voided" not in explained
    ben = deciding(ws)
    assert inputs.void_deposit(ben, 1, ws.now(DAY), TWO).outcome == f"deposit 1 was {words}"
    back = run("payment", "reverse", "D1", "--code", "NSF", "--trace", "9", "--reason", "r", *TODAY)
    assert back.code == 1 and f"it was {words}" in " ".join(back.out.split())


def test_of_many_cheques_the_first_are_named(ws: Workspace) -> None:
    split(ws, *(str(number) for number in range(5001, 5009)))
    assert "split into 8 cheques: 5001 (D2), 5002 (D3), 5003 (D4), 5004 (D5), 5005 (D6) and 3 more" in " ".join(
        run("payment", "list", *TODAY, columns=300).out.split()
    )
    shown = run("payment", "show", "D1", *TODAY, "--json").json
    assert shown["cheque_count"] == 8
    assert shown["cheques"][7] == {"line": 9, "number": "5008", "payment": "D9", "amount_cents": 300}


def test_a_letter_in_the_lockbox_costs_no_cheque(ws: Workspace, tmp_path: Path) -> None:
    load_terms(ws)
    (ws.settings.home / "lockbox.toml").write_text(LOCKBOX_MAP, "utf-8")
    sheet = tmp_path / "lockbox.csv"
    sheet.write_bytes(lockbox([("5001", 300, "", "")], DAY) + b"1,01/14/2027,,0.00,,,\n")
    made = run("bank", "load", sheet, *TODAY, "--json").json
    assert (made["refused"], made["file"]["lines"]) == (False, 1)
    assert [(each["code"], each["where"]["text"]) for each in made["findings"]] == [
        ("BANK-NO-MONEY", "row 3, column D")
    ]


def test_check_foretells_what_load_does_with_a_lockbox(ws: Workspace, tmp_path: Path) -> None:
    """By the mapping that lies in the home folder, or is given; without one it says that it cannot, and why."""
    load_terms(ws)
    good, bad, mapping = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "map.toml"
    good.write_bytes(lockbox([("5001", 300, "", "")], DAY) + b"1,01/14/2027,,0.00,,,\n")
    bad.write_bytes(good.read_bytes().replace(b"3.00", b"3,00"))
    mapping.write_text(LOCKBOX_MAP, "utf-8")
    alone = run("check", good, *TODAY, "--json")
    (finding,) = alone.json["files"][0]["findings"]
    assert (alone.code, alone.json["files"][0]["outcome"], finding["code"]) == (1, "unreadable", "BANK-UNREADABLE")
    assert "looks like a lockbox's CSV" in finding["message"] and "--mapping FILE" in finding["fix"]
    given = run("check", good, *TODAY, "--mapping", mapping, "--json").json["files"][0]
    (ws.settings.home / "lockbox.toml").write_text(LOCKBOX_MAP, "utf-8")
    for sheet, code in ((good, 0), (bad, 1)):
        checked = run("check", sheet, *TODAY, "--json")
        foretold = checked.json["files"][0]
        made = run("bank", "load", sheet, *TODAY, "--json").json
        assert (checked.code, foretold["outcome"] == "rejected") == (code, made["refused"])
        assert [(each["code"], each["message"], each["where"]) for each in foretold["findings"]] == [
            (each["code"], each["message"], each["where"]) for each in made["findings"]
        ]
        assert sheet is bad or foretold == given
    away = run("check", good, *TODAY, "--home", tmp_path, "--json").json["files"][0]
    assert away["outcome"] == "unreadable", "of another home"
    (ws.settings.home / "lockbox.toml").write_text("columns = 5", "utf-8")
    (broken,) = run("check", good, *TODAY, "--json").json["files"][0]["findings"]
    assert broken["message"].startswith("The mapping cannot be used: the mapping's columns are a table")
    assert run("check", SAMPLES / "bank" / "statement.bai", "--today", "2026-12-30").code == 0
    assert run("bank", "load", SAMPLES / "bank" / "returns.ach", "--today", "2026-12-30", "--json").json["file"]
