"""ORDER-KEPT."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.enrollment.decision import Objection
from model.enrollment.roster import Coverage
from model.timeline import OPEN
from model.trade.kept import Kept
from model.trade.maintenance import DEATHS, Verb
from model.trade.member import CHILDREN
from validators.base import Context, Subject, objection
from validators.standing import goes_on


def order_kept(subject: Subject, context: Context) -> Iterator[Objection]:
    """A child whom a court ordered to be covered is not dropped alone, nor by a parent who stays eligible.

    Such an end waits for a person; the end of the employee's eligibility ends the child, too, and so does the
    child's death. Loop 2100G with NM101 = E1 counts as the order. A custodial parent (2100F) or another
    responsible person alone is no order, and we ask (ORDER-ASKED). An order that two people lifted holds no more.
    """
    event = subject.event
    kinds = {fact.kind for fact in event.told}
    asks = event.relationship in CHILDREN and not kinds.isdisjoint((Kept.CUSTODIAN, Kept.RESPONSIBLE))
    if asks and Kept.ORDER not in kinds and not (subject.ordered or subject.order_lifted):
        yield objection("ORDER-ASKED", subject, None, "relationship")
    child = subject.enrollee
    if not subject.ordered or child is None or event.reason in DEATHS or event.death:
        return
    own = set()
    for line in subject.lines:
        code = line.line.code if line.line else ""
        own.add(code)
        held = [coverage for coverage in child.coverages if coverage.line == code]
        end = date.min if line.verb is Verb.VOID else line.end
        if end is None or goes_on(subject, line, end):
            continue
        if _loses(held, end) and _stays_eligible(subject, end):
            yield objection("ORDER-KEPT", subject, line.coverage, "hd")
    last = subject.record.eligible_to
    rest = [coverage for coverage in child.coverages if coverage.line not in own]
    if last and _loses(rest, last) and _stays_eligible(subject, last):
        yield objection("ORDER-KEPT", subject, None, "ins")


def _loses(held: list[Coverage], end: date) -> bool:
    return any(coverage.span.end > end for coverage in held)


def _stays_eligible(subject: Subject, end: date) -> bool:
    """Say whether the employee is covered in any line after a day, or ends it as somebody who stays eligible."""
    everybody = subject.contract.enrollees if subject.contract else ()
    own = [coverage for e in everybody if e.is_subscriber for coverage in e.coverages]
    return subject.subscriber_drops or _loses(own, min(end, OPEN))
