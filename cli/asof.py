"""As of which days a command tells something: --as-of and --known-on, and the line that says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer
from rich.console import Console

from cli.session import Failure, Session, parse_day
from model.timeline import AsOf

OnDay = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="What held on this day, YYYY-MM-DD; else today.")
]
MoneyDay = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="By what was issued and paid through this day, YYYY-MM-DD."),
]
KnownOn = Annotated[
    str | None,
    typer.Option("--known-on", metavar="DATE", help="By what was recorded through the end of this day; else now."),
]


def read(session: Session, on: str | None, known_on: str | None) -> AsOf:
    """Read the two options. Raises Failure for what is no date, and where nothing was known on the day."""
    from pipeline.runtime import asof

    with known():
        return asof.as_of(session.workspace(), parse_day(on), parse_day(known_on), session.now())


@contextmanager
def known() -> Iterator[None]:
    """Raise Failure for what was not known on the known-on day."""
    from pipeline.runtime.asof import NotKnownError

    try:
        yield
    except NotKnownError as error:
        raise Failure(str(error)) from None


def effective(session: Session, asof: AsOf) -> date:
    """Return the day on which what is told holds: --as-of, else the known-on day, at most today."""
    today = session.plan_day()
    return asof.on or min(asof.known_on or today, today)


def tell(console: Console, asof: AsOf, today: date) -> None:
    """Say as of which days it is told; nothing where that is as of now."""
    if asof.known_on and asof.known_on > today:
        known = f"{asof.known_on} has not come yet: this is what is known today"
    else:
        known = f"by what was known at the end of {asof.known_on}" if asof.known_on else "by what is known now"
    if asof.on:
        console.print(f"As of {asof.on}, {known}.")
    elif asof.known_on:
        console.print(f"{known[0].upper()}{known[1:]}.")
