"""Verify: a whole story is whole, and whatever is broken below the triggers is noticed, where it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection, text

from cli.session import Failure
from model.timeline import Month
from model.verification import Answer
from pipeline.month.bill import bill
from pipeline.runtime import marks
from pipeline.runtime.workspace import Workspace
from pipeline.verify import run as verify
from pipeline.verify.questions import QUICK, SCHEMA
from store import cells, tables
from store.checks.ask import Ask
from store.engine import Database
from support.installation import GROUP, ROOT, run
from support.story import LAST_DAY, copy_of, tell, told_in
from support.verified import whole

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "verify" / "broken.yaml").read_text("utf-8"))


class _UndoError(Exception):
    """Takes back what a case has broken."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The story on SQLite: not to be changed."""
    with told_in(tmp_path_factory.mktemp("verify") / "var") as ws:
        yield ws


@pytest.fixture
def copied(told: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the story, to break."""
    with copy_of(told, tmp_path / "copy") as ws:
        yield ws


def answers(conn: Connection, ws: Workspace, case: dict[str, Any]) -> dict[str, Answer]:
    """Ask all; the tables only where they were changed: that takes longer than all else."""
    asked = [question for question in QUICK if question is not SCHEMA or case["question"] == SCHEMA.name]
    return {question.name: verify.answer(question, Ask(conn, ws.now(LAST_DAY))) for question in asked}


def unlocked(conn: Connection) -> list[str]:
    """Let go of triggers and constraints, as a database tool can; return whose answers that changes."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SET LOCAL session_replication_role = replica"))
        conn.execute(text("ALTER TABLE transfer DROP CONSTRAINT ck_transfer_positive"))
        return []
    conn.execute(text("PRAGMA ignore_check_constraints = ON"))
    for name in list(conn.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))):
        conn.exec_driver_sql(f"DROP TRIGGER {name}")
    return ["triggers"]


def broken(database: Database, ws: Workspace, case: dict[str, Any]) -> None:
    """Break, ask, and take it back."""
    kind = database.engine.dialect.name
    with database.migrating() as conn:
        before = [] if case["question"] == "triggers" else unlocked(conn)
        for statement in case.get("do") or case[kind]:
            conn.exec_driver_sql(statement)
        found = answers(conn, ws, case)
        asked = found.pop(case["question"])
        assert not asked.holds, "nobody noticed"
        assert any(case["where"] in fault.where for fault in asked.faults), asked.faults
        assert asked.count >= len(asked.faults) and asked.fix
        others = {answer.name: answer.faults for answer in found.values() if not answer.holds}
        assert others.keys() - before <= set(case.get("also", ())), others
        raise _UndoError


def named(case: dict[str, Any]) -> str:
    return f"{case['question']}: {case['where']}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_what_is_broken_is_noticed(told: Workspace, case: dict[str, Any]) -> None:
    with pytest.raises(_UndoError):
        broken(told.database, told, case)


def test_what_is_broken_is_noticed_on_postgresql(ws: Workspace, database: Database) -> None:
    if database.engine.dialect.name != "postgresql":
        return
    there = replace(ws, database=database)
    tell(there)
    whole(there, LAST_DAY)
    for case in CASES:
        if case.get("only") != "sqlite":
            with pytest.raises(_UndoError):
                broken(database, there, case)


def test_each_question_of_the_store_has_a_case() -> None:
    assert {case["question"] for case in CASES} == {question.name for question in QUICK}


def test_a_story_is_whole(told: Workspace) -> None:
    whole(told, LAST_DAY)


# --- what is sealed, and what lies in folders -----------------------------------------------------------------


def no(ws: Workspace, name: str) -> Answer:
    """Ask one question; the answer is no."""
    (found,) = verify.verify(ws, ws.now(LAST_DAY), only=[name])
    assert not found.holds
    return found


def by_hand(ws: Workspace, *statements: str) -> None:
    with ws.database.migrating() as conn:
        unlocked(conn)
        for statement in statements:
            conn.exec_driver_sql(statement)


def archived(ws: Workspace) -> list[Path]:
    return sorted(path for path in (ws.settings.home / "archive").rglob("*") if path.is_file())


def test_an_archived_file_that_is_altered_is_noticed(copied: Workspace) -> None:
    path = archived(copied)[0]
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    (fault,) = no(copied, "archive").faults
    assert "altered" in fault.what


