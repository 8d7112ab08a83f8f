"""What lines of files come to by an undo: another round of their sets, which their senders are told of.

Source: docs/domain.md, Undo; docs/design.md, States.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from enrollment.states import set_state
from model.desk import Closed, ItemKind
from model.documents import keys
from model.documents.keys import DocumentKind
from model.enrollment.actions import Action, Did
from model.enrollment.decision import Cause, Disposition, SetState
from model.enrollment.effect import LineTold
from model.enrollment.ruling import Kind
from model.exchange import StoredSet
from pipeline.answer import acknowledgments, report, settle
from pipeline.decisions.undo_target import Target
from pipeline.runtime.workspace import Workspace
from store.desk import decisions, items
from store.desk.items import Scope
from store.engine import Connection
from store.people import roster
from store.received import envelopes, files, member_lines, statement_rows
from store.received import undone as received
from store.received.member_lines import DispositionRow

_AT_ONCE = 1_000
_ASKED = (ItemKind.QUERY, ItemKind.OMITTED)
Chosen = Collection[tuple[str, str]]  # group and member ID of whoever is in the families


def sets_of(conn: Connection, target: Target) -> Iterator[tuple[StoredSet, frozenset[int]]]:
    """Yield the sets of which lines are taken back, and the steps in which they came to what they did."""
    for set_id in received.sets_of(conn, target.steps):
        steps = target.steps if set_id in target.sets else target.own
        if received.lines(conn, set_id, steps, 0, 1):
            yield files.stored_set(conn, set_id), steps


def lines(
    conn: Connection, stored: StoredSet, steps: Collection[int], chosen: Chosen | None
) -> Iterator[list[tuple[int, DispositionRow]]]:
    """Yield with their segments what lines of a set come to, some at a time. `chosen` None: all of them."""
    last = 0
    while some := received.lines(conn, stored.id, steps, last, _AT_ONCE):
        last = some[-1][0]
        mine = [
            (segment, _back(row))
            for _, segment, row in some
            if chosen is None or (row.group_number, row.member_id) in chosen
        ]
        if mine:
            yield mine


def _back(row: DispositionRow) -> DispositionRow:
    """Return what a line comes to: what it came to is undone, or what was undone is done again."""
    done = row.action or Action(Did.UNCHANGED)
    first = done.about[0] if done.kind in (Did.TAKEN_BACK, Did.DONE_AGAIN) else done
    assert isinstance(first, Action), "an undo's action is about another one"
    if done.kind is Did.TAKEN_BACK:
        return replace(row, disposition=Disposition.APPLIED.value, action=Action(Did.DONE_AGAIN, (first,)))
    return replace(row, disposition=Disposition.REJECTED.value, action=Action(Did.TAKEN_BACK, (first,)))


def told(row: DispositionRow) -> LineTold:
    """Return a line as an effect tells it."""
    action = row.action.text if row.action else ""
    return LineTold(row.member_id, row.line, row.plan, row.disposition, row.cause, action, ())


@dataclass(slots=True)
class Writing:
    """The rounds of one undo."""

    ws: Workspace
    conn: Connection
    tx: int
    now: datetime
    chosen: Chosen | None
    rounds: list[tuple[StoredSet, int]] = field(default_factory=list)

    def write(self, target: Target) -> None:
        """Write what the lines of each set come to, and bring each to its state."""
        for stored, steps in list(sets_of(self.conn, target)):
            numbers = self._lines(stored, steps)
            if numbers:
                kinds = member_lines.kinds(self.conn, [stored.id]).keys()
                state, reason = set_state(kinds)
                files.set_state(
                    self.conn, stored.id, state, "undone by a person" if state is SetState.REJECTED else reason
                )
                self._close_questions(stored, numbers, whole=target.whole and stored.id in target.sets)

    def _lines(self, stored: StoredSet, steps: Collection[int]) -> set[int]:
        numbers: set[int] = set()
        for mine in lines(self.conn, stored, steps, self.chosen):
            if not numbers:
                self.rounds.append((stored, decisions.next_round(self.conn, stored.id)))
            round = self.rounds[-1][1]
            numbers |= {row.number for _, row in mine if row.cause == Cause.SENT}
            rows = member_lines.repeated_rows(stored.id, self.tx, [row for _, row in mine], round)
            member_lines.add_dispositions(self.conn, sorted(rows, key=member_lines.number_of))
            self._keep_report(stored, round, mine)
        return numbers

    def _keep_report(self, stored: StoredSet, round: int, mine: list[tuple[int, DispositionRow]]) -> None:
        key = str(keys.supplement(stored.file_id, envelopes.ordinal(self.conn, stored.id), round))
        names = roster.names(self.conn, {row.member_id for _, row in mine})
        placed = []
        for segment, row in mine:
            name = report.shown(names[row.member_id]) if row.member_id in names else ""
            line = report.line_row(stored.control, segment, name, row, None)
            placed.append((line.rank, stored.id, row.number, line))
        statement_rows.keep(self.conn, key, DocumentKind.SUPPLEMENT, placed, self.ws.vault.fields)

    def _close_questions(self, stored: StoredSet, numbers: Collection[int], *, whole: bool) -> None:
        """Close what a set's lines only asked somebody to look at; of a whole file whom it does not name, too."""
        there = items.opened(self.conn, Scope(_ASKED, partner=stored.partner)).values()
        gone = [
            known.id
            for known in there
            if known.waiting.set == stored.id
            and (known.waiting.member in numbers or (whole and known.waiting.kind is ItemKind.OMITTED))
        ]
        items.close(self.conn, self.tx, gone, Closed.DECISION)

    def tell(self, number: int) -> None:
        """Bring each file to its state and owe its sender what the decision of a number took back."""
        for stored, round in self.rounds:
            file = files.file(self.conn, stored.file_id)
            state = settle.settle(self.conn, file)
            made = report.Decided(self.tx, stored.id, round, number, Kind.UNDO.value, self.now)
            report.owe_supplement(self.ws, self.conn, file, state, made)
            acknowledgments.advise(self.ws, self.conn, self.tx, file)
