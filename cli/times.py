"""How file times looks on a terminal: how long files take, by partner."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.console import Console

from cli import show

if TYPE_CHECKING:
    from pipeline.views.times import FileTimesView, MeasureView

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def shown(console: Console, value: FileTimesView) -> None:
    """Show each partner's median and slowest, and what is open."""
    rows = [
        (
            each.partner or "nobody known",
            each.files,
            *(_took(measure) for measure in (each.acknowledged, each.applied, each.answered)),
            each.open_count,
        )
        for each in value.partners
    ]
    heads = ("partner", "files>", "acknowledged>", "applied>", "answered>", "open>")
    console.print(show.table("From receipt: median, slowest", heads, rows))
    waiting = [
        (
            each.partner,
            file.file_id,
            file.state,
            file.waits_for,
            show.minute(file.received_at),
            took(file.age_seconds),
        )
        for each in value.partners
        for file in each.open
    ]
    if waiting:
        heads = ("partner", "file", "state", "waits for", "received (UTC)", "age>")
        console.print(show.table("\nOpen", heads, waiting))


def _took(measure: MeasureView) -> str:
    if measure.median_seconds is None or measure.worst_seconds is None:
        return "none"
    return f"{took(measure.median_seconds)}, {took(measure.worst_seconds)}"


def took(seconds: int) -> str:
    """Say a time in its largest unit, and the next where it is short: `3 d`, `2 h 5 min`, `40 s`."""
    for (unit, size), (smaller, part) in pairwise(_UNITS):
        if seconds >= size:
            rest = seconds % size // part
            return f"{seconds // size} {unit}" + (f" {rest} {smaller}" if rest else "")
    return f"{seconds} s"
