"""PARENT-AGE."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.member import OFFSPRING
from model.trade.plausible import PARENT
from validators.base import Context, Subject
from validators.doubts import doubt


def parent_age(subject: Subject, context: Context) -> Iterator[Objection]:
    """A child (relationship 19, adopted 09) is younger than its subscriber. Otherwise a birth date is mistyped.

    It warns, at the record that brings the child, or the subscriber of whom children are known. Stepchildren,
    wards, foster children and whom a spouse brings are not looked at.
    """
    event, contract = subject.event, subject.contract
    birth = event.person.birth
    if birth is None or contract is None or (not event.is_subscriber and event.relationship not in OFFSPRING):
        return
    mine = event.is_subscriber
    others = [e for e in contract.enrollees if (e.relationship in OFFSPRING if mine else e.is_subscriber)]
    for other in (enrollee.person.demographics.birth for enrollee in others):
        if other and (other <= birth if mine else birth <= other):
            yield from doubt(PARENT, subject, context, "birth")
            return
