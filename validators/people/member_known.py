"""MEMBER-KNOWN."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.finding import Severity
from model.trade.maintenance import CHANGE, Verb
from validators.base import Context, Subject, objection
from validators.standing import asked


def member_known(subject: Subject, context: Context) -> Iterator[Objection]:
    """A change is for a member we know; somebody unknown is added by a record that brings coverage.

    A termination of an unknown member changes nothing and is answered with a warning. A change (001) that adds
    coverage to somebody unknown is taken as an add, or waits, as agreed in your profile. A record without any
    coverage for somebody unknown waits.
    """
    event = subject.event
    if subject.enrollee is not None or subject.ambiguous:
        return
    if subject.record.only_ends:
        number = event.called("REF*0F")
        fix = (
            f"Nothing to do if the member was never enrolled with us; otherwise check {number} and the birth date."
        )
        message = "The member to terminate is not on the roster; nothing was changed."
        yield objection("MEMBER-KNOWN", subject, None, "maintenance", message, fix=fix, severity=Severity.WARNING)
    elif not any(asked(subject, Verb.OPEN)):
        message = "The member is not on the roster, and the record brings no coverage to add."
        yield objection("MEMBER-KNOWN", subject, None, "maintenance", message)
    elif event.maintenance == CHANGE and context.partner.profile.unknown_on_change == "pend":
        message = "The member to change is not on the roster."
        yield objection("MEMBER-KNOWN", subject, None, "maintenance", message)
    elif event.maintenance == CHANGE:
        message = "The member to change is not on the roster; the record was taken as an add."
        fix = f"Send {event.called('INS03 = 021')} for new members."
        yield objection("MEMBER-KNOWN", subject, None, "maintenance", message, fix=fix, severity=Severity.WARNING)
