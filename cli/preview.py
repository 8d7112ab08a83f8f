"""Looking ahead: preview. What would become of a file, of a decision or of terms; nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import codes, show
from cli.session import NOT_ALL, Failure, Session, command
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from model.documents.preview import Preview
    from pipeline.views.previewed import LossView, NextInvoiceView, PreviewView

SHOWN = 25  # people of a kind at a terminal; the page and JSON have more
SAID = 6  # findings, the most severe
TERMS = "terms"
COLUMNS = {
    **{name: name for name in ("added", "ended", "implied", "moved", "changed")},
    **{"unchanged": "same", "waiting": "waits", "rejected": "rejected"},
}


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("preview")(preview)


@command
def preview(
    session: Session,
    what: Annotated[
        list[str], typer.Argument(metavar="FILE | N | terms FILE", help="A file, open work by number, or terms.")
    ],
    partner: Annotated[str, codes.option("--partner", "-p", help="Whose channel the file would come by.")] = "",
    form: Annotated[str, typer.Option("--format", "-f", help="table or html.")] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the page there.")] = None,
) -> None:
    """Show what receiving a file, carrying out open work or loading terms would do. Nothing is changed.

    By subgroup and plan what is added, ends and waits; who would lose cover from which day; the next invoices as
    they are now and as they would be. A file is shown with a digest: `rollbook receive --expect DIGEST` applies
    only what was shown.
    """
    if form not in ("table", "html"):
        raise Failure("--format is table or html")
    made = _made(session, what, partner)
    session.look("preview", _members(made), document=made.about)
    if form == "html":
        _page(made, output)
        return
    from pipeline.views.previewed import preview_view

    value = preview_view(made)
    session.emit("preview", value, lambda console: _show(console, value))


def show_moved(session: Session, value: PreviewView) -> None:
    """Show what a file would come to by now, where it was expected to come to something else; nothing was done."""
    session.exit_code = NOT_ALL
    session.look("receive", _members(value), document=value.about)
    session.emit("preview", value, lambda console: _show_moved(console, value))


def _show_moved(console: Console, value: PreviewView) -> None:
    console.print(Text("It would come to something else than was expected, and was not received.", style="red"))
    _show(console, value)


def _members(shown: Preview | PreviewView) -> list[str]:
    return sorted({each.member_id for each in shown.losses} | {each.member_id for each in shown.tiers})


def _made(session: Session, what: list[str], partner: str) -> Preview:
    from pipeline.preview import run

    ws, now = session.workspace(), session.now()
    try:
        if len(what) == 2 and what[0] == TERMS:
            return run.of_terms(ws, Path(what[1]).name, _text(Path(what[1])), now)
        if len(what) != 1:
            raise Failure("a preview is of one file, of one item of open work, or of `terms FILE`")
        path = Path(what[0])
        if what[0].isdigit() and not path.is_file():
            return run.of_work(ws, int(what[0]), now)
    except ValueError as error:
        raise Failure(str(error)) from None
    if not path.is_file():
        raise Failure(f"not a file: {path}")
    if not partner:
        raise Failure("--partner says whose channel the file would come by")
    from intake.folder import read_chunks

    return run.of_file(ws, partial(read_chunks, path), path.name, partner, now)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Failure(f"{path} cannot be read") from None


def _page(made: Preview, output: Path | None) -> None:
    from writers.reports import preview_page

    data = preview_page.render(made).data
    if output:
        output.write_bytes(data)
    else:
        typer.get_binary_stream("stdout").write(data)


# --- at a terminal -----------------------------------------------------------------------------------------


def _show(console: Console, value: PreviewView) -> None:
    sender = f" from {value.partner}" if value.partner else ""
    console.print(Text(f"Preview of {value.about}{sender}, as on {value.on}: nothing was changed."))
    if value.state:
        console.print("It would come to", show.state(value.state), show.counted(value.finding_counts))
    for part in value.sets:
        console.print("set", part.control, show.state(part.state), Text(part.reason))
    for note in value.notes:
        console.print(Text(note, style="yellow"))
    for line in (*value.changes, *value.uncovered):
        console.print(Text(line))
    _show_places(console, value)
    _show_omitted(console, value)
    _show_people(console, value)
    _show_money(console, value)
    show.findings(console, value.findings[:SAID], "\nwould be said")
    if len(value.findings) > SAID:
        console.print("... and more, by severity: --format html, or --json.")
    if value.documents:
        console.print(Text(f"\nWould be owed: {', '.join(value.documents)}."))
    if value.state:
        console.print(Text(f"\nTo apply this and nothing else: rollbook receive ... --expect {value.digest}"))


def _show_places(console: Console, value: PreviewView) -> None:
    """Show lines of members by place, without the columns in which nobody is."""
    columns = [name for name in COLUMNS if any(getattr(place, name) for place in value.places)]
    rows = [
        (p.group, p.subgroup, p.plan or "(member)", *(_count(getattr(p, name)) for name in columns))
        for p in value.places
    ]
    if rows:
        heads = ("group", "subgroup", "plan", *(f"{COLUMNS[name]}>" for name in columns))
        console.print(show.table("\nlines of members", heads, rows))


def _count(figure: int) -> str:
    return f"{figure:,}" if figure else ""


def _show_omitted(console: Console, value: PreviewView) -> None:
    rows = [
        (
            each.group,
            each.subgroup,
            f"{each.subscribers} of {each.of_subscribers}",
            f"{each.dependents} of {each.of_dependents}",
            f"{each.lines} of {each.of_lines}",
            format_dollars(each.amount_cents),
        )
        for each in value.omitted
    ]
    heads = ("group", "subgroup", "subscribers>", "dependents>", "lines>", "a month>")
    if rows:
        console.print(show.table("\nnot in the full file", heads, rows))


def _show_people(console: Console, value: PreviewView) -> None:
    lost = [
        (each.member_id, each.name, each.subgroup, ", ".join(each.plans), _from(each), show.day(each.end))
        for each in value.losses[:SHOWN]
    ]
    if lost:
        heads = ("member", "name", "subgroup", "plans", "no cover from", "through")
        console.print(show.table("\nwould lose cover", heads, lost))
        _more(console, value.lost)
    levels = [
        (each.member_id, each.name, each.subgroup, each.line, each.before, each.after, each.begin)
        for each in value.tiers[:SHOWN]
    ]
    if levels:
        names = ("member", "name", "subgroup", "line", "level", "would be", "from")
        console.print(show.table("\nnew levels", names, levels))
        _more(console, value.levels)


def _from(loss: LossView) -> str:
    return f"{loss.begin} (its begin)" if loss.never else str(loss.begin)


def _more(console: Console, count: int) -> None:
    if count > SHOWN:
        console.print(f"... {count:,} in all: --format html, or --json, names more.")


def show_invoices(console: Console, invoices: Sequence[NextInvoiceView]) -> None:
    """Show next invoices as they are now and as they would be, as a table; nothing where there are none."""
    rows = [
        (*place, when, *map(format_dollars, (bill.current_cents, bill.retro_cents, bill.total_due_cents)))
        for each in invoices
        for place, when, bill in (
            ((each.account, each.subgroup, each.month), "now", each.now),
            (("", "", ""), "then", each.then),
        )
    ]
    heads = ("account", "subgroup", "month", "", "premium>", "corrections>", "total due>")
    if rows:
        console.print(show.table("\nnext invoices", heads, rows))


def _show_money(console: Console, value: PreviewView) -> None:
    show_invoices(console, value.invoices)
    for each in value.invoices:
        if each.held:
            console.print(Text(f"Account {each.account} would have no invoice: {each.held}", style="yellow"))
    retro = [
        (each.account, each.month, *map(format_dollars, (each.now_cents, each.then_cents))) for each in value.retro
    ]
    if retro:
        console.print(show.table("\ncorrected of earlier months", ("account", "month", "now>", "then>"), retro))
    entries = [(e.debit, e.credit, e.invoice, format_dollars(e.amount_cents)) for e in value.entries[:SHOWN]]
    if entries:
        console.print(show.table("\nwould be posted", ("debit", "credit", "invoice", "amount>"), entries))
        _more(console, len(value.entries))
