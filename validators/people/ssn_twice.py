"""SSN-TWICE."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.finding import first_few
from validators.base import Context, Subject, objection


def ssn_twice(subject: Subject, context: Context) -> Iterator[Objection]:
    """One SSN belongs to one person: a set in which two people carry the same SSN has both records rejected.

    Two people means another first name or birth date. Records of one person may repeat the SSN. A dependent who
    carries the subscriber's is asked about alone (SSN-OF-SUBSCRIBER).
    """
    twice = context.duplicate_ssns - context.subscribers_ssns
    shared = twice.intersection(context.tokens.ssn(subject.event.ssn))
    if shared:
        yield objection("SSN-TWICE", subject, None, "ssn", _with(subject, context, shared))


def _with(subject: Subject, context: Context, shared: frozenset[str]) -> str:
    """Say in a spreadsheet which other rows have the SSN; empty where there are none, or no rows."""
    own = subject.event.where()
    rows = {row for token in shared for row in context.ssn_rows.get(token, ())} - {own.segment}
    if not rows:
        return ""
    return f"The same SSN stands in row {first_few(rows)}, of somebody else: neither row can be trusted."
