"""SSN-TWICE."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from validators.base import Context, Subject, objection


def ssn_twice(subject: Subject, context: Context) -> Iterator[Objection]:
    """One SSN belongs to one person: a set in which two people carry the same SSN has both records rejected.

    Two people means another first name or birth date. Records of one person may repeat the SSN. A dependent who
    carries the subscriber's is asked about alone (SSN-OF-SUBSCRIBER).
    """
    twice = context.duplicate_ssns - context.subscribers_ssns
    if twice.intersection(context.tokens.ssn(subject.event.ssn)):
        yield objection("SSN-TWICE", subject, None, "ssn")
