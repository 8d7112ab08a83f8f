"""Several processes that do the same work on one store at once, as the workers of an installation do."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TypeVar

from model.agreement.terms import Partner
from model.asking import Verb
from model.money.out import Out
from pipeline.cash.moneyout import carry_out
from pipeline.receive.claim import claim
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from pipeline.setup.agree import add_partner
from pipeline.setup.load_terms import load_terms
from store.dialects import sqlite
from store.engine import OccupiedError
from support.cashed import ACCOUNT, OTHER
from support.installation import LOADED, PARTNER, TERMS
from support.people import TESTER, TWO, deciding

PART = 2_000  # cents of each refund and transfer

Work = Callable[[Workspace, int, int], object]

T = TypeVar("T")

_START, _END = 120.0, 300.0  # seconds that a process may take to come to the start, and to its end
_FORKED = multiprocessing.get_context("forkserver")  # never a copy of a process with threads
# What each process would import. This module is none of it: the server's path is without tests/.
_FORKED.set_forkserver_preload(["pipeline.setup.load_terms", "pipeline.receive.claim", "cli.main", "psycopg"])


def claims(ws: Workspace, who: int, number: int) -> None:
    """Claim a file of one partner."""
    claim(ws, [f"{who} {number}".encode()], "x.edi", PARTNER, "test", ws.now(LOADED))


def loads(ws: Workspace, who: int, number: int) -> None:
    """Load terms, each time others."""
    text = TERMS.read_text(encoding="utf-8")
    loaded = load_terms(ws, f"{text}\n# {who} {number}\n", ws.now(LOADED))
    assert loaded.stored, loaded.findings


def adds(ws: Workspace, who: int, number: int) -> None:
    """Change one partner."""
    add_partner(ws, Partner("bayview", f"Bayview {who} {number}"), ws.now(LOADED))


def refunds(ws: Workspace, who: int, number: int) -> None:
    """Refund a part of an account's credit by two people, while there is any."""
    carry_out(deciding(ws), Out(Verb.REFUND, ACCOUNT, PART), ws.now(LOADED), TWO)


def transfers(ws: Workspace, who: int, number: int) -> None:
    """Move a part of an account's credit to another one by two people, while there is any."""
    carry_out(deciding(ws), Out(Verb.TRANSFER, ACCOUNT, PART, OTHER), ws.now(LOADED), TWO)


def together(settings: Settings, work: Sequence[Work], times: int) -> list[str]:
    """Do each work `times` times in a process of its own, all at once; return what they died of."""
    barrier, died = _FORKED.Barrier(len(work)), _FORKED.Queue()
    runs = [
        _FORKED.Process(target=_run, args=(settings, barrier, died.put, task, who, times))
        for who, task in enumerate(work)
    ]
    for run in runs:
        run.start()
    deaths = [died.get(timeout=_END) for _ in runs]
    for run in runs:
        run.join(_END)
    return [error for errors in deaths for error in errors]


def _run(
    settings: Settings, barrier: Barrier, tell: Callable[[list[str]], None], work: Work, who: int, times: int
) -> None:
    errors: list[str] = []

    def one(act: Callable[[], T]) -> T | None:
        try:
            return act()
        except Exception as error:  # noqa: BLE001  counted and shown by the test
            errors.append(f"{work.__name__}: {type(error).__name__}: {str(error)[:200]}")
            return None

    ws = one(lambda: open_workspace(settings, TESTER))
    if ws is None:
        barrier.abort()
    else:
        one(ws.zone)  # everything is imported and connected
        one(lambda: barrier.wait(_START))
        for number in range(times):
            one(lambda number=number: work(ws, who, number))
        ws.close()
    tell(errors)


def waiting(settings: Settings, patience: float) -> Queue[str]:
    """Have a process write to the store: what it is told of waiting, and last `done`, or why it gave up."""
    told = _FORKED.Queue()
    _FORKED.Process(target=_wait, args=(settings, patience, told.put)).start()
    return told


def _wait(settings: Settings, patience: float, tell: Callable[[str], None]) -> None:
    sqlite.WAIT_FOR_LOCK["WAL"], sqlite.PATIENCE = 0.05, patience
    ws = open_workspace(settings, TESTER)
    ws.database.tell = tell
    try:
        add_partner(ws, Partner("acme", "Acme"), ws.now(LOADED))
        tell("done")
    except OccupiedError as error:
        tell(str(error))
    ws.close()


def settings_of(ws: Workspace, home: Path | None = None) -> Settings:
    """The settings by which another process opens the same installation."""
    url = ws.database.engine.url.render_as_string(hide_password=False)
    return Settings(home or ws.settings.home, url, ws.settings.key_file)
