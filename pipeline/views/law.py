"""What the law binds a group to on a day: each number, where it is from, and whether anybody here has read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from model.agreement.situs import NOT_STATED, Situs
from model.trade import law
from model.trade.law import ANY_SIZE, Law
from pipeline.runtime.workspace import Workspace
from store import agreements


@dataclass(frozen=True, slots=True)
class LawRowView:
    """One number of the law."""

    key: str
    value: int
    unit: str
    bound: str  # at least, at most
    counted: str  # from what
    jurisdiction: str  # US, or a state
    funding: str  # "": insured and self-funded
    least_employees: int
    most_employees: int | None  # none: no upper bound
    lines: tuple[str, ...]  # empty: all
    begin: date
    end: date
    citation: str
    verified: bool
    read: str
    binds: bool  # it is the strictest that was read; other rows are weaker, or unverified


@dataclass(frozen=True, slots=True)
class LawView:
    """What binds on a day; of a group as its terms state it, else federal law alone."""

    on: date
    group: str
    state: str
    funding: str
    employees: int  # 0: not stated
    unstated: tuple[str, ...]
    rows: tuple[LawRowView, ...]


def law_view(ws: Workspace, group: str, on: date) -> LawView | None:
    """Return what binds a group on a day; of "" federal law. None: no terms are loaded for the group."""
    situs = NOT_STATED
    if group:
        with ws.database.read() as conn:
            terms = agreements.terms(conn, group)
        if terms is None:
            return None
        situs = terms.law
    state, funding, employees = situs.state.on(on), situs.funding.on(on), situs.employees.on(on)
    return LawView(on, group, state, funding, employees, situs.unstated(on), tuple(_rows(situs, on)))


def _rows(situs: Situs, on: date) -> Iterator[LawRowView]:
    """Yield the rows that bind or may, by key: of each key the one that binds first."""
    for key in law.Key:
        lines = sorted({line for row in law.rows() if row.key is key for line in row.lines}) or [""]
        for line in lines:
            binding = situs.binding(key, on, line)
            if binding.row:
                yield _row(binding.row, binds=True)
            for row in binding.doubted:
                yield _row(row, binds=False)


def _row(row: Law, *, binds: bool) -> LawRowView:
    return LawRowView(
        key=row.key.value,
        value=row.value,
        unit=row.unit.value,
        bound=row.bound.value,
        counted=row.counted.value,
        jurisdiction=row.jurisdiction,
        funding=row.funding,
        least_employees=row.least,
        most_employees=None if row.most == ANY_SIZE else row.most,
        lines=row.lines,
        begin=row.begin,
        end=row.end,
        citation=row.citation,
        verified=row.verified,
        read=row.read,
        binds=binds,
    )
