"""What was received: files, interchanges, groups, sets, the member index, findings and dispositions.

Texts are a sender's and are cut to their columns (store.tables.base.fit). Whatever "was seen before" counts only
where a set of it took effect or waits: APPLIED, HELD or PENDED (docs/design.md, Identity); or was REPLACED by its
correction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from model.enrollment.decision import Decision, FileState, Objection, SetState
from model.enrollment.events import SetHeader
from model.exchange import ReceivedFile, StoredSet
from model.finding import Finding, Severity, Where
from model.x12 import (
    Delimiters,
    FunctionalGroup,
    FunctionalGroupVerdict,
    Interchange,
    InterchangeVerdict,
    SetVerdict,
    TransactionSet,
)
from store import bulk, tables
from store.dialects.base import Rows
from store.tables.base import fit, fit_rows

COUNTED = (SetState.APPLIED, SetState.HELD, SetState.PENDED, SetState.REPLACED)

IDENTITY = ("sender_qualifier", "sender", "receiver_qualifier", "receiver", "control")  # ISA05-08, ISA13
_WHERE = ("interchange", "segment", "segment_id", "element", "component", "offset", "loop")  # same name in Where
_FINDING = (
    *("file_id", "set_id", "number", "coverage", "code", "severity", "subject", "message", "fix"),
    *("functional_group", "set_control", *_WHERE),
)
_place = attrgetter(*_WHERE)
_SET_GROUP = text(
    "INSERT INTO set_group (set_id, group_id, version) VALUES (:set_id, :group_id, :version) "
    "ON CONFLICT (set_id, group_id) DO UPDATE SET version = excluded.version"
)


def from_interchanges(*columns: ColumnElement[Any]) -> Select[Any]:
    """Return the query of columns of sets with the group and interchange around each."""
    inner = tables.interchange.join(tables.functional_group).join(
        tables.transaction_set, tables.transaction_set.c.functional_group_id == tables.functional_group.c.id
    )
    return select(*columns).select_from(inner)


# Made once: what is asked with every file costs more to put together than to ask.
_FILE = select(tables.file).where(tables.file.c.id == bindparam("id"))
_SETS = from_interchanges(
    *tables.transaction_set.c,
    tables.interchange.c.control.label("interchange"),
    tables.interchange.c.usage,
    tables.interchange.c.delimiters,
    tables.functional_group.c.control.label("functional_group"),
)
_SET = _SETS.where(tables.transaction_set.c.id == bindparam("id"))
_SETS_OF = _SETS.where(
    tables.transaction_set.c.file_id == bindparam("file"), tables.transaction_set.c.id >= bindparam("first")
).order_by(tables.transaction_set.c.id)


# --- files -----------------------------------------------------------------------------------------------


def insert_file(conn: Connection, file: ReceivedFile) -> None:
    """Record one receipt; its id comes from a counter."""
    values = {name: getattr(file, name) for name in ReceivedFile.__slots__}
    conn.execute(insert(tables.file), fit(tables.file, values))


def set_kind_state(conn: Connection, file_id: str, kind: str, state: FileState | None) -> None:
    """Record what kind of file it is and its state; None while it is still worked on."""
    _set_file(conn, file_id, kind=kind, state=state)


def find_file(conn: Connection, file_id: str) -> ReceivedFile | None:
    """Return a received file, None when there is none of this id."""
    row = conn.execute(_FILE, {"id": file_id}).one_or_none()
    return of_row(row) if row else None


def file(conn: Connection, file_id: str) -> ReceivedFile:
    """Return a received file. Raises NoResultFound for an id that we never gave."""
    return of_row(conn.execute(_FILE, {"id": file_id}).one())


def files(conn: Connection, partner: str | None = None) -> list[ReceivedFile]:
    """Return the received files, all or one partner's, in the order of their receipt."""
    rows = select(tables.file).order_by(func.length(tables.file.c.id), tables.file.c.id)
    if partner is not None:
        rows = rows.where(tables.file.c.partner == partner)
    return [of_row(row) for row in conn.execute(rows)]


def unfinished(conn: Connection) -> list[str]:
    """Return the ids of files without a state, in the order of their receipt: a run of theirs was stopped."""
    rows = select(tables.file.c.id).where(tables.file.c.state.is_(None))
    return list(conn.scalars(rows.order_by(func.length(tables.file.c.id), tables.file.c.id)))


