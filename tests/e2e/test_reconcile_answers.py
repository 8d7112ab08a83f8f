"""A reconciliation's workbook: written, answered, read back; what was answered is done, once, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from cli.session import Failure
from model.desk import Closed, Item, ItemKind
from model.documents.reconciled import ACCOUNT, ANSWER, ASSIGN_TO, MEMBER, PAYMENT, REASON, SHEET
from model.enrollment.census import ROW_KEY
from model.enrollment.ruling import Answer, Kind, Wish
from model.timeline import Month
from parsers.census.table import open_book
from pipeline import inputs
from pipeline.month.bill import bill
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views.reconciled import AnswersView
from sample_files import edi
from store.desk import items
from store.desk.items import Scope
from store.money import ledger
from store.tables import item
from support.installation import GROUP, SAMPLES, TERMS, load_terms, run, take, take_bytes
from support.people import ANN, deciding, person
from support.verified import whole

JANUARY, DAY, LATER = Month(2027, 1), date(2026, 12, 28), date(2027, 1, 4)
SALARIED, HOURLY = "41000100", "41000200"
COUNTED = 3  # subscribers, by the payment's own line: fewer than the roster has
Cells = dict[str, str]


def told(ws: Workspace) -> Workspace:
    """A month billed; one account paid by its invoice, the other not, and money of somebody nobody knows."""
    agreed = "[partner.profile]\nremittance_is_deposit = true"
    load_terms(ws, TERMS.read_text("utf-8").replace("[partner.profile]", agreed, 1))
    take(ws, SAMPLES / "demo" / "01-adds.edi", date(2026, 11, 20))
    bill(ws, JANUARY, ws.now(date(2026, 12, 10)), GROUP)
    lines = [("11", SALARIED, 1_000_000, 1_000_000), ("CT", "E77777", 5_000, 5_000)]
    body = edi.remittance_set(lines, DAY, "T8")
    first = next(at for at, segment in enumerate(body) if segment.startswith("RMR"))
    body[first + 1 : first + 1] = ["IT1*1", f"SLN*1**O*{COUNTED}*10"]
    body[-1] = f"SE*{len(body)}*0001"
    data = edi.interchange([body], DAY, 8, kind="820").encode()
    take_bytes(ws, data, "8.edi", DAY)
    return deciding(ws)


def sheet(folder: Path) -> list[list[str]]:
    """The sheet of subscribers as the workbook has it."""
    (path,) = folder.glob("reconciliation-*.xlsx")
    return next(grid.rows for grid in open_book(path.read_bytes()).grids if grid.name == SHEET)


def rows(grid: list[list[str]]) -> Iterator[Cells]:
    yield from (dict(zip(grid[0], cells, strict=False)) for cells in grid[1:])


def answered(grid: list[list[str]], answers: Mapping[int, tuple[str, str, str]], **other: str) -> bytes:
    """The workbook with answers (answer, reason, assign to) in its rows, as a person saves it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet(SHEET)
    for at, cells in enumerate(grid):
        said = dict(zip(grid[0], [*cells, *[""] * len(grid[0])], strict=False))
        if at in answers:
            said |= dict(zip((ANSWER, REASON, ASSIGN_TO), answers[at], strict=True)) | other
        page.write_row(at, 0, grid[0] if at == 0 else list(said.values()))
    book.close()
    return out.getvalue()


def reconciled(ws: Workspace, folder: Path) -> list[list[str]]:
    inputs.reconcile(ws, JANUARY, GROUP, ws.now(DAY), out=folder)
    return sheet(folder)


def place(grid: list[list[str]], **cells: str) -> int:
    """The first row that says so."""
    named = {name.replace("_", " "): text for name, text in cells.items()}
    return next(n for n, row in enumerate(rows(grid), 1) if named.items() <= row.items())


def open_items(ws: Workspace, *kinds: ItemKind) -> list[Item]:
    with ws.database.read() as conn:
        return list(items.opened(conn, Scope(kinds)).values())


def codes(view: AnswersView) -> list[str]:
    return [finding.code for finding in view.findings]


