"""SSN-OF-SUBSCRIBER."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from validators.base import Context, Subject, objection
from validators.telling import has_only_ssn_of


def ssn_of_subscriber(subject: Subject, context: Context) -> Iterator[Objection]:
    """A dependent who carries the subscriber's SSN waits alone: the employee's was typed for the spouse's.

    Neither first name nor birth date are the subscriber's. The rest of the family is decided as sent. Approved,
    the dependent is decided as if no SSN had been sent.
    """
    event = subject.event
    if event.is_subscriber or not event.ssn:
        return
    family = subject.contract.enrollees if subject.contract else ()
    subscriber = next((e.person for e in family if e.is_subscriber), None)
    tokens = context.tokens.ssn(event.ssn)
    if subscriber and subscriber.ssn_tokens:
        same = not set(tokens).isdisjoint(subscriber.ssn_tokens)  # asked first: of nearly nobody it is
        theirs = (same or bool(event.corrected_from_ssn)) and has_only_ssn_of(event, subscriber, context.tokens)
    else:
        theirs = not context.subscribers_ssns.isdisjoint(tokens)
    if theirs:
        yield objection("SSN-OF-SUBSCRIBER", subject, None, "ssn")