def earlier(conn: Connection, file_id: str) -> list[ReceivedFile]:
    """Return the files without a state that were received before this one, in the order of their receipt."""
    file, length = tables.file.c, func.length(tables.file.c.id)  # F1000000 comes after F999999
    before = or_(length < len(file_id), and_(length == len(file_id), file.id < file_id))
    rows = select(tables.file).where(file.state.is_(None), before).order_by(length, file.id)
    return [of_row(row) for row in conn.execute(rows)]


def begin_attempt(conn: Connection, file_id: str) -> None:
    """Count an attempt as it begins, so that one which kills its process counts too."""
    _set_file(conn, file_id, attempts=tables.file.c.attempts + 1)


def take_attempt_back(conn: Connection, file_id: str) -> None:
    """Count an attempt no longer: the file only waits for another one."""
    _set_file(conn, file_id, attempts=tables.file.c.attempts - 1)


def fail_attempt(conn: Connection, file_id: str, why: str) -> None:
    """Record what an attempt ended by, in our words: nobody's data."""
    _set_file(conn, file_id, **fit(tables.file, {"failure": why}))


def _set_file(conn: Connection, file_id: str, **values: object) -> None:
    conn.execute(update(tables.file).where(tables.file.c.id == file_id).values(**values))


# --- envelope --------------------------------------------------------------------------------------------


def insert_interchange(conn: Connection, file_id: str, item: Interchange) -> int:
    """Record an interchange as it opens; return its row id."""
    values: dict[str, Any] = {"file_id": file_id, "delimiters": _pack(item.delimiters), "answerable": True}
    same = ("date", "time", "version", "ack_requested", "usage", "start", "segment")
    values |= {name: getattr(item, name) for name in (*IDENTITY, *same)}
    return _insert(conn, tables.interchange, values)


def close_interchange(
    conn: Connection, interchange_id: int, verdict: InterchangeVerdict, *, answerable: bool
) -> None:
    """Record an interchange's verdict, its TA1 code, its end, and whether it is answered at all."""
    values = {"verdict": verdict.verdict.value, "code": verdict.code, "end": verdict.end, "answerable": answerable}
    _update(conn, tables.interchange, interchange_id, values)


def insert_functional_group(conn: Connection, interchange_id: int, item: FunctionalGroup) -> int:
    """Record a functional group as it opens; return its row id."""
    names = ("code", "sender", "receiver", "date", "time", "control", "version", "segment")
    values = {name: getattr(item, name) for name in names}
    return _insert(conn, tables.functional_group, values | {"interchange_id": interchange_id})


def close_functional_group(conn: Connection, group_id: int, verdict: FunctionalGroupVerdict) -> None:
    """Record a functional group's verdict and its counts of sets."""
    counts = {name: getattr(verdict, name) for name in ("declared", "received", "accepted")}
    _update(conn, tables.functional_group, group_id, counts | {"verdict": verdict.verdict.value})


# --- transaction sets ------------------------------------------------------------------------------------


def insert_set(conn: Connection, group_id: int, file_id: str, partner: str, item: TransactionSet) -> int:
    """Record a transaction set as it opens; return its row id."""
    values = {name: getattr(item, name) for name in ("kind", "control", "version", "start", "segment")}
    values |= {"functional_group_id": group_id, "file_id": file_id, "partner": partner}
    return _insert(conn, tables.transaction_set, values)


def close_set(
    conn: Connection, set_id: int, verdict: SetVerdict, header: SetHeader | None, trace: str = ""
) -> None:
    """Record a set's verdict, extent and identity: the BGN of an 834, the trace number (TRN02) of an 820."""
    values: dict[str, Any] = {
        "verdict": verdict.verdict.value,
        "body_hash": verdict.body_hash,
        "end": verdict.end,
        "segments": verdict.segments,
        "reference": trace,
    }
    if header:
        same = ("purpose", "reference", "set_date", "set_time", "action")
        values |= {name: getattr(header, name) for name in same}
    _update(conn, tables.transaction_set, set_id, values)


