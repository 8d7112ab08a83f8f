"""A payer that bills itself, through the program: the worksheet goes out and comes back, an 820 pays."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from pipeline.runtime.workspace import Workspace
from sample_files import edi
from support.installation import PARTNER, SAMPLES, TERMS, run, run_by_two
from support.people import at_the_desk

GROUP, ACCOUNT, MONTH = "HM4100", "41000100", "2027-01"
COMPUTED = 216_000  # of 01-add-family.edi by tier: GOLD FAM 1,500 and EMP 500, DENTAL FAM 120 and EMP 40
ROWS = {
    ("DENTAL", "FAM"): "120.00",
    ("DENTAL", "EMP"): "40.00",
    ("GOLD", "FAM"): "1500.00",
    ("GOLD", "EMP"): "500.00",
}
Row = dict[str, str]


@pytest.fixture
def billed(home: Path, tmp_path: Path) -> Path:
    """Load terms under which the first subgroup bills itself, two families, and bill January."""
    agreed = TERMS.read_text("utf-8")
    mine = 'account = "41000100"\n'
    (tmp_path / "terms.toml").write_text(agreed.replace(mine, f'{mine}billing_mode = "self"\n', 1), "utf-8")
    assert run("terms", "load", tmp_path / "terms.toml", "--today", "2026-11-01").code == 0
    assert (
        run("receive", SAMPLES / "valid" / "01-add-family.edi", "-p", PARTNER, "--today", "2026-11-23").code == 0
    )
    assert run("bill", "--month", MONTH, "--group", GROUP, "--today", "2026-12-10").code == 0
    return home


def out(home: Path, pattern: str) -> list[Path]:
    return sorted((home / "outbox" / PARTNER).glob(pattern))


def sheet(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def filled(rows: Iterable[Row], **by_row: tuple[str, str]) -> list[Row]:
    """Return rows with what we compute as reported, but for those that `by_row` says (`DENTAL_FAM`)."""
    made = []
    for row in rows:
        usual = row["Our People"], row["Our Amount"]
        people, amount = by_row.get(f"{row['Plan']}_{row['Tier']}", usual)
        made.append({**row, "People": people, "Amount": amount})
    return made


def send(path: Path, rows: list[Row], day: str) -> Mapping[str, Any]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return received(path, day)


def received(path: Path, day: str) -> Mapping[str, Any]:
    (value,) = run("receive", path, "-p", PARTNER, "--today", day, "--json").json
    return value


def codes(value: Mapping[str, Any]) -> list[str]:
    return [finding["code"] for finding in value["all_findings"]]


def shown(day: str = "2027-01-20") -> Mapping[str, Any]:
    ran = run("selfbill", "show", GROUP, "--month", MONTH, "--today", day, "--json")
    (bill,) = ran.json["bills"]
    return bill


def off(part: Mapping[str, Any]) -> tuple[str, str, int, int]:
    return part["plan"], part["tier"], part["variance_people"], part["variance_cents"]


def waits() -> list[str]:
    listed = run("work", "list", "--kind", "selfbill", "--today", "2027-01-20", "--json")
    return [item["code"] for item in listed.json["items"]]


def test_a_worksheet_goes_out_and_comes_back(billed: Path, tmp_path: Path) -> None:
    assert [path.suffix for path in out(billed, "worksheet-*")] == [".csv", ".pdf", ".xlsx"]
    assert out(billed, "invoice-*") == [], "nothing is asked for that we list"
    rows = sheet(out(billed, "worksheet-*.csv")[0])
    assert {(row["Plan"], row["Tier"]): row["Our Amount"] for row in rows} == ROWS
    assert all(row["People"] == row["Amount"] == "" and row["Rollbook Row"] for row in rows)
    assert not shown()["reported"] and shown()["total"]["computed_cents"] == COMPUTED

    assert send(tmp_path / "same.csv", filled(rows), "2026-12-15")["state"] == "APPLIED"
    assert shown()["differ"] == 0 and shown()["total"]["reported_cents"] == COMPUTED and waits() == []

    less = send(tmp_path / "less.csv", filled(rows, DENTAL_FAM=("0", "0.00")), "2026-12-16")
    assert (less["state"], codes(less)) == ("APPLIED", ["SELFBILL-VARIANCE"])
    (part,) = shown()["differing"]
    assert off(part) == ("DENTAL", "FAM", -1, -12_000)
    assert waits() == ["SELFBILL-VARIANCE"]
    (item,) = run("work", "list", "--kind", "selfbill", "--today", "2027-01-20", "--json").json["items"]
    assert "rollbook selfbill show" in run("work", "show", item["number"], "--today", "2027-01-20").out
    for columns in (80, 120):
        screen = run("selfbill", "show", GROUP, "--month", MONTH, "--today", "2026-12-16", columns=columns).out
        assert max(map(len, screen.splitlines())) <= columns
        assert "-$120.00" in screen and "$2,160.00" in screen and "QUIGLEY, IVAN" in screen
    told = run("explain", "account", ACCOUNT, "--today", "2026-12-16").out
    assert "it reported $2,040.00, which is -$120.00 and -1 people off" in " ".join(told.split())
    again = send(tmp_path / "again.csv", filled(rows, DENTAL_FAM=("0", "0.00")), "2026-12-17")
    assert again["state"] == "DUPLICATE"
    send(tmp_path / "mended.csv", filled(rows), "2026-12-18")
    assert waits() == [], "a report that agrees closes it"


def test_a_workbook_comes_back_with_somebody_added(billed: Path, tmp_path: Path) -> None:
    (path,) = out(billed, "worksheet-*.xlsx")
    cells = CalamineWorkbook.from_path(path).get_sheet_by_name("Worksheet").to_python(skip_empty_area=False)
    top = next(number for number, row in enumerate(cells) if "Rollbook Row" in row)
    at = {heading: column for column, heading in enumerate(cells[top])}
    for row in cells[top + 1 :]:
        row[at["People"]], row[at["Amount"]] = row[at["Our People"]], row[at["Our Amount"]]
    added: dict[object, object] = {
        "Plan": "GOLD",
        "Tier": "EMP",
        "Name": "Newcomb, Nora",
        "People": 1,
        "Amount": 500,
    }
    cells.append([added.get(heading, "") for heading in cells[top]])
    with xlsxwriter.Workbook(tmp_path / "back.xlsx") as book:
        page = book.add_worksheet("Worksheet")
        for number, row in enumerate(cells):
            page.write_row(number, 0, row)
    assert codes(received(tmp_path / "back.xlsx", "2026-12-15")) == ["SELFBILL-VARIANCE"]
    (part,) = shown()["differing"]
    assert part["added"] and off(part) == ("GOLD", "EMP", 1, 50_000)


def test_what_cannot_be_taken_is_refused_whole_by_position(billed: Path, tmp_path: Path) -> None:
    rows = filled(sheet(out(billed, "worksheet-*.csv")[0]))
    wrong = [dict(row) for row in rows]
    wrong[0]["Amount"] = "1,5OO.00"
    wrong[1]["Rollbook Row"] = wrong[1]["Rollbook Row"][:-1] + "x"
    wrong[2] = dict(wrong[3])
    value = send(tmp_path / "wrong.csv", [*wrong, {**wrong[3], "Rollbook Row": "", "Plan": "TIN"}], "2026-12-15")
    assert value["state"] == "REJECTED"
    assert [(each["code"], each["where"]["text"]) for each in value["all_findings"]] == [
        ("SELFBILL-NUMBER", "row 2, column N"),
        ("SELFBILL-KEY", "row 3, column O"),
        ("SELFBILL-TWICE", "row 5, column O"),
        ("SELFBILL-PLAN", "row 6, column C"),
    ]
    # columns sorted without their keys, a comma for a point, a column taken out, headings alone
    turned = [
        {**row, "Rollbook Row": other["Rollbook Row"]}
        for row, other in zip(rows, rows[1:] + rows[:1], strict=True)
    ]
    value = send(tmp_path / "turned.csv", turned, "2026-12-15")
    assert (value["state"], set(codes(value))) == ("REJECTED", {"SELFBILL-ANOTHERS"})
    comma = [{**rows[0], "Amount": rows[0]["Amount"].replace(".", ",")}, *rows[1:]]
    assert codes(send(tmp_path / "comma.csv", comma, "2026-12-15")) == ["SELFBILL-NUMBER"]
    keyless = [{name: text for name, text in row.items() if name != "Rollbook Row"} for row in rows]
    (finding,) = send(tmp_path / "keyless.csv", keyless, "2026-12-15")["all_findings"]
    assert finding["message"] == "The worksheet has no column Rollbook Row."
    (tmp_path / "bare.csv").write_text(",".join(rows[0]) + "\n", "utf-8")
    (finding,) = received(tmp_path / "bare.csv", "2026-12-15")["all_findings"]
    assert finding["message"] == "The worksheet has no row below its headings."
    assert not shown()["reported"]
    checked = run("check", tmp_path / "wrong.csv")
    assert checked.code == 1 and "SELFBILL-NUMBER" in checked.out and "CENSUS-" not in checked.out
    empty = [{**row, "People": "", "Amount": ""} if row["Plan"] == "GOLD" else row for row in rows]
    value = send(tmp_path / "empty.csv", empty, "2026-12-16")
    assert codes(value) == ["SELFBILL-EMPTY", "SELFBILL-EMPTY", "SELFBILL-VARIANCE"]
    assert shown()["total"]["variance_cents"] == -200_000
    assert run("bill", "--month", "2027-02", "--group", GROUP, "--today", "2027-01-10").code == 0
    both = [row for path in out(billed, "worksheet-*.csv") for row in filled(sheet(path))]
    assert set(codes(send(tmp_path / "both.csv", both, "2027-01-12"))) == {"SELFBILL-MIXED"}


def pay(home: Path, tmp_path: Path, lines: list[str], cents: int, day: date) -> Mapping[str, Any]:
    """Send an 820 of these lines, and enter its deposit."""
    made = edi.remittance_set([("11", ACCOUNT, cents, cents)], day, "SB820", total=cents)
    at = next(number for number, segment in enumerate(made) if segment.startswith("RMR"))
    made = [*made[:at], *lines, f"SE*{at + len(lines) + 1}*0001"]
    (tmp_path / "paid.edi").write_text(edi.interchange([made], day, 900, kind="820"), "utf-8")
    value = received(tmp_path / "paid.edi", str(day))
    trace = ("--trace", "SB820", "--company", "1990000001")
    assert run("deposit", "add", "--amount", f"{cents / 100:.2f}", *trace, "--today", str(day)).code == 0
    return value


def test_an_820_reports_by_plan_and_pays_what_is_computed(
    billed: Path, ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        *(f"RMR*11*{ACCOUNT}*PI*2000", "REF*18*GOLD", "IT1*1", "SLN*1**O*1*IE", "SLN*2**O*1*10"),
        *(f"RMR*11*{ACCOUNT}*PI*130", "REF*18*DENTAL", "IT1*1", "SLN*1**O*1*IE"),
    ]
    pay(billed, tmp_path, lines, 213_000, date(2026, 12, 28))
    bill = shown()
    assert (bill["paid_cents"], bill["open_cents"]) == (213_000, 3_000), "should-be is what is owed"
    assert sorted(map(off, bill["differing"])) == [("DENTAL", "", 0, -3_000), ("DENTAL", "FAM", -1, 0)]
    assert waits() == ["SELFBILL-VARIANCE"]

    asked = run("selfbill", "correct", GROUP, "--month", MONTH, "--account", ACCOUNT, "--today", "2027-01-05")
    assert asked.code == 1 and "a person asks for it" in asked.out
    at_the_desk(ws, monkeypatch)
    where = ("--month", MONTH, "--account", ACCOUNT, "--today", "2027-01-05")
    asked = run("selfbill", "correct", GROUP, *where, "--reason", "one child left?")
    assert asked.code == 0, asked.out
    (path,) = out(billed, "worksheet-*-*.csv")
    assert [row["Amount Off"] for row in sheet(path) if row["Plan"] == "DENTAL" and not row["Tier"]] == ["-30.00"]
    assert shown()["asked"] and waits() == ["SELFBILL-VARIANCE"]

    accepted = run_by_two(monkeypatch, "selfbill", "accept", GROUP, *where, "--reason", "the child is a student")
    assert accepted.code == 0, accepted.out
    assert shown()["accepted"] and waits() == [] and shown()["open_cents"] == 3_000
    assert run("verify", "--today", "2027-01-20").code == 0
    replayed = run("replay", "--into", tmp_path / "again", "--today", "2027-01-20")
    assert replayed.code == 0, replayed.out


def test_the_samples_of_a_payer_that_bills_itself(billed: Path) -> None:
    folder = SAMPLES / "selfbill"
    value = received(folder / "02-worksheet-of-another.csv", "2026-12-28")
    assert (value["state"], set(codes(value))) == ("REJECTED", {"SELFBILL-KEY"})
    assert received(folder / "01-summary.edi", "2026-12-28")["state"] == "PENDED"
    trace = ("--trace", "HMSELF01", "--company", "1990000001")
    assert run("deposit", "add", "--amount", "2040.00", *trace, "--today", "2026-12-28").code == 0
    assert [off(part) for part in shown()["differing"]] == [("DENTAL", "", 0, -12_000), ("DENTAL", "FAM", -1, 0)]
