"""What decisions change, told as an effect: spans by person and days, and what becomes of each line.

See docs/design.md, Effects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from model.enrollment.decision import Decision, LineDecision
from model.enrollment.effect import LineTold, SpanTold
from model.enrollment.roster import Changed, Contract, Enrollee


def spans(changed: Iterable[Changed]) -> tuple[list[SpanTold], list[SpanTold]]:
    """Return what families no longer have, and what they have from now on; each by the number that it has then."""
    gone: list[SpanTold] = []
    new: list[SpanTold] = []
    for before, after in changed:
        names = (_names(before) if before else {}) | _names(after)
        was = set(_told(replace(before, masked=after.masked), names)) if before else set()
        now = set(_told(after, names))
        gone += sorted(was - now)
        new += sorted(now - was)
    return gone, new


def lines(decisions: Iterable[Decision], changed: Sequence[Changed]) -> Iterator[LineTold]:
    """Yield what becomes of each line, with the codes of what is said of it."""
    names = {
        e.person.id: name
        for _, after in changed
        for e, name in zip(after.enrollees, _names(after).values(), strict=True)
    }
    for decision in decisions:
        who = decision.member_id or names.get(decision.person, "")
        for line in decision.lines:
            yield LineTold(
                who,
                line.line,
                line.plan,
                line.disposition.value,
                decision.cause.value,
                line.action.text,
                _codes(decision, line),
            )


def _codes(decision: Decision, line: LineDecision) -> tuple[str, ...]:
    said = (each.finding for each in decision.objections if each.coverage in (0, line.number))
    return tuple(sorted({f"{finding.code} {finding.severity}" for finding in said}))


def _names(contract: Contract) -> dict[int, str]:
    """Name everybody of a family, in order: by member ID, or as the n-th who is new in it."""
    new = 0
    names: dict[int, str] = {}
    for e in contract.enrollees:
        new += not e.person.member_id
        names[e.id] = e.person.member_id or f"new {contract.group} {contract.masked} {e.relationship} {new}"
    return names


def _told(contract: Contract, names: Mapping[int, str]) -> Iterator[SpanTold]:
    for place in contract.assignments:
        days = (str(place.span.begin), str(place.span.end))
        yield SpanTold(contract.group, contract.masked, "", "", place.subgroup, *days)
    for e in contract.enrollees:
        yield from _of(e, contract, names[e.id])


def _of(enrollee: Enrollee, contract: Contract, who: str) -> Iterator[SpanTold]:
    for held in enrollee.coverages:
        what = " ".join(filter(None, (held.plan, held.tier)))
        days = (str(held.span.begin), str(held.span.end))
        yield SpanTold(contract.group, contract.masked, who, held.line, what, *days)
