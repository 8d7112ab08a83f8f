"""Open work: work list|show|assign|note, and what is decided of it: approve|deny|amend|link|release|drop."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli import codes, decisions, effects, show
from cli.approval import Reason
from cli.decisions import Number, Seen
from cli.session import NOT_ALL, Failure, Session, command
from model.desk import ItemKind, Wanted
from model.enrollment.grounds import GROUNDS, Claim
from model.enrollment.ruling import Amendment, Answer, Kind, Wish
from model.money.cents import format_dollars
from model.trade.member import RELATIONSHIPS
from writers.words import word

if TYPE_CHECKING:
    from pipeline.views.asked import AskedView
    from pipeline.views.work import FamilyLineView, WorkItemView, WorkShownView

work = typer.Typer(help="What waits for a person, by when, and who may decide it.", no_args_is_help=True)
MEMBER_ID = re.compile(r"M\d{9,}")
HEADS = ("no.>", "due", "age>", "sent>", "about", "why", "money>", "owner", "decided by")


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(work, name="work")


@work.command("list")
@command
def list_work(
    session: Session,
    kind: Annotated[str, typer.Option("--kind", help=f"One of {', '.join(ItemKind)}.")] = "",
    group: Annotated[str, codes.option("--group", "-g", help="Only of this group.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Only what this operator has.")] = "",
    mine: Annotated[bool, typer.Option("--mine", help="Only what you have.")] = False,
    due: Annotated[bool, typer.Option("--due", help="Only what is due today or was before.")] = False,
    confirm: Annotated[bool, typer.Option("--to-confirm", help="Only what somebody else asked for.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="All of it, as JSON lines.")] = False,
    after: Annotated[str, typer.Option("--next", metavar="CURSOR", help="`next` of the page before.")] = "",
) -> None:
    """List what waits for a person, the first due first; exit code 1 while any of it is past due."""
    from pipeline.runtime import clock
    from pipeline.views import work as views

    if kind and kind not in list(ItemKind):
        raise Failure(f"--kind is one of {', '.join(ItemKind)}")
    ws, now = session.workspace(), session.now()
    if (mine or confirm) and not ws.actor.person:
        raise Failure("--mine and --to-confirm are for operators: see `rollbook operator list`")
    day = clock.local_date(now, ws.zone()) if due else None
    wanted = Wanted(kind, group, ws.actor.person if mine else owner, day, ws.actor.person if confirm else "")
    if everything:
        page = views.work_list(ws, now, wanted, most=1)
        session.exit_code = NOT_ALL if page.past_due else session.exit_code
        session.emit_lines("work-item", views.every(ws, now, wanted))
        return
    try:
        page = views.work_list(ws, now, wanted, views.place(after))
    except ValueError as error:
        raise Failure(str(error)) from None
    session.exit_code = NOT_ALL if page.past_due else session.exit_code

    def people(console: Console) -> None:
        console.print(_table(page.items))
        late = f", {page.past_due} past due" if page.past_due else ""
        console.print(f"{page.total} open{late}.")
        for row in page.omitted:
            what = f"{row.members} members: {row.code}, {format_dollars(row.amount_cents)} a month"
            console.print(f"{row.group} {row.subgroup}, {what}")
        if page.next:
            console.print(f"The next page: --next {page.next}")

    session.emit("work", page, people)


@work.command("show")
@command
def show_work(session: Session, number: Number) -> None:
    """Show an item: what was sent and said, the rule, the family today, what was charged, what waited before."""
    from pipeline import inputs

    value = inputs.show_work(session.workspace(), number, session.now())
    if value is None:
        raise Failure(f"there is no item {number}")
    session.look("work show", (line.member for line in value.family), document=f"item {number}")
    session.emit("work-shown", value, lambda console: _shown(console, value))


@work.command("assign")
@command
def assign_work(
    session: Session,
    number: Number,
    name: Annotated[str, typer.Argument(help="An operator, as `operator list` has the name.")] = "",
    nobody: Annotated[bool, typer.Option("--nobody", help="Take it from whoever has it.")] = False,
) -> None:
    """Give an item to an operator."""
    from pipeline import inputs

    if bool(name) == nobody:
        raise Failure("name an operator, or say --nobody")
    _changed(session, lambda: inputs.assign_work(session.workspace(), number, name, session.now()))


@work.command("note")
@command
def note_work(
    session: Session, number: Number, text: Annotated[str, typer.Argument(help="What is to be kept with it.")]
) -> None:
    """Write something down beside an item; it is kept sealed, and shown by `work show`."""
    from pipeline import inputs

    _changed(session, lambda: inputs.note_work(session.workspace(), number, text, session.now()))


@work.command("approve")
@command
def approve_work(
    session: Session,
    number: Number,
    reason: Reason = "",
    seen: Seen = "",
    ground: Annotated[str, typer.Option("--ground", help=f"Of a late end: {', '.join(GROUNDS)}.")] = "",
    evidence: Annotated[
        str,
        typer.Option("--on", metavar="DATE", help="Of the request, the payment or the notice."),
    ] = "",
    no_contribution: Annotated[
        bool, typer.Option("--no-contribution", help="Nothing was contributed for days after the end.")
    ] = False,
) -> None:
    """Carry out what was sent. A late end names its ground and that ground's evidence."""
    claim = Claim(ground, no_contribution, _date("--on", evidence))
    decisions.decide(session, number, Wish(Answer(Kind.APPROVE, claim)), reason, seen)


