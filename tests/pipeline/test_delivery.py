"""Delivery: what cannot be made stays owed and is told, and holds nothing else back; the memory stays small."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from cli.session import Failure
from model.agreement.terms import Contact
from model.documents.acknowledgment import Ack999Statement, AckEnvelope
from model.documents.statement import Receipt, ReceiptLine
from model.finding import Finding
from model.journal import Purpose
from model.money.ledger import AccountKind
from model.money.notes import Remark, note
from pipeline.receive import deliver
from pipeline.runtime.workspace import Workspace
from store import cells, journal, tables
from store.jsonvalue import dump
from store.received import outbox
from support import values
from support.installation import GROUP, PARTNER, SAMPLES, load_terms, run, take
from support.people import TESTER
from writers.acknowledgments import ack999
from writers.forms.page import TooLargeError

# What is owed here is made up: no counter gave its numbers, and some of it is never made.
pytestmark = pytest.mark.leaves("counters", "names", "outbox")

DAY = date(2026, 11, 23)
ADDS = SAMPLES / "valid" / "01-add-family.edi"


def acknowledgment(ws: Workspace, number: int, verdict: str = "A") -> Ack999Statement:
    """Return a 999; one whose verdict is no letter of ASCII cannot be written."""
    at = ws.now(DAY)
    envelope = AckEnvelope("ZZ", "NORTHWIND", "ZZ", "HARBORMILLS", "NORTHWIND", "HARBORMILLS", number, at, "P")
    return Ack999Statement(envelope, number, "BE", "7", "005010X220A1", (), verdict, 0, 0, 0, ())


def owe(ws: Workspace, *statements: Ack999Statement) -> None:
    with ws.database.write() as conn:
        tx = journal.open_tx(conn, ws.now(DAY), TESTER, Purpose.ANSWER)
        for statement in statements:
            key = f"999:test:{statement.group_control}"
            assert outbox.put(conn, tx, key, PARTNER, "999", statement, None, ws.vault.fields)


def delivered(ws: Workspace) -> tuple[list[str], list[Finding]]:
    trouble: list[Finding] = []
    written = deliver.deliver(ws, ws.now(DAY), trouble=trouble.append)
    return [Path(place).name for place in written], trouble


def test_what_cannot_be_made_holds_nothing_back(on_both: Workspace) -> None:
    load_terms(on_both)
    owe(on_both, acknowledgment(on_both, 1), acknowledgment(on_both, 2, "Ä"), acknowledgment(on_both, 3))
    names, (failed,) = delivered(on_both)
    assert names == ["999-000000001.edi", "999-000000003.edi"]
    assert (failed.code, failed.subject) == ("DOCUMENT-FAILED", "999:test:2")
    assert "UnicodeEncodeError at x12.py line" in failed.message and "Ä" not in failed.message
    (listed,) = (exchange for exchange in values.ledger(on_both, on_both.now(DAY)) if exchange["findings"])
    assert (listed["state"], [finding["code"] for finding in listed["findings"]]) == ("OWED", ["DOCUMENT-FAILED"])

    assert delivered(on_both) == ([], [failed]), "tried again each time"
    mended = on_both.vault.fields.seal(dump(acknowledgment(on_both, 2)), cells.outbox("999:test:2"))
    with on_both.database.write() as conn:
        about = update(tables.outbox).where(tables.outbox.c.key == "999:test:2")
        conn.execute(about.values(statement=mended))
    assert delivered(on_both) == (["999-000000002.edi"], [])
    assert not any(exchange["findings"] for exchange in values.ledger(on_both, on_both.now(DAY)))


def test_what_does_not_fit_is_held_once_and_tried_again_when_a_person_asks(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_terms(ws)
    owe(ws, acknowledgment(ws, 1), acknowledgment(ws, 2))
    tried: list[int] = []
    real = ack999.render

    def narrow(statement: Ack999Statement) -> object:
        tried.append(statement.group_control)
        if statement.group_control == 1 and tried.count(1) < 3:
            raise TooLargeError("the compiler ended with 1")
        return real(statement)

    monkeypatch.setattr(ack999, "render", narrow)
    names, (held,) = delivered(ws)
    assert names == ["999-000000002.edi"]
    assert (held.code, held.subject) == ("DOCUMENT-HELD", "999:test:1") and "TooLargeError" in held.message
    assert delivered(ws) == ([], []) and tried == [1, 2], "no delivery tries it again"
    listed = run("exchange", "list", "--findings", "--json", "--today", DAY)
    assert (listed.code, [[f["code"] for f in each["findings"]] for each in listed.json]) == (
        1,
        [["DOCUMENT-HELD"]],
    )

    still = run("exchange", "retry", "999:test:1", "--json", "--today", DAY)
    assert (still.code, still.json["documents"], tried) == (1, [], [1, 2, 1]), "held again"
    assert delivered(ws) == ([], [])
    done = run("exchange", "retry", "999:test:1", "--json", "--today", DAY)
    assert (done.code, [Path(place).name for place in done.json["documents"]]) == (0, ["999-000000001.edi"])
    assert run("exchange", "list", "--findings", "--json", "--today", DAY).json == []
    with pytest.raises(Failure, match="nothing waits"):
        run("exchange", "retry", "999:test:1")


def test_receive_and_export_deliver_to_their_own_partner_only(ws: Workspace) -> None:
    """What others are owed goes out with the sweep and with `deliver`."""
    load_terms(ws)
    with ws.database.write() as conn:
        tx = journal.open_tx(conn, ws.now(DAY), TESTER, Purpose.ANSWER)
        for partner in ("other", PARTNER, ""):
            key, one = f"receipt:{partner}", receipt(len(partner) + 1, "x")
            assert outbox.put(conn, tx, key, partner, "receipt", one, None, ws.vault.fields)
    run("roster", "export", "--group", GROUP, "--format", "csv", "--today", DAY)
    assert owing(ws) == ["harbor-mills", "other"], "an export of ours is for ourselves"
    run("receive", ADDS, "--partner", PARTNER, "--today", DAY)
    assert owing(ws) == ["other"]
    deliver.deliver(ws, ws.now(DAY))
    assert owing(ws) == []


def owing(ws: Workspace) -> list[str]:
    with ws.database.read() as conn:
        return outbox.owing(conn)


def test_a_statement_that_cannot_be_read_is_told_without_its_values(ws: Workspace) -> None:
    load_terms(ws)
    owe(ws, acknowledgment(ws, 1), acknowledgment(ws, 2))
    with ws.database.write() as conn:
        about = update(tables.outbox).where(tables.outbox.c.key == "999:test:1")
        conn.execute(
            about.values(statement=ws.vault.fields.seal('{"verdict": "QUIGLEY"}', cells.outbox("999:test:1")))
        )
    names, (failed,) = delivered(ws)
    assert names == ["999-000000002.edi"]
    assert failed.message == (
        "The document could not be made: a stored 999 that cannot be read (ValidationError)."
    )


@pytest.mark.parametrize("breakage", [MemoryError, OSError, KeyboardInterrupt])
def test_what_is_no_fault_of_a_document_stops_the_delivery(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, breakage: type[BaseException]
) -> None:
    load_terms(ws)
    owe(ws, acknowledgment(ws, 1))

    def broken(*_: object) -> None:
        raise breakage

    monkeypatch.setattr("writers.acknowledgments.ack999.render", broken)
    with pytest.raises(breakage):
        delivered(ws)


def test_an_invoice_that_cannot_be_made_is_in_the_ledger_and_in_the_exit_code(ws: Workspace) -> None:
    """What no partner asked for is listed as long as it cannot be made; the command says so."""
    load_terms(ws)
    bad = receipt(1, "x")
    with ws.database.write() as conn:
        tx = journal.open_tx(conn, ws.now(DAY), TESTER, Purpose.ANSWER)
        line = replace(bad.lines[0], cents=None)  # type: ignore[arg-type]
        assert outbox.put(conn, tx, "receipt:1", PARTNER, "receipt", bad, None, ws.vault.fields)
        sealed = ws.vault.fields.seal(dump(replace(bad, lines=(line,))), cells.outbox("receipt:1"))
        conn.execute(update(tables.outbox).values(statement=sealed))
    took = run("receive", ADDS, "--partner", PARTNER, "--today", DAY)
    assert took.code == 1
    assert took.out.count("DOCUMENT-FAILED") == 1, "said once, though two deliveries tried"
    (listed,) = (
        exchange for exchange in run("exchange", "list", "--json", "--today", DAY).json if exchange["way"] == "out"
    )
    assert (listed["kind"], listed["name"], listed["interchange"], listed["sets"]) == (
        "receipt",
        "receipt:1",
        "",
        [],
    )
    assert [finding["code"] for finding in listed["findings"]] == ["DOCUMENT-FAILED"]
    assert take(ws, ADDS, DAY)["documents"], "the file's own answers went out"


def receipt(number: int, text: str) -> Receipt:
    """Return a receipt whose one line has a note as long as needed."""
    line = ReceiptLine("41000100", "100001", AccountKind.RECEIVABLE, 5000, note(Remark.AS_WRITTEN, text))
    return Receipt(f"R{number:06d}", "Northwind", Contact(), PARTNER, "Harbor", "T1", DAY, 5000, (line,))


def test_thousands_of_owed_answers_are_read_one_at_a_time(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    load_terms(ws)
    many, size = 300, 50_000
    with ws.database.write() as conn:
        tx = journal.open_tx(conn, ws.now(DAY), TESTER, Purpose.ANSWER)
        for number in range(many):
            one = receipt(number, "x" * size)
            assert outbox.put(conn, tx, f"receipt:{number}", PARTNER, "receipt", one, None, ws.vault.fields)
    monkeypatch.setattr("pipeline.receive.deliver.render", lambda statement, rows: ())
    tracemalloc.start()
    try:
        delivered(ws)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < many * size / 3, "of fifteen megabytes of statements only few are there at once"
    with ws.database.read() as conn:
        assert outbox.owing(conn) == []
