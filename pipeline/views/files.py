"""What came and what was answered, as plain values for the command line (JSON out)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from model.documents.acknowledgment import Ack999Statement, Advice824Statement, Ta1Statement
from model.documents.statement import Statement
from model.enrollment.decision import Cause, Disposition
from model.exchange import ReceivedFile, StoredSet
from model.finding import Finding, Severity
from pipeline.runtime import channels, turns
from pipeline.runtime.turns import KINDS, undecided_groups
from pipeline.runtime.workspace import Workspace
from pipeline.views import remittances
from pipeline.views.findings import finding_values
from pipeline.views.plain import PAGE, Counts, of_fields
from pipeline.views.received import (
    Ack999View,
    Advice824View,
    AnsweredSet,
    FileHead,
    FileView,
    LineView,
    MemberLineView,
    PaymentSetView,
    SetView,
    Ta1View,
)
from store.engine import Connection
from store.received import files, member_lines, outbox, pages, times
from store.received.member_lines import DispositionRow
from writers.words import action

_When = tuple[Mapping[int, datetime], Mapping[int, datetime]]  # sets decided, and fed out
Decided = Mapping[Disposition, int]  # how many lines of members came to what


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a file begins: at a line of a set, known by its row id."""

    set_id: int = 0
    line: int = 0

    @classmethod
    def read(cls, text: str) -> Place:
        """Read `next` of the page before; "" is the first page. Raises ValueError for anything else."""
        found = re.fullmatch(r"(\d{1,18})\.(\d{1,18})", text) if text else ("", "0", "0")
        if found is None:
            raise ValueError(f"{text!r} is not where a page begins")
        return cls(int(found[1]), int(found[2]))

    @property
    def text(self) -> str:
        """Return it as `next` of a page has it."""
        return f"{self.set_id}.{self.line}"


FIRST = Place()


def file_list(ws: Workspace, partner: str | None = None) -> list[FileHead]:
    """Return the received files, oldest first, without their sets."""
    with ws.database.read() as conn:
        return [_head(file) for file in files.files(conn, partner)]


def file_value(ws: Workspace, file_id: str, begin: Place = FIRST, most: int = PAGE) -> FileView | None:
    """Return a page of one file: acknowledgments, sets, members, findings; None when there is no such file.

    It holds no more than `most` (>= 1) sets, lines of them, findings and answers of each kind.
    """
    with ws.database.read() as conn:
        file = files.find_file(conn, file_id)
        if file is None:
            return None
        decided = pages.kinds_by_set(conn, file_id)
        sets, following = _sets(ws, conn, file, decided, begin, most)
        answers = outbox.of_file(conn, file_id, ws.vault.fields, most)
        (when,) = times.of_files(conn, [file])
        severities, states = files.severities(conn, file_id), pages.set_states(conn, file_id)
        return of_fields(
            FileView,
            _head(file),
            waits=wait.words if (wait := turns.wait(conn, file)) else "",
            accepted_at=when.accepted,
            acknowledged_at=when.acknowledged,
            applied_at=when.applied,
            answered_at=when.answered,
            counts=_counted(*decided.values()),
            set_counts=Counts.of(sorted((state or "", count) for state, count in states.items())),
            finding_counts=Counts.of((kind.value, severities[kind]) for kind in Severity if kind in severities),
            answer_count=outbox.count_of_file(conn, file_id),
            next=following.text if following else "",
            acks=tuple(ack for item in answers if (ack := _ack_value(item.statement, most))),
            sets=sets,
            findings=finding_values(files.whole_findings(conn, file_id, None, most)),
            all_findings=finding_values(pages.most_severe(conn, file_id, most)),
            documents=tuple(channels.published(ws, conn, answers)),
        )


def known_file(ws: Workspace, file_id: str, most: int = PAGE) -> FileView:
    """Return the first page of a file that was received; whoever asks has its id from the store."""
    value = file_value(ws, file_id, most=most)
    assert value is not None, "a received file stays"
    return value


