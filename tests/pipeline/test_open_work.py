"""Open work: what each file leaves waiting, and which step closes it (docs/domain.md, Open work)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import yaml
from sqlalchemy.event import listen

from model.desk import Wanted
from pipeline.cash.deposits import add_deposit
from pipeline.receive.run import receive
from pipeline.runtime.workspace import Workspace
from pipeline.views import work
from sample_files import edi
from store.desk import items
from support.installation import PARTNER, ROOT, load_terms

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "desk" / "members.yaml").read_text("utf-8"))
DAY = date(2026, 11, 16)
HOME = ("1 MAIN ST", "HARTFORD", "CT", "06101")
PEOPLE = {
    "ada": ("E00000001", edi.Person("18", "SAMPLE", "ADA", date(1984, 3, 30), "F", "900000001")),
    "cal": ("E00000002", edi.Person("18", "SAMPLE", "CAL", date(1986, 5, 1), "M", "900000002")),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of a case."""

    day: date
    records: list[dict[str, Any]]
    action: str = "2"
    reference: str = "FIRST"
    dated: date | None = None
    open: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()

    def bytes(self, control: int) -> bytes:
        """Return it as it is sent: the records of one person are one member loop."""
        names = list(dict.fromkeys(record["who"] for record in self.records))
        loops = [self._loop(name, [record for record in self.records if record["who"] == name]) for name in names]
        day = self.dated or self.day
        body = edi.enrollment_set(loops, day, self.reference, action=self.action)
        return edi.interchange([body], day, control).encode()

    def _loop(self, who: str, records: list[dict[str, Any]]) -> edi.Segments:
        number, person = PEOPLE[who]
        covers = tuple(
            edi.Coverage(r["line"], r["plan"], r["tier"], r.get("begin"), r.get("end"), r["do"])
            for r in records
            if "line" in r
        )
        family = edi.Family(number, "100", (person,), covers, date(2022, 3, 1), HOME)
        return edi.member(family, person, records[0]["do"])


def opened(ws: Workspace, day: date) -> list[str]:
    """Return what is open, by number, as a case says it."""
    page = work.work_list(ws, ws.now(day), Wanted())
    assert page.total == len(page.items)
    found = sorted(page.items, key=lambda item: item.number)
    return [f"{each.number} {each.code} {each.line or '-'} x{each.receipts} {each.amount_cents}" for each in found]


def closed(ws: Workspace, numbers: int) -> list[str]:
    """Return which of the first so many items are closed, and how."""
    with ws.database.read() as conn:
        found = [items.find(conn, number) for number in range(1, numbers + 1)]
    return [f"{each.number} {each.closed_how}" for each in found if each and each.closed_how]


def test_the_list_asks_a_fixed_number_of_questions(ws: Workspace) -> None:
    load_terms(ws)
    asked: list[int] = []
    now = ws.now(DAY)
    for count in (1, 30):
        for number in range(count):
            add_deposit(ws, f"T{count}-{number}", "1990000001", 100, DAY, ws.now(DAY))
        statements: list[str] = []
        listen(ws.database.engine, "before_cursor_execute", lambda *args, heard=statements: heard.append(args[2]))
        work.work_list(ws, now, Wanted())
        asked.append(sum(statement.startswith("SELECT") for statement in statements))
    assert asked == [4, 4]  # the plan's zone, the counts, the page, the totals of what full files omit


@pytest.mark.parametrize("case", CASES, ids=[case["it"] for case in CASES])
def test_what_a_file_leaves_waiting(ws: Workspace, case: dict[str, Any]) -> None:
    load_terms(ws, day=date(2026, 10, 1))
    assert len(case["files"]) > 0
    gone: list[str] = []
    for control, given in enumerate(case["files"], 1):
        sent = Sent(**given)
        receive(ws, [sent.bytes(control)], f"{control}.edi", PARTNER, "test", ws.now(sent.day))
        assert opened(ws, sent.day) == list(sent.open), f"after file {control}"
        gone += sent.closed
        assert closed(ws, 5) == gone
