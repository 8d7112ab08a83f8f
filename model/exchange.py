"""The store's view of what was received and what goes out: files, sets, the member index, the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from model.documents.statement import Statement
from model.enrollment.decision import FileState, SetState
from model.x12 import Delimiters

SELF_BILL = "selfbill"  # the kind of set that a worksheet which came back is received as
CENSUS = "census"  # the kind of set that a spreadsheet is received as
ALLOCATION = "allocation"  # the kind of file that says what a payment without an 820 is for
BANK = "bank"  # the kind of file and set that what a bank sends is received as


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
    kind: str = ""  # 834, 820, 999, TA1, x12 (mixed or unsupported), those above, unknown
    state: FileState | None = None
    attempts: int = 0  # that began and did not end well; a kill counts
    failure: str = ""  # what the last of them ended by, in our words


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
    rounds: int  # how often people decided on it or its lines
    pruned: int  # lines of members that changed nothing, and are not kept any more
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
    digest: bytes = b""  # keyed, of what the loop says; empty for a census row


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One answer owed to a partner. `key` makes it owed once; documents are (name, sha256) once rendered."""

    id: int
    key: str
    partner: str
    kind: str
    statement: Statement | None  # None: spent, and pruned
    file_id: str | None
    documents: tuple[tuple[str, str], ...]
    delivered_at: datetime | None


# --- the ledger of exchanges: envelopes in and out, without their contents ---------------------------------


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a partner said of a document of ours: a TA1, or one set or the group of a 999."""

    file_id: str  # the file that brought it
    at: datetime  # of its receipt
    kind: str  # TA1, 999
    control: str  # TA101: ISA13 of ours; AK102: GS06 of ours
    set_control: str  # AK202; empty for a TA1 and for the group as a whole
    verdict: str  # TA104, IK501, AK901
    codes: str  # TA105, IK502 ..., AK905 ..., with blanks between them
    interchange_id: int  # row id of the interchange that brought it
    document: int  # id of the outbox item that it answers, 0 = nothing that we sent


@dataclass(frozen=True, slots=True)
class SentDocument:
    """A document owed to a partner: its control numbers and what became of it."""

    id: int
    key: str
    kind: str  # as in the outbox: ta1, 999, 834, report ...
    partner: str
    file_id: str  # the received file that it answers, empty when it answers none
    interchange: int  # ISA13, 0 = not X12
    functional_group: int  # GS06, 0 = none
    answers: str  # the ISA13 that a TA1 answers, the GS06 of a 999; GS06 and ST02 of an 824
    verdict: str  # and what it says: TA104, AK901, OTI01
    owed_at: datetime
    delivered_at: datetime | None
    names: tuple[str, ...]  # of its documents, once rendered
    acknowledgments: tuple[Acknowledged, ...] = ()  # by the partner, in the order in which they came
    failure: str = ""  # why its documents could not be made at the last try
    held_at: datetime | None = None  # since when they wait for a person, and no delivery tries again

    @property
    def answered_group(self) -> str:
        """Return the GS06 that a 999 or an 824 answers."""
        return self.answers.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class ReceivedFunctionalGroup:
    """One functional group received (GS), and the verdict of our answer (AK901)."""

    code: str
    control: str
    version: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ReceivedSet:
    """One transaction set received (ST), the verdict of our answer (IK501), and what became of it."""

    kind: str
    control: str
    functional_group: str
    reference: str  # BGN02 or TRN02
    verdict: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReceivedInterchange:
    """One interchange received. Of its groups and sets the first ones; `counts` are of all sets."""

    id: int
    sender: str  # ISA05:ISA06
    receiver: str  # ISA07:ISA08
    control: str  # ISA13
    usage: str  # ISA15
    ack_requested: bool  # ISA14
    verdict: str  # TA104
    code: str  # TA105
    answerable: bool  # False: it only answers us
    start: int  # byte offset of the ISA
    groups: tuple[ReceivedFunctionalGroup, ...]
    sets: tuple[ReceivedSet, ...]
    group_codes: tuple[tuple[str, int], ...]  # GS01, how many groups of it
    counts: tuple[tuple[str, str, str, int], ...]  # ST01, IK501, state, how many sets
    said: tuple[Acknowledged, ...]  # what it says of documents of ours, the first ones


@dataclass(frozen=True, slots=True)
class Exchange:
    """One received file with its interchanges and everything we answered, in the order owed."""

    file: ReceivedFile
    interchanges: tuple[ReceivedInterchange, ...]
    answers: tuple[SentDocument, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """One interchange in the sequence of its sender's control numbers."""

    id: int  # row id
    file_id: str
    partner: str
    identity: tuple[str, str]  # ISA05:ISA06, ISA07:ISA08
    control: str
    at: datetime
    took_effect: bool  # a set of it was applied, or waits
