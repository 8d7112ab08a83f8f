"""The store's view of what was received and what goes out: files, sets, the member index, the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from model.decision import FileState, SetState
from model.statement import Statement
from model.x12 import Delimiters


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One receipt of a file. The bytes lie encrypted in the archive under `sha256`."""

    id: str  # opaque: F000001
    sha256: str
    name: str  # as sent, base name only
    partner: str  # "" when unknown
    channel: str  # command, folder, sftp, s3
    size: int  # bytes
    received_at: datetime  # UTC, fixed at claim, reused by every replay
    environment: str  # production or test
    kind: str = ""  # 834, 820, 999, TA1, x12 (mixed or unsupported), unknown
    state: FileState | None = None


@dataclass(frozen=True, slots=True)
class StoredSet:
    """One transaction set as the judge recorded it, with all that apply needs to read it again."""

    id: int
    file_id: str
    partner: str
    kind: str
    control: str
    version: str
    interchange: str  # ISA13
    functional_group: str  # GS06
    usage: str  # ISA15
    verdict: str
    purpose: str
    reference: str
    set_date: date | None
    set_time: str
    action: str
    body_hash: str
    state: SetState | None
    reason: str
    start: int
    end: int
    segment: int
    segments: int
    delimiters: Delimiters


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One entry of a set's member index: tokens and a byte range, no values. Byte range: [start, end)."""

    number: int
    family_token: str
    is_subscriber: bool
    ssn_token: str
    person_token: str
    group_ref: str
    start: int
    end: int
    segment: int


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One answer owed to a partner. `key` makes it owed once; documents are (name, sha256) once rendered."""

    id: int
    key: str
    partner: str
    kind: str
    statement: Statement
    file_id: str | None
    documents: tuple[tuple[str, str], ...]
    delivered_at: datetime | None