def test_what_is_answered_is_done_once(ws: Workspace, tmp_path: Path) -> None:
    ws = told(ws)
    grid = reconciled(ws, tmp_path / "first")
    waits = [n for n, row in enumerate(rows(grid), 1) if row[ACCOUNT] == HOURLY and row[MEMBER]]
    unknown = place(grid, Payment="R1 line 2")
    # each once, in the group that it can be of
    assert [row[PAYMENT] for row in rows(grid) if row[PAYMENT]] == ["R1 line 2", "R1"]
    heads = next(row for row in rows(grid) if row[PAYMENT] == "R1")
    assert (heads[ACCOUNT], heads["Result"]) == (SALARIED, "Headcount differs")
    assert heads["Note"].startswith(f"the remittance counts {COUNTED} subscribers, the roster has ")
    data = answered(
        grid,
        {
            waits[0]: ("accept", "agreed by phone", ""),
            waits[1]: ("Ask whether  terminated", "not on their list", ""),
            waits[2]: ("ask enrollment", "since when?", ""),
            unknown: ("assign", "their driver", HOURLY),
        },
    )
    view = inputs.answer_reconciled(ws, data, ws.now(LATER))
    assert (view.problem, codes(view)) == ("", [])
    meant = {waits[0]: "accept", waits[1]: "ask whether terminated", waits[2]: "ask enrollment", unknown: "assign"}
    assert [(each.answer, each.again) for each in view.answers] == [(meant[n], False) for n in sorted(meant)]
    members = {n: row[MEMBER] for n, row in enumerate(rows(grid), 1)}
    asked = {(each.waiting.rule, each.waiting.subject) for each in open_items(ws, ItemKind.QUERY)}
    assert asked == {
        ("RECONCILED-TERMINATION", f"{GROUP}/{members[waits[1]]}"),
        ("RECONCILED-ENROLLMENT", f"{GROUP}/{members[waits[2]]}"),
    }
    (suspense,) = open_items(ws, ItemKind.SUSPENSE)
    assert (suspense.requested, suspense.requested_by) == ("link", ws.actor.text)
    again = inputs.answer_reconciled(ws, data, ws.now(LATER))
    assert [each.again for each in again.answers] == [True] * 4 and not again.findings
    assert len(open_items(ws, *ItemKind)) == len({each.id for each in open_items(ws, *ItemKind)})
    known_by_the_next_look(ws, tmp_path, members[waits[0]])
    carried_out(ws, suspense)
    whole(ws)
    assert replay(ws, tmp_path / "again").equal


def known_by_the_next_look(ws: Workspace, folder: Path, member: str) -> None:
    """What was accepted says so, asks for no answer again, and is no break; its record has who and why."""
    grid = reconciled(ws, folder / "second")
    row = next(row for row in rows(grid) if row.get(MEMBER) == member)
    assert row["Result"].endswith(f"accepted {LATER}") and not row.get(ROW_KEY)
    with ws.database.read() as conn:
        number = conn.execute(
            item.select().where(item.c.kind == "variance", item.c.rule == "RECONCILED-ACCEPTED")
        ).one()
        known = items.find(conn, number.number)
        assert known is not None and known.closed_how is Closed.DECISION
        told_of = items.events(conn, known, ws.vault.fields)
    assert [(event.text, bool(event.actor)) for event in told_of if event.text] == [("agreed by phone", True)]


def carried_out(ws: Workspace, suspense: Item) -> None:
    """Another person confirms what was assigned: the money is the account's."""
    other = replace(ws, actor=person(ANN))
    wish = inputs.show_work(ws, suspense.number, ws.now(LATER))
    assert wish is not None

    meant = Wish(Answer(Kind.LINK), account=HOURLY)
    looked = inputs.decide_work(other, suspense.number, meant, ws.now(LATER))
    assert looked.effect is not None, looked.problem
    made = inputs.decide_work(other, suspense.number, meant, ws.now(LATER), "yes", looked.effect.digest)
    assert made.done, made.problem
    with ws.database.read() as conn:
        assert not any(ledger.balances(conn, "suspense:harbor-mills").values())


