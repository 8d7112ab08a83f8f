"""Acknowledge: the TA1 and 999 owed for one interchange; the judge's transaction numbers them as its last act.

TA1 first, then a 999 for each group; a rejected interchange gets no 999 (docs/domain.md, Acknowledgments). What
the partner wants to hear is agreed (model.agreement.answers), with two limits: a TA1 that rejects is always sent,
since nothing else would tell the sender, and nothing that only answers us is answered, since two systems could go
on for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from model.agreement.answers import due
from model.agreement.terms import Partner
from model.documents import keys
from model.documents.acknowledgment import Ack999Statement, AckEnvelope, AckSet, Ta1Statement
from model.documents.keys import DocumentKey, DocumentKind
from model.exchange import ReceivedFile
from model.x12 import AckError, FunctionalGroup, GroupVerdict, Interchange, InterchangeVerdict, SetVerdict, Verdict
from parsers.x12 import ackerrors
from pipeline.reread import sets as reread
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection
from store.received.outbox import Owed
from writers.forms.x12 import repeatable

# Errors named in the 999s of one interchange: the sets after them have their IK5 alone, and the report the rest.
MAX_ERRORS = 50_000

QUALIFIERS = frozenset({"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"})  # ISA05 and ISA07 (X12.5)
NOBODY = "UNKNOWN"

Answered = Sequence[tuple[GroupVerdict, Sequence[AckSet]]]


@dataclass(frozen=True, slots=True)
class Incoming:
    """The file that is answered, and to whom."""

    ws: Workspace
    file: ReceivedFile
    partner: Partner
    tx: int


class SetAnswers:
    """What the 999s of an interchange say of each set: kept instead of verdicts, since there may be a million."""

    def __init__(self, incoming: Incoming, interchange: Interchange) -> None:
        self._sets = reread.SetsOf(incoming.ws.vault.archive, incoming.file.sha256, interchange)
        self._marks = interchange.delimiters
        self._left = MAX_ERRORS

    def of(self, verdict: SetVerdict) -> AckSet:
        """Return the AK2 loop of a set. One with errors is read again, for what the 999 says beside them."""
        errors: tuple[AckError, ...] = ()
        if self._left > 0:
            errors = ackerrors.errors(verdict, self._sets.segments(verdict), self._marks)
            self._left -= len(errors)
        one = verdict.set
        return AckSet(one.kind, one.control, one.version, verdict.verdict.value, verdict.codes, errors)


def answer(
    conn: Connection, incoming: Incoming, verdict: InterchangeVerdict, groups: Answered, *, heard: bool
) -> Iterator[Owed]:
    """Yield the answers to one interchange, without numbers yet.

    `groups` are those that may be answered, without acknowledgments; `heard`: there were acknowledgments in it.
    """
    if heard and not groups:
        return
    interchange, wanted = verdict.interchange, incoming.partner.answers
    rejected = verdict.verdict is Verdict.REJECTED
    file, start = incoming.file.id, interchange.start
    good = verdict.verdict is Verdict.ACCEPTED
    if rejected or due(wanted.ta1, good=good, requested=interchange.ack_requested):
        statement = Ta1Statement(
            envelope=envelope(conn, incoming, interchange, None),
            control=interchange.control,
            date=interchange.date,
            time=interchange.time,
            verdict=verdict.verdict.value,
            code=verdict.code,
        )
        yield _owed(incoming, DocumentKind.TA1, keys.ta1(file, start), statement)
    if rejected:
        return
    for group, sets in groups:
        if due(wanted.ack999, good=group.verdict is Verdict.ACCEPTED):
            acknowledgment = _group_answer(conn, incoming, interchange, group, sets)
            key = keys.ack999(file, start, group.group.start)
            yield _owed(incoming, DocumentKind.ACK999, key, acknowledgment)


def _owed(
    incoming: Incoming, kind: DocumentKind, key: DocumentKey, statement: Ta1Statement | Ack999Statement
) -> Owed:
    return Owed(str(key), incoming.file.partner, kind, statement, incoming.file.id)


def envelope(
    conn: Connection, incoming: Incoming, interchange: Interchange, group: FunctionalGroup | None
) -> AckEnvelope:
    """Turn the identities of what is answered round; its number it gets when it is owed
    (store.received.outbox.owe).

    In place of what was left out, or cannot be repeated, stands what was agreed: our answer must be readable.
    """
    carrier, file, partner = agreements.carrier(conn), incoming.file, incoming.partner
    our_ids, our_names = (carrier.isa_ids, carrier.gs_ids) if carrier else ((), ())
    ours = _identity((interchange.receiver_qualifier, interchange.receiver), our_ids)
    theirs = _identity((interchange.sender_qualifier, interchange.sender), partner.isa_ids)
    return AckEnvelope(
        *ours,
        *theirs,
        gs_sender=_application(group.receiver if group else "", (*our_names, ours[1])),
        gs_receiver=_application(group.sender if group else "", (*partner.gs_ids, theirs[1])),
        control=0,
        at=clock.local(file.received_at, clock.zone_of(carrier)),
        usage=interchange.usage if interchange.usage in ("P", "T") else "P",
    )


def _identity(sent: tuple[str, str], agreed: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return a qualifier and identity for an ISA: as sent, else the first agreed."""
    known = (
        identity for identity in (sent, *agreed) if identity[0] in QUALIFIERS and repeatable(identity[1], 1, 15)
    )
    return next(known, ("ZZ", NOBODY))


def _application(sent: str, agreed: Iterable[str]) -> str:
    """Return an identity for GS02 or GS03 (AN 2/15): as sent, else the first agreed, else that of the ISA."""
    return next((identity for identity in (sent, *agreed) if repeatable(identity, 2, 15)), NOBODY)


def _group_answer(
    conn: Connection,
    incoming: Incoming,
    interchange: Interchange,
    verdict: GroupVerdict,
    sets: Sequence[AckSet],
) -> Ack999Statement:
    group = verdict.group
    return Ack999Statement(
        envelope=envelope(conn, incoming, interchange, group),
        group_control=0,
        code=group.code,
        control=group.control,
        version=group.version,
        sets=tuple(sets),
        verdict=verdict.verdict.value,
        declared=verdict.declared,
        received=verdict.received,
        accepted=verdict.accepted,
        codes=verdict.codes,
    )