def test_archived_files_that_are_missing_or_swapped_are_noticed(copied: Workspace) -> None:
    with copied.database.read() as conn:
        first, second = conn.scalars(text("SELECT sha256 FROM file ORDER BY id LIMIT 2"))
    paths = {path.name: path for path in archived(copied)}
    paths[first].write_bytes(paths[second].read_bytes())
    next(path for name, path in paths.items() if name not in (first, second)).unlink()
    faults = no(copied, "archive").faults
    assert len(faults) == 2 and any(fault.where.startswith("file F000001") for fault in faults)
    assert any("not in the archive" in fault.what for fault in faults)


def test_an_archived_file_without_a_row_is_no_fault_and_is_said(copied: Workspace) -> None:
    copied.vault.archive.put([b"left by a run that was stopped"])
    (found,) = verify.verify(copied, copied.now(LAST_DAY), only=["archive"])
    assert found.holds and found.note.startswith("1 archived files belong to no row")


def test_a_published_document_that_is_altered_is_noticed(copied: Workspace) -> None:
    path = next((copied.outbox / "harbor-mills").glob("invoice-*.csv"))
    path.write_bytes(path.read_bytes() + b"x")
    (fault,) = no(copied, "published").faults
    assert path.name in fault.where


def test_statements_that_are_not_their_rows_are_noticed(copied: Workspace) -> None:
    by_hand(
        copied,
        "UPDATE invoice SET statement = (SELECT statement FROM invoice WHERE number = '100001')"
        " WHERE number = '100003'",
        "UPDATE outbox SET statement = (SELECT statement FROM outbox WHERE kind = '999' LIMIT 1) WHERE id = 1",
        "UPDATE invoice SET statement = replace(statement, ':', ':ff') WHERE number = '100002'",
    )
    wheres = [fault.where for fault in no(copied, "statements").faults]
    assert "invoice 100003" in wheres and "invoice 100002" in wheres and "invoice 100001" not in wheres
    assert no(copied, "outbox").count >= 1


def test_the_detail_of_an_invoice_that_is_lost_or_anothers_is_noticed(copied: Workspace) -> None:
    by_hand(
        copied,
        "UPDATE statement_rows SET rows = (SELECT rows FROM statement_rows WHERE key = 'invoice:100001'"
        " AND rank = 0) WHERE key = 'invoice:100002'",
        "DELETE FROM statement_rows WHERE key = 'invoice:100001' AND rank = 0",
    )
    faults = [(fault.where, fault.what) for fault in no(copied, "statements").faults]
    assert ("invoice 100002", "its detail cannot be read (SealError)") in faults
    assert [what.partition(":")[0] for where, what in faults if where == "invoice 100001"] == [
        "its current premium"
    ]


def test_an_invoice_that_begins_elsewhere_than_the_last_one_ended_is_noticed(copied: Workspace) -> None:
    statement = "SELECT id, number, statement FROM invoice WHERE account = '41000100' AND month = '2027-02'"
    with copied.database.read() as conn:
        ident, number, sealed = conn.execute(text(statement)).one()
    plain = json.loads(copied.vault.fields.open(sealed, cells.invoice(number)))
    for name in ("prior_balance", "total_due"):
        plain["statement"][name] += 500
    changed = copied.vault.fields.seal(json.dumps(plain), cells.invoice(number))
    with copied.database.write() as conn:
        unlocked(conn)
        conn.execute(tables.invoice.update().where(tables.invoice.c.id == ident).values(statement=changed))
    (fault,) = no(copied, "statements").faults
    assert "forward" in fault.what


def test_an_ssn_that_is_somebody_elses_is_noticed(copied: Workspace) -> None:
    by_hand(
        copied,
        "UPDATE person_ssn SET cipher = (SELECT cipher FROM person_ssn WHERE id = 2) WHERE id = 1",
        "UPDATE contract SET number_cipher = (SELECT number_cipher FROM contract WHERE id = 2) WHERE id = 1",
    )
    faults = no(copied, "sealed").faults
    assert {fault.where for fault in faults} == {"person 1", "contract 1"}


def test_a_store_older_than_its_marks_is_noticed(copied: Workspace) -> None:
    place = marks.path(copied.settings.home)
    known = json.loads(place.read_text())
    place.chmod(0o600)
    place.write_text(json.dumps(known | {"invoice": known["invoice"] + 2}))
    (fault,) = no(copied, "marks").faults
    assert fault.where == "counter invoice" and str(known["invoice"] + 2) in fault.what


