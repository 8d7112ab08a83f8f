"""What came: file list|show|times|retry."""

from __future__ import annotations

from itertools import filterfalse
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import codes, show, times
from cli.receive import is_taken, show_taken, shown_of_taken
from cli.session import ACCEPTED, NOT_ALL, Failure, Session, command, parse_day
from pipeline.views.plain import PAGE

if TYPE_CHECKING:
    from pipeline.views.findings import FindingView
    from pipeline.views.received import FileView, SetView

SHOWN = 50  # lines and findings at a terminal, where nobody says how many

file = typer.Typer(help="Received files: their states, findings and answers.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(file, name="file")


@file.command("retry")
@command
def retry_file(session: Session, file_id: Annotated[str, typer.Argument(help="A file id, e.g. F000001.")]) -> None:
    """Work again on a file that broke, when its cause is mended; the next sweep goes on with what waits for it."""
    from pipeline import inputs
    from pipeline.views import files as exchanges

    ws = session.workspace()
    if not exchanges.is_known(ws, file_id):
        raise Failure(f"there is no file {file_id}")
    inputs.retry(ws, file_id, session.now(), session.trouble)
    taken = [exchanges.known_file(ws, file_id, shown_of_taken(session))]
    session.exit_code = ACCEPTED if is_taken(taken[0]) else NOT_ALL
    session.emit("file", taken, lambda console: show_taken(console, taken))


@file.command("list")
@command
def list_files(
    session: Session,
    partner: Annotated[str | None, codes.option("--partner", "-p", help="Only this partner's.")] = None,
) -> None:
    """List received files, newest last."""
    from pipeline.views import files as exchanges

    found = exchanges.file_list(session.workspace(), partner)
    rows = [(f.file_id, show.minute(f.received_at), f.partner, f.kind, show.file_state(f), f.name) for f in found]
    session.emit(
        "file-head",
        found,
        lambda console: console.print(
            show.table("", ("file", "received (UTC)", "partner", "kind", "state", "name"), rows)
        ),
    )


@file.command("times")
@command
def file_times(
    session: Session,
    partner: Annotated[str, codes.option("--partner", "-p", help="Only this partner's.")] = "",
    begin: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Received on this day or later, YYYY-MM-DD.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Received on this day or before, YYYY-MM-DD.")
    ] = None,
) -> None:
    """Show how long it took from receipt until files were acknowledged, applied and answered, by partner.

    Median and slowest of the files that came so far; below them what is still open, the oldest first.
    """
    from pipeline.views import times as took

    value = took.file_times(session.workspace(), session.now(), partner, parse_day(begin), parse_day(end))
    session.emit("file-times", value, lambda console: times.shown(console, value))


@file.command("show")
@command
def show_file(
    session: Session,
    file_id: Annotated[str, typer.Argument(help="A file id, e.g. F000001.")],
    begin: Annotated[str, typer.Option("--from", help="Where to begin: what the page before names as next.")] = "",
    most: Annotated[
        int, typer.Option("--limit", min=0, max=PAGE, help=f"Lines a page; else {SHOWN}, and {PAGE} in JSON.")
    ] = 0,
) -> None:
    """Show one file: state, sets, members with their dispositions, the most severe findings, answers.

    A large file is shown in pages, in the file's order. The business report has every line of it.
    """
    from pipeline.views import files as exchanges

    try:
        place = exchanges.Place.read(begin)
    except ValueError as error:
        raise Failure(str(error)) from None
    most = most or (PAGE if session.json else SHOWN)
    value = exchanges.file_value(session.workspace(), file_id, place, most)
    if value is None:
        raise Failure(f"there is no file {file_id}")
    shown = (member.member for part in value.sets for member in part.members if member.member)
    session.look("file show", shown, document=f"file {value.file_id}")
    session.emit("file", value, lambda console: _show(console, value, most))


def _show(console: Console, value: FileView, most: int) -> None:
    """Show a page of a file: what asks for something, how all of it fared, then the rest and what is noted."""
    sender = f"from {value.partner or 'nobody we know'}, {value.size} bytes"
    console.print(value.file_id, Text(value.name), show.file_state(value), sender)
    console.print(Text(_when(value)))
    for words in filter(None, (value.failure and f"broke: {value.failure}", value.waits)):
        console.print(Text(words, style="red"))
    asks, noted = _parted(value)
    show.findings(console, asks, "\nto be looked at")
    _show_counts(console, value)
    for part in value.sets:
        console.print("\nset", part.control, show.state(part.state), Text(part.reason))
        _show_set(console, part)
    if value.next:
        console.print("\nThe next page:")
        console.print(f"  rollbook file show {value.file_id} --from {value.next}", soft_wrap=True)
    show.findings(console, noted, "\nnoted")
    if value.answer_count:
        console.print("\nanswers")
    show.answers(console, value, most)


def _when(value: FileView) -> str:
    """Say when it was received, and what came of it when."""
    stages = (
        ("received", value.received_at),
        ("accepted", value.accepted_at),
        ("acknowledged", value.acknowledged_at),
        ("applied", value.applied_at),
        ("answered", value.answered_at),
    )
    return ", ".join(f"{what} {show.minute(at)}" for what, at in stages if at) + " (UTC)"


def _parted(value: FileView) -> tuple[list[FindingView], list[FindingView]]:
    """Return the findings that ask somebody to do something, and the others.

    What waited and was decided since does not ask any more: nothing waits now, or its place has it as INFO.
    """
    kinds = {kind for counts in (value.counts, value.set_counts) for kind, _ in counts.pairs}
    waits = not kinds.isdisjoint({"PENDED", "HELD", ""})
    over = {(finding.code, finding.where) for finding in value.all_findings if finding.severity == "info"}

    def asks(finding: FindingView) -> bool:
        if finding.severity == "pend":
            return waits and (finding.code, finding.where) not in over
        return finding.severity != "info"

    return list(filter(asks, value.all_findings)), list(filterfalse(asks, value.all_findings))


def _show_counts(console: Console, value: FileView) -> None:
    """Say how many sets, lines and findings the whole file has of each kind."""
    counts = (("sets", value.set_counts), ("lines of members", value.counts), ("findings", value.finding_counts))
    told = [f"{what} {show.counted(figures) or 'none'}" for what, figures in counts]
    console.print(Text(f"\nIn all: {'; '.join(told)}."))
    if sum(count for _, count in value.finding_counts.pairs) > len(value.all_findings):
        console.print("Of the findings the most severe are shown; the report has all of them.")


def _show_set(console: Console, part: SetView) -> None:
    from pipeline.views.received import PaymentSetView

    rows = [
        (member.subscriber, member.member, line.line, line.plan, show.state(line.disposition), line.action)
        for member in part.members
        for line in member.lines
    ]
    if rows:
        heads = ("subscriber", "member", "line", "plan", "disposition", "what was done")
        console.print(show.table("", heads, rows))
    if part.pruned:
        console.print(f"{part.pruned:,} lines that changed nothing are not kept any more; the report has them.")
    if isinstance(part, PaymentSetView) and part.remittance:
        lines = [
            (line.number, line.qualifier, line.reference, show.state(line.disposition), line.action)
            for line in part.remittance.lines
        ]
        console.print(show.table("", ("line", "", "reference", "disposition", "what was done"), lines))
