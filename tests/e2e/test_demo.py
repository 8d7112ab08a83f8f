"""The demo's story comes to the figures that tests/cases/demo/figures.yaml works out by hand."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.installation import GROUP, ROOT, Ran, run

FIGURES = yaml.safe_load((ROOT / "tests" / "cases" / "demo" / "figures.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def demo(home: Path) -> Ran:
    """The demo as a person runs it."""
    ran = run("demo", "--home", home, "--json")
    assert ran.code == 0
    return ran


def shown(file_id: str) -> dict[str, Any]:
    return run("file", "show", file_id, "--json").json


def members(group: str, day: date) -> dict[str, int]:
    value = run("group", "show", group, "--today", day, "--json").json
    return {one["code"]: one["members"] for one in value["subgroups"]}


@pytest.mark.parametrize(("file_id", "name"), [("F000001", "01-adds.edi"), ("F000002", "02-changes.edi")])
def test_files(demo: Ran, file_id: str, name: str) -> None:
    expected, value = FIGURES[name], shown(file_id)
    (one,) = value["sets"]
    assert value["state"] == expected["file"]
    assert one["state"] == expected["set"]
    assert len(one["members"]) == expected["members"]
    assert sum(member["relationship"] == "18" for member in one["members"]) == expected["subscribers"]
    assert len({member["subscriber"] for member in one["members"]}) == expected["families"]
    assert Counter(member["disposition"] for member in one["members"]) == expected["dispositions"]
    rules: dict[str, set[str]] = {}
    for member in one["members"]:
        for finding in member["findings"]:
            rules.setdefault(member["subscriber"], set()).add(finding["code"])
    assert {family: sorted(codes) for family, codes in rules.items()} == expected["findings"]


def test_roster(demo: Ran) -> None:
    assert members(GROUP, date(2027, 1, 1)) == FIGURES["02-changes.edi"]["active"]
    assert members(GROUP, date(2026, 12, 1)) == FIGURES["01-adds.edi"]["active"]


def test_invoices(demo: Ran, home: Path) -> None:
    for expected in FIGURES["invoices"]:
        path = next((home / "outbox" / "harbor-mills").glob(f"invoice-{expected['number']}.csv"))
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        assert sum(cents(row["Amount"]) for row in rows) == expected["total"]
        lines: Counter[str] = Counter()
        counts: Counter[str] = Counter()
        for row in rows:
            lines[row["Line of coverage"].lower()] += cents(row["Amount"])
            counts[row["Line of coverage"].lower()] += 1
        assert lines == expected["lines"]
        assert counts == expected["counts"]
    listed = run("invoice", "list", "--json").json
    assert {one["number"]: one["total"] for one in listed} == {
        one["number"]: one["total"] for one in FIGURES["invoices"]
    }


def test_payment(demo: Ran) -> None:
    paid = FIGURES["03-remittance.edi"]
    (one,) = shown("F000003")["sets"]
    assert one["remittance"]["state"] == "POSTED"
    assert one["remittance"]["cents"] == paid["total"] == FIGURES["deposit"]["total"]
    assert {line["reference"]: line["paid_cents"] for line in one["remittance"]["lines"]} == paid["paid"]
    for account, owed in FIGURES["open_after_payment"].items():
        assert run("account", "show", account, "--json").json["owed_cents"] == owed
    assert run("payment", "list", "--json").json["suspense"] == {}


def test_reconciliation(demo: Ran) -> None:
    ran = run("reconcile", "--month", "2027-01", "--group", GROUP, "--today", "2026-12-30", "--json")
    accounts = {one["account"]: one for one in ran.json["accounts"]}
    for expected in FIGURES["invoices"]:
        one = accounts[expected["account"]]
        assert one["roster_cents"] == one["billed_cents"] == expected["total"]
        assert one["open_cents"] == FIGURES["open_after_payment"][expected["account"]]
    assert ran.json["suspense_cents"] == 0


def test_every_answer_lies_in_the_outbox(demo: Ran, home: Path) -> None:
    folder = home / "outbox" / "harbor-mills"
    named = {Path(one).name for step in demo.json["steps"] for one in step["documents"]}
    assert named == {path.name for path in folder.iterdir()}
    kinds = ("ta1-", "999-", "report-", "invoice-100001.pdf", "invoice-100002.pdf", "receipt-", "reconciliation-")
    for kind in kinds:
        assert any(name.startswith(kind) for name in named), kind


def cents(text: str) -> int:
    return round(float(text) * 100)
