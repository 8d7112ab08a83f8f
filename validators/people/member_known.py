"""MEMBER-KNOWN."""

from __future__ import annotations

from collections.abc import Iterator

from model.codes import found
from model.finding import Finding, Severity
from model.trade.maintenance import CHANGE, Verb
from validators.base import Context, Subject
from validators.reading import about, asked, only_ends


def member_known(subject: Subject, context: Context) -> Iterator[Finding]:
    """A change is for a member we know; somebody unknown is added by a record that brings coverage.

    A termination of an unknown member changes nothing and is answered with a warning. A change (001) that adds
    coverage to somebody unknown is taken as an add, or waits, as agreed in your profile. A record without any
    coverage for somebody unknown waits.
    """
    event = subject.event
    if subject.enrollee is not None or subject.ambiguous:
        return
    where, who = event.where("maintenance"), about(subject)
    if only_ends(event):
        fix = "Nothing to do if the member was never enrolled with us; otherwise check REF*0F and the birth date."
        message = "The member to terminate is not on the roster; nothing was changed."
        yield found("MEMBER-KNOWN", where, message, subject=who, fix=fix, severity=Severity.WARNING)
    elif not any(asked(subject, Verb.OPEN)):
        message = "The member is not on the roster, and the record brings no coverage to add."
        yield found("MEMBER-KNOWN", where, message, subject=who)
    elif event.maintenance == CHANGE and context.partner.profile.unknown_on_change == "pend":
        message = "The member to change is not on the roster."
        yield found("MEMBER-KNOWN", where, message, subject=who)
    elif event.maintenance == CHANGE:
        message = "The member to change is not on the roster; the record was taken as an add."
        fix = "Send INS03 = 021 for new members."
        yield found("MEMBER-KNOWN", where, message, subject=who, fix=fix, severity=Severity.WARNING)
