"""A preview binds: only what was shown is applied; what moved meanwhile is held, and nothing of a look stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from model.desk import ItemKind
from model.timeline import Month
from pipeline import inputs
from pipeline.preview import run as previewing
from pipeline.receive.run import receive
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from sample_files import edi
from store.desk import items
from store.money import ledger
from support import desk, values
from support.installation import PARTNER, TERMS, load_terms, run
from support.previews import foretold, traces

DAY = date(2026, 12, 5)
ADA = {"who": "ada", "lines": ["021 HLT GOLD FAM 2026-12-01"]}
BEA = {"who": "bea", "lines": ["021 HLT GOLD - 2026-12-01"]}
DAN = {"who": "dan", "lines": ["021 HLT GOLD EMP 2027-01-01"]}


def _data(number: int, *records: dict[str, Any]) -> bytes:
    return desk.data(number, {"day": DAY, "records": list(records)})


def _ends(who: str, day: str) -> dict[str, Any]:
    return {"who": who, "do": "024", "lines": [f"024 HLT GOLD - - {day}"]}


def _taken(ws: Workspace, number: int, *records: dict[str, Any]) -> str:
    return receive(ws, [_data(number, *records)], f"{number}.edi", PARTNER, "test", ws.now(DAY))


def _states(ws: Workspace, file_id: str) -> list[str]:
    return [each["state"] for each in values.file_value(ws, file_id)["sets"]]


def test_what_was_shown_is_applied_on_both_databases(on_both: Workspace) -> None:
    load_terms(on_both)
    _taken(on_both, 1, ADA, BEA)
    data = _data(2, _ends("bea", "2026-12-31"), DAN)
    shown = previewing.of_file(on_both, lambda: [data], "2.edi", PARTNER, on_both.now(DAY))
    assert [(loss.plans, str(loss.begin)) for loss in shown.losses] == [(("GOLD",), "2027-01-01")]
    assert [(place.plan, lines.added, lines.ended) for place, lines in shown.places if place.plan] == [
        ("GOLD", 1, 1)
    ]
    foretold(on_both, data, "2.edi", PARTNER, on_both.now(DAY))


def test_a_file_that_comes_to_something_else_is_not_received(ws: Workspace) -> None:
    load_terms(ws)
    _taken(ws, 1, ADA, BEA)
    data = _data(2, _ends("bea", "2026-12-31"))
    shown = previewing.of_file(ws, lambda: [data], "2.edi", PARTNER, ws.now(DAY))
    _taken(ws, 3, _ends("bea", "2027-03-31"))
    before = traces(ws)
    file_id, now = inputs.receive_expected(ws, lambda: [data], "2.edi", PARTNER, "test", ws.now(DAY), shown.shown)
    assert (file_id, now.digest == shown.shown) == ("", False)
    assert traces(ws) == before
    file_id, _ = inputs.receive_expected(ws, lambda: [data], "2.edi", PARTNER, "test", ws.now(DAY), now.digest)
    assert file_id and _states(ws, file_id) == [part.state for part in now.sets]


def test_a_file_whose_bytes_are_others_is_not_the_one_that_was_shown(ws: Workspace) -> None:
    load_terms(ws)
    shown = previewing.of_file(ws, lambda: [_data(1, DAN)], "1.edi", PARTNER, ws.now(DAY))
    other = _data(1, DAN).replace(b"R1", b"R7")
    file_id, _ = inputs.receive_expected(ws, lambda: [other], "1.edi", PARTNER, "test", ws.now(DAY), shown.shown)
    assert file_id == ""


def test_what_moves_while_a_file_is_taken_holds_its_set(on_both: Workspace) -> None:
    ws = on_both
    load_terms(ws)
    _taken(ws, 1, ADA, BEA)
    data = _data(2, _ends("bea", "2026-12-31"))
    shown = previewing.of_file(ws, lambda: [data], "2.edi", PARTNER, ws.now(DAY))
    _taken(ws, 3, _ends("bea", "2027-03-31"))
    covered = desk.spans(ws)
    file_id = receive(ws, [data], "2.edi", PARTNER, "test", ws.now(DAY), expect=shown.expect)
    assert (_states(ws, file_id), desk.spans(ws)) == (["HELD"], covered)
    with ws.database.read() as conn:
        opened = items.opened(conn, items.Scope((ItemKind.SET,))).values()
    assert [item.waiting.rule for item in opened] == ["SET-NOT-AS-SHOWN"]


def test_a_payment_that_would_post_otherwise_is_held(ws: Workspace, tmp_path: Path) -> None:
    agreed = "[partner.profile]\nremittance_is_deposit = true"
    load_terms(ws, TERMS.read_text("utf-8").replace("[partner.profile]", agreed, 1))
    _taken(ws, 1, ADA)
    inputs.bill(ws, Month(2027, 1), ws.now(DAY), "HM4100", ahead=True)

    def paid(cents: int, control: int, trace: str) -> bytes:
        body = edi.remittance_set([("11", "41000100", cents, cents)], DAY, trace)
        return edi.interchange([body], DAY, control, kind="820").encode()

    data = paid(5_000, 8, "T8")
    shown = previewing.of_file(ws, lambda: [data], "8.edi", PARTNER, ws.now(DAY))
    assert shown.entries
    receive(ws, [paid(500_000, 9, "T9")], "9.edi", PARTNER, "test", ws.now(DAY))
    with ws.database.read() as conn:
        before = ledger.balances(conn, "")
    file_id = receive(ws, [data], "8.edi", PARTNER, "test", ws.now(DAY), expect=shown.expect)
    with ws.database.read() as conn:
        assert ledger.balances(conn, "") == before
    assert _states(ws, file_id) == ["HELD"]
    assert replay(ws, tmp_path / "again").equal


def test_open_work_and_terms_are_previewed_and_left(ws: Workspace) -> None:
    load_terms(ws)
    _taken(ws, 1, ADA, BEA)
    text = TERMS.read_text("utf-8").replace('"1500.00"', '"1600.00"')
    before = traces(ws)
    shown = previewing.of_terms(ws, "terms.toml", text, ws.now(DAY))
    assert shown.changes and any(each.now != each.then for each in shown.invoices)
    with pytest.raises(ValueError, match="no item 99"):
        previewing.of_work(ws, 99, ws.now(DAY))
    assert traces(ws) == before


def test_its_command_says_what_it_cannot_preview(home: Path, tmp_path: Path) -> None:
    run("terms", "load", TERMS, "--today", "2026-11-02")
    path = tmp_path / "1.edi"
    path.write_bytes(_data(1, DAN))
    page = tmp_path / "page.html"
    ran = run("preview", path, "--partner", PARTNER, "--today", DAY, "--format", "html", "--output", page)
    assert ran.code == 0 and "Nothing was changed" in page.read_text("utf-8")
    assert run("file", "list", "--json").json == []
    value = run("preview", path, "--partner", PARTNER, "--today", DAY, "--json").json
    ran = run("receive", path, "--partner", PARTNER, "--today", DAY, "--expect", "0" * 12, "--json")
    assert (ran.code, ran.json["digest"]) == (1, value["digest"])
    ran = run("receive", path, "--partner", PARTNER, "--today", DAY, "--expect", value["digest"], "--json")
    assert (ran.code, [file["state"] for file in ran.json]) == (0, ["APPLIED"])