@work.command("deny")
@command
def deny_work(
    session: Session,
    number: Number,
    reason: Reason = "",
    seen: Seen = "",
    keep: Annotated[bool, typer.Option("--keep", help="Of a late end: coverage goes on as it is.")] = False,
    end: Annotated[str, typer.Option("--end", metavar="DATE", help="Of a late end: the permitted one.")] = "",
) -> None:
    """Reject what was sent; of a late end say --keep, or which end is permitted."""
    answer = Answer(Kind.DENY, amend=Amendment(_date("--end", end)), keep=keep)
    decisions.decide(session, number, Wish(answer), reason, seen)


@work.command("amend")
@command
def amend_work(
    session: Session,
    number: Number,
    reason: Reason = "",
    seen: Seen = "",
    end: Annotated[str, typer.Option("--end", metavar="DATE", help="Last covered day; 9999-12-31: open.")] = "",
    subgroup: Annotated[str, codes.option("--subgroup", help="Our code.")] = "",
    plan: Annotated[str, codes.option("--plan", help="Our code.")] = "",
    tier: Annotated[str, typer.Option("--tier", help="HD05.")] = "",
    ground: Annotated[str, typer.Option("--ground", help="As of approve, where the end is late.")] = "",
    evidence: Annotated[str, typer.Option("--on", metavar="DATE", help="As of approve.")] = "",
    no_contribution: Annotated[bool, typer.Option("--no-contribution", help="As of approve.")] = False,
) -> None:
    """Carry out what was sent with another end, subgroup, plan or level, under the same rules."""
    claim = Claim(ground, no_contribution, _date("--on", evidence))
    amended = Amendment(_date("--end", end), subgroup, plan, tier)
    decisions.decide(session, number, Wish(Answer(Kind.AMEND, claim, amended)), reason, seen)


@work.command("link")
@command
def link_work(
    session: Session,
    number: Number,
    reason: Reason = "",
    seen: Seen = "",
    person: Annotated[str, typer.Option("--person", metavar="MEMBER", help="The member whose record it is.")] = "",
    new_person: Annotated[bool, typer.Option("--new-person", help="It is nobody's whom we know.")] = False,
) -> None:
    """Say whose record it is, where matching does not tell. Of money: `suspense assign`."""
    answer = Answer(Kind.LINK, link=person.upper(), new_person=new_person)
    decisions.decide(session, number, Wish(answer), reason, seen)


@work.command("release")
@command
def release_work(
    session: Session,
    number: Number,
    reason: Reason = "",
    seen: Seen = "",
    but: Annotated[
        str,
        typer.Option(
            "--but",
            metavar="LINES,MEMBERS",
            help="Member lines that are rejected, and members who are absent and stay covered: 3,17,M000000004.",
        ),
    ] = "",
) -> None:
    """Apply a held set, whole or but for some member lines, and for members whom it does not name."""
    texts = {text.strip().upper() for text in but.split(",") if text.strip()}
    lines = sorted(int(text) for text in texts if text.isdecimal())
    members = sorted(text for text in texts if not text.isdecimal())
    if not all(MEMBER_ID.fullmatch(text) for text in members):
        raise Failure("--but is member lines by their numbers, and member IDs, as in 3,17,M000000004")
    decisions.decide(session, number, Wish(Answer(Kind.RELEASE), (*lines, *members)), reason, seen)


@work.command("drop")
@command
def drop_work(session: Session, number: Number, reason: Reason = "", seen: Seen = "") -> None:
    """Reject a held set whole, or a payment that waits; close what only asked that somebody looks."""
    decisions.decide(session, number, Wish(Answer(Kind.DROP)), reason, seen)


