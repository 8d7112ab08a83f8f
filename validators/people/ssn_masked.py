"""SSN-MASKED."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.maintenance import Verb
from validators.base import Context, Subject, objection
from validators.standing import asked


def ssn_masked(subject: Subject, context: Context) -> Iterator[Objection]:
    """A masked SSN counts as not sent for a member whom we know; nobody new is enrolled by one.

    In a spreadsheet of ours that comes back it is the one that you sent, which the row's key tells.
    """
    hidden = subject.event.ssn_hidden
    if hidden and subject.enrollee is None and any(asked(subject, Verb.OPEN)):
        yield objection("SSN-MASKED", subject, None, "ssn", f"The SSN of somebody new is masked, and {hidden}.")
