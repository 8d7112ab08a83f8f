"""Returns that the bank's lines tell of: each goes the way of a return, which takes its payment back or waits.

Source: docs/domain.md, The bank; Returned payments.
"""

from __future__ import annotations

import re
from datetime import datetime

from model.journal import InputKind, Purpose
from model.money.bank import LineSort, StoredLine
from model.money.returns import Return
from model.trade.returned import OF_A_RETURN, REASONS
from pipeline.cash import named, reverse
from pipeline.desk import bank_papers
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import guards
from store.desk.items import Step
from store.engine import Connection
from store.money import bank

SORTS = (LineSort.RETURN, LineSort.DISHONORED)
_ACH = re.compile(r"R\d\d")
_WORD = re.compile(r"[A-Z0-9]+")
_UNSAID = "NSF"  # of a deposited item that came back without a word


def take(ws: Workspace, now: datetime) -> int:
    """Take the returns of lines that nobody took yet; return how many payments were taken back. Idempotent."""
    with ws.database.read() as conn:
        waiting = [(line, _told(conn, line)) for line in bank.opened(conn, ws.vault.fields, *SORTS)]
    taken = 0
    for line, back in waiting:
        taken += int(reverse.take_return(ws, back, now).done)
        settle(ws, line.id, now)
    return taken


def _told(conn: Connection, stored: StoredLine) -> Return:
    """Return a line as a return: a trace that ACH fills up with zeros may be known without them.

    What the bank gave no reference is known by its line; items of one reference by their place among them.
    """
    line = stored.line
    own = line.reference or f"L{stored.id}"
    own += f"/{stored.occurrence + 1}" if stored.occurrence else ""
    short = line.trace.lstrip("0")
    trace = short if short and not named.of_trace(conn, line.trace) else line.trace
    return Return(trace, line.company, line.cents, _reason(line.code, line.text), line.day, own)


def _reason(code: str, text: str) -> str:
    """Return the reason of a return: an ACH entry's own, known or not, else the first one that the text has."""
    if _ACH.fullmatch(code):
        return code
    said = _WORD.findall(text.upper())
    return next((word for word in said if word in REASONS or word in OF_A_RETURN), _UNSAID)


def settle(ws: Workspace, number: int, now: datetime) -> None:
    """Record that the return of a line was taken: what waits of it is the return. Idempotent."""

    def work(conn: Connection) -> None:
        stored = bank.find(conn, number, ws.vault.fields)
        if stored is None or not stored.is_open:
            return
        tx = ws.step(conn, Purpose.PASS_RETURN, ws.asked(InputKind.NIGHTLY, now, line=number))
        bank.tie(conn, number, returned=1)
        bank_papers.settled(conn, Step(tx, local_day(conn, now)), bank.some(conn, [number], ws.vault.fields))

    ws.database.change(lambda conn: {guards.BANK}, work)
