"""The ledger of exchanges: exchange list|show|retry."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import codes, show
from cli.session import NOT_ALL, Failure, Session, command, parse_day

if TYPE_CHECKING:
    from pipeline.views.exchanged import AcknowledgedView, AnswerView, ExchangeView
    from pipeline.views.findings import FindingView

exchange = typer.Typer(
    help="Interchanges that came and went: control numbers, answers, acknowledgments.", no_args_is_help=True
)
FORMS = ("table", "json", "csv")
SHOWN = 20  # groups, sets, answers and acknowledgments of one interchange at a terminal
HEADS = (
    "received (UTC)",
    "partner",
    "",
    "file",
    "kind",
    "ISA13",
    "GS06",
    "ST02",
    "state",
    "answer",
)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(exchange, name="exchange")


@exchange.command("list")
@command
def list_exchanges(
    session: Session,
    partner: Annotated[str | None, codes.option("--partner", "-p", help="Only this partner's.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="From this day on, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Up to this day, YYYY-MM-DD.")] = None,
    form: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
    open_only: Annotated[
        bool, typer.Option("--findings", help="Only those with findings; exit code 1 when there are any.")
    ] = False,
) -> None:
    """List interchanges, oldest first: what came, what we answered, what we sent, who acknowledged it.

    Findings: gaps and repeats in a sender's ISA13, sets without an answer, documents that did not leave, and what
    a partner rejected or has not acknowledged two days after its delivery.
    """
    from pipeline.views import exchanges

    if form not in FORMS:
        raise Failure("--format is table, json or csv")
    session.json = session.json or form == "json"
    days = parse_day(since), parse_day(until)
    values = exchanges.ledger(session.workspace(), session.now(), partner, *days)
    if open_only:
        values = [value for value in values if value.findings]
        session.exit_code = NOT_ALL if values else 0
    if form == "csv" and not session.json:
        sys.stdout.write(exchanges.csv(values).data.decode("utf-8-sig"))
        return

    def people(console: Console) -> None:
        console.print(show.table("", HEADS, [_row(value, exchanges.cells(value)) for value in values]))
        found = [finding for value in values for finding in value.findings]
        _findings(console, found)

    session.emit("exchange", values, people)


def _row(value: ExchangeView, cells: dict[str, str]) -> tuple[object, ...]:
    names = ("partner", "way", "file", "kind", "interchange", "groups", "sets")
    answered = cells["answers"] or cells["acknowledged"]
    return (show.minute(value.at), *(cells[name] for name in names), show.state(cells["state"]), answered)


def _findings(console: Console, found: Sequence[FindingView]) -> None:
    """Show findings with what they are about in place of a position in a file."""
    rows = [
        (
            Text(finding.severity, style=show.SEVERITY_STYLES[finding.severity]),
            finding.code,
            finding.subject,
            finding.message,
            finding.fix,
        )
        for finding in found
    ]
    if rows:
        console.print(show.table("\nfindings", ("", "code", "about", "what", "what to do"), rows))


@exchange.command("show")
@command
def show_exchange(
    session: Session,
    name: Annotated[str, typer.Argument(help="A file id (F000001), or an ISA13, theirs or ours.")],
    partner: Annotated[str | None, codes.option("--partner", "-p", help="Only this partner's.")] = None,
    form: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
) -> None:
    """Show an exchange: its groups and sets, what we answered and when it left, what the partner said of ours."""
    from pipeline.views import exchanges

    if form not in FORMS:
        raise Failure("--format is table, json or csv")
    session.json = session.json or form == "json"
    values = exchanges.find(session.workspace(), session.now(), name, partner)
    if not values:
        raise Failure(f"there is no file and no interchange {name}")
    if form == "csv" and not session.json:
        sys.stdout.write(exchanges.csv(values).data.decode("utf-8-sig"))
        return

    def people(console: Console) -> None:
        for value in values:
            _show(console, value)

    session.emit("exchange", values, people)


@exchange.command("retry")
@command
def retry_document(
    session: Session, key: Annotated[str, typer.Argument(help="Its key, as a finding names it: invoice:100001.")]
) -> None:
    """Make a document again that was held because it did not fit (DOCUMENT-HELD), and deliver it."""
    from pipeline import inputs

    value = inputs.deliver_again(session.workspace(), key, session.now(), session.trouble)
    if value is None:
        raise Failure(f"nothing waits to be delivered under {key}")
    session.emit("retried", value, lambda console: show.documents(console, value.documents))


def _show(console: Console, value: ExchangeView) -> None:
    verb = f"came from {value.partner or 'nobody we know'}" if value.way == "in" else f"for {value.partner}"
    what = f"interchange {value.interchange}" if value.interchange else "no interchange"
    console.print(Text(f"\n{what}", style="bold"), verb, f"{show.minute(value.at)} UTC", show.state(value.state))
    if value.file_id:
        console.print(f"in {value.file_id}", Text(value.name), f"kind {value.kind}, from {value.sender or '-'}")
    for group in [group for group in value.groups if group.code][:SHOWN]:
        verdict = f": {group.verdict}" if group.verdict else ""
        console.print(f"group {group.code} {group.control} {group.version}{verdict}")
    if value.group_count > SHOWN:
        console.print(f"{value.group_count} groups in all")
    _sets(console, value)
    answers = [
        (
            each.kind.upper() if each.interchange else each.kind,
            each.verdict,
            each.interchange,
            each.group,
            each.answers,
            _when(each),
            _said(each),
        )
        for each in value.answers[:SHOWN]
    ]
    if answers:
        heads = ("answer", "says", "ISA13", "GS06", "to", "delivered (UTC)", "confirmed")
        console.print(show.table("", heads, answers))
        if value.answer_count > len(answers):
            console.print(f"{value.answer_count} answers in all")
    elif value.way == "out":
        console.print(f"delivered {_when(value)} as", Text(value.name))
    _acks(console, value.acknowledged, "acknowledged by the partner")
    _acks(console, value.acknowledges, "says of ours")
    _findings(console, value.findings[:SHOWN])
    if value.finding_count > SHOWN:
        console.print(f"{value.finding_count} findings in all; with --json the first {len(value.findings)}")


def _sets(console: Console, value: ExchangeView) -> None:
    rows = [
        (s.kind, s.control, s.group, s.reference, s.verdict, show.state(s.state), s.reason)
        for s in value.sets[:SHOWN]
    ]
    if rows and value.way == "in":
        heads = ("set", "ST02", "GS06", "reference", "syntax", "state", "why")
        console.print(show.table("", heads, rows))
    if value.set_count > len(rows):
        console.print(f"{value.set_count} sets in all: {show.counted(value.states)}")


def _acks(console: Console, acks: Sequence[AcknowledgedView], title: str) -> None:
    rows = [
        (
            a.kind,
            a.verdict,
            a.codes,
            a.control,
            a.set,
            "" if a.matched else "not ours",
            a.file_id,
        )
        for a in acks[:SHOWN]
    ]
    if rows:
        heads = ("", "says", "codes", "to", "set", "", "in file")
        console.print(show.table(title, heads, rows))


def _when(value: ExchangeView | AnswerView) -> str:
    return show.minute(value.delivered_at) or "not yet"


def _said(value: AnswerView) -> str:
    return ", ".join(f"{ack.kind} {ack.verdict}" for ack in value.acknowledged)