def is_known(ws: Workspace, file_id: str) -> bool:
    """Say whether there is a file of this id."""
    with ws.database.read() as conn:
        return files.find_file(conn, file_id) is not None


@dataclass(frozen=True, slots=True)
class FileCounts:
    """How many sets and member lines of a file came to each state, and its findings of each severity.

    Numbers only, safe to show anywhere.
    """

    sets: Mapping[str, int]
    lines: Mapping[str, int]
    findings: Mapping[str, int]

    @property
    def rows(self) -> list[tuple[str, int]]:
        """Return every figure after what it counts."""
        named = (("sets", self.sets), ("member lines", self.lines), ("findings", self.findings))
        return [(f"{what} {kind}", count) for what, figures in named for kind, count in sorted(figures.items())]


def file_counts(ws: Workspace, file_id: str) -> FileCounts:
    """Return how many of what there is of a file."""
    with ws.database.read() as conn:
        states = pages.set_states(conn, file_id)
        lines = _counted(*pages.kinds_by_set(conn, file_id).values())
        findings = files.severities(conn, file_id)
    decided = {str(state): count for state, count in states.items() if state}
    return FileCounts(decided, dict(lines.pairs), {str(kind): count for kind, count in findings.items()})


def groups(ws: Workspace, file_id: str) -> list[str]:
    """Return the groups that a judged file's undecided enrollment sets may touch."""
    with ws.database.read() as conn:
        sets = [stored for stored in files.sets_of(conn, file_id) if stored.kind in KINDS]
        return sorted({group for stored in sets for group in undecided_groups(conn, stored)})


def published(ws: Workspace, key: str) -> list[str]:
    """Return where the documents lie that are owed under a key, once they were delivered; "" is owed to nobody."""
    with ws.database.read() as conn:
        item = outbox.find(conn, key, ws.vault.fields) if key else None
        return channels.published(ws, conn, [item]) if item else []


def documents(ws: Workspace, file_id: str) -> list[str]:
    """Return where the answers to a file were published: names of ours, safe to show anywhere."""
    with ws.database.read() as conn:
        return channels.published(ws, conn, outbox.of_file(conn, file_id, ws.vault.fields, PAGE))


def _head(file: ReceivedFile) -> FileHead:
    return FileHead(
        file_id=file.id,
        sha256=file.sha256,
        name=file.name,
        partner=file.partner,
        channel=file.channel,
        kind=file.kind,
        state=file.state.value if file.state else "",
        size=file.size,
        received_at=file.received_at,
        environment=file.environment,
        attempts=file.attempts,
        failure=file.failure,
    )


def _ack_value(statement: Statement | None, most: int) -> Ta1View | Ack999View | Advice824View | None:
    if isinstance(statement, Ta1Statement):
        return Ta1View("TA1", statement.control, statement.verdict, statement.code)
    if isinstance(statement, Ack999Statement):
        return Ack999View(
            kind="999",
            control=statement.control,
            verdict=statement.verdict,
            codes=tuple(statement.codes),
            declared=statement.declared if statement.declared >= 0 else statement.received,
            received=statement.received,
            accepted=statement.accepted,
            sets=tuple(
                AnsweredSet(each.control, each.verdict, tuple(each.codes)) for each in statement.sets[:most]
            ),
        )
    if isinstance(statement, Advice824Statement):
        conditions = tuple(error.condition for error in statement.errors)
        return Advice824View("824", statement.group, statement.control, statement.outcome, conditions)
    return None


def _counted(*decided: Decided) -> Counts:
    """Add up what lines of members came to."""
    sums = ((kind.value, sum(each.get(kind, 0) for each in decided)) for kind in Disposition)
    return Counts.of((kind, count) for kind, count in sums if count)