def set_state(conn: Connection, set_id: int, state: SetState, reason: str = "") -> None:
    """Record a set's state and why, in words for people."""
    _update(conn, tables.transaction_set, set_id, {"state": state.value, "reason": reason})


def stored_set(conn: Connection, set_id: int) -> StoredSet:
    """Return a set as the judge recorded it. Raises NoResultFound for an id that we never gave."""
    return _stored(conn.execute(_SET, {"id": set_id}).one())


def sets_of(conn: Connection, file_id: str, first: int = 0, most: int | None = None) -> list[StoredSet]:
    """Return the sets of a file in file order; `first`: from the set of this id on, `most`: so many of them."""
    rows = conn.execute(_SETS_OF.limit(most) if most else _SETS_OF, {"file": file_id, "first": first})
    return [_stored(row) for row in rows]


def set_seen(conn: Connection, body_hash: str, partner: str, exclude_set: int) -> StoredSet | None:
    """Return the newest other set of this body from this partner, or None. For an 820 compare the trace too."""
    sets = tables.transaction_set.c
    same = and_(sets.body_hash == body_hash, sets.partner == partner, sets.id != exclude_set)
    rows = _SETS.where(same, sets.state.in_(COUNTED)).order_by(sets.id.desc()).limit(1)
    row = conn.execute(rows).one_or_none()
    return _stored(row) if row else None


def newest_set_applied(conn: Connection, partner: str, group_id: int) -> tuple[date, str, str] | None:
    """Return (BGN03, BGN04, BGN02) of the latest set, in that order, this partner had applied to a group."""
    sets, touched = tables.transaction_set.c, tables.set_group.c
    rows = select(sets.set_date, sets.set_time, sets.reference).join_from(tables.set_group, tables.transaction_set)
    applied = and_(touched.group_id == group_id, sets.partner == partner, sets.state == SetState.APPLIED)
    newest = select(func.max(sets.set_date)).join_from(tables.set_group, tables.transaction_set).where(applied)
    # Compared here and not by the database, whose collation might order texts otherwise.
    same_day = conn.execute(rows.where(applied, sets.set_date == newest.scalar_subquery()))
    return max(((row.set_date, row.set_time, row.reference) for row in same_day), default=None)


def record_set_groups(conn: Connection, set_id: int, versions: Mapping[int, int]) -> None:
    """Record which groups a set touches, and the version each got by its commit (0 = not applied)."""
    rows = [{"set_id": set_id, "group_id": group, "version": version} for group, version in versions.items()]
    if rows:
        conn.execute(_SET_GROUP, rows)


def set_groups(conn: Connection, set_id: int) -> dict[int, int]:
    """Return the groups that a set touched, by id, with the versions its commit made."""
    touched = tables.set_group.c
    rows = conn.execute(select(touched.group_id, touched.version).where(touched.set_id == set_id))
    return {row.group_id: row.version for row in rows}


# --- findings ------------------------------------------------------------------------------------------


def add_findings(
    conn: Connection, file_id: str, findings: Iterable[Finding], set_id: int | None = None, number: int = 0
) -> None:
    """Record findings on a file, a set, or one member or remittance line of a set."""
    add_finding_rows(conn, [_finding_row(file_id, set_id, number, Objection(finding)) for finding in findings])


def set_findings(file_id: str, set_id: int, findings: Iterable[Finding]) -> Rows:
    """Return findings on a set as a whole, for `add_finding_rows`."""
    return [_finding_row(file_id, set_id, 0, Objection(finding)) for finding in findings]


def member_findings(file_id: str, set_id: int, decisions: Iterable[Decision]) -> Rows:
    """Return the findings of decisions on their member lines, for `add_finding_rows`."""
    return [
        _finding_row(file_id, set_id, decision.event.number, objection)
        for decision in decisions
        for objection in decision.objections
    ]


def add_finding_rows(conn: Connection, rows: Rows) -> None:
    """Record findings, in bulk."""
    if rows:
        bulk.add(conn, tables.finding, _FINDING, fit_rows(tables.finding, _FINDING, rows))


def findings_of(conn: Connection, file_id: str) -> list[tuple[int | None, int, Finding]]:
    """Return a file's findings as recorded: (set id or None, member line or 0, finding)."""
    return [(set_id, number, raised.finding) for set_id, number, raised in objections_of(conn, file_id)]


