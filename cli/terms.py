"""What is agreed with a group: terms load|draft|show. What loading changes is told before it is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import codes, effects, show
from cli.approval import Reason
from cli.session import NOT_ALL, Failure, Session, command
from model.approval import Approval

if TYPE_CHECKING:
    from pipeline.views.effects import TermsLoadView

terms = typer.Typer(help="A group's terms: plans, rates, rules, contacts, as dated TOML.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(terms, name="terms")


@terms.command("load")
@command
def load(
    session: Session,
    files: Annotated[list[Path], typer.Argument(help="Terms files (TOML).")],
    reason: Reason = "",
) -> None:
    """Load terms files, and tell what each changes; a file with an error changes nothing.

    What changes billed months or takes their price away, moves an account or ends coverage on days that have been
    is loaded only when two people decided it: the first one's --reason asks for it, a supervisor confirms it by
    the same command with the same file, if it still does what it did.
    """
    from pipeline import inputs

    ws, now, decision = session.workspace(), session.now(), Approval(reason=reason)
    views = [inputs.load_terms(ws, str(path), _read(path), now, decision) for path in files]
    if not all(loaded.loaded for loaded in views):
        session.exit_code = NOT_ALL

    def people(console: Console) -> None:
        for loaded in views:
            effects.show_terms(console, loaded.effect)
            show.findings(console, loaded.findings)
            if loaded.loaded:
                _show_loaded(console, loaded)
            else:
                console.print(Text(f"{loaded.file}: nothing was loaded.", style="red"))
                if loaded.effect.needs_two_people:
                    console.print("What it would do now, and would have done in the last 90 days:")
                    for way in (f"preview terms {loaded.file}", f"backtest --terms {loaded.file} --days 90"):
                        console.print(Text(f"  rollbook {way}"), soft_wrap=True)

    session.emit("terms-load", views, people)


def _show_loaded(console: Console, loaded: TermsLoadView) -> None:
    if not loaded.effect.changes:
        console.print("Nothing changes: this is what is in force.")
    if loaded.group:
        counts = f"{loaded.subgroups} subgroups, {loaded.plans} plans, {loaded.rates} rates"
        console.print(f"Group {loaded.group} {loaded.group_name}: {counts}.")
    for partner in loaded.loaded_partners:
        console.print(f"Partner {partner.code} {partner.name}: {partner.grants} group(s) granted.")


@terms.command("draft")
@command
def draft(
    session: Session,
    file: Annotated[Path, typer.Argument(help="An 834, 820 or census that came from the partner.")],
    partner_code: Annotated[str, codes.option("--partner", help="The code to give the partner.")] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write here instead of printing.")] = None,
) -> None:
    """Draft the terms a file seems to follow, for an analyst to edit and load.

    A file without a member and without a remittance gives none: nothing is written, exit code 1.
    """
    from pipeline.views import drafted
    from pipeline.views.outcomes import DraftView

    def people(console: Console) -> None:
        console.print(f"Draft written to {out}: read and edit it.")
        for line in drafted.cautions(text):
            console.print(Text(line, style="red"))

    if not file.is_file():
        raise Failure(f"{file} is not a file")
    text = drafted.draft_terms(file, session.day(), partner_code)
    if drafted.is_empty(text):
        session.exit_code = NOT_ALL
        session.emit("draft", DraftView(text), lambda console: _show_nothing(console, file, text))
    else:
        session.emit_draft(text, out, people)


def _show_nothing(console: Console, file: Path, text: str) -> None:
    words = f"{file}: nothing to draft from, since no member and no remittance could be read. Nothing was written."
    console.print(Text(words, style="red"))
    for line in text.splitlines() if text.startswith("# ") and "\n[" not in text else ():  # why, without a table
        console.print(Text(line.removeprefix("# ")))


@terms.command("show")
@command
def show_terms(session: Session, group: Annotated[str, codes.argument(help="Group number.")]) -> None:
    """Show the TOML that a group's terms were loaded from."""
    from pipeline.views import agreed
    from pipeline.views.outcomes import TermsView

    found = agreed.terms(session.workspace(), group)
    if found is None:
        raise Failure(f"no terms are loaded for group {group}")
    source = agreed.terms_source(session.workspace(), group)
    session.emit(
        "terms",
        TermsView(group, found, source),
        lambda console: console.out(source, end="", highlight=False),
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except IsADirectoryError:
        raise Failure(f"{path} is a folder: name a terms file") from None
    except UnicodeDecodeError:
        raise Failure(f"{path} is not UTF-8 text") from None
