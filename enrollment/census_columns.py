"""What is said of the columns of a census that are not read (docs/domain.md, Census)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from enrollment.census_plans import offers
from model.agreement.terms import Terms
from model.codes import found
from model.enrollment.census import Asks, CensusSheet, Unread
from model.finding import ROW, Finding, Severity, Where


def told(columns: Iterable[Unread], terms: Collection[Terms] | None) -> Iterator[Finding]:
    """Yield a finding for each column that is not read; `terms` are those of the groups it may be about.

    One that looks like a person, a date or a status makes the file wait, once for all its rows; one of a line that
    none of these groups offers only informs. None: nothing is known of what is offered.
    """
    for column in columns:
        named = f'The column "{column.heading}"' if column.heading else "A column without a heading"
        said = f"{named} was not read"
        if column.asks is Asks.ASIDE:
            yield found(
                "CENSUS-COLUMN-UNREAD",
                column.where,
                f"{said}: coverage does not depend on it.",
                severity=Severity.INFO,
            )
        elif column.line and terms is not None and not any(offers(column.line, agreed) for agreed in terms):
            message = f"{said}: your agreement has no {column.line} coverage."
            yield found("CENSUS-COLUMN-UNREAD", column.where, message, severity=Severity.INFO)
        elif column.asks:
            yield found("CENSUS-COLUMN-WAITS", column.where, f"{said}. It looks like {column.asks}.")
        else:
            yield found("CENSUS-COLUMN-UNREAD", column.where, f"{said}.")


def lacking(sheets: Sequence[CensusSheet]) -> Iterator[Finding]:
    """Yield what no sheet of members has a column for, though nobody new is enrolled without it.

    Sheets that only end coverage need neither.
    """
    members = [sheet for sheet in sheets if sheet.header]
    parts = {field.partition(":")[0] for sheet in members for field in sheet.fields}
    chosen = bool(parts & {"plan", "tier"})
    if not members or (not chosen and parts & {"end", "action"}):
        return
    where = Where(segment=members[0].header, segment_id=ROW, loop=members[0].name)
    if not chosen:
        yield found("CENSUS-COLUMN-MISSING", where, "No column says which plan or coverage level anybody has.")
    if "begin" not in parts:
        yield found("CENSUS-COLUMN-MISSING", where, "No column holds the first covered day (Coverage Start).")
