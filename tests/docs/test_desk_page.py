"""docs/desk.md: its kinds are the model's, its options the command's, its session is what the desk shows."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from model.desk import ItemKind, decider
from model.enrollment.ruling import QUESTIONS
from model.people import Role
from pipeline.runtime.workspace import Settings, open_workspace
from sample_files import edi
from support import desk as desk_support
from support.installation import PARTNER, ROOT, TERMS, run
from support.people import TESTER, known

PAGE = (ROOT / "docs" / "desk.md").read_text("utf-8")
ADA = edi.Person("18", "SAMPLE", "ADA", date(1984, 3, 30), "F", "900000001")
GOLD = ("HLT", "GOLD", "EMP")


def test_its_kinds_are_the_model_s() -> None:
    table = PAGE[PAGE.index("| kind | is about") :].split("\n\n")[0]
    assert re.findall(r"^\| (\w+) \|", table, re.M)[1:] == list(ItemKind)


def test_its_options_are_the_command_s() -> None:
    table = PAGE[PAGE.index("| option | shows") :].split("\n\n")[0]
    shown = set(re.findall(r"--[a-z-]+", run("work", "list", "--help").out))
    assert set(re.findall(r"`(--[a-z-]+)", table)) == shown - {
        "--help",
        "--json",
        "--today",
        "--environment",
        "--home",
    }


def session(title: str) -> list[str]:
    """Return what the page shows of a session, without what it leaves out."""
    text = PAGE[PAGE.index(f"## {title}") :].split("```")[1]
    return [" ".join(line.split()) for line in text.splitlines() if line and not line.endswith("...")]


@pytest.fixture
def desk(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's installation, with Dana at the keyboard."""
    ws = open_workspace(Settings.read(), TESTER)
    known(ws, "Dana Quill", Role.SUPERVISOR)
    ws.close()
    monkeypatch.setattr("cli.session.login", lambda: "dana")
    run("terms", "load", TERMS, "--today", "2026-10-01")
    first = date(2026, 10, 1)
    covers = (edi.Coverage(*GOLD, first), edi.Coverage("DEN", "DENTAL", "EMP", first))
    send(tmp_path, date(2026, 10, 15), 1, "021", *covers)
    send(tmp_path, date(2026, 11, 16), 2, "024", edi.Coverage(*GOLD, None, date(2026, 10, 31), "024"))
    paid = edi.remittance_set([("11", "41000100", 48_000, 48_000)], date(2026, 11, 17), "HM1117")
    receive(tmp_path, edi.interchange([paid], date(2026, 11, 17), 3, kind="820"), date(2026, 11, 17))
    return tmp_path


def send(folder: Path, day: date, control: int, maintenance: str, *covers: edi.Coverage) -> None:
    home = ("1 MAIN ST", "HARTFORD", "CT", "06101")
    family = edi.Family("E00000001", "100", (ADA,), covers, date(2022, 3, 1), home)
    body = edi.enrollment_set([edi.member(family, ADA, maintenance)], day, f"R{control}")
    receive(folder, edi.interchange([body], day, control), day)


def receive(folder: Path, text: str, day: date) -> None:
    path = folder / f"{day}.edi"
    path.write_text(text)
    run("receive", path, "--partner", PARTNER, "--today", day)


def test_its_session_is_what_the_desk_shows(desk: Path) -> None:
    shown = [" ".join(line.split()) for line in run("work", "list", "--today", "2026-11-17").out.splitlines()]
    assert session("What waits")[1:] == [line for line in shown if line]
    for command in (("assign", 1, "Dana Quill"), ("note", 1, "asked Robin Vale for the letter")):
        assert run("work", *command, "--today", "2026-11-17").code == 0
    out = [" ".join(line.split()) for line in run("work", "show", 1, "--today", "2026-11-18").out.splitlines()]
    assert [line for line in session("One item")[1:] if line not in out] == []
    out = [" ".join(line.split()) for line in run("preview", 1, "--today", "2026-11-18").out.splitlines()]
    assert session("Before it is done")[1:] == [line for line in out if line]
    send(desk, date(2026, 11, 20), 4, "024", edi.Coverage(*GOLD, None, date(2026, 11, 30), "024"))
    out = [" ".join(line.split()) for line in run("work", "show", 1, "--today", "2026-11-20").out.splitlines()]
    assert [line for line in session("It closes")[1:] if line not in out] == []
    assert out[-1].endswith("closed enroll F000004")


