"""A record that waits is one question: however many of its lines wait, and however often it is sent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import yaml

from model.desk import Item, ItemKind
from model.enrollment.ruling import QUESTIONS, foremost
from pipeline.runtime.workspace import Workspace
from store.desk import items
from store.desk.items import Scope
from support import desk
from support.installation import ROOT, TERMS, load_terms

FILES = sorted((ROOT / "tests" / "cases" / "desk").glob("decisions*.yaml"))
CASES = [case for path in FILES for case in yaml.safe_load(path.read_text("utf-8")) if "code" in case]
OF_RECORDS = [case for case in CASES if case["code"] in QUESTIONS]


def asked(ws: Workspace) -> list[Item]:
    """Return what is open of member lines."""
    with ws.database.read() as conn:
        return list(items.opened(conn, Scope((ItemKind.MEMBER,))).values())


@pytest.mark.parametrize("case", OF_RECORDS, ids=[case["code"] for case in OF_RECORDS])
def test_a_weekly_repeat_adds_a_receipt_to_the_same_item(ws: Workspace, case: dict[str, Any]) -> None:
    terms = TERMS.read_text("utf-8")
    for old, new in case.get("terms", ()):
        terms = terms.replace(old, new)
    load_terms(ws, terms)
    for number, step in enumerate((step for step in case["steps"] if "file" in step), 1):
        file_id = desk.take(ws, number, step["file"])
        if case["code"] in desk.waiting(ws, file_id):
            break
    before = asked(ws)
    mine = [item for item in before if item.waiting.file == file_id]
    assert mine
    again = {**step["file"], "day": step["file"]["day"] + timedelta(days=7), "ref": "NEXT-WEEK"}
    desk.take(ws, number + 1, again)
    after = {item.number: item for item in asked(ws)}
    assert list(after) == [item.number for item in before]
    assert all(after[item.number].receipts == item.receipts + 1 for item in mine)


LINES = ["021 HLT GOLD EMP 2026-08-01", "021 DEN DENTAL EMP 2026-08-01"]
BOTH = {"who": "ada", "reason": "22", "lines": LINES}


def test_two_lines_of_a_record_are_one_question(ws: Workspace) -> None:
    load_terms(ws)
    desk.take(ws, 1, {"day": date(2026, 12, 2), "records": [{**BOTH, "who": "dan"}]})
    spec = {"day": date(2027, 1, 5), "records": [BOTH]}
    file_id = desk.take(ws, 2, spec)
    (item,) = asked(ws)
    assert (item.waiting.rule, item.waiting.line) == ("ADD-RETRO", "dental, medical")
    renumbered = {**spec, "ref": "R2", "day": date(2027, 1, 6), "dated": spec["day"]}
    desk.take(ws, 3, renumbered)
    assert asked(ws)[0].receipts == 2 and asked(ws)[0].waiting.file == file_id
    later = [{**BOTH, "lines": ["021 DEN DENTAL EMP 2026-12-01"]}]
    desk.take(ws, 4, {"day": date(2027, 1, 7), "records": later})
    assert [known.number for known in asked(ws)] == [item.number], "the medical line waits still"
    decided = {"kind": "approve", "two": True, "day": date(2027, 1, 8)}
    set_id = desk.set_of(ws, file_id)
    looked = desk.decide(ws, set_id, decided)
    assert looked.effect and desk.decide(ws, set_id, decided, looked.effect.digest).done
    assert asked(ws) == [] and "1 medical APPLIED added from 2026-08-01" in desk.came(ws, set_id)


def test_a_question_is_known_by_what_must_be_answered_first() -> None:
    order = ["MATCH-CLEAR", "RETRO-TERM", "ADD-RETRO", "WINDOW-OPEN", "TIER-TOO-SMALL", "LINE-WAITS"]
    for place, code in enumerate(order):
        assert foremost(order[place:]) == code and foremost(order[: place - 1 : -1] if place else order) == code
