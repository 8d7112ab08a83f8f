"""What is said of the columns of a census that are not read (docs/domain.md, Census)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from enrollment.census_plans import offers
from model.agreement.terms import Terms
from model.codes import found
from model.enrollment.census import Asks, Unread
from model.finding import Finding, Severity


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
