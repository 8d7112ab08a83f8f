"""What the commands of a month ask for: the month, and a group that is known."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.session import Failure, Session
from model.timeline import Month

MonthOption = Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="The covered month.")]


def covered_month(text: str) -> Month:
    """Return the month that --month names."""
    try:
        return Month.parse(text)
    except ValueError:
        raise Failure(f"{text!r} is not a month: write YYYY-MM") from None


def refuse_unknown(session: Session, group: str | None) -> None:
    """Refuse a group of which no terms are loaded."""
    from pipeline.views import agreed

    if group is not None and agreed.terms(session.workspace(), group) is None:
        raise Failure(f"no terms are loaded for group {group}")
