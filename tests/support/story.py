"""A story short enough to tell often: a group enrolled, billed for two months, paid once; everything delivered."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from model.timeline import Month
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.month.reconcile import reconcile
from pipeline.receive.deliver import deliver
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from support.installation import GROUP, SAMPLES, install, load_terms, take
from support.people import TESTER

LAST_DAY = date(2027, 1, 11)
DEPOSIT = ("HM2027010001", "1990000001", 5_067_000)  # trace, company, cents: of demo/03-remittance.edi


def tell(ws: Workspace) -> None:
    """Tell it to an empty installation. The figures are in tests/cases/demo/figures.yaml."""
    load_terms(ws)
    take(ws, SAMPLES / "demo" / "01-adds.edi", date(2026, 11, 20))
    take(ws, SAMPLES / "demo" / "02-changes.edi", date(2026, 12, 5))
    bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), GROUP)
    add_deposit(ws, *DEPOSIT, date(2026, 12, 28), ws.now(date(2026, 12, 28)))
    take(ws, SAMPLES / "demo" / "03-remittance.edi", date(2026, 12, 28))
    reconcile(ws, Month(2027, 1), GROUP, ws.now(date(2026, 12, 29)))
    bill(ws, Month(2027, 2), ws.now(date(2027, 1, 10)), GROUP)
    deliver(ws, ws.now(LAST_DAY))


@contextmanager
def told_in(home: Path) -> Iterator[Workspace]:
    """Tell it to a new installation on SQLite, and open that."""
    settings = Settings(home, f"sqlite:///{home.resolve() / 'rollbook.db'}", home / "keys.json")
    install(settings)
    ws = open_workspace(settings, TESTER)
    tell(ws)
    yield ws
    ws.close()


@contextmanager
def copy_of(told: Workspace, home: Path) -> Iterator[Workspace]:
    """Open a copy of a story on SQLite in a folder of its own, to go on with or to break."""
    shutil.copytree(told.settings.home, home)
    ws = open_workspace(Settings(home, f"sqlite:///{home.resolve() / 'rollbook.db'}", home / "keys.json"), TESTER)
    yield ws
    ws.close()