def whole_findings(conn: Connection, file_id: str, set_id: int | None, most: int | None = None) -> list[Finding]:
    """Return the findings on a set as a whole, or (None) on the file as a whole, as recorded; the first `most`."""
    on = tables.finding.c
    rows = select(tables.finding).where(on.file_id == file_id, on.number == 0)
    rows = rows.where(on.set_id.is_(None) if set_id is None else on.set_id == set_id)
    return [finding_of(row) for row in conn.execute(rows.order_by(on.id).limit(most))]


def objections_of(conn: Connection, file_id: str) -> list[tuple[int | None, int, Objection]]:
    """Return a file's findings as recorded, each with the coverage of the member line that it is about.

    In the order of recording; those on a set's member lines, which are recorded family by family, in file order.
    """
    return list(objections(conn, tables.finding.c.file_id == file_id))


def set_findings_of(conn: Connection, stored: StoredSet) -> Iterator[tuple[int, Finding]]:
    """Yield the findings on a set (0) and its lines, each with its number, as `objections_of` orders them."""
    on = tables.finding.c
    which = and_(on.file_id == stored.file_id, on.set_id == stored.id)
    return ((number, raised.finding) for _, number, raised in objections(conn, which))


def objections(conn: Connection, which: ColumnElement[bool]) -> Iterator[tuple[int | None, int, Objection]]:
    """Yield the findings for which a condition holds, as `objections_of` does."""
    found = tables.finding.c
    of_member = found.number > 0
    first = func.min(found.id).over(partition_by=(found.set_id, of_member))
    order = (case((of_member, first), else_=found.id), found.number, found.id)
    rows = select(tables.finding).where(which).order_by(*order)
    for row in conn.execute(rows):
        yield row.set_id, row.number, Objection(finding_of(row), row.coverage)


def severities(conn: Connection, file_id: str) -> dict[Severity, int]:
    """Return how many findings of which severity a file has."""
    found = tables.finding.c
    counted = select(found.severity, func.count()).where(found.file_id == file_id).group_by(found.severity)
    return {Severity(severity): count for severity, count in conn.execute(counted)}


def has_finding(conn: Connection, file_id: str, code: str) -> bool:
    """Say whether a file has a finding of this code."""
    found = tables.finding.c
    return conn.scalar(select(found.id).where(found.file_id == file_id, found.code == code).limit(1)) is not None


# --- rows and values -------------------------------------------------------------------------------------


def _insert(conn: Connection, table: Any, values: Mapping[str, Any]) -> int:  # noqa: ANN401
    return bulk.insert_row(conn, table, fit(table, values))


def _update(conn: Connection, table: Any, row_id: int, values: Mapping[str, Any]) -> None:  # noqa: ANN401
    conn.execute(update(table).where(table.c.id == row_id).values(**fit(table, values)))


def _stored(row: Row[Any]) -> StoredSet:
    values = {name: getattr(row, name) for name in StoredSet.__slots__}
    values["delimiters"] = Delimiters(*json.loads(row.delimiters))
    values["state"] = SetState(row.state) if row.state else None
    return StoredSet(**values)


def of_row(row: Row[Any]) -> ReceivedFile:
    """Return the file of a whole row of its table."""
    values = {name: getattr(row, name) for name in ReceivedFile.__slots__}
    return ReceivedFile(**values | {"state": FileState(row.state) if row.state else None})


def _pack(delimiters: Delimiters) -> str:
    return json.dumps([delimiters.element, delimiters.component, delimiters.repetition, delimiters.segment])


def _finding_row(file_id: str, set_id: int | None, number: int, raised: Objection) -> tuple[Any, ...]:
    finding, where = raised.finding, raised.finding.where
    return (
        file_id,
        set_id,
        number,
        raised.coverage,
        finding.code,
        finding.severity.value,
        finding.subject,
        finding.message,
        finding.fix,
        where.group,
        where.set,
        *_place(where),
    )


def finding_of(row: Row[Any]) -> Finding:
    """Return the finding of a whole row of its table."""
    same = {name: getattr(row, name) for name in _WHERE}
    where = Where(group=row.functional_group, set=row.set_control, **same)
    return Finding(row.code, Severity(row.severity), where, row.subject, row.message, row.fix)
