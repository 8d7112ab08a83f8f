"""Who looked at whom: recorded before anything is shown, shown to those who may see it, whole or told."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, get_args, get_type_hints

import pytest

from cli.session import Failure
from model.enrollment.known import Known
from model.people import Role
from model.timeline import Month
from pipeline.month.bill import bill
from pipeline.runtime import looks
from pipeline.runtime.workspace import Workspace
from pipeline.verify import run as verify
from pipeline.views.answers import ANSWERS
from pipeline.views.looks import look_list
from store.people import find, history
from support.installation import GROUP, ROOT, SAMPLES, load_terms, run, take
from support.people import ANN, TESTER, at_the_desk, known, person

TODAY = ("--today", "2026-12-01")


@pytest.fixture
def desk(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A family that Ben looks at."""
    load_terms(ws)
    at_the_desk(ws, monkeypatch)
    assert take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))["state"] == "APPLIED"
    bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), GROUP)
    return ws


def recorded(ws: Workspace) -> list[dict[str, Any]]:
    """Return what lies in the files, as anybody who may read them sees it."""
    texts = [path.read_text("ascii") for path in sorted(looks.path(ws.settings.home).glob("*.log"))]
    return [json.loads(line)["told"] for text in texts for line in text.splitlines()]


def people_of(ws: Workspace) -> tuple[str, list[str]]:
    """Return the last name of the family, and the member IDs under it."""
    with ws.database.read() as conn:
        first = find.find(conn, ws.vault, Known(("M000000001",)))[0].demographics.name.last
        return first, sorted({each.member_id for each in find.find(conn, ws.vault, Known(name=first))})


def test_each_look_is_recorded(desk: Workspace) -> None:
    last, ids = people_of(desk)
    began = datetime.now(UTC).isoformat()[:19]
    family = {*ids, "M000000003"}
    for command in (
        ("member", "find", "--name", last, "--why", "  a call   of today "),
        ("member", "find", "--last4", "0000"),
        ("member", "find", "--same-ssn"),
        ("member", "show", ids[0].lower(), "--why", "x" * 300),
        ("file", "show", "F000001"),
        ("roster", "export", "--group", GROUP),
        ("invoice", "print", "100001", "--out", str(desk.settings.home / "printed")),
    ):
        assert run(*command, *TODAY).code == 0, command
    with pytest.raises(Failure, match="there is no member"):
        run("member", "show", "M999999999")
    found = recorded(desk)
    fields = ("command", "search", "members", "group", "document")
    assert [tuple(look[field] for field in fields) for look in found] == [
        ("member find", "name", ids, "", ""),
        ("member find", "last4", [], "", ""),
        ("member find", "same-ssn", [], "", ""),
        ("member show", "", sorted(family), "", ""),
        ("file show", "", sorted({*ids, "M000000004"}), "", "file F000001"),
        ("roster export", "", [], GROUP, ""),
        ("invoice print", "", [], GROUP, "invoice 100001"),
        ("member show", "", [], "", ""),
    ]
    assert {(look["actor"], look["login"]) for look in found} == {("Ben Ode", "ben")}
    assert [look["why"] for look in found[:4]] == ["a call of today", "", "", "x" * looks.LONGEST]
    assert all(began <= look["at"] for look in found), "the machine's clock, not --today"


def test_nothing_about_a_person_lies_in_the_files(desk: Workspace) -> None:
    last, ids = people_of(desk)
    with desk.database.read() as conn:
        whole = history.member(conn, desk.vault, ids[0])
    assert whole is not None
    facts = whole.facts[-1].demographics
    for search in (
        ("--name", f"{last}, {facts.name.first}"),
        ("--birth", str(facts.birth)),
        ("--last4", "4321"),
        ("--id", "900-45-4321"),
    ):
        run("member", "find", *search)
    run("member", "show", ids[0])
    texts = "".join(path.read_text("ascii") for path in looks.path(desk.settings.home).iterdir())
    secrets = (last, facts.name.first, str(facts.birth), "4321", facts.address.city)
    assert [secret for secret in secrets if secret and secret.lower() in texts.lower()] == []
    assert len(recorded(desk)) == 5


