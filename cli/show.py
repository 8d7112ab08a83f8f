"""How values look on a terminal: tables of findings, files, money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from model.finding import Finding
from model.timeline import OPEN

STATE_STYLES = {
    "APPLIED": "green",
    "NOOP": "green",
    "MATCHED": "green",
    "REPORTED": "cyan",
    "DUPLICATE": "cyan",
    "PARTIAL": "yellow",
    "PENDED": "yellow",
    "HELD": "yellow",
    "REJECTED": "red",
    "UNREADABLE": "red",
    "REFUSED": "red",
}
SEVERITY_STYLES = {"error": "red", "pend": "yellow", "warning": "yellow", "info": "cyan"}


def state(text: str) -> str:
    """Return a state with its colour."""
    style = STATE_STYLES.get(text)
    return f"[{style}]{text}[/]" if style else text


def day(value: object) -> str:
    """Return a date, `open` for one without end."""
    return "open" if value == OPEN else str(value)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Make a table; columns whose name ends in `>` are right-aligned (figures)."""
    made = Table(title=title, title_justify="left", header_style="bold", pad_edge=False, box=None)
    for column in columns:
        made.add_column(column.rstrip(">"), justify="right" if column.endswith(">") else "left")
    for row in rows:
        made.add_row(*(str(cell) for cell in row))
    return made


def findings_table(findings: Iterable[Finding]) -> Table:
    """Make the table of findings: what, where, what to do."""
    rows = [
        (
            f"[{SEVERITY_STYLES[f.severity.value]}]{f.severity.value}[/]",
            f.code,
            f.where.text(),
            f.message + (f" ({f.subject})" if f.subject else ""),
            f.fix,
        )
        for f in findings
    ]
    return table("", ("", "code", "where", "what", "what to do"), rows)


def documents(console: Console, paths: Iterable[object]) -> None:
    """List the documents written, one unbroken line each, so that a path can be copied."""
    for path in paths:
        console.print(f"  -> {path}", soft_wrap=True)