def _date(option: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Failure(f"{option} {text!r} is not a date: write YYYY-MM-DD") from None


def _changed(session: Session, change: Callable[[], WorkItemView]) -> None:
    try:
        value = change()
    except ValueError as error:
        raise Failure(str(error)) from None
    session.emit("work-item", value, lambda console: console.print(_table([value])))


def _shown(console: Console, value: WorkShownView) -> None:
    item = value.item
    console.print(Text(f"Item {item.number}: {item.code}", style="bold"), Text(item.why))
    closed = f", closed by {item.closed}" if item.closed else ""
    money = f", {format_dollars(item.amount_cents)}" if item.amount_cents else ""
    has = f", {item.owner} has it" if item.owner else ""
    console.print(Text(f"{_about(item)}{money}: since {item.since}, due {item.due}{has}{closed}"))
    asks = f"; {_decides(item)}" if item.requested and not item.closed else ""
    said = f"Whoever sent it is told: {value.fix}" if item.file_id else value.fix
    console.print(Text(f"Decided by {_whose(item)}{asks}. {said}"))
    if value.rule:
        console.print(Text(f"The rule: {' '.join(value.rule.split())}"))
    if value.segments:
        console.print(Text(f"\nin {item.file_id}", style="bold"))
    for segment in value.segments:
        console.print(Text(f"{segment.number:>7} {segment.text}", style="" if segment.here else "dim"))
    show.findings(console, value.findings, "\nsaid of it")
    _tables(console, value)
    if value.asked:
        _asked(console, value.asked)
    if value.effect:
        console.print(Text("\nApproved, it would do this:", style="bold"))
        decisions.effect(console, value.effect)
    if value.lacks:
        console.print(Text(f"To approve it: {value.lacks}"))
    for way in value.ways:
        console.print(Text(f"  {way}"), soft_wrap=True)


def _asked(console: Console, asked: AskedView) -> None:
    """Show what was asked for, and what it does as it was shown then."""
    console.print(Text(f"\n{asked.by} asks since {asked.since}: {asked.reason}", style="bold"))
    if asked.terms:
        effects.show_terms(console, asked.terms)
    if asked.ending:
        effects.show_ending(console, asked.ending)
    console.print("Another person confirms it by the first of these commands, the second withdraws it:")


def _relation(covered: FamilyLineView) -> str:
    return word(RELATIONSHIPS.words, covered.relationship).lower()


def _tables(console: Console, value: WorkShownView) -> None:
    family = [
        (f.member, _relation(f), f.subgroup, f.line, f.plan, f.tier, f.begin, show.day(f.end))
        for f in value.family
    ]
    heads = ("member", "relation", "subgroup", "line", "plan", "level", "from", "through")
    charged = [(charge.month, charge.account, format_dollars(charge.amount_cents)) for charge in value.charged]
    told = [
        (answer.kind, answer.key, f"{answer.delivered_at:%Y-%m-%d}" if answer.delivered_at else "not yet")
        for answer in value.told
    ]
    before = [(i.number, i.since, i.code, i.line, i.closed or "open") for i in value.earlier]
    events = [
        (show.minute(event.at), event.what, event.actor or event.step, event.file_id, event.text)
        for event in value.events
    ]
    for title, columns, rows in (
        ("the family, from today on", heads, family),
        ("charged for the family", ("month", "account", "amount>"), charged),
        ("what the sender was told", ("", "document", "left"), told),
        ("other items of the same", ("no.>", "since", "why", "line", ""), before),
        ("what happened (UTC)", ("at", "", "by", "file", ""), events),
    ):
        if rows:
            console.print(show.table(f"\n{title}", columns, rows))


def _table(items: Sequence[WorkItemView]) -> Table:
    """Lay items out; the owner's column is left out where nobody has one, since codes need its room."""
    owned = any(item.owner for item in items)
    heads = [head for head in HEADS if owned or head != "owner"]
    return show.table("", heads, (_row(item, owned=owned) for item in items))


def _row(item: WorkItemView, *, owned: bool) -> tuple[object, ...]:
    return (
        item.number,
        Text(str(item.due), style="red" if item.past_due else ""),
        item.age,
        item.receipts,
        _about(item),
        f"{item.code}: {item.why}",
        format_dollars(item.amount_cents) if item.amount_cents else "",
        *([item.owner] if owned else []),
        _decides(item),
    )


def _about(item: WorkItemView) -> str:
    return f"{item.label}, {item.line}" if item.line else item.label


def _decides(item: WorkItemView) -> str:
    if item.requested:
        return f"{item.requested_by} asks: {item.requested}"
    return _whose(item)


def _whose(item: WorkItemView) -> str:
    return item.role if item.people == 1 else f"{item.role}, {item.people} people"
