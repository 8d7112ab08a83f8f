"""SUBSCRIBER-PRESENT."""

from __future__ import annotations

from collections.abc import Iterator

from model.codes import found
from model.enrollment.decision import Objection
from model.trade.member import SELF
from validators.base import Context, Subject, objection


def subscriber_present(subject: Subject, context: Context) -> Iterator[Objection]:
    """A dependent is covered through a subscriber, named by REF*0F, whom we know or who is in the same set.

    When the subscriber's own record is rejected, the dependents' are rejected with it. When the subscriber is
    neither known nor sent, the dependent waits; a record just above of a subscriber with another number is named,
    since senders give dependents a number of their own. REF*0F is the subscriber's number on every record of the
    family.
    """
    event = subject.event
    if not event.subscriber_number:
        message = f"No subscriber number ({event.called('REF*0F')}) was sent."
        yield Objection(found("SUBSCRIBER-PRESENT", event.where(), message))
        return
    if event.is_subscriber:
        return
    field = "subscriber_number"
    if event.relationship == SELF:
        who, itself, kind = event.called("INS01"), event.called("INS02 = 18"), event.called("INS02")
        message = f"The record says dependent ({who} = N) but relationship self ({itself})."
        fix = f"Send {who} = Y for the subscriber, or the dependent's relationship in {kind}."
        yield objection("SUBSCRIBER-PRESENT", subject, None, "relationship", message, fix=fix)
        return
    if subject.record.only_ends or subject.terms is None:
        return
    if subject.subscriber_refused:
        fix = "Correct the subscriber's record and send the family again."
        message = f"The subscriber's record in this {event.called('set')} was rejected."
        yield objection("SUBSCRIBER-PRESENT", subject, None, field, message, fix=fix)
    elif subject.contract is None:
        message, fix = f"The subscriber is neither known nor in this {event.called('set')}.", ""
        if subject.subscriber_sent:
            message = "The subscriber's own record waits."
        elif place := context.above.get(event.number):
            named = f"{'row' if event.is_row else 'segment'} {place}"
            message += f" Just above, in {named}, is a subscriber with another number: likely the family."
            fix = f"Send that subscriber's number ({event.called('REF*0F')}), or the dependent's own subscriber."
        yield objection("SUBSCRIBER-AWAITED", subject, None, field, message, fix=fix)