def test_what_cannot_be_recorded_is_not_shown(
    desk: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    last, _ = people_of(desk)
    run("member", "find", "--name", last)

    def full(handle: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("vault.lines.os.fsync", full)
    for command in (
        ("member", "find", "--name", last, "--json"),
        ("member", "show", "M000000001"),
        ("file", "show", "F000001"),
        ("roster", "export", "--group", GROUP),
        ("invoice", "print", "100001", "--out", str(desk.settings.home / "printed")),
    ):
        with pytest.raises(Failure, match=r"cannot be recorded, so that nobody is shown: .*No space left"):
            run(*command)
        assert last not in capsys.readouterr().out
    assert not (desk.settings.home / "printed").exists()
    assert len(recorded(desk)) == 1


def test_who_may_see_it(desk: Workspace) -> None:
    last, ids = people_of(desk)
    run("member", "show", ids[0])
    known(desk, "Cy Ray", Role.AUDITOR, by=ANN)
    known(desk, "Dee Fox", Role.BILLING, Role.ENROLLMENT, by=ANN)
    for name, says in (("Ann Lee", ""), ("Cy Ray", ""), ("Dee Fox", "Dee Fox is not supervisor or auditor")):
        seen = look_list(replace(desk, actor=person(name)))
        assert seen.problem == says and len(seen.looks) == (0 if says else 1), name
    assert "only a supervisor or an auditor" in look_list(replace(desk, actor=TESTER)).problem
    shown = run("operator", "looks")
    assert shown.code == 0 and ids[0] in shown.out and "Ben Ode" in shown.out
    assert last not in shown.out


def test_a_look_is_found_by_whom_and_by_whom(desk: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    _, ids = people_of(desk)
    run("member", "show", ids[0], "--history")
    run("member", "show", ids[1], "--history")
    run("roster", "export", "--group", GROUP)
    monkeypatch.setattr("cli.session.login", lambda: "ann")
    run("member", "show", ids[0])

    def asked(*options: str) -> list[str]:
        value = run("operator", "looks", *options, "--json").json
        return [look["login"] + ": " + look["command"] for look in value["looks"]]

    assert asked("--member", ids[0].lower()) == ["ann: member show", "ben: roster export", "ben: member show"]
    assert asked("--operator", "ANN  lee") == asked("--operator", "ann") == ["ann: member show"]
    month = recorded(desk)[-1]["at"][:7]
    assert len(asked("--month", month)) == 4 and asked("--month", "2001-01") == []
    value = run("operator", "looks", "--limit", "1", "--json").json
    assert (len(value["looks"]), value["total"]) == (1, 4)
    with pytest.raises(Failure, match="not a month"):
        run("operator", "looks", "--month", "March")


def test_verify_and_the_desk_tell_what_was_done_to_the_record(desk: Workspace) -> None:
    for _ in range(3):
        run("member", "show", "M000000001")
    assert asks(desk) == []
    (log,) = looks.path(desk.settings.home).glob("*.log")
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[1:]))
    assert [fault.partition(": ")[0] for fault in asks(desk)] == [f"looks {log.name} line 1"]
    shown = run("operator", "looks")
    assert shown.code == 1 and "Not as it was written" in shown.out
    log.write_bytes(b"".join(lines[:2]))
    assert "its end is missing" in asks(desk)[0]
    log.write_bytes(b"".join(lines))
    assert asks(desk) == []


def asks(ws: Workspace) -> list[str]:
    (answer,) = verify.verify(ws, ws.now(None), only=["looks"])
    return [f"{fault.where}: {fault.what}" for fault in answer.faults]


def test_a_store_that_is_read_alone_is_looked_at_and_recorded(desk: Workspace) -> None:
    marks = desk.settings.home / "marks.json"
    marks.write_text(json.dumps(json.loads(marks.read_text("ascii")) | {"invoice": 999_999}))
    assert run("member", "show", "M000000001").code == 0
    assert len(recorded(desk)) == 1


# Who shows people and records no look, and why.
WORKING = {
    "receive.receive": "what it does at the moment, which the journal has",
    "file.retry_file": "the same",
    "sweep.sweep": "the same",
    "member.unrestrict_member": "a decision, which the journal has",
    "order._tell": "the same",
}


def types(kind: Any) -> Iterator[type]:
    """Yield the dataclasses that a value of a type may hold."""
    for inside in get_args(kind):
        yield from types(inside)
    if is_dataclass(kind) and isinstance(kind, type):
        yield kind
        for hint in get_type_hints(kind).values():
            yield from types(hint)


def names_people(kind: type) -> bool:
    """Say whether an answer tells of somebody by member ID."""
    hints = [get_type_hints(inside) for inside in types(kind)]
    return any(hint.get(name) is str for hint in hints for name in ("member", "member_id"))


def test_each_command_that_shows_people_records_the_look() -> None:
    """By the answers that it gives: a command with one that names people calls `Session.look`."""
    answers = {answer.name for answer in ANSWERS if names_people(answer.kind)} | {"roster-export", "printed"}
    assert answers > {"member", "member-found", "file"}
    looking, showing = set(), set()
    for path in (ROOT / "cli").glob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            calls = [call for call in ast.walk(node) if isinstance(call, ast.Call) and call.args]
            named = {(ast.unparse(call.func), ast.unparse(call.args[0]).strip("'")) for call in calls}
            name = f"{path.stem}.{node.name}"
            looking |= {name for function, _ in named if function == "session.look"}
            showing |= {name for function, first in named if function == "session.emit" and first in answers}
    assert showing - looking == set(WORKING)
