"""What waited for others of its family is looked at again when a record of theirs came, or was decided.

It is decided by the rules of its own day of receipt, with nothing waived and by nobody: what stands then is
applied, its sender hears of it, and its item closes by itself; all else goes on waiting.

Source: docs/domain.md, Looked at again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from enrollment.sets import Way
from model.desk import Closed, Item
from model.documents import keys
from model.documents.report import LOOKED_AGAIN
from model.enrollment.decision import Cause, Decision, Disposition, SetState
from model.enrollment.ruling import FOLLOW, Ruling
from model.exchange import MemberLine, StoredSet
from pipeline.answer import acknowledgments, report, settle
from pipeline.receive import redecide, road
from pipeline.receive.opened import OpenSet, open_set
from pipeline.runtime.workspace import Workspace
from store import guards
from store.desk import decisions, items
from store.engine import Connection
from store.people import commit
from store.received import envelopes, files, member_lines
from vault.tokens import ChunkTokens

_BLOCKED = frozenset({Disposition.PENDED, Disposition.REJECTED})
_WAITS = (Disposition.PENDED, Disposition.HELD)


def after_file(conn: Connection, file_id: str) -> list[Item]:
    """Return what waits of families of which another set, of this file, was applied."""
    applied = [stored.id for stored in files.sets_of(conn, file_id) if stored.state is SetState.APPLIED]
    return after_sets(conn, applied)


def after_sets(conn: Connection, set_ids: Collection[int]) -> list[Item]:
    """Return what waits of families of which one of these sets has a record, and is not its own."""
    found = items.of_groups(conn, set_ids, FOLLOW) if set_ids else []
    if not found:
        return []
    tokens = _families(conn, found)
    sent = member_lines.families_sent(conn, set_ids, set(tokens.values()) - {""})
    return [
        item
        for item in found
        if any((other, tokens[item.id]) in sent for other in set_ids if other != item.waiting.set)
    ]


def after_line(conn: Connection, set_id: int, number: int) -> list[Item]:
    """Return what else waits of the family of a member line on which somebody decides."""
    (line,) = member_lines.chosen(conn, set_id, [number])
    found = items.of_groups(conn, [set_id], FOLLOW) if line.family_token else []
    tokens = _families(conn, found)
    mine = (set_id, number)
    return [
        item
        for item in found
        if tokens[item.id] == line.family_token and (item.waiting.set, item.waiting.member) != mine
    ]


def guarded(found: Iterable[Item]) -> set[str]:
    """Return the guards of what is looked at again."""
    return {name for item in found for name in (guards.file(item.waiting.file), guards.group(item.waiting.group))}


def _families(conn: Connection, found: Iterable[Item]) -> dict[int, str]:
    """Return the family token of each item's member line, by the item's row id; "" where it is not kept."""
    numbers: dict[int, set[int]] = defaultdict(set)
    for item in found:
        numbers[item.waiting.set].add(item.waiting.member)
    tokens = {
        (set_id, line.number): line.family_token
        for set_id, some in numbers.items()
        for line in member_lines.chosen(conn, set_id, some)
    }
    return {item.id: tokens.get((item.waiting.set, item.waiting.member), "") for item in found}


def look(ws: Workspace, conn: Connection, tx: int, found: Iterable[Item], at: datetime) -> None:
    """Look again at these member lines, set by set. `at`: the instant of what made them worth it (UTC)."""
    numbers: dict[int, set[int]] = defaultdict(set)
    for item in found:
        numbers[item.waiting.set].add(item.waiting.member)
    for set_id in sorted(numbers):
        stored = files.stored_set(conn, set_id)
        if files.file(conn, stored.file_id).state is not None:
            _Look.at(ws, conn, tx, stored, sorted(numbers[set_id])).work(at)


@dataclass(slots=True)
class _Look:
    """One set, of which some member lines are looked at again."""

    ws: Workspace
    conn: Connection
    tx: int
    whole: OpenSet
    lines: Sequence[MemberLine]
    waits: dict[int, frozenset[int]]  # member line -> its coverages that wait

    @classmethod
    def at(cls, ws: Workspace, conn: Connection, tx: int, stored: StoredSet, numbers: Sequence[int]) -> _Look:
        """Open the set again. Of a record of which a part was decided only the rest is."""
        waits: dict[int, set[int]] = defaultdict(set)
        for number, coverage in member_lines.waiting(conn, stored.id):
            waits[number].add(coverage)
        rulings = {number: Ruling(only=_open(conn, stored, number, waits[number])) for number in numbers}
        file = files.file(conn, stored.file_id)
        whole = open_set(ws, conn, stored, file, again=True, rulings=rulings)
        lines = [line for line in member_lines.chosen(conn, stored.id, numbers) if waits[line.number]]
        kept = {number: frozenset(waits[number]) for number in numbers}
        return cls(ws, conn, tx, whole, member_lines.by_family(lines), kept)

    def work(self, at: datetime) -> None:
        """Apply what stands: a family's lines together, or else each that does so alone."""
        families: dict[str, list[MemberLine]] = defaultdict(list)
        for line in self.lines:
            families[line.family_token].append(line)
        done: list[Decision] = []
        changed = False
        for lines in families.values():
            parts = [lines] if len(lines) == 1 else [lines, *([line] for line in lines)]
            for part in parts:
                applied = self._applied(part)
                done += applied or ()
                changed = changed or applied is not None
                if applied is not None and part is lines:
                    break
        if done:
            self._tell(done, at)

    def _applied(self, lines: Sequence[MemberLine]) -> tuple[Decision, ...] | None:
        """Decide lines and write what comes of them; None: something of it would still wait, or be refused."""
        tokens = ChunkTokens.over(self.ws.vault.tokens)
        found, changes = redecide.decided(self.ws, self.conn, self.whole, lines, tokens)
        if any(line.disposition in _BLOCKED for decision in found for line in decision.lines):
            return None
        found = redecide.complete(found, self.waits)
        if changes:
            vault = replace(self.ws.vault, tokens=tokens)
            given = commit.apply(self.conn, self.tx, changes, self.whole.group_ids, vault)
            found = road.with_member_ids(found, given)
        return found

    def _tell(self, done: Sequence[Decision], at: datetime) -> None:
        """Write what the lines came to, close their items and tell the sender."""
        conn, stored, file = self.conn, self.whole.stored, self.whole.file
        round = decisions.next_round(conn, stored.id)
        place = envelopes.ordinal(conn, stored.id)
        way = road.Road(Way.APPLY, self.tx, keys.supplement(file.id, place, round), round)
        road.write(conn, *road.rows_to_keep(self.ws, conn, self.whole, way, done))
        redecide.settle_set(conn, self.whole, changed=True)
        for number in sorted({decision.event.number for decision in done}):
            items.decided(conn, self.tx, stored.id, number, how=Closed.ITSELF)
        told = report.Decided(self.tx, stored.id, round, 0, LOOKED_AGAIN, at)
        report.owe_supplement(self.ws, conn, file, settle.settle(conn, file), told)
        acknowledgments.advise(self.ws, conn, self.tx, file)


def _open(conn: Connection, stored: StoredSet, number: int, waits: Collection[int]) -> frozenset[int]:
    """Return which coverages of a record are in question; none: the whole record."""
    rows = member_lines.dispositions(conn, stored.id, (number, number))
    whole = all(row.disposition in _WAITS for row in rows if row.cause == Cause.SENT)
    return frozenset() if whole else frozenset(waits)
