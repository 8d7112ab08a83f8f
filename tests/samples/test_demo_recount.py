"""The demo's invoices counted again from the sample files and the terms' text, with nothing of ours but this page.

A second opinion on tests/cases/demo/figures.yaml, which is worked out by hand.
"""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "sample_files" / "demo"
FIGURES = yaml.safe_load((ROOT / "tests" / "cases" / "demo" / "figures.yaml").read_text(encoding="utf-8"))
OPEN = date.max
JANUARY, FEBRUARY = date(2027, 1, 1), date(2027, 2, 1)
LINES = {"HLT": "medical", "DEN": "dental", "VIS": "vision", "STD": "disability"}
GROUPS = {  # terms, files before the first bill, files before the second
    "harbor-mills": (["01-adds.edi", "02-changes.edi"], []),
    "cedar-point": (
        ["cedar-point/01-adds.edi", "cedar-point/02-term.edi", "bayview-brokers/01-new-hires.xlsx"],
        ["cedar-point/04-changes.edi", "keystone-cobra/01-cobra.edi"],
    ),
}


@dataclass
class Employee:
    """One employee's places (from, subgroup) and spans (line, plan, level, begin, end), in order."""

    places: list[tuple[date, str]] = field(default_factory=list)
    spans: list[list[Any]] = field(default_factory=list)


def day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def loops(name: str) -> list[list[list[str]]]:
    """Return a file's member loops of employees, as segments of elements."""
    body = (DEMO / name).read_text(encoding="ascii").replace("\n", "").partition("~SE*")[0]
    return [
        [segment.split("*") for segment in text.split("~")]
        for text in re.split(r"~(?=INS\*)", body)[1:]
        if "INS*Y" in text
    ]


def dates(segments: list[list[str]]) -> dict[str, date]:
    return {segment[1]: day(segment[3]) for segment in segments if segment[0] == "DTP"}


def coverages(segments: list[list[str]]) -> list[tuple[list[str], dict[str, date]]]:
    """Return each HD with its own dates."""
    starts = [at for at, segment in enumerate(segments) if segment[0] == "HD"]
    return [
        (segments[at], dates(segments[at:after]))
        for at, after in zip(starts, [*starts[1:], len(segments)], strict=False)
    ]


def read_834(name: str, terms: dict[str, Any], roster: dict[str, Employee]) -> None:
    plans = {plan["code"]: plan for plan in terms["group"]["plans"]}
    people = loops(name)
    ssns = Counter(segment[9] for loop in people for segment in loop if segment[0] == "NM1")
    for loop in people:
        action = loop[0][3]
        refs = {segment[1]: segment[2] for segment in loop if segment[0] == "REF"}
        subgroup = refs.get("DX") or refs["1L"][6:]
        head = loop[: next((at for at, segment in enumerate(loop) if segment[0] == "HD"), len(loop))]
        (ssn,) = (segment[9] for segment in loop if segment[0] == "NM1")
        if action == "021" and ssns[ssn] > 1:
            continue
        employee = roster.setdefault(refs["0F"], Employee())
        if moved := dates(head).get("303") if loop[0][4] == "XT" else None:
            employee.places.append((moved, subgroup))
        if ended := dates(head).get("357"):
            end(employee, ended)
        for hd, own in coverages(loop):
            level = hd[5] if len(hd) > 5 else ""
            tiers = plans.get(hd[4], {}).get("tiers", [])
            if hd[1] == "024":
                end(employee, own["349"], LINES[hd[3]])
            elif hd[4] in plans and (not tiers or level in tiers) and own["348"] <= own.get("349", OPEN):
                end(employee, own["348"] - timedelta(days=1), LINES[hd[3]])
                employee.spans.append([LINES[hd[3]], hd[4], level, own["348"], own.get("349", OPEN)])
                if not employee.places or (loop[0][5] == "C"):
                    employee.places.append((own["348"], subgroup))


def end(employee: Employee, last: date, line: str = "") -> None:
    for span in employee.spans:
        if line in ("", span[0]) and span[3] <= last < span[4]:
            span[4] = last


