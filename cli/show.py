"""How values look on a terminal: tables of findings, files, money."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from model.timeline import OPEN

if TYPE_CHECKING:
    from rich.console import ConsoleOptions, JustifyMethod, RenderResult
    from rich.progress import Progress
    from rich.text import TextType

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


def minute(at: datetime | None) -> str:
    """Return an instant (UTC) to the minute; "" for none."""
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


_LONG_WORD = re.compile(r"\S+")
_PARTS = re.compile(r"[^-_/]*[-_/]|[^-_/]+")
_PLACES = 3  # that are named of what is said alike
_ROOM = 100  # columns that a table of findings takes to be read
_IDENTIFIER = 24  # letters: a longer word is a path or a sender's file name, and may be folded


class _Fitted(Table):
    """A table that never cuts a number, an identifier or a date where the terminal is narrow: words give way."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table as Rich does, with the columns' widths by `_widths` where it does not fit by itself."""
        cells = [[_text(cell) for cell in (column.header, *column.cells)] for column in self.columns]
        lines = [max(max(map(len, cell.plain.split("\n"))) for cell in column) for column in cells]
        given: Sequence[int] = ()
        if sum(lines) + 2 * (len(lines) - 1) > options.max_width:
            self.collapse_padding = True  # one space between columns in place of two
            given = _widths(cells, lines, options.max_width - (len(lines) - 1))
        if given:
            yield self._within(cells, given)
        else:
            yield from super().__rich_console__(console, options)
        if not self.row_count:
            yield Text("none", style="dim")

    def _within(self, cells: Sequence[Sequence[Text]], widths: Sequence[int]) -> Table:
        """Return the table with columns of these widths, its longest words in pieces."""
        made = _plain(self.title, collapse_padding=True)
        pieces = [[_broken(cell, width) for cell in column] for column, width in zip(cells, widths, strict=True)]
        for column, width, (head, *_) in zip(self.columns, widths, pieces, strict=True):
            made.add_column(head, justify=column.justify, no_wrap=column.no_wrap, overflow="fold", width=width)
        for row in zip(*(column[1:] for column in pieces), strict=True):
            made.add_row(*row)
        return made


def _plain(title: TextType | None, *, collapse_padding: bool = False) -> Table:
    return Table(
        title=title,
        title_justify="left",
        header_style="bold",
        pad_edge=False,
        box=None,
        collapse_padding=collapse_padding,
    )


def _text(cell: object) -> Text:
    return cell if isinstance(cell, Text) else Text(str(cell))


def _broken(cell: Text, width: int) -> Text:
    """Return a cell in which words that are longer than a line go on after a hyphen, an underscore or a slash."""
    if all(len(word) <= width for word in cell.plain.split()):
        return cell
    return Text(_LONG_WORD.sub(lambda word: _folded(word[0], width), cell.plain), style=cell.style)


def _folded(word: str, width: int) -> str:
    lines = [""]
    for part in _PARTS.findall(word) if len(word) > width else [word]:
        if lines[-1] and len(lines[-1] + part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def _widths(cells: Sequence[Sequence[Text]], lines: Sequence[int], room: int) -> list[int]:
    """Return the columns' widths within `room`; none where not even identifiers fit beside each other."""
    for cut in (_IDENTIFIER, 10, 8, 6, 4):  # other words are cut at so many letters, as late as may be
        least = [
            max((_least(word, cut) for cell in each for word in cell.plain.split()), default=1) for each in cells
        ]
        if sum(least) <= room:
            break
    else:
        return []
    while sum(least) < min(room, sum(lines)):
        short = [at for at, width in enumerate(least) if width < lines[at]]
        if not short:
            break
        least[min(short, key=least.__getitem__)] += 1
    return least


def _least(word: str, cut: int) -> int:
    named = len(word) <= _IDENTIFIER and any(letter.isdigit() for letter in word)
    return len(word) if named else min(len(word), cut)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Make a table; columns whose name ends in `>` are right-aligned (figures). Identifiers are shown whole."""
    made = _Fitted(title=title, title_justify="left", header_style="bold", pad_edge=False, box=None)
    for column in columns:
        figures = column.endswith(">")
        side: JustifyMethod = "right" if figures else "left"
        made.add_column(column.rstrip(">"), justify=side, no_wrap=figures, overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    return made


def findings(console: Console, values: Sequence[FindingView], title: str = "") -> None:
    """Show findings, the gravest first: what, where, what to do; a table, or where that is too narrow a list.

    What is said alike of several places, of each line of coverage for instance, is shown once.
    """
    order = list(SEVERITY_STYLES)
    places: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)  # of what is said alike, in order
    for value in sorted(values, key=lambda value: order.index(value.severity)):
        alike = (value.severity, value.code, value.message, value.subject, value.fix)
        places[alike][value.where.text] = None
    rows = [
        (
            Text(severity, style=SEVERITY_STYLES[severity]),
            code,
            "; ".join([*where][:_PLACES]) + (f" and {len(where) - _PLACES} more" if len(where) > _PLACES else ""),
            message + (f" ({subject})" if subject else ""),
            fix,
        )
        for (severity, code, message, subject, fix), where in places.items()
    ]
    five(console, rows, title)


def five(console: Console, rows: Sequence[tuple[Text, str, str, str, str]], title: str = "") -> None:
    """Show severity, code, place, what is said and what to do: a table, or where that is too narrow a list."""
    if not rows:
        return
    if console.width >= _ROOM:
        console.print(table(title, ("", "code", "where", "what", "what to do"), rows))
        return
    if title:
        console.print(Text(title, style="italic"))
    for severity, code, where, what, fix in rows:
        console.print(Text.assemble(severity, " ", (code, "bold"), "  ", where))
        console.print(Padding(Text(what), (0, 0, 0, 2)))
        console.print(Padding(Text(f"To do: {fix}", style="dim"), (0, 0, 0, 2)))


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
