"""Acknowledge: the TA1 and 999 owed for one interchange; the judge's transaction numbers them as its last act.

What is owed is exchange.answers' to say; here it gets the key under which it is owed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exchange.addressed import Parties
from exchange.answers import Answer
from model.agreement.terms import Carrier, Partner
from model.documents import keys
from model.documents.acknowledgment import Ta1Statement
from model.documents.keys import DocumentKind
from model.exchange import ReceivedFile
from pipeline.runtime import clock
from store.received.outbox import Owed


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


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (owe,)