def test_a_pair_that_waits_is_noticed(copied: Workspace) -> None:
    by_hand(
        copied,
        "UPDATE deposit SET remittance_id = 0",
        "UPDATE remittance SET state = 'WAITING', receipt = 0",
    )
    (fault,) = no(copied, "pairs").faults
    assert fault.where == "deposit 1, remittance 1"


def test_nothing_of_a_person_is_told(copied: Workspace) -> None:
    """Every question answers no at once, and no name, SSN or birth date is in what is printed."""
    by_hand(
        copied,
        *(deed for case in CASES if case["question"] not in ("schema", "pages") for deed in case.get("do", ())),
    )
    for path in archived(copied):
        path.unlink()
    words = " ".join(
        f"{fault.where} {fault.what}"
        for answer in verify.verify(copied, copied.now(LAST_DAY))
        for fault in answer.faults
    )
    sent = (ROOT / "sample_files" / "demo" / "01-adds.edi").read_text()
    people = {part for line in re.findall(r"NM1\*IL\*1\*([^*]+)\*([^*~]+)", sent) for part in line}
    people |= set(re.findall(r"DMG\*D8\*(\d{8})", sent)) | set(re.findall(r"\*34\*(\d{9})", sent))
    assert len(words) > 1000 and not [person for person in people if re.search(rf"\b{re.escape(person)}\b", words)]


# --- the command ------------------------------------------------------------------------------------------------


def test_the_command_says_what_was_asked(copied: Workspace) -> None:
    ran = run("verify", "--home", copied.settings.home, "--today", LAST_DAY, "--json")
    assert ran.code == 0 and ran.json["holds"]
    assert [question["name"] for question in ran.json["questions"]] == verify.questions()
    assert sum(question["rows"] for question in ran.json["questions"]) > 1000


def test_the_command_ends_with_one_and_says_where(copied: Workspace) -> None:
    by_hand(
        copied, "UPDATE counter SET value = 1 WHERE name = 'invoice'", "DELETE FROM disposition WHERE number = 1"
    )
    ran = run("verify", "--home", copied.settings.home, "--today", LAST_DAY, "--quick")
    assert ran.code == 1
    assert "counter invoice" in ran.out and "What to do:" in ran.out
    only = run("verify", "--home", copied.settings.home, "--only", "counters", "--json")
    assert only.code == 1 and [question["name"] for question in only.json["questions"]] == ["counters"]


def test_an_unknown_question_is_refused(copied: Workspace) -> None:
    with pytest.raises(Failure, match="there is no question nonsense"):
        run("verify", "--home", copied.settings.home, "--only", "nonsense")


def test_faults_beyond_the_first_are_counted(copied: Workspace) -> None:
    by_hand(copied, "UPDATE charge SET cause_tx = 4711 + id")
    found = no(copied, "references")
    assert len(found.faults) == verify.SHOWN < found.count


# --- at the end of a bill ---------------------------------------------------------------------------------------


def test_nothing_is_billed_on_books_that_disagree(copied: Workspace) -> None:
    """An account owes what no invoice has open: nothing of its group is issued or used up until that is mended."""
    march, day = Month(2027, 3), copied.now(date(2027, 2, 10))
    entry = (
        "INSERT INTO transfer (debit, credit, cents, effective, tx, cause)"
        " VALUES ('{}', '{}', 100, '2027-01-01', 1, '')"
    )
    by_hand(copied, entry.format("receivable:41000100", "fee"))
    (billed,) = bill(copied, march, day, GROUP)
    assert billed.issued == () and {finding.code for finding in billed.findings} == {"BOOKS-DISAGREE"}
    assert [finding.subject for finding in billed.findings] == ["account 41000100"]
    by_hand(copied, entry.format("fee", "receivable:41000100"))
    (billed,) = bill(copied, march, day, GROUP)
    numbers = [int(statement.number) for statement in billed.issued]
    with copied.database.read() as conn:
        before = int(conn.scalar(text("SELECT max(number) FROM invoice WHERE month = '2027-02'")))
    assert numbers == list(range(before + 1, before + 1 + len(numbers))) and numbers
    wrong = [answer.name for answer in verify.verify(copied, copied.now(LAST_DAY)) if not answer.holds]
    assert wrong == ["triggers", "journal"]  # which breaking by hand took away, and what it wrote
