"""Acknowledgments: ours of what partners send, and theirs of what we sent.

What is owed is exchange.answers' to say; here it gets the key under which it is owed once, and the judge's
transaction numbers it as its last act. What partners say of documents of ours is matched to them, and nothing
answers it (docs/domain.md, Answers to us).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from exchange.agreed import Parties
from exchange.answers import Answer
from model.agreement.terms import Carrier, Partner
from model.codes import found
from model.documents import keys
from model.documents.acknowledgment import Ta1Statement
from model.documents.keys import DocumentKind
from model.exchange import ReceivedFile
from model.finding import Finding
from model.x12 import InboundAck, Verdict
from pipeline.runtime import clock
from store.engine import Connection
from store.received import acknowledgments, files
from store.received.outbox import Owed

ERRORS_TOLD = 3
FINDINGS_A_WRITE = 100  # of answers taken together; a 999 may answer a million sets


def parties(file: ReceivedFile, carrier: Carrier | None, partner: Partner, before: str = "") -> Parties:
    """Return between whom the interchanges of a file go. `before`: the file in which one came before."""
    return Parties(carrier, partner, clock.local(file.received_at, clock.zone_of(carrier)), before)


def owe(file: ReceivedFile, answers: Iterable[Answer]) -> Iterator[Owed]:
    """Yield the answers to one interchange as the outbox takes them, without numbers yet."""
    for answer in answers:
        if isinstance(answer.statement, Ta1Statement):
            kind, key = DocumentKind.TA1, keys.ta1(file.id, answer.interchange)
        else:
            kind, key = DocumentKind.ACK999, keys.ack999(file.id, answer.interchange, answer.start)
        yield Owed(str(key), file.partner, kind, answer.statement, file.id)


def take(conn: Connection, file_id: str, partner: str, interchange_id: int, acks: Sequence[InboundAck]) -> None:
    """Record the answers that an interchange of a partner's brought, each with the document that it is about.

    Findings: answers to nothing of ours, and documents of ours that were not taken as they were.
    """
    if not acks:
        return
    documents = acknowledgments.answered(conn, partner, acks)
    acknowledgments.record(conn, interchange_id, acks, documents)
    told = list(_findings(acks, [kind for _, kind in ((document or (0, "")) for document in documents)]))
    files.add_findings(conn, file_id, told[:FINDINGS_A_WRITE])
    if len(told) > FINDINGS_A_WRITE:
        files.add_findings(conn, file_id, [found("FINDINGS-MORE", told[FINDINGS_A_WRITE].where)])


def _findings(acks: Sequence[InboundAck], kinds: Sequence[str]) -> Iterator[Finding]:
    """Yield a finding for each answer that needs a person's eye; a group's only where no set had the same."""
    said: set[tuple[str, str]] = set()
    for ack, kind in zip(acks, kinds, strict=True):
        name = {"TA1": "interchange"}.get(ack.kind, "group") + f" {ack.control}"
        name += f", set {ack.set_control}" if ack.set_control else ""
        code = _code(ack, kind)
        of_group = ack.kind != "TA1" and not ack.set_control
        if code and not (of_group and (code, ack.control) in said):
            said.add((code, ack.control))
            codes = f", codes {' '.join(ack.codes)}" if ack.codes else ""
            what = f"the {kind.upper()} that we sent" if kind else "nothing that we sent"
            message = f"A {ack.kind} says {ack.verdict or 'nothing'} to {name}{codes}: {what}.{_named(ack)}"
            yield found(code, ack.where, message)


def _named(ack: InboundAck) -> str:
    """Say in words what the first errors of a set are; positions count from its ST."""
    places = []
    for error in ack.errors[:ERRORS_TOLD]:
        element = f"{error.element:02d}" if error.element else ""
        element += f"-{error.component}" if error.component else ""
        code = error.element_code or error.segment_code
        places.append(f"segment {error.position} {error.segment_id}{element}" + f" (code {code})" * bool(code))
    more = f" and {len(ack.errors) - ERRORS_TOLD} more" if len(ack.errors) > ERRORS_TOLD else ""
    return f" It names {', '.join(places)}{more}." if places else ""


def _code(ack: InboundAck, kind: str) -> str:
    if not kind:
        return "ACK-UNMATCHED"
    if ack.verdict in (Verdict.ACCEPTED, ""):
        return ""
    return "ACK-ERRORS" if ack.verdict == Verdict.ERRORS else "ACK-REJECTED"


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (owe,)
