"""A replay comes to the same open work: numbers, receipts, owners, notes, and what a night opened and closed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from model.desk import Wanted
from pipeline import inputs
from pipeline.cash.deposits import add_deposit
from pipeline.receive import deliver
from pipeline.receive.run import receive
from pipeline.replay.run import replay
from pipeline.roster import export
from pipeline.runtime.workspace import Workspace
from pipeline.views import agreed, work
from sample_files import edi
from support.installation import GROUP, PARTNER, load_terms
from support.people import ANN, deciding

DAY = date(2026, 11, 16)
HOME = ("1 MAIN ST", "HARTFORD", "CT", "06101")
ADA = edi.Person("18", "SAMPLE", "ADA", date(1984, 3, 30), "F", "900000001")


def send(ws: Workspace, day: date, control: int, coverage: edi.Coverage) -> None:
    family = edi.Family("E00000001", "100", (ADA,), (coverage,), date(2022, 3, 1), HOME)
    body = edi.enrollment_set([edi.member(family, ADA, coverage.maintenance)], day, f"R{control}")
    receive(ws, [edi.interchange([body], day, control).encode()], f"{control}.edi", PARTNER, "test", ws.now(day))


def test_open_work_comes_to_the_same(ws: Workspace, tmp_path: Path) -> None:
    desk = deciding(ws)
    load_terms(desk, day=date(2026, 10, 1))
    late = edi.Coverage("HLT", "GOLD", "EMP", None, date(2026, 10, 31), "024")
    send(desk, date(2026, 10, 15), 1, edi.Coverage("HLT", "GOLD", "EMP", date(2026, 10, 1)))
    send(desk, DAY, 2, late)
    add_deposit(desk, "T1", "1990000001", 5_000, DAY, desk.now(DAY))
    inputs.assign_work(desk, 1, ANN, desk.now(DAY))
    inputs.note_work(desk, 1, "asked the employer", desk.now(DAY))
    export.export(desk, GROUP, "834", agreed.partner(desk, PARTNER), desk.now(DAY), on=None, deliver=True)
    deliver.deliver(desk, desk.now(DAY))
    night = DAY + timedelta(days=3)
    codes = [row.code for row in inputs.look_at_desk(desk, desk.now(night)).rows]
    assert codes == ["DEPOSIT-WAITS", "EXCHANGE-UNACKNOWLEDGED", "RETRO-TERM"]
    send(desk, night, 3, late)
    page = work.work_list(desk, desk.now(night), Wanted())
    assert [(item.number, item.receipts, item.owner) for item in page.items] == [
        (1, 2, ANN),
        (2, 1, ""),
        (3, 1, ""),
    ]
    result = replay(desk, tmp_path / "again")
    assert result.stopped is None and result.differs == ()