def test_its_court_order_is_what_the_desk_shows(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = open_workspace(Settings.read(), TESTER)
    known(ws, "Dana Quill", Role.SUPERVISOR)
    known(ws, "Robin Vale", Role.ENROLLMENT, by="Dana Quill")
    monkeypatch.setattr("cli.session.login", lambda: "dana")
    run("terms", "load", TERMS, "--today", "2026-10-01")
    family = [
        {"who": "ada", "lines": ["021 HLT GOLD ECH 2027-01-01"]},
        {"who": "cy", "lines": ["021 HLT GOLD - 2027-01-01"]},
    ]
    desk_support.take(ws, 1, {"day": date(2026, 12, 2), "records": family})
    ws.close()
    lines = session("Court orders")
    assert lines[0].startswith("$ rollbook order record") and "$ rollbook order list" in lines
    for command in (line for line in lines if line.startswith("$ ")):
        ran = run(*shlex.split(command)[2:], "--today", "2027-01-20")
        shown = [" ".join(line.split()) for line in ran.out.splitlines() if line]
        at = lines.index(command) + 1
        assert ran.code == 0 and shown == lines[at : at + len(shown)], ran.out
    lift = ("order", "lift", "M000000002", "--reason", "of age", "--today", "2027-02-01")
    asked = run(*lift)
    assert asked.code == 1 and "another person confirms it by the same command" in asked.out
    monkeypatch.setattr("cli.session.login", lambda: "robin")
    lifted = run(*lift)
    assert lifted.code == 0 and "a court order does not stand in group HM4100." in lifted.out
    assert run("order", "list", "--json").json == []
    (order,) = run("order", "list", "--group", "HM4100", "--lifted", "--json").json
    assert (order["member"], order["lifted"]) == ("M000000002", "2027-02-01")


def test_its_undo_is_what_the_desk_shows(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = open_workspace(Settings.read(), TESTER)
    known(ws, "Dana Quill", Role.SUPERVISOR)
    known(ws, "Robin Vale", Role.ENROLLMENT, by="Dana Quill")
    monkeypatch.setattr("cli.session.login", lambda: "dana")
    run("terms", "load", TERMS, "--today", "2026-10-01")
    both = [{"who": who, "lines": ["021 HLT GOLD EMP 2027-01-01"]} for who in ("ada", "dan")]
    desk_support.take(ws, 1, {"day": date(2026, 12, 2), "records": both})
    for month, day in (("2027-01", "2026-12-10"), ("2027-02", "2027-01-11")):
        run("bill", "--month", month, "--group", "HM4100", "--today", day)
    ended = [each | {"do": "024", "lines": ["024 HLT GOLD EMP - 2027-01-31"]} for each in both]
    desk_support.take(ws, 2, {"day": date(2027, 1, 20), "records": ended})
    ws.close()
    told = PAGE[PAGE.index("## What was done is undone") : PAGE.index("## It closes")]
    for number, session in enumerate(told.split("```")[1::2]):
        if number == 1:  # Dana has asked for it, and Robin confirms it
            asked = ("--member", "M000000001", "--seen", "f3825dcc69fb", "--reason", "HR wrote")
            for login, code in (("dana", 1), ("robin", 0)):
                monkeypatch.setattr("cli.session.login", lambda login=login: login)
                assert run("undo", "file", "F000002", *asked, "--today", "2027-01-25").code == code
        for part in session.strip().removeprefix("$ ").split("\n$ "):
            command, *lines = part.split("\n")
            ran = run(*shlex.split(command)[1:], "--today", "2027-01-25")
            shown = " ".join(ran.out.split())
            assert ran.code == ("--trial" not in command or "Nothing was changed: " in shown)
            assert [line for line in lines if " ".join(line.split()) not in shown + "..."] == []


def test_its_questions_are_those_that_records_wait_for() -> None:
    table = PAGE[PAGE.index("| code | asks |") :].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    assert [code for code, *_ in rows] == list(QUESTIONS)
    for code, asks, role, people, ended in rows:
        question, who = QUESTIONS[code], decider(ItemKind.MEMBER, code)
        assert asks and (role, people) == (who.role, str(who.people))
        assert people == str(1 + question.two), "as the decision itself asks for"
        assert ("`approve`" in ended, "its ground" in ended) == (question.approvable, question.ground), code
        assert ("by itself" in ended) == question.follows and "`deny`" in ended, code
        assert ("`link`" in ended) == (code == "MATCH-CLEAR")
