"""Findings as they are shown: what is wrong, where, whom it is about, what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from model.finding import Finding, Where

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class PositionView:
    """A position in a file: `text` for people, the rest for programs.

    `interchange`, `group` and `set` are control numbers (ISA13, GS06, ST02). Segments count from 1 in the file,
    elements and components from 1 as in the guide, 0 where the whole is meant; `offset` is in bytes, -1 unknown.
    """

    text: str
    interchange: str
    group: str
    set: str
    segment: int
    segment_id: str
    element: int
    component: int
    offset: int
    loop: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding. `severity`: error, pend, warning or info; `subject` is masked, "" where it is about nobody."""

    code: str
    severity: str
    where: PositionView
    subject: str
    message: str
    fix: str


def position(kind: Callable[..., P], where: Where) -> P:
    """Return a position as it is shown; `kind`: the order in which an answer has its parts."""
    return kind(
        text=where.text(),
        interchange=where.interchange,
        group=where.group,
        set=where.set,
        segment=where.segment,
        segment_id=where.segment_id,
        element=where.element,
        component=where.component,
        offset=where.offset,
        loop=where.loop,
    )


def finding_value(finding: Finding) -> FindingView:
    """Return a finding as it is shown."""
    place = position(PositionView, finding.where)
    return FindingView(finding.code, finding.severity.value, place, finding.subject, finding.message, finding.fix)


def finding_values(findings: Iterable[Finding]) -> tuple[FindingView, ...]:
    """Return findings as they are shown, in their order."""
    return tuple(map(finding_value, findings))
