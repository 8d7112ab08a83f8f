"""How values look on a terminal: tables of findings, files, money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from model.timeline import OPEN

if TYPE_CHECKING:
    from rich.console import JustifyMethod
    from rich.progress import Progress

    from pipeline.views.findings import FindingView
    from pipeline.views.plain import Counts
    from pipeline.views.received import FileHead, FileView

STATE_STYLES = {
    "APPLIED": "green",
    "NOOP": "green",
    "MATCHED": "green",
    "REPORTED": "cyan",
    "DUPLICATE": "cyan",
    "REPLACED": "cyan",
    "PARTIAL": "yellow",
    "PENDED": "yellow",
    "HELD": "yellow",
    "REJECTED": "red",
    "UNREADABLE": "red",
    "REFUSED": "red",
}
SEVERITY_STYLES = {"error": "red", "pend": "yellow", "warning": "yellow", "info": "cyan"}


def state(text: str) -> Text:
    """Return a state with its colour."""
    return Text(text, style=STATE_STYLES.get(text, ""))


def file_state(file: FileHead) -> Text:
    """Return a file's state, or that it is not done and how often that was tried."""
    if file.state:
        return state(file.state)
    tried = f", {file.attempts} attempts" if file.attempts else ""
    return Text(f"not done{tried}", style="red")


def day(value: object) -> str:
    """Return a date, `open` for one without end."""
    return "open" if value == OPEN else str(value)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Make a table; columns whose name ends in `>` are right-aligned (figures). Cells are shown whole."""
    made = Table(title=title, title_justify="left", header_style="bold", pad_edge=False, box=None)
    for column in columns:
        figures = column.endswith(">")
        side: JustifyMethod = "right" if figures else "left"
        made.add_column(column.rstrip(">"), justify=side, no_wrap=figures, overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    return made


def findings(console: Console, values: Sequence[FindingView], title: str = "") -> None:
    """Show findings: what, where, what to do."""
    rows = [
        (
            Text(finding.severity, style=SEVERITY_STYLES[finding.severity]),
            finding.code,
            finding.where.text,
            finding.message + (f" ({finding.subject})" if finding.subject else ""),
            finding.fix,
        )
        for finding in values
    ]
    if rows:
        console.print(table(title, ("", "code", "where", "what", "what to do"), rows))


def counted(counts: Counts) -> str:
    """Return figures with what they count: `12 APPLIED, 1 PENDED`."""
    return ", ".join(f"{count} {kind or 'not decided'}" for kind, count in counts.pairs)


def documents(console: Console, paths: Iterable[object]) -> None:
    """List the documents written, one unbroken line each, so that a path can be copied."""
    for path in paths:
        console.print(Text(f"  -> {path}"), soft_wrap=True)


def answers(console: Console, file: FileView, most: int) -> None:
    """List where the answers to a file were published, of no more than `most` of them."""
    documents(console, file.documents)
    if file.answer_count > most:
        told = f"  ... {most} of {file.answer_count} answers: rollbook exchange show {file.file_id}"
        console.print(told, soft_wrap=True)


def progress(console: Console, *, quiet: bool) -> Progress:
    """Make the bar that long work shows: what, and how far. Gone when the work is done; silent beside JSON."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=quiet,
    )
