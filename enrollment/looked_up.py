"""What only some records need to be asked about: other families of a person, and court orders of a child.

Source: docs/domain.md, Court orders; docs/domain.md, Members and families.
"""

from __future__ import annotations

from dataclasses import replace

from enrollment.work import Family
from model.enrollment.orders import orders
from model.trade.maintenance import TERMINATE, Verb
from validators.base import Subject
from validators.reading import About, Record
from validators.standing import asked, covered_on

_ENDS = frozenset({About.ENDS, About.VOIDS, About.CUSTODY})


def looked_up(subject: Subject, family: Family) -> Subject:
    """Return the subject with what covers the person elsewhere in the group, and whether a court ordered it."""
    if subject.terms is None:
        return subject
    person = subject.enrollee.person if subject.enrollee else subject.person
    if person and not subject.ambiguous and _adds(subject):
        elsewhere = family.work.covered_elsewhere(person.id, subject.contract, subject.terms.group)
        subject = replace(subject, elsewhere=elsewhere) if elsewhere else subject
    child = None if subject.event.is_subscriber else subject.enrollee
    if child and not _ENDS.isdisjoint(subject.record.about):
        known = tuple(orders(family.facts(child.id)))
        subject = replace(
            subject,
            ordered=any(order.lifted is None for order in known),
            order_lifted=any(order.lifted for order in known),
            subscriber_drops=family.subscriber_drops,
        )
    return subject


def drops(record: Record) -> bool:
    """Say whether a subscriber's record ends coverage, and not the eligibility or the employment."""
    ends = record.event.is_subscriber and About.ENDS in record.about
    return ends and record.eligible_to is None and record.event.maintenance != TERMINATE


def _adds(subject: Subject) -> bool:
    return any(line.begin and not covered_on(subject, line, line.begin) for line in asked(subject, Verb.OPEN))
