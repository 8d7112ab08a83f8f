"""Why something is as it is: explain member|file|invoice|payment|account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from cli import codes, show
from cli.approval import Why
from cli.session import Failure, Session, command, parse_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.explain.ask import Asked, Told
    from pipeline.views.explained import ExplainedView, SaidView

explain = typer.Typer(help="Why something is as it is: the answer, then how it came to be.", no_args_is_help=True)

_FORMS = ("html", "pdf", "text")

ForPartner = Annotated[str, codes.option("--for", help="Tell it as this partner may read it.")]
Form = Annotated[str, typer.Option("--format", help="Write it as html, pdf or text, in place of showing it.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder to write into.")]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="About this day, else today.")]


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(explain, name="explain")


@explain.command("member")
@command
def explain_member(
    session: Session,
    number: Annotated[str, typer.Argument(help="Member ID; or a subscriber number that nobody is known by.")],
    line: Annotated[str, typer.Option("--line", help="One line of coverage alone: medical, dental ...")] = "",
    on: On = None,
    partner: ForPartner = "",
    form: Form = "",
    out: Out = Path(),
    why: Why = "",
) -> None:
    """Say whether a member is covered and billed on a day, and why: not covered, not, twice or still billed.

    Then every record that came, who it was taken for and by what, what the rules said, who decided, what was
    billed on which invoice, and what the next invoice would say of it, by a trial of the real bill.
    """
    from pipeline.explain import ask

    asked = _asked(session, on, partner)
    found = ask.member(session.workspace(), number, asked, line)
    session.look("explain member", found.members, search="" if found.members else "number", why=why)
    _tell(session, found, asked, form, out)


@explain.command("file")
@command
def explain_file(
    session: Session,
    file_id: Annotated[str, typer.Argument(help="File ID, such as F000012.")],
    line: Annotated[int, typer.Option("--line", min=0, help="One record by its number within its set.")] = 0,
    partner: ForPartner = "",
    form: Form = "",
    out: Out = Path(),
    why: Why = "",
) -> None:
    """Say what became of a file or one of its records: bytes, control numbers, verdicts, rules, decisions."""
    from pipeline.explain import ask

    asked = _asked(session, None, partner)
    found = ask.file(session.workspace(), file_id.upper(), asked, line)
    session.look("explain file", found.members if found else (), document=f"file {file_id}", why=why)
    if found is None:
        raise Failure(f"there is no file {file_id}" + (f" with a line {line}" if line else ""))
    _tell(session, found, asked, form, out)


@explain.command("invoice")
@command
def explain_invoice(
    session: Session,
    number: Annotated[str, typer.Argument(help="Invoice number.")],
    subscriber: Annotated[
        str, typer.Option("--subscriber", help="One subscriber alone, by member ID or number.")
    ] = "",
    partner: ForPartner = "",
    form: Form = "",
    out: Out = Path(),
    why: Why = "",
) -> None:
    """Say what an invoice is made of, to the cent, and by what record or step each correction came."""
    from pipeline.explain import ask

    asked = _asked(session, None, partner)
    found = ask.bill(session.workspace(), number, asked, subscriber)
    session.look("explain invoice", found.members if found else (), document=f"invoice {number}", why=why)
    if found is None:
        raise Failure(f"there is no invoice {number}" + (f", or no subscriber {subscriber}" if subscriber else ""))
    _tell(session, found, asked, form, out)


@explain.command("payment")
@command
def explain_payment(
    session: Session,
    number: Annotated[str, typer.Argument(help="Trace number, receipt number, R7 (remittance) or D12 (deposit).")],
    partner: ForPartner = "",
    form: Form = "",
    out: Out = Path(),
) -> None:
    """Say on which invoice a payment is, or why on none: after the cutoff, in suspense, without its deposit."""
    from pipeline.explain import ask

    asked = _asked(session, None, partner)
    found = ask.payment(session.workspace(), number, asked)
    if found is None:
        raise Failure(f"there is no payment {number}")
    _tell(session, found, asked, form, out)


@explain.command("account")
@command
def explain_account(
    session: Session,
    number: Annotated[str, codes.argument(help="Billing account.")],
    partner: ForPartner = "",
    form: Form = "",
    out: Out = Path(),
) -> None:
    """Say what a billing account owes and why, entry by entry."""
    from pipeline.explain import ask

    asked = _asked(session, None, partner)
    found = ask.account(session.workspace(), number, asked)
    if found is None:
        raise Failure(f"there is no billing account {number}")
    _tell(session, found, asked, form, out)


def _asked(session: Session, on: str | None, partner: str) -> Asked:
    """Return for whom and as of when is asked. Raises Failure for a partner whom nobody knows."""
    from pipeline.explain.ask import Asked
    from pipeline.views.letters import known_partner

    if partner and not known_partner(session.workspace(), partner):
        raise Failure(f"there is no partner {partner}")
    return Asked(parse_day(on) or session.plan_day(), session.now(), partner)


def _tell(session: Session, found: Told, asked: Asked, form: str, out: Path) -> None:
    """Show an explanation, or write it as a document."""
    from pipeline.views.explained import explained
    from pipeline.views.letters import write_letter
    from pipeline.views.outcomes import WrittenView

    if form and form not in _FORMS:
        raise Failure(f"--format is {', '.join(_FORMS[:-1])} or {_FORMS[-1]}")
    if form:
        name = "explanation-" + found.explanation.about.replace(" ", "-").replace("/", "-")
        path = write_letter(session.workspace(), found.explanation, form, asked.day, asked.partner, name, out)
        session.emit("written", WrittenView(str(path)), lambda console: show.documents(console, [path]))
        return
    value = explained(found.explanation, asked.partner)
    session.emit("explained", value, lambda console: _shown(console, value))


def _shown(console: Console, value: ExplainedView) -> None:
    console.print(Text.assemble((value.about, "bold"), f" {value.title}".rstrip()))
    for sentence in value.answer:
        console.print(Text(sentence.text, style="bold"))
    if value.steps:
        console.print(Text("\nHow it came to be (UTC)", style="italic"))
    for step in value.steps:
        console.print(Text.assemble((show.minute(step.at), "cyan"), " ", step.what.text))
        for sentence in step.more:
            console.print(Padding(Text(sentence.text), (0, 0, 0, 4)))
    _listed(console, "What is open", value.open)
    _listed(console, "What to do", value.next)


def _listed(console: Console, title: str, said: Sequence[SaidView]) -> None:
    if said:
        console.print(Text(f"\n{title}", style="italic"))
    for each in said:
        console.print(Padding(Text(each.text), (0, 0, 0, 2)))
