"""Open work at the keyboard: a late end that waits is listed, shown, given to somebody, and corrected."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import inputs
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from sample_files import edi
from support.installation import PARTNER, TERMS, run
from support.keyboard import said
from support.people import ANN, BEN, TESTER, at_the_desk

ADA = edi.Person("18", "SAMPLE", "ADA", date(1984, 3, 30), "F", "900000001")
HOME = ("1 MAIN ST", "HARTFORD", "CT", "06101")
LATE = "2026-11-16"


def enrollment(path: Path, day: date, control: int, coverage: edi.Coverage) -> Path:
    family = edi.Family("900-00-0001", "100", (ADA,), (coverage,), date(2022, 3, 1), HOME)
    body = edi.enrollment_set([edi.member(family, ADA, coverage.maintenance)], day, f"R{control}")
    path.write_text(edi.interchange([body], day, control))
    return path


@pytest.fixture
def pended(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation where a late end waits; Ben is at the keyboard."""
    ws = open_workspace(Settings.read(), TESTER)
    at_the_desk(ws, monkeypatch)
    ws.close()
    assert run("terms", "load", TERMS, "--today", "2026-10-01").code == 0
    begin, end = date(2026, 10, 1), date(2026, 10, 31)
    for day, control, coverage in (
        (date(2026, 10, 15), 1, edi.Coverage("HLT", "GOLD", "EMP", begin)),
        (date(2026, 11, 16), 2, edi.Coverage("HLT", "GOLD", "EMP", None, end, "024")),
    ):
        file = enrollment(tmp_path / f"{control}.edi", day, control, coverage)
        run("receive", file, "--partner", PARTNER, "--today", day)
    return home


def listed(*arguments: object, today: str = LATE) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("work", "list", *arguments, "--json", "--today", today).json["items"]
    return found


def test_the_list_says_what_waits_and_by_when(pended: Path) -> None:
    (item,) = listed()
    assert {
        name: item[name]
        for name in ("number", "kind", "line", "code", "since", "due", "amount_cents", "role", "people")
    } == {
        "number": 1,
        "kind": "member",
        "line": "medical",
        "code": "RETRO-TERM",
        "since": "2026-11-16",
        "due": "2026-11-23",
        "amount_cents": 48_000,
        "role": "supervisor",
        "people": 2,
    }
    assert "900-00-0001" not in str(item) and "***-**-0001" in item["label"]
    assert run("work", "list", "--today", "2026-11-23").code == 0
    late = run("work", "list", "--today", "2026-11-24")
    assert late.code == 1 and "1 open, 1 past due." in late.out


def test_the_list_is_narrowed(pended: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [len(listed("--kind", kind)) for kind in ("member", "deposit")] == [1, 0]
    assert [len(listed("--group", group)) for group in ("HM4100", "HM9")] == [1, 0]
    assert [len(listed("--due", today=day)) for day in ("2026-11-22", "2026-11-23")] == [0, 1]
    assert listed("--mine") == []
    assert run("work", "assign", 1, "ben  ODE", "--today", LATE).code == 0
    assert [len(listed("--mine")), len(listed("--owner", BEN)), len(listed("--owner", ANN))] == [1, 1, 0]
    assert run("work", "assign", 1, "--nobody", "--today", LATE).code == 0
    assert listed("--mine") == []
    lines = run("work", "list", "--all", "--today", LATE).out.splitlines()
    assert len(lines) == 1 and '"schema": "work-item"' in lines[0]


def test_an_item_is_shown_whole(pended: Path) -> None:
    assert run("work", "note", 1, "Ms. Sample's boss says: moved away", "--today", LATE).code == 0
    run("work", "assign", 1, ANN, "--today", LATE)
    value = run("work", "show", 1, "--json", "--today", LATE).json
    assert [(e["what"], e["actor"], e["file_id"], e["text"]) for e in value["events"]] == [
        ("opened", "", "F000002", ""),
        ("note", BEN, "", "Ms. Sample's boss says: moved away"),
        ("assigned", BEN, "", ANN),
    ]
    assert [(f["member"], f["line"], f["plan"], f["tier"], f["end"]) for f in value["family"]] == [
        ("M000000001", "medical", "GOLD", "EMP", "9999-12-31")
    ]
    assert [finding["code"] for finding in value["findings"]] == ["RETRO-TERM"]
    (here,) = [segment["text"] for segment in value["segments"] if segment["here"]]
    assert here.startswith("DTP*349") and "possible rescission" in value["item"]["why"]
    assert {answer["kind"] for answer in value["told"]} >= {"999", "report"}
    assert value["rule"].startswith("Coverage")
    shown = run("work", "show", 1, "--today", LATE).out
    assert "Item 1: RETRO-TERM" in shown and "moved away" in shown
    assert not any(private in shown for private in ("ADA", "900-00-0001", "19840330"))


def test_a_correction_closes_it_and_says_by_which_step(pended: Path, tmp_path: Path) -> None:
    file = enrollment(
        tmp_path / "3.edi",
        date(2026, 11, 18),
        3,
        edi.Coverage("HLT", "GOLD", "EMP", None, date(2026, 11, 30), "024"),
    )
    run("receive", file, "--partner", PARTNER, "--today", "2026-11-18")
    assert listed(today="2026-12-31") == []
    value = run("work", "show", 1, "--json", "--today", "2026-12-31").json
    assert value["item"]["closed"] == "itself" and not value["item"]["past_due"]
    assert [(event["what"], event["step"]) for event in value["events"]] == [
        ("opened", "enroll"),
        ("closed", "enroll"),
    ]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("list", "--kind", "cat"), "--kind is one of"),
        (("list", "--next", "7"), "is not where a page begins"),
        (("show", 9), "there is no item 9"),
        (("assign", 9, ANN), "there is no item 9"),
        (("assign", 1, "Cy"), "is no operator"),
        (("assign", 1), "name an operator"),
        (("assign", 1, ANN, "--nobody"), "name an operator"),
        (("note", 1, "  "), "a note has 1 to"),
        (("note", 1, "x" * 4001), "a note has 1 to"),
    ],
)
def test_what_is_refused(
    pended: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[object, ...],
    word: str,
) -> None:
    told = said(monkeypatch, capsys, "work", *arguments)
    assert told.code == 2 and word in told.err


def test_a_page_goes_on_where_the_last_one_ended(ws: Workspace) -> None:
    for number in range(1, 4):
        inputs.add_deposit(ws, f"T{number}", "1990000001", number, date(2026, 11, 16), ws.now(date(2026, 11, 16)))
    page = run("work", "list", "--json", "--today", LATE).json
    assert ([item["code"] for item in page["items"]], page["next"], page["total"]) == (
        ["DEPOSIT-WAITS"] * 3,
        "",
        3,
    )
    after = f"{page['items'][0]['due']}.1"
    assert [item["number"] for item in listed("--next", after)] == [2, 3]
