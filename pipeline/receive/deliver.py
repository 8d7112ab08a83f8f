"""Deliver: render each owed answer once, archive its bytes, publish it into the partner's channel.

A document appears whole or not at all, under a name of its own, so that a repeat finds the same; other bytes stay.
Who has a dead channel waits, and the others get theirs; what cannot be made waits too, and holds nothing back.
A reprint is the archived bytes.

See docs/design.md, Four steps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial

from exchange import outstanding
from intake.channel import Body, ChannelError, DocumentDiffers, Way
from model.agreement.terms import Partner
from model.codes import found
from model.finding import Finding, Where
from model.journal import InputKind, Purpose
from pipeline.cash import deposits
from pipeline.desk import papers
from pipeline.runtime import channels, heads, leases, marks
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import agreements, counters, guards
from store.desk.items import Step
from store.engine import Connection
from store.received import outbox, statement_rows
from writers.render import DoesNotFitError, RenderError, render

PATIENCE = leases.SECONDS + 30.0  # seconds to wait for another one who delivers to the same partner
Trouble = Callable[[Finding], None]


def deliver(
    ws: Workspace,
    now: datetime,
    progress: Callable[[], None] = lambda: None,
    trouble: Callable[[Finding], None] = lambda finding: None,
    only: Collection[str] | None = None,
) -> list[str]:
    """Publish everything owed; return where each document lies, partner by partner in the order owed.

    `only`: what is owed to these partners, "" ourselves. `trouble` hears of a partner whose channel failed or is
    another one's, and of each document that could not be made: they stay owed, and what does not fit is held.
    """
    deposits.look_again(ws, now)
    with ws.database.read() as conn:
        owing = [code for code in outbox.owing(conn) if only is None or code in only]
        known = {partner.code: partner for partner in agreements.partners(conn)}
    written: list[str] = []
    for code in owing:
        # Documents without a partner are our own; a partner that is gone keeps its folder.
        partner = known.get(code) or Partner(code or channels.OURS, "")
        try:
            for place in _to_partner(ws, partner, code, now, progress, trouble):
                written.append(place)
        except leases.LeaseLost:
            trouble(channels.busy(partner.code))
        except ChannelError as error:
            trouble(channels.trouble(partner.code, error))
    with ws.database.read() as conn:
        done = counters.values(conn)
    marks.raise_to(ws.settings.home, done)  # what this command did and no document tells, as a deposit
    heads.keep(ws, now)
    return written


def again(ws: Workspace, key: str, now: datetime, trouble: Trouble) -> list[str] | None:
    """Try a document again that was held or could not be made, and deliver what else its partner is owed.

    Return where documents lie now. None: nothing is owed under this key, or it was delivered.
    """
    partner = release(ws, key, now)
    if partner is None:
        return None
    return deliver(ws, now, trouble=trouble, only={partner})


def _to_partner(
    ws: Workspace, partner: Partner, code: str, now: datetime, progress: Callable[[], None], trouble: Trouble
) -> Iterator[str]:
    """Publish what one partner is owed, as the only one anywhere who does; yield where each document lies.

    Two at once could put a document back that the partner has fetched by now. Raises LeaseLost where another one
    has taken over.
    """
    with leases.alone(ws, f"deliver {partner.code}", PATIENCE) as hold:
        if hold is None:
            trouble(channels.busy(partner.code))
            return
        with channels.opened(ws, partner) as way:
            way.clear()
            with ws.database.read() as conn:
                owed = outbox.undelivered(conn, code)  # what nobody has delivered while we waited
                taken = counters.values(conn)
            marks.raise_to(ws.settings.home, taken)  # before the first of these numbers leaves
            for item_id in owed:
                yield from _publish(hold, way, partner, item_id, now, trouble)
                progress()


def _publish(
    hold: leases.Hold, way: Way, partner: Partner, item_id: int, now: datetime, trouble: Trouble
) -> list[str]:
    """Archive one answer's documents, publish what the archive has, and record it; return where they lie."""
    ws = hold.ws

    try:
        with ws.database.read() as conn:
            item = outbox.item(conn, item_id, ws.vault.fields)
        assert item.statement is not None, "only what was delivered is pruned"
        rows = partial(statement_rows.read, ws.database, ws.vault.fields)
        archived = [
            (document.name, *ws.vault.archive.put(document.pieces())) for document in render(item.statement, rows)
        ]
    except (RenderError, outbox.UnreadableError) as error:
        why, held_at = str(error), isinstance(error, DoesNotFitError)
        rule = "DOCUMENT-HELD" if held_at else "DOCUMENT-FAILED"
        key = _fail(ws, item_id, rule, why, now)
        trouble((outstanding.held if held_at else outstanding.failed)(key, why))
        return []
    try:
        for name, sha256, size in archived:
            hold.check()
            way.publish(name, Body(size, sha256, partial(ws.vault.archive.open, sha256)))
    except DocumentDiffers as error:
        there = channels.place(ws, partner.code, partner.channel, str(error))
        differs = f"{there}: other content lies published under this name and was not replaced."
        _fail(ws, item_id, "DOCUMENT-DIFFERS", differs, now)
        trouble(found("DOCUMENT-DIFFERS", Where(), differs, subject=f"partner {partner.code}"))
        return []

    _mark(ws, item_id, item.key, [(name, sha256) for name, sha256, _ in archived], now, hold.fence)
    return [channels.place(ws, partner.code, partner.channel, name) for name, *_ in archived]


