"""Night: what waits because time has passed and no step came; and the desk in figures.

Agreements that reached their day, children at the age limit, a document that left and that nobody has
acknowledged, what a partner's channel has not taken for a day, and people who were missed and whose coverage is
over by now. A step is written only where something is otherwise than it stands.

See docs/domain.md, Open work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from exchange import usual
from exchange.outstanding import ACKNOWLEDGED_WITHIN
from model.codes import CODES
from model.desk import Figure, ItemKind, Waiting
from model.journal import InputKind, Purpose
from pipeline.desk import aging, agreement_ends, papers, renewals, watch
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.work import DeskRow, DeskView
from store import agreements, guards
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection
from store.people import places
from store.received import exchanges, outbox

LEFT_WITHIN = timedelta(days=1)  # a partner's channel may be away for a night
UNDELIVERED, UNANSWERED = "EXCHANGE-UNDELIVERED", "EXCHANGE-UNACKNOWLEDGED"
MISSING = "FILE-MISSING"


def look(ws: Workspace, now: datetime) -> DeskView:
    """Look at each group's agreement and people, and each partner's documents; return what is open in figures."""
    end_agreements(ws, now)
    age_off(ws, now)
    renew(ws, now)
    look_at_papers(ws, now)
    return figures(ws, now)


def end_agreements(ws: Workspace, now: datetime) -> list[str]:
    """End what stands beyond agreements whose day has come; return the groups."""
    with ws.database.read() as conn:
        ending = [group for group in agreements.groups(conn) if agreement_ends.due(conn, group, now)]
    for group in ending:
        agreement_ends.run(ws, group, now)
    return ending


def age_off(ws: Workspace, now: datetime) -> list[str]:
    """Tell of children who reach the age limit, and fix their ends; return the groups."""
    with ws.database.read() as conn:
        aging_off = [group for group in agreements.groups(conn) if aging.due(ws, conn, group, now)]
        late = [group for group in agreements.groups(conn) if aging.late(conn, group, now)]
    for group in late:
        aging.put_off(ws, group, now)
    for group in aging_off:
        aging.run(ws, group, now)
    return sorted({*late, *aging_off})


def renew(ws: Workspace, now: datetime) -> list[str]:
    """Move the members of plans that end, and ask about the others; return the groups."""
    with ws.database.read() as conn:
        renewing = [group for group in agreements.groups(conn) if renewals.due(conn, group, now)]
    for group in renewing:
        renewals.run(ws, group, now)
    return renewing


def look_at_papers(ws: Workspace, now: datetime) -> tuple[int, int]:
    """Open and close what waits of partners' documents, and of people who are covered no more; count both."""
    with ws.database.read() as conn:
        codes = agreements.partner_codes(conn)
        moved = [code for code in codes if _differs(conn, code, now)]
        left = [group for group in agreements.groups(conn) if _gone(conn, group, now)]
    for code in moved:
        look_at(ws, code, now)
    for group in left:
        look_at_people(ws, group, now)
    return len(moved), len(left)


def figures(ws: Workspace, now: datetime) -> DeskView:
    """Return what is open in figures."""
    with ws.database.read() as conn:
        today = local_day(conn, now)
        open_now = items.figures(conn, today)
    return DeskView(tuple(_row(figure, today) for figure in open_now))


def look_at(ws: Workspace, code: str, now: datetime) -> None:
    """Look at one partner's documents; write nothing where all stands as it is."""
    ws.database.change(partial(_guarded, code), partial(_look, ws, code, now))


def look_at_people(ws: Workspace, group: str, now: datetime) -> None:
    """Close what is asked about people of a group who are covered no more; write nothing where nobody is."""

    def work(conn: Connection) -> None:
        gone = _gone(conn, group, now)
        if gone:
            tx = ws.step(conn, Purpose.LOOK_AT_DESK, ws.asked(InputKind.NIGHTLY, now), group=group)
            items.close(conn, tx, gone)

    ws.database.change(lambda conn: {guards.group(group)}, work)


def _gone(conn: Connection, group: str, now: datetime) -> list[int]:
    """Return the open items (row ids) on people missed or asked about who are not covered on the day or later."""
    opened = items.opened(conn, Scope((ItemKind.OMITTED, ItemKind.QUERY), group=group)).values()
    ended = watch.OWED | {watch.OFFER}  # asked of those whose coverage is over
    asked = (item for item in opened if item.waiting.rule not in ended)
    people = {item.id: item.waiting.whom.removeprefix(f"{group}/") for item in asked}
    there = places.covered(conn, group, set(people.values()), local_day(conn, now)) if people else set()
    return [ident for ident, member_id in people.items() if member_id not in there]


def _guarded(code: str, conn: Connection) -> set[str]:
    return {guards.partner(code)}


def _row(figure: Figure, today: date) -> DeskRow:
    age = (today - figure.since).days
    return DeskRow(figure.kind, figure.rule, figure.count, figure.late, age, figure.cents)


def _scopes(code: str) -> tuple[tuple[Scope, str], ...]:
    return (
        (Scope((ItemKind.EXCHANGE,), partner=code, rules=(UNANSWERED,)), UNANSWERED),
        (Scope((ItemKind.DOCUMENT,), partner=code, rules=(UNDELIVERED,)), UNDELIVERED),
        (Scope((ItemKind.EXCHANGE,), partner=code, rules=(MISSING,)), MISSING),
    )


def _differs(conn: Connection, code: str, now: datetime) -> bool:
    waiting = {each.key for each in _waiting(conn, code, now)}
    return waiting != {key for scope, _ in _scopes(code) for key in items.opened(conn, scope)}


def _look(ws: Workspace, code: str, now: datetime, conn: Connection) -> None:
    if not _differs(conn, code, now):
        return  # somebody else looked meanwhile
    tx = ws.step(conn, Purpose.LOOK_AT_DESK, ws.asked(InputKind.NIGHTLY, now), partner=code)
    waiting = _waiting(conn, code, now)
    for scope, rule in _scopes(code):
        now_waiting = [each for each in waiting if each.rule == rule]
        items.differ(conn, Step(tx, local_day(conn, now)), scope, now_waiting)
    items.number(conn, tx)


def _waiting(conn: Connection, code: str, now: datetime) -> Sequence[Waiting]:
    """Return what waits of a partner's documents because time has passed."""
    silent = exchanges.documents(conn, exchanges.silent(conn, code, now - ACKNOWLEDGED_WITHIN))
    waiting = [each for document in silent for each in papers.unanswered(document, now)]
    late = outbox.owed_before(conn, code, now - LEFT_WITHIN)
    if late:
        label = f"{late} documents for {code}"
        severity = CODES[UNDELIVERED].severity
        waiting.append(Waiting(ItemKind.DOCUMENT, f"outbox of {code}", UNDELIVERED, label, severity, partner=code))
    return [*waiting, *_missing(conn, code, now)]


def _missing(conn: Connection, code: str, now: datetime) -> Iterator[Waiting]:
    """Yield each kind of a partner's files that has come in a rhythm and did not come when it should have."""
    today = local_day(conn, now)
    for kind, came in exchanges.came(conn, code, now - usual.LOOKED_BACK, now).items():
        days = [local_day(conn, at) for at in came]
        by = usual.expected(days)
        if by and by < today:
            label = f"the {kind} file of {code} that was expected by {by}; the last one came on {max(days)}"
            severity = CODES[MISSING].severity
            yield Waiting(ItemKind.EXCHANGE, f"{kind} files of {code}", MISSING, label, severity, partner=code)
