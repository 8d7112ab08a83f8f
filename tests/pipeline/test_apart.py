"""Sets of groups of their own keep nobody waiting on PostgreSQL; on SQLite one is written after the other."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest

from pipeline.receive.answered import answer
from pipeline.receive.claim import claim
from pipeline.receive.enroll import enroll
from pipeline.receive.judge import judge
from pipeline.runtime.workspace import Workspace
from sample_files import edi
from store.received import files
from support.installation import TERMS, load_terms

DAY = date(2026, 11, 23)


def agree(ws: Workspace, group: int) -> None:
    """Load terms of a group of its own, sent by a partner of its own."""
    text = TERMS.read_text(encoding="utf-8")
    for old, new in (("HM4100", "HM"), ("harbor-mills", "mills-"), ("HARBORMILLS", "MILLS"), ("410", "41")):
        text = text.replace(old, f"{new}{group}")
    load_terms(ws, text)


def judged(ws: Workspace, group: int) -> tuple[str, int]:
    """Receive an 834 that adds two employees to a group, as far as the judge; return its file and its set."""
    sender = edi.Sender(f"MILLS{group}", "MILLS", "990000001", f"HM{group}")
    cover = (edi.Coverage("HLT", "GOLD", "EMP", date(2026, 12, 1)),)
    new = [
        edi.Family(
            f"E{group}{place:07d}",
            "100",
            (edi.Person("18", "SAMPLE", "ADA", date(1984, 3, 30), "F", f"9{group}{place:07d}"),),
            cover,
            date(2022, 3, 1),
            ("1 MAIN ST", "HARTFORD", "CT", "06101"),
        )
        for place in range(2)
    ]
    body = edi.enrollment_set(edi.members(new, sender=sender), DAY, f"B{group}", sender=sender)
    data = edi.interchange([body], DAY, group, sender=sender).encode()
    file = claim(ws, [data], "adds.edi", f"mills-{group}", "test", ws.now(DAY))
    judge(ws, file.id)
    with ws.database.read() as conn:
        (stored,) = files.sets_of(conn, file.id)
    return file.id, stored.id


def test_sets_of_groups_of_their_own_wait_for_nobody(on_both: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = on_both
    groups = (1, 2, 3, 4)
    for group in groups:
        agree(ws, group)
    received = [judged(ws, group) for group in groups]
    open_sets = threading.Barrier(len(groups))
    together = ws.database.engine.dialect.name == "postgresql"
    real = files.record_set_groups

    def last(*args: Any) -> None:
        """The last statement of a set: on PostgreSQL all get here before one commits."""
        real(*args)
        if together:
            open_sets.wait(60)

    monkeypatch.setattr(files, "record_set_groups", last)
    runs = [threading.Thread(target=enroll, args=(ws, set_id)) for _, set_id in received]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert not open_sets.broken
    assert {answer(ws, file_id).value for file_id, _ in received} == {"APPLIED"}
