"""Member lines of a set decided once more on the roster of now, by the rules of the set's own day of receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from enrollment.decide import decide as decide_events
from enrollment.states import set_state
from model.enrollment.actions import UNCHANGED
from model.enrollment.decision import MEMBER, Cause, Decision, Disposition, LineDecision
from model.enrollment.roster import ChangeSet
from model.exchange import MemberLine
from pipeline.receive.opened import OpenSet, events_of, rows_of, seen
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection
from store.received import files, member_lines
from vault.tokens import ChunkTokens


def decided(
    ws: Workspace, conn: Connection, whole: OpenSet, lines: Sequence[MemberLine], tokens: ChunkTokens
) -> tuple[tuple[Decision, ...], ChangeSet]:
    """Read member lines of a set again, and decide them together. Nothing is written."""
    if whole.census is None:
        events = events_of(ws, whole, lines, tokens)
        return decide_events(events, seen(conn, whole, events, tokens))
    from enrollment.census import decide_members  # most lines are of no census

    numbers = {line.number for line in lines}
    rows = rows_of(whole, (row for row in whole.census if row.row.number in numbers), lines, tokens)
    return decide_members(rows, seen(conn, whole, [row.event for row in rows], tokens))


def complete(decisions: Sequence[Decision], waits: Mapping[int, frozenset[int]]) -> tuple[Decision, ...]:
    """Let nothing that waited go without a word: what nothing came of is no change.

    `waits`: by member line which coverages of it waited.
    """

    def told(decision: Decision) -> Decision:
        waited = waits.get(decision.event.number, frozenset()) if decision.cause is Cause.SENT else frozenset()
        lacking = waited - {line.number for line in decision.lines}
        none = LineDecision(None, "", "", Disposition.NOOP, UNCHANGED)
        return replace(decision, lines=(*decision.lines, none)) if MEMBER in lacking else decision

    return tuple(map(told, decisions))


def settle_set(conn: Connection, whole: OpenSet, *, changed: bool) -> None:
    """Bring the set to its state by what its lines came to; a changed roster has another version.

    Where nobody but this set changed a group, the set has made the version that it has now: sent again, it is a
    duplicate.
    """
    stored, group_ids = whole.stored, list(whole.group_ids.values())
    state, reason = set_state(member_lines.kinds(conn, [stored.id]).keys())
    files.set_state(conn, stored.id, state, reason)
    if changed:
        mine, before = files.set_groups(conn, stored.id), agreements.versions(conn, group_ids)
        after = agreements.bump_groups(conn, group_ids)
        alone = {ident: after[ident] for ident in group_ids if mine.get(ident, 0) == before[ident]}
        files.record_set_groups(conn, stored.id, alone)
