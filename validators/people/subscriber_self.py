"""SUBSCRIBER-SELF."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.finding import Severity
from model.trade.member import SELF
from validators.base import Context, Subject, objection
from validators.telling import told_by_two


def subscriber_self(subject: Subject, context: Context) -> Iterator[Objection]:
    """A subscriber's record (INS01 = Y) has the relationship self (INS02 = 18); with another one it waits.

    Where the subscriber number names a family whose subscriber is somebody else, by first name, birth date and
    SSN, the record is a dependent's and is rejected: it would change or end the employee's own coverage.
    """
    event = subject.event
    if not event.is_subscriber or event.relationship in ("", SELF):
        return
    everybody = subject.contract.enrollees if subject.contract else ()
    known = next((e.person for e in everybody if e.is_subscriber), None)
    if known is None or told_by_two(event, known, context.tokens):
        yield objection("SUBSCRIBER-SELF", subject, None, "relationship")
        return
    text = "The record says subscriber, but relationship and person are not the subscriber's of this number."
    yield objection("SUBSCRIBER-SELF", subject, None, "relationship", text, severity=Severity.ERROR)