@pytest.mark.parametrize(
    ("answer", "cells", "code"),
    [
        (("accept", "so it is", ""), {ROW_KEY: "RECON-000001.1.00000000000000000000"}, "RECONCILED-KEY"),
        (("accept", "so it is", ""), {ROW_KEY: ""}, "RECONCILED-KEY"),
        (("accept", "so it is", ""), {MEMBER: "M000000001"}, "RECONCILED-ANOTHERS"),
        (("assign", "so it is", SALARIED), {}, "RECONCILED-ANSWER"),
        (("perhaps", "so it is", ""), {}, "RECONCILED-ANSWER"),
        (("accept", " ", ""), {}, "RECONCILED-REASON"),
        (("", "so it is", ""), {}, "RECONCILED-ANSWER"),
    ],
)
def test_what_does_not_name_its_row_is_refused(
    ws: Workspace, tmp_path: Path, answer: tuple[str, str, str], cells: dict[str, str], code: str
) -> None:
    ws = told(ws)
    grid = reconciled(ws, tmp_path / "first")
    row = max(n for n, each in enumerate(rows(grid), 1) if each[ACCOUNT] == HOURLY and each[MEMBER])
    view = inputs.answer_reconciled(ws, answered(grid, {row: answer}, **cells), ws.now(LATER))
    assert (codes(view), view.answers) == ([code], ())
    assert not open_items(ws, ItemKind.QUERY, ItemKind.VARIANCE)


def test_money_is_assigned_by_an_invoice_and_from_a_deposit_and_a_row_counts_once(
    ws: Workspace, tmp_path: Path
) -> None:
    ws = told(ws)
    inputs.add_deposit(ws, "T9", "1990000001", 7_000, DAY, ws.now(DAY))
    grid = reconciled(ws, tmp_path / "first")
    line, deposit = place(grid, Payment="R1 line 2"), place(grid, Payment="D1")
    waits = max(n for n, each in enumerate(rows(grid), 1) if each[ACCOUNT] == HOURLY and each[MEMBER])
    with ws.database.read() as conn:
        number = next(each.number for each in ledger.invoice_open(conn, [HOURLY]))
    twice = [*grid, grid[waits]]
    answers = {
        line: ("assign", "their driver", number),
        deposit: ("assign", "by phone", HOURLY),
        waits: ("accept", "agreed", ""),
        len(grid): ("ask enrollment", "since when?", ""),
    }
    view = inputs.answer_reconciled(ws, answered(twice, answers), ws.now(LATER))
    assert codes(view) == ["RECONCILED-TWICE", "RECONCILED-TWICE"]
    assert sorted(each.answer for each in view.answers) == ["assign", "assign"]
    waiting = open_items(ws, ItemKind.SUSPENSE, ItemKind.DEPOSIT)
    assert [(each.waiting.cents, each.requested) for each in waiting] == [(5_000, "link"), (7_000, "link")]
    assert not open_items(ws, ItemKind.QUERY, ItemKind.VARIANCE)
    path = tmp_path / "unanswered.xlsx"
    path.write_bytes(answered(grid, {}))
    assert "No row of it has an answer" in run("reconcile", "answers", path, "--today", str(LATER)).out


def test_a_sheet_of_others_and_a_service(ws: Workspace, tmp_path: Path) -> None:
    """No sheet of ours, a file that is none, and nobody who may answer: told, and nothing is done."""
    nobody, ws = ws, told(ws)
    grid = reconciled(ws, tmp_path / "first")
    data = answered(grid, {place(grid, Payment="R1 line 2"): ("accept", "so it is", "")})
    service = inputs.answer_reconciled(replace(nobody, actor=replace(nobody.actor, id="x")), data, ws.now(LATER))
    assert service.problem and not service.answers
    assert codes(inputs.answer_reconciled(ws, b"a,b\r\n1,2\r\n", ws.now(LATER))) == ["RECONCILED-NONE"]
    path = tmp_path / "back.xlsx"
    path.write_bytes(data)
    ran = run("reconcile", "answers", str(path), "--home", str(ws.settings.home), "--today", str(LATER))
    assert "Nothing was done" in ran.out and ran.code == 1  # the login of the tests is nobody's
    with pytest.raises(Failure, match="answers FILE"):
        run("reconcile", "answers", "--home", str(ws.settings.home))


def test_a_row_is_answered_once(ws: Workspace, tmp_path: Path) -> None:
    """Another answer of a row that was answered is refused, and says so; what was decided stays."""
    ws = told(ws)
    grid = reconciled(ws, tmp_path / "first")
    row = next(n for n, each in enumerate(rows(grid), 1) if each[ACCOUNT] == HOURLY and each[MEMBER])
    first, other = (answered(grid, {row: (reply, "by phone", "")}) for reply in ("accept", "ask enrollment"))
    assert len(inputs.answer_reconciled(ws, first, ws.now(LATER)).answers) == 1
    view = inputs.answer_reconciled(ws, other, ws.now(LATER))
    assert (codes(view), view.answers, open_items(ws, ItemKind.QUERY)) == (["RECONCILED-OTHERWISE"], (), [])
