"""Two runs beside each other, the first held after its nth statement: every interleaving (docs/design.md, Guards).

A run works in a thread of its own through an engine of its own. The statements of its write transactions are
counted; after the nth it stops, its transaction open, until it is let go. Meanwhile the second run goes as far as
it can: to its end, or to where the database makes it wait. Nothing here depends on speed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, event, text

from pipeline.runtime.workspace import Workspace
from store.engine import Database

Verb = Callable[[Workspace], object]

GENEROUS = 120.0  # seconds after which a run that moves no more is a failure
_POLL = 0.01
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a write transaction, as sent to the driver."""

    transaction: int  # counted from 1 within the run
    sql: str


class Run(threading.Thread):
    """One verb in a thread, through an engine of its own, held after its statement `hold` (0: never)."""

    def __init__(self, ws: Workspace, verb: Verb, hold: int = 0) -> None:
        super().__init__(daemon=True)
        url = ws.database.engine.url.render_as_string(hide_password=False)
        self._ws = replace(ws, database=Database.open(url))
        self._ws.database.keys = ws.database.keys
        self._verb, self._hold = verb, hold
        self._held, self._go = threading.Event(), threading.Event()
        self._transactions = 0
        self.statements: list[Statement] = []
        self.error: BaseException | None = None
        engine = self._ws.database.engine
        event.listen(engine, "begin", self._begun)
        event.listen(engine, "after_cursor_execute", self._executed)

    def run(self) -> None:
        """Do the verb; what it raises is kept."""
        try:
            self._verb(self._ws)
        except BaseException as error:  # noqa: BLE001  raised again by `finish`, in the test's own thread
            self.error = error
        finally:
            self._ws.database.close()
            self._held.set()

    def until_held(self) -> bool:
        """Wait until the run is held, or done; say whether it is held."""
        assert self._held.wait(GENEROUS), "the run neither ended nor came to its statement"
        return len(self.statements) == self._hold and not self._go.is_set() and self._hold > 0

    def let_go(self) -> None:
        """Let a held run go on."""
        self._go.set()

    def finish(self) -> None:
        """Wait for the run's end; raise what it raised."""
        self.join(GENEROUS)
        assert not self.is_alive(), "the run does not end"
        if self.error is not None:
            raise self.error

    def _begun(self, conn: Connection) -> None:
        if _writes(conn):
            self._transactions += 1

    def _executed(self, conn: Connection, *args: Any) -> None:
        sql = str(args[1])
        if not _writes(conn) or sql.startswith(("PRAGMA", "BEGIN")):
            return
        self.statements.append(Statement(self._transactions, sql))
        if len(self.statements) == self._hold:
            self._held.set()
            assert self._go.wait(GENEROUS), "held and never let go"


def _writes(conn: Connection) -> bool:
    return conn.get_execution_options().get("rollbook_mode") == "write"


def traced(ws: Workspace, verb: Verb) -> list[Statement]:
    """Run a verb alone and return the statements of its write transactions."""
    run = Run(ws, verb)
    run.start()
    run.finish()
    return run.statements


def beside(ws: Workspace, first: Verb, second: Verb, hold: int) -> bool:
    """Run `second` while `first` is held after its statement number `hold`; False when it has not so many."""
    one, other = Run(ws, first, hold), Run(ws, second)
    one.start()
    held = one.until_held()
    other.start()
    end = time.monotonic() + GENEROUS
    while other.is_alive() and not (held and _waits(ws)):
        assert time.monotonic() < end, "the second run neither ends nor waits"
        time.sleep(_POLL)
    one.let_go()
    one.finish()
    other.finish()
    return held


def _waits(ws: Workspace) -> bool:
    """Say whether the database makes somebody wait for a lock."""
    with ws.database.read() as conn:
        return bool(conn.scalar(_WAITING))