def _sets(
    ws: Workspace, conn: Connection, file: ReceivedFile, decided: Mapping[int, Decided], begin: Place, most: int
) -> tuple[tuple[SetView | PaymentSetView, ...], Place | None]:
    """Return the sets of a page, together with no more than `most` lines, and where the next page begins."""
    page: list[SetView | PaymentSetView] = []
    shown = files.sets_of(conn, file.id, begin.set_id, most + 1)
    ids = [stored.id for stored in shown]
    when = times.of_sets(conn, ids), times.fed(conn, ids)
    for stored in shown:
        first = begin.line if stored.id == begin.set_id else 0
        room = most - sum(map(_lines, page))
        if not room or len(page) == most:
            return tuple(page), Place(stored.id, first)
        value, line = _set_value(ws, conn, stored, decided.get(stored.id, {}), first, room, when)
        page.append(value)
        if line is not None:
            return tuple(page), Place(stored.id, line)
    return tuple(page), None


def _lines(value: SetView | PaymentSetView) -> int:
    """Return how many member lines, or lines of a payment, a set shows."""
    paid = value.remittance if isinstance(value, PaymentSetView) else None
    return len(paid.lines) if paid else len({member.number for member in value.members})


def _set_value(
    ws: Workspace, conn: Connection, stored: StoredSet, decided: Decided, first: int, room: int, when: _When
) -> tuple[SetView | PaymentSetView, int | None]:
    """Return a set with as many lines from `first` on as there is room for, and the number of the next one."""
    numbers = pages.numbers_decided(conn, stored.id, first, room + 1)
    value = SetView(
        control=stored.control,
        kind=stored.kind,
        version=stored.version,
        state=stored.state.value if stored.state else "",
        reason=stored.reason,
        counts=_counted(decided),
        pruned=stored.pruned,
        decided_at=when[0].get(stored.id),
        fed_at=when[1].get(stored.id),
        members=_members(conn, stored, numbers[:room]),
        findings=finding_values(files.whole_findings(conn, stored.file_id, stored.id, PAGE)),
    )
    if stored.kind == "820":
        return remittances.payment(ws, conn, stored, value, first, room)
    return value, numbers[room] if len(numbers) > room else None


def _members(conn: Connection, stored: StoredSet, numbers: Sequence[int]) -> tuple[MemberLineView, ...]:
    """Return the members of some neighbouring member lines.

    A subscriber's line also ends dependents who have none of their own: they are members too (cause IMPLIED).
    """
    if not numbers:
        return ()
    reach = numbers[0], numbers[-1]
    found = pages.line_findings(conn, stored.file_id, stored.id, reach)
    when = times.of_lines(conn, stored.id, reach)
    members: dict[tuple[int, bool, str], list[DispositionRow]] = {}
    for row in member_lines.dispositions(conn, stored.id, reach):
        implied = row.cause == Cause.IMPLIED
        members.setdefault((row.number, implied, row.member_id if implied else ""), []).append(row)
    return tuple(
        _member_value(rows, () if implied else found.get(number, ()), when)
        for (number, implied, _), rows in sorted(members.items())
    )


def _member_value(
    rows: Sequence[DispositionRow], findings: Sequence[Finding], when: times.OfLines
) -> MemberLineView:
    first = rows[0]
    return MemberLineView(
        number=first.number,
        subscriber=first.subscriber,
        member=first.member_id,
        relationship=first.relationship,
        group=first.group_number,
        subgroup=first.subgroup,
        disposition=worst([row.disposition for row in rows]),
        cause=first.cause,
        lines=tuple(_line(row, when.get((row.number, row.coverage, row.member_id))) for row in rows),
        findings=finding_values(findings),
    )


def _line(row: DispositionRow, decided_at: datetime | None) -> LineView:
    return LineView(row.line, row.plan, row.disposition, action(row.action), decided_at)


_WORST_FIRST = ("HELD", "REJECTED", "PENDED", "REPORTED", "APPLIED", "NOOP")


def worst(dispositions: Sequence[str]) -> str:
    """Return the disposition that a reader must know of first."""
    return min(dispositions, key=_WORST_FIRST.index)
