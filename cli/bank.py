"""What the bank sends: bank load|list|show|match|void."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import given, show
from cli.approval import Reason
from cli.session import NOT_ALL, Failure, Session, command
from model.approval import Approval
from model.money.bank import MAX_BYTES
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.views.bank import BankFileView, BankLineView, BankLoadedView, BankOutcomeView

bank = typer.Typer(help="What the bank sends: statements, returns, lockboxes.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(bank, name="bank")


@bank.command("load")
@command
def load(
    session: Session,
    file: Annotated[Path, typer.Argument(help="A BAI2 statement, a NACHA file of returns, or a lockbox CSV.")],
    mapping: Annotated[
        Path | None,
        typer.Option(help="How a lockbox CSV is read, as TOML; default lockbox.toml in the home folder."),
    ] = None,
) -> None:
    """Load a bank's file: each line once, and money enters the books once, whatever was entered by hand."""
    from pipeline import inputs

    data = given.content(file, "the bank's file", MAX_BYTES)
    said = given.content(mapping, "the mapping", MAX_BYTES).decode("utf-8", "replace") if mapping else ""
    if mapping and not said.strip():
        raise Failure(f"{mapping} is empty: it names no column")
    try:
        made = inputs.load_bank(session.workspace(), data, file.name, said, session.now())
    except ValueError as error:  # a mapping that cannot be used: the text is ours
        raise Failure(str(error)) from None
    written = inputs.deliver(session.workspace(), session.now(), trouble=session.trouble)
    view = replace(made, documents=tuple(written))
    if view.refused or view.open:
        session.exit_code = NOT_ALL
    session.emit("bank-loaded", view, lambda console: _loaded(console, view))


@bank.command("list")
@command
def list_lines(
    session: Session,
    file: Annotated[int, typer.Option(help="Only of this file, as the list numbers it.")] = 0,
    whole: Annotated[bool, typer.Option("--all", help="Matched and voided lines, too.")] = False,
) -> None:
    """List the bank's files, and the lines that wait for somebody to say what they are."""
    from pipeline.views import banked

    value = banked.bank_list(session.workspace(), whole=whole, file=file)
    if file and not value.files:
        raise Failure(f"there is no file {file} of the bank")

    def people(console: Console) -> None:
        console.print(show.table("files of the bank", _FILE, [_file(each) for each in value.files]))
        _lines(console, value.lines, "lines" if whole else "lines that wait")
        if value.total > len(value.lines):
            console.print(f"{value.total} in all: rollbook bank list --json --all")

    session.emit("bank-list", value, people)


@bank.command("show")
@command
def show_line(
    session: Session, number: Annotated[int, typer.Argument(help="Line, as bank list numbers it.")]
) -> None:
    """Show a line of the bank: what the bank wrote, what it is in the books, what it may be."""
    from pipeline.views import banked

    value = banked.bank_line(session.workspace(), number)
    if value is None:
        raise Failure(f"there is no line {number} of the bank")
    one = value

    def people(console: Console) -> None:
        console.print(f"Line {one.line} of bank file {one.file}, record {one.record}: {one.state}, {one.is_}")
        rows = [
            ("what", f"{one.sort} ({one.code})"),
            ("amount", format_dollars(one.amount_cents)),
            ("day", one.day),
            ("reference", one.reference),
            ("trace", one.trace),
            ("company", one.company),
            ("account", one.account),
            ("invoice", one.invoice),
            ("batch", one.batch),
            ("text", one.text),
        ]
        console.print(show.table("", ("", ""), [row for row in rows if row[1]]))
        for text in one.may_be:
            console.print(f"  may be: {text}", soft_wrap=True)

    if one.text:
        session.look("bank show", document=f"bank line {number}")
    session.emit("bank-line", value, people)


@bank.command("match")
@command
def match(
    session: Session,
    number: Annotated[int, typer.Argument(help="Line, as bank list numbers it.")],
    to: Annotated[str, typer.Option(help="D12 a deposit, L9 a cheque's credit, C1001 a refund, or new.")],
    reason: Reason = "",
) -> None:
    """Say what a line of the bank is; two people decide it.

    The first one's --reason asks for it, another person confirms it by the same command at the own login.
    """
    from pipeline import inputs

    decision = Approval(reason=reason)
    _tell(session, inputs.match_bank(session.workspace(), number, to, session.now(), decision))


@bank.command("void")
@command
def void(
    session: Session,
    number: Annotated[int, typer.Argument(help="Line, as bank list numbers it.")],
    reason: Reason = "",
) -> None:
    """Say that a line of the bank is no premium; two people decide it.

    The deposit that it entered, if nothing was made of it yet, is taken back.
    """
    from pipeline import inputs

    _tell(session, inputs.void_bank(session.workspace(), number, session.now(), Approval(reason=reason)))


def _tell(session: Session, made: BankOutcomeView) -> None:
    """Show what became of a line, and deliver what that owes."""
    from pipeline import inputs

    if not made.line:
        raise Failure(made.outcome)
    if not made.done:
        session.exit_code = NOT_ALL
    written = inputs.deliver(session.workspace(), session.now(), trouble=session.trouble)
    view = replace(made, documents=tuple(written))

    def people(console: Console) -> None:
        what = f"Line {view.line} of {format_dollars(view.amount_cents)}"
        console.print(f"{what}: {view.outcome}", soft_wrap=True)
        show.documents(console, view.documents)

    session.emit("bank-outcome", view, people)


_FILE = ("", "name", "form", "new>", "known>", "came in>", "went out>", "")


def _file(each: BankFileView) -> tuple[object, ...]:
    came, went = format_dollars(each.credits_cents), format_dollars(each.debits_cents)
    refused = "refused whole" if each.refused else ""
    return each.file, each.name, each.form, each.lines, each.known, came, went, refused


def _lines(console: Console, lines: Sequence[BankLineView], title: str) -> None:
    rows = [
        (
            line.line,
            line.day,
            line.sort if line.code == line.sort else f"{line.sort} {line.code}",
            line.trace,
            format_dollars(line.amount_cents),
            line.state,
            _said(line),
        )
        for line in lines
    ]
    console.print(show.table(title, ("", "date", "what", "trace", "amount>", "state", ""), rows))


def _said(line: BankLineView) -> str:
    return "; ".join(line.may_be) if line.may_be else line.is_


def _loaded(console: Console, view: BankLoadedView) -> None:
    if view.refused:
        console.print("[red]Refused whole[/]: nothing of the file was taken.")
    elif view.file is None:
        console.print(f"The file was loaded before: {view.known} lines known, nothing changed.")
    else:
        came = format_dollars(view.file.credits_cents)
        told = (
            f"Bank file {view.file.file} ({view.form}): {view.file.lines} lines new, {view.known} known before; "
        )
        console.print(f"{told}{came} came in. {show.counted(view.states)}", soft_wrap=True)
        done = {
            "payments posted": view.posted,
            "credits split into their cheques": view.split,
            "deposits placed on accounts": view.placed,
            "returns taken": view.returned,
            "refunds paid": view.paid,
        }
        for what, count in done.items():
            if count:
                console.print(f"  {what}: {count}")
    show.findings(console, view.findings, "found")
    if view.open:
        _lines(console, view.open, "lines that wait")
    show.documents(console, view.documents)
