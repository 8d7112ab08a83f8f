"""Enroll: apply one judged 834 set in one transaction (docs/design.md, Four steps).

It holds its groups; each chunk of families is read, decided in memory and written in bulk, what became of it too;
then come the set's own checks (pipeline.receive.road). A report-only or held set goes the same way under a
savepoint, to which it rolls back before what became of it is written.
Running it again on a set that was decided does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from enrollment import sets
from enrollment.sets import Way
from model.codes import found
from model.desk import Item, ItemKind
from model.documents import keys
from model.enrollment.decision import Decision, SetState
from model.enrollment.roster import ChangeSet
from model.exchange import StoredSet
from model.finding import Finding, Severity, Where, first_few
from model.journal import Purpose
from model.trade.header import FULL, REPLACE_SET
from pipeline.desk import watch
from pipeline.receive import road
from pipeline.receive.absence import covered
from pipeline.receive.opened import OpenSet, open_set
from pipeline.receive.reach import Reach
from pipeline.receive.road import Road
from pipeline.receive.since import changed_since
from pipeline.receive.telling import Telling
from pipeline.receive.unchanged import Again
from pipeline.runtime import expected, leases
from pipeline.runtime.expected import Tell
from pipeline.runtime.turns import undecided_groups
from pipeline.runtime.workspace import Workspace, of_file
from store import guards
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection
from store.received import envelopes, files, member_lines


def enroll(ws: Workspace, set_id: int, tell: Tell | None = None) -> None:
    """Decide and apply one 834 set. Raises only for infrastructure; everything else is a disposition.

    `tell` hears its effect, which costs some, before it is committed. It waits while another file of one of the
    set's groups is applied (pipeline.runtime.leases).
    """
    with leases.held(ws, [f"group {number}" for number in groups_of(ws, set_id)], f"set {set_id}"):
        ws.database.change(
            partial(guarded, set_id=set_id),
            lambda conn: expected.taken(ws, conn, set_id, partial(_enroll, ws, conn, set_id), tell),
        )


def groups_of(ws: Workspace, set_id: int) -> list[str]:
    """Return the groups that a set may touch; none when it has nothing left to do."""
    with ws.database.read() as conn:
        return undecided_groups(conn, files.stored_set(conn, set_id))


def guarded(conn: Connection, set_id: int) -> set[str]:
    """Return the guards of a set: its file, and the groups whose rosters it may change."""
    stored = files.stored_set(conn, set_id)
    return {guards.file(stored.file_id), *map(guards.group, undecided_groups(conn, stored))}


def _enroll(ws: Workspace, conn: Connection, set_id: int, tell: Tell | None, hold: Finding | None) -> None:
    """Enroll a set; `hold` says why it is held, whatever it would come to."""
    stored = files.stored_set(conn, set_id)
    if stored.state not in (None, SetState.HELD) or member_lines.are_decided(conn, set_id):
        return
    file = files.file(conn, stored.file_id)
    whole = open_set(ws, conn, stored, file)
    tx = ws.step(conn, Purpose.ENROLL, of_file(file), set_id=set_id, set=envelopes.ordinal(conn, set_id))
    reason, left = _why_not_now(conn, whole)
    if left is not None:
        files.set_state(conn, set_id, SetState.DUPLICATE, reason.message if reason else "")
        files.add_findings(conn, file.id, [reason] if reason else [], set_id)
        items.resent(conn, tx, [item.id for item in left], (file.id, set_id, 0))
        return
    reason = reason or hold
    mode = sets.mode(
        whole.header,
        None,  # judge has looked at what it holds
        usage=stored.usage,
        environment=ws.environment,
        partner=whole.partner,
    ).kind
    if reason or stored.state is SetState.HELD:
        mode = Way.HOLD
    said: list[Finding] = []
    if mode is Way.APPLY and _may_be_held(whole):
        reason, said = _tried(ws, conn, whole, tx, tell)
        if reason is None:
            return
        mode, whole = Way.HOLD, open_set(ws, conn, stored, file)  # a census was read
    _take(ws, conn, whole, tx, mode, reason, tell)
    files.add_findings(conn, file.id, said, set_id)


def _take(
    ws: Workspace,
    conn: Connection,
    whole: OpenSet,
    tx: int,
    mode: Way,
    reason: Finding | None,
    tell: Tell | None,
    reach: Reach | None = None,
) -> None:
    """Take a set along its road to its state, and what it leaves waiting to the desk."""
    stored = whole.stored
    desk = road.watching(ws, conn, whole, tx) if mode is Way.APPLY else None
    telling = Telling(conn, whole, whole.context.today) if tell else None
    hears = [heard.take for heard in (reach, telling) if heard]

    def hear(decisions: Sequence[Decision], changes: ChangeSet, again: Sequence[Again]) -> None:
        for take in hears:
            take(decisions, changes, again)

    outcome = road.go(ws, conn, whole, Road(mode, tx, keys.report(stored.file_id), hear=hear, desk=desk), reason)
    if tell and telling:
        tell(stored, telling.effect())
    road.close_set(conn, whole, outcome, mode)
    if desk:
        desk.end(full=whole.header.action == REPLACE_SET)
    elif reason:
        watch.held(conn, Step(tx, whole.context.today), stored, reason, whole.group_ids)


def _may_be_held(whole: OpenSet) -> bool:
    """Say whether it is known only once a set is applied that it may not be: of a new group nothing can end."""
    return _counts_roster(whole) or any(group not in whole.context.new_groups for group in whole.group_ids)


def _counts_roster(whole: OpenSet) -> bool:
    return bool(whole.header.quantities) and whole.partner.profile.control_totals_count == "roster"


def _tried(
    ws: Workspace, conn: Connection, whole: OpenSet, tx: int, tell: Tell | None
) -> tuple[Finding | None, list[Finding]]:
    """Apply a set; take it back where its totals count the roster and are others, or it ends too much unasked.

    Then return why it is held, and what else is to be said of it: what it would change, too.

    Source: docs/domain.md, The header; docs/domain.md, Thresholds.
    """
    reach, stored = Reach(conn, whole, tx), whole.stored
    savepoint = conn.begin_nested()
    _take(ws, conn, whole, tx, Way.APPLY, None, tell, reach)
    said = list(reach.doubts())
    if _counts_roster(whole):
        said += sets.roster_totals(whole.header, whole.partner.profile, *covered(conn, whole))
    holds = next((finding for finding in said if finding.severity is Severity.PEND), None)
    if holds is None:
        savepoint.commit()
        files.add_findings(conn, stored.file_id, said, stored.id)
        return None, []
    said = [*(finding for finding in said if finding is not holds), *reach.told()]
    savepoint.rollback()
    return holds, said


def _why_not_now(conn: Connection, whole: OpenSet) -> tuple[Finding | None, list[Item] | None]:
    """Say why the set may not be applied now, and of a plain duplicate which open work the first one has left.

    None: it is no duplicate (docs/domain.md, Duplicates).
    """
    stored = whole.stored
    where = Where(stored.interchange, stored.functional_group, stored.control, stored.segment, "ST")
    full = whole.header.action in FULL
    before = None if full else files.set_seen(conn, stored.body_hash, stored.partner, stored.id)
    if before:
        changed = changed_since(conn, before, whole.group_ids, whole.granted)
        waits = len({number for number, _ in member_lines.waiting(conn, before.id)})
        code = "SET-SEEN-SINCE-CHANGED" if changed else "SET-SEEN-WAITS" if waits else "SET-SEEN"
        left = _left_by(conn, before) if code == "SET-SEEN-WAITS" else []
        message = _what_waits(before, waits, left) if code == "SET-SEEN-WAITS" else ""
        subject = f"set {before.control} of file {before.file_id}"
        return found(code, where, message, subject=subject), None if changed else left
    order = (stored.set_date, stored.set_time, stored.reference)
    for group_id in whole.group_ids.values():
        newest = files.newest_set_applied(conn, stored.partner, group_id)
        if newest and stored.set_date and newest[0] and order[:2] < newest[:2]:
            return found("SET-OLDER", where), None
    return None, None


def _left_by(conn: Connection, before: StoredSet) -> list[Item]:
    """Return the open work that a set has left."""
    mine = Scope((ItemKind.MEMBER, ItemKind.SET), partner=before.partner)
    return [item for item in items.opened(conn, mine).values() if item.waiting.set == before.id]


def _what_waits(before: StoredSet, waits: int, left: Iterable[Item]) -> str:
    """Say what became of a set that came before: how many of its records wait, and as which open work."""
    numbers = [item.number for item in left]
    work = f" (open work {first_few(numbers)})" if numbers else ""
    return (
        f"This content came before, as set {before.control} of file {before.file_id}: {waits} of its member "
        f"records wait for our decision{work}, and are not applied yet."
    )