def read_census(name: str, terms: dict[str, Any], roster: dict[str, Employee]) -> None:
    """Employees of this group whose coverage begins when their waiting period is over."""
    group = terms["group"]
    codes = {word: subgroup["code"] for subgroup in group["subgroups"] for word in subgroup["sent_as"]}
    plans = {word: plan for plan in group["plans"] for word in plan["sent_as"]}
    for row in cells(DEMO / name):
        if row["Relationship"] != "Employee" or row["Group Number"] != group["number"]:
            continue
        hired, begin = (
            date(1899, 12, 30) + timedelta(days=int(row[heading])) for heading in ("Hire Date", "Coverage Start")
        )
        waited = hired + timedelta(days=group["rules"]["waiting_days"])
        if begin < (waited.replace(day=1) + timedelta(days=31)).replace(day=1):
            continue
        employee = roster.setdefault(row["Employee ID"], Employee([(begin, codes[row["Subgroup"]])]))
        for line in ("Medical", "Dental"):
            if plan := plans.get(row.get(f"{line} Plan", "")):
                level = {"EE": "EMP", "EE+FAM": "FAM"}[row[f"{line} Coverage Level"]]
                employee.spans.append([plan["line"], plan["code"], level, begin, OPEN])


def cells(path: Path) -> list[dict[str, str]]:
    """Return a workbook's first sheet as rows by heading."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(path) as book:
        words = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    shared = ["".join(word.itertext()) for word in words]
    rows = []
    for row in sheet.iterfind(".//m:row", space):
        found = {}
        for cell in row:
            value = cell.findtext("m:v", "", space)
            found[re.sub(r"\d", "", cell.attrib["r"])] = shared[int(value)] if cell.get("t") == "s" else value
        rows.append(found)
    head = rows[0]
    return [{head[column]: text for column, text in row.items()} for row in rows[1:]]


def premium(terms: dict[str, Any], roster: dict[str, Employee], month: date) -> dict[str, int]:
    """Return what a month costs by account, in cents; a month is billed when its first day is covered."""
    subgroups = {subgroup["code"]: subgroup for subgroup in terms["group"]["subgroups"]}
    total: Counter[str] = Counter()
    for employee in roster.values():
        for _line, plan, level, begin, last in employee.spans:
            if begin <= month <= last:
                code = [of for since, of in employee.places if since <= month][-1]
                cents = Decimal(rate(terms, plan, level, code, month)) * 100
                if subgroups[code].get("cobra"):
                    cents = (cents * 102 / 100).quantize(Decimal(1), ROUND_HALF_UP)
                total[subgroups[code]["account"]] += int(cents)
    return total


def rate(terms: dict[str, Any], plan: str, level: str, subgroup: str, month: date) -> str:
    fits = [
        table
        for table in terms["group"]["rates"]
        if table["plan"] == plan
        and table["begin"] <= month <= table["end"]
        and table.get("subgroup", subgroup) == subgroup
    ]
    for table in sorted(fits, key=lambda one: "subgroup" not in one):
        if isinstance(table["monthly"], str):
            return table["monthly"]
        if level in table["monthly"]:
            return str(table["monthly"][level])
    raise AssertionError(f"no rate for {plan} {level}")


@pytest.mark.parametrize("name", GROUPS)
def test_both_months(name: str) -> None:
    terms = tomllib.loads((ROOT / "sample_files" / "groups" / f"{name}.toml").read_text(encoding="utf-8"))
    roster: dict[str, Employee] = {}
    before, after = GROUPS[name]
    for source in before:
        (read_census if source.endswith(".xlsx") else read_834)(source, terms, roster)
    first = premium(terms, roster, JANUARY)
    for source in after:
        read_834(source, terms, roster)
    again, second = premium(terms, roster, JANUARY), premium(terms, roster, FEBRUARY)
    own = FIGURES["cedar"] if name == "cedar-point" else {"january": FIGURES["invoices"], **FIGURES}
    assert first == {
        account["account"]: account.get("total", account.get("current")) for account in own["january"]
    }
    assert second == {account["account"]: account["current"] for account in own["february"]}
    assert {account: again[account] - first[account] for account in second} == {
        account["account"]: account["retro"] for account in own["february"]
    }
