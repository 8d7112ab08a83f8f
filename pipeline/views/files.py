"""What came and what was answered, as plain values for the command line (JSON out)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from model.documents.acknowledgment import Ack999Statement, Advice824Statement, Ta1Statement
from model.documents.statement import Statement
from model.enrollment.decision import Cause
from model.exchange import ReceivedFile, StoredSet
from model.finding import Finding
from pipeline.runtime import channels, turns
from pipeline.runtime.turns import KINDS, undecided_groups
from pipeline.runtime.workspace import Workspace
from pipeline.views import remittances
from pipeline.views.findings import finding_values
from pipeline.views.plain import Counts, of_fields
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
from store.received import files, member_lines, outbox
from store.received.member_lines import DispositionRow
from writers.words import action

Found = dict[tuple[int | None, int], list[Finding]]


def file_list(ws: Workspace, partner: str | None = None) -> list[FileHead]:
    """Return the received files, oldest first, without their sets."""
    with ws.database.read() as conn:
        return [_head(file) for file in files.files(conn, partner)]


def file_value(ws: Workspace, file_id: str) -> FileView | None:
    """Return one file with acknowledgments, sets, members and findings; None when there is no such file."""
    with ws.database.read() as conn:
        file = files.find_file(conn, file_id)
        if file is None:
            return None
        found: Found = {}
        for set_id, number, finding in files.findings_of(conn, file_id):
            found.setdefault((set_id, number), []).append(finding)
        sets = tuple(_set_value(ws, conn, stored, found) for stored in files.sets_of(conn, file_id))
        answers = outbox.of_file(conn, file_id, ws.vault.fields)
        counts = Counter(line.disposition for whole in sets for member in whole.members for line in member.lines)
        return of_fields(
            FileView,
            _head(file),
            waits=wait.words if (wait := turns.wait(conn, file)) else "",
            counts=Counts.of(counts),
            acks=tuple(ack for item in answers if (ack := _ack_value(item.statement))),
            sets=sets,
            findings=finding_values(found.get((None, 0), ())),
            all_findings=finding_values(finding for group in found.values() for finding in group),
            documents=tuple(channels.published(ws, conn, answers)),
        )


def known_file(ws: Workspace, file_id: str) -> FileView:
    """Return one file that was received; whoever asks has its id from the store."""
    value = file_value(ws, file_id)
    assert value is not None, "a received file stays"
    return value


def file_counts(ws: Workspace, file_id: str) -> dict[str, int]:
    """Return how many sets and member lines of a file came to each state: numbers only, safe to show anywhere."""
    with ws.database.read() as conn:
        sets = files.sets_of(conn, file_id)
        lines = member_lines.kinds(conn, [stored.id for stored in sets])
        states = Counter(stored.state.value for stored in sets if stored.state)
        findings = files.severities(conn, file_id)
    counts = {f"sets {state}": count for state, count in sorted(states.items())}
    counts |= {f"member lines {kind}": count for kind, count in sorted(lines.items())}
    return counts | {f"findings {severity}": count for severity, count in sorted(findings.items())}


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
        return channels.published(ws, conn, outbox.of_file(conn, file_id, ws.vault.fields))


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
        received_at=file.received_at.isoformat(),
        environment=file.environment,
        attempts=file.attempts,
        failure=file.failure,
    )


def _ack_value(statement: Statement) -> Ta1View | Ack999View | Advice824View | None:
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
            sets=tuple(AnsweredSet(each.control, each.verdict, tuple(each.codes)) for each in statement.sets),
        )
    if isinstance(statement, Advice824Statement):
        conditions = tuple(error.condition for error in statement.errors)
        return Advice824View("824", statement.group, statement.control, statement.outcome, conditions)
    return None


def _set_value(ws: Workspace, conn: Connection, stored: StoredSet, found: Found) -> SetView | PaymentSetView:
    # A subscriber's line also ends dependents who have none of their own: they are members too (cause IMPLIED).
    members: dict[tuple[int, bool, str], list[DispositionRow]] = {}
    for row in member_lines.dispositions(conn, stored.id):
        implied = row.cause == Cause.IMPLIED
        members.setdefault((row.number, implied, row.member_id if implied else ""), []).append(row)
    value = SetView(
        control=stored.control,
        kind=stored.kind,
        version=stored.version,
        state=stored.state.value if stored.state else "",
        reason=stored.reason,
        members=tuple(
            _member_value(rows, () if implied else found.get((stored.id, number), ()))
            for (number, implied, _), rows in sorted(members.items())
        ),
        findings=finding_values(found.get((stored.id, 0), ())),
    )
    return remittances.payment(ws, conn, stored, value) if stored.kind == "820" else value


def _member_value(rows: Sequence[DispositionRow], findings: Sequence[Finding]) -> MemberLineView:
    first = rows[0]
    return MemberLineView(
        subscriber=first.subscriber,
        member=first.member_id,
        relationship=first.relationship,
        group=first.group_number,
        subgroup=first.subgroup,
        disposition=worst([row.disposition for row in rows]),
        cause=first.cause,
        lines=tuple(LineView(row.line, row.plan, row.disposition, action(row.action)) for row in rows),
        findings=finding_values(findings),
    )


_WORST_FIRST = ("HELD", "REJECTED", "PENDED", "REPORTED", "APPLIED", "NOOP")


def worst(dispositions: Sequence[str]) -> str:
    """Return the disposition that a reader must know of first."""
    return min(dispositions, key=_WORST_FIRST.index)
