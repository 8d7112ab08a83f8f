"""Acknowledged: what partners say of documents of ours is matched to them; nothing answers it.

Source: docs/domain.md, Answers to us.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model.codes import found
from model.finding import Finding
from model.x12 import InboundAck, Verdict
from store.engine import Connection
from store.received import acknowledgments, files

ERRORS_TOLD = 3
FINDINGS_A_WRITE = 100  # of answers taken together; a 999 may answer a million sets


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