def _mark(
    ws: Workspace,
    item_id: int,
    key: str,
    names: Sequence[tuple[str, str]],
    now: datetime,
    fence: Callable[[Connection], None],
) -> None:
    """Record that an item was published: the names of its documents, each with the hash of its bytes."""
    asked = ws.asked(InputKind.DELIVERY, now)

    def work(conn: Connection) -> None:
        fence(conn)
        tx = ws.step(conn, Purpose.DELIVER, asked, key=key, names=names)
        outbox.mark(conn, item_id, names, now)
        papers.delivered(conn, tx, key)

    ws.database.change(lambda conn: {guards.item(item_id)}, work)


def _fail(ws: Workspace, item_id: int, rule: str, why: str, now: datetime) -> str:
    """Record why an item could not be made or published, by a finding's code and in words; return its key."""
    asked, held_at = ws.asked(InputKind.DELIVERY, now), now if rule == "DOCUMENT-HELD" else None

    def work(conn: Connection) -> str:
        key, partner = outbox.fail(conn, item_id, why, held_at)
        tx = ws.step(conn, Purpose.UNDELIVERED, asked, key=key, rule=rule, why=why)
        papers.undelivered(conn, Step(tx, local_day(conn, now)), partner, key, rule)
        return key

    return ws.database.change(lambda conn: {guards.item(item_id)}, work)


def release(ws: Workspace, key: str, now: datetime) -> str | None:
    """Let the next delivery try what was held under a key; return its partner. None: nothing is owed under it."""
    asked = ws.asked(InputKind.COMMAND, now, key=key)
    owed = _pending(ws, key)
    if owed is None:
        return None
    item_id, partner = owed

    def work(conn: Connection) -> None:
        ws.step(conn, Purpose.DELIVER_AGAIN, asked)
        outbox.release(conn, item_id)

    ws.database.change(lambda conn: {guards.item(item_id)}, work)
    return partner


def delivered(ws: Workspace, key: str, names: Sequence[Sequence[str]], now: datetime) -> None:
    """Record what a channel answered to what is owed under a key, as it did once: a replay publishes nothing."""
    owed = _pending(ws, key)
    if owed is not None:
        _mark(ws, owed[0], key, [(name, sha256) for name, sha256 in names], now, lambda conn: None)


def failed(ws: Workspace, key: str, rule: str, why: str, now: datetime) -> None:
    """Record why what is owed under a key could not be made or published, as it was once."""
    owed = _pending(ws, key)
    if owed is not None:
        _fail(ws, owed[0], rule, why, now)


def _pending(ws: Workspace, key: str) -> tuple[int, str] | None:
    with ws.database.read() as conn:
        return outbox.pending(conn, key)


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (deliver,)
