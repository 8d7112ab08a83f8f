"""Acknowledgments: ours of what partners send, and theirs of what we sent.

What is owed is the exchange's to say: exchange.answers of TA1 and 999, which the judge's transaction numbers as
its last act, exchange.advice of the 824 to a set that was decided. Here it is asked of what the store holds, and
gets the key under which it is owed once. What partners say of documents of ours is matched to them, and nothing
answers it (docs/domain.md, The 824; docs/domain.md, Answers to us).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from exchange import advice
from exchange.agreed import Parties
from exchange.answers import Answer
from model.agreement.answers import NEVER
from model.agreement.terms import Carrier, Partner
from model.codes import found
from model.documents import keys
from model.documents.acknowledgment import Ta1Statement
from model.documents.keys import DocumentKind
from model.exchange import ALLOCATION, ReceivedFile, StoredSet
from model.finding import Finding, Severity
from model.x12 import UNREFUSED, InboundAck, Verdict
from parsers.x12.conformance import data_element
from pipeline.desk import papers
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.desk.items import Step
from store.engine import Connection
from store.money import cash
from store.received import acknowledgments, envelopes, files, member_lines, outbox
from store.received.outbox import Owed

ERRORS_TOLD = 3
FINDINGS_A_WRITE = 100  # of answers taken together; a 999 may answer a million sets


def parties_of(file: ReceivedFile, carrier: Carrier | None, partner: Partner, before: str = "") -> Parties:
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


def advise(ws: Workspace, conn: Connection, tx: int, file: ReceivedFile) -> None:
    """Put the 824s of a file into the outbox, as its partner agreed; what is owed already is not owed again."""
    partner = agreements.partner(conn, file.partner)
    if partner is None or partner.answers.advice824 == NEVER or file.kind == ALLOCATION:
        return
    parties = parties_of(file, agreements.carrier(conn), partner)
    decided = [stored for stored in files.sets_of(conn, file.id) if stored.kind in advice.KINDS and stored.state]
    advices = [_advice(conn, parties, stored) for stored in decided if envelopes.let_in(conn, stored.id)]
    outbox.owe(conn, tx, [each for each in advices if each], ws.vault.fields)


def _advice(conn: Connection, parties: Parties, stored: StoredSet) -> Owed | None:
    told = advice.told(_open(conn, stored))
    if stored.kind == "820":
        paper = cash.of_set(conn, stored.id)
        outcome = advice.outcome(stored, told, payment=paper.state if paper else None)
    else:
        outcome = advice.outcome(stored, told, dispositions=member_lines.kinds(conn, [stored.id]).keys())
    if not advice.is_owed(parties, outcome):
        return None
    errors = advice.errors(told, stored.kind, stored.version, stored.segment, data_element)
    statement = advice.statement(parties, envelopes.of_set(conn, stored.id), stored, outcome, errors)
    key = str(keys.advice824(stored.file_id, envelopes.ordinal(conn, stored.id), stored.state, stored.rounds))
    return Owed(key, parties.partner.code, DocumentKind.ADVICE824, statement, stored.file_id)


def _open(conn: Connection, stored: StoredSet) -> Iterator[Finding]:
    """Yield the findings on a set that still say something of it: without questions that people have answered."""
    waits = {number for number, _ in member_lines.waiting(conn, stored.id)} if stored.rounds else set()
    for number, finding in files.set_findings_of(conn, stored):
        if not stored.rounds or finding.severity is not Severity.PEND or number in waits:
            yield finding


def take(
    conn: Connection,
    step: Step,
    file: ReceivedFile,
    interchange_id: int,
    acks: Sequence[InboundAck],
    *,
    doubtful: bool = False,
) -> None:
    """Record the answers that an interchange of a partner's brought, each with the document that it is about.

    Findings: answers to nothing of ours, and documents of ours that were not taken as they were, which are open
    work; the caller numbers it. `doubtful`: the interchange is not taken, or came before; then only what rejects a
    document of ours counts, and what was said of it before is not said again.
    """
    documents = acknowledgments.answered(conn, file.partner, acks) if acks else []
    if doubtful:
        news = acknowledgments.unsaid(conn, list(_rejections(acks, documents)))
        acks, documents = [ack for ack, _ in news], [document for _, document in news]
    if not acks:
        return
    acknowledgments.record(conn, interchange_id, acks, documents)
    papers.acknowledged(conn, step, file.received_at, {document[0] for document in documents if document})
    told = list(_findings(acks, [kind for _, kind in ((document or (0, "")) for document in documents)]))
    files.add_findings(conn, file.id, told[:FINDINGS_A_WRITE])
    if len(told) > FINDINGS_A_WRITE:
        files.add_findings(conn, file.id, [found("FINDINGS-MORE", told[FINDINGS_A_WRITE].where)])


def _rejections(
    acks: Sequence[InboundAck], documents: Sequence[tuple[int, str] | None]
) -> Iterator[tuple[InboundAck, tuple[int, str]]]:
    """Yield the answers that do not take a document of ours, each with the document."""
    for ack, document in zip(acks, documents, strict=True):
        if document and _code(ack, document[1]) == "ACK-REJECTED":
            yield ack, document


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
    if ack.verdict not in UNREFUSED:
        return "ACK-REJECTED"
    return "ACK-ERRORS" if ack.verdict == Verdict.ERRORS else ""


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (owe,)
