"""Members: member find|show|unrestrict|merge|split."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import asof, codes, effects, family, show
from cli.approval import Reason, Why
from cli.session import NOT_ALL, Failure, Session, command, parse_day
from model.approval import Approval
from model.enrollment import known
from model.enrollment.rearrange import Rearrangement
from model.trade.member import RELATIONSHIPS
from writers.words import word

if TYPE_CHECKING:
    from pipeline.views.members import FoundView
    from pipeline.views.rearranged import RearrangedView

member = typer.Typer(help="Members: find one, show all that is recorded.", no_args_is_help=True)

Seen = Annotated[str, typer.Option("--seen", metavar="DIGEST", help="The effect as shown; then it is done.")]


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(member, name="member")


@member.command("find")
@command
def find_member(
    session: Session,
    words: Annotated[list[str] | None, typer.Argument(help="Names, numbers, a birth date; - reads them.")] = None,
    name: Annotated[str, typer.Option(help="First or last name, or both; beginnings are enough.")] = "",
    member_id: Annotated[str, typer.Option("--id", help="Any number of the member or family.")] = "",
    birth: Annotated[str | None, typer.Option(help="Birth date, YYYY-MM-DD.")] = None,
    last4: Annotated[str, typer.Option(help="Last four digits of the SSN.")] = "",
    same_ssn: Annotated[bool, typer.Option("--same-ssn", help="Who shares one with another member ID.")] = False,
    why: Why = "",
) -> None:
    """Find members by bare words: `member find ruiz ana`, `member find M000000017`, `member find 1983-06-05 ana`.

    All that is given must hold. A number is a member ID, a subscriber or employee number (also a former one; it
    names the whole family), an SSN or its last four digits, or another number that a record told. A name that
    nobody has finds those that come near it. `member find -` reads the words from the keyboard or a pipe, so that
    an SSN does not stay in the shell's history. --same-ssn alone lists who has one SSN and two member IDs.
    """
    from pipeline.views import members as desk

    said = sys.stdin.readline().split() if words == ["-"] else words or []
    try:
        bare = known.read(said)
        wanted = known.both(bare, known.Known((member_id,) if member_id else (), name, parse_day(birth), last4))
    except ValueError as error:
        raise Failure(str(error)) from None
    if same_ssn == bool(wanted.by):
        raise Failure("say who is looked for: a name, a number or a birth date; or --same-ssn alone")
    if same_ssn:
        sharing = desk.same_ssn(session.workspace(), session.plan_day())
        session.look("member find", (member.member for member in sharing), search="same-ssn", why=why)
        rows = [(*_found_row(member), member.ssn) for member in sharing]
        table = show.table("", (*_FOUND, "ssn"), rows)
        session.emit("member-shared-ssn", sharing, lambda console: console.print(table))
        return
    found = desk.find_members(session.workspace(), wanted, session.plan_day())
    session.look("member find", (member.member for member in found), search=wanted.by, why=why)
    session.emit("member-found", found, lambda console: _show_found(console, found))


_FOUND = ("member", "last", "first", "birth", "group", "subscriber", "relation", "covered")


def _show_found(console: Console, found: Sequence[FoundView]) -> None:
    from pipeline.views.members import MOST

    if not found:
        console.print("Nobody is found. All that is given must hold: try fewer words.")
        return
    if found[0].near:
        console.print("Nobody is called so. These come near:")
    console.print(show.table("", _FOUND, map(_found_row, found)))
    if len(found) >= MOST:
        console.print(f"No more than {MOST} are shown: say more of the person.")


def _found_row(found: FoundView) -> tuple[object, ...]:
    return (
        found.member,
        found.last,
        found.first,
        found.birth or "",
        found.group,
        found.subscriber,
        word(RELATIONSHIPS.words, found.relationship).lower(),
        f"{found.begin} to {show.day(found.end)}" if found.begin else "never",
    )


@member.command("show")
@command
def show_member(
    session: Session,
    member_id: Annotated[str, typer.Argument(help="Member ID.")],
    whole: Annotated[bool, typer.Option("--history", help="Everything ever recorded of the member.")] = False,
    as_of: asof.OnDay = None,
    known_on: asof.KnownOn = None,
    why: Why = "",
) -> None:
    """Show one member's families as of a day, or today: who, what each has from when to when, and what waits.

    --history shows every coverage ever recorded of the member, and which transaction said so.
    """
    from pipeline.views import families
    from pipeline.views import members as desk

    told = asof.read(session, as_of, known_on)
    then = f" by what was known at the end of {told.known_on}" if told.then else ""

    def tell(console: Console) -> None:
        asof.tell(console, told, session.plan_day())

    if whole:
        known_of = desk.member(session.workspace(), member_id, told)
        session.look("member show", [known_of.member] if known_of else (), why=why)
        if known_of is None:
            raise Failure(f"there is no member {member_id}{then}")
        session.emit("member", known_of, lambda console: family.ever(console, known_of, member_id, tell))
        return
    found = families.member_today(session.workspace(), member_id, asof.effective(session, told), told)
    session.look("member show", found.people if found else (), why=why)
    if found is None:
        raise Failure(f"there is no member {member_id}{then}")
    session.emit("member-today", found, lambda console: family.today(console, found, member_id, tell))


@member.command("unrestrict")
@command
def unrestrict_member(
    session: Session,
    member_id: Annotated[str, typer.Argument(help="Member ID.")],
    reason: Reason = "",
) -> None:
    """Let a confidential member's (INS13 = R) address, phone and e-mail be shown again: two people decide it.

    The first one's --reason asks for it, another person confirms it by the same command at the own login.
    No file does it, also not with INS13 = U. A later INS13 = R restricts the member again.
    """
    from pipeline import inputs

    made = inputs.unrestrict(session.workspace(), member_id, session.now(), Approval(reason=reason))
    if made is None:
        raise Failure(f"there is no member {member_id}")
    if made.problem:
        session.exit_code = NOT_ALL

    def people(console: Console) -> None:
        state = "is confidential (INS13 = R)" if made.restricted else "is not confidential"
        console.print(f"{made.member} {state}." + (f" Not changed: {made.problem}." if made.problem else ""))

    session.emit("unrestricted", made, people)


@member.command("merge")
@command
def merge_members(
    session: Session,
    one: Annotated[str, typer.Argument(help="Member ID.")],
    other: Annotated[str, typer.Argument(help="Member ID of the same person.")],
    seen: Seen = "",
    reason: Reason = "",
) -> None:
    """Make two members one, who are one person: the older ID stays, the other is an alias. Two people decide it.

    Without --seen it tells what would come of it, in billed months too, and changes nothing. With it and --reason
    the first one asks for it, and another person confirms it by the same command at the own login.
    """
    from pipeline import inputs

    decision = Approval(reason=reason)
    asked = Rearrangement.merge(one, other)
    made = inputs.rearrange(session.workspace(), asked, session.now(), decision, seen)
    session.look("member merge", _both(made, one, other), why=reason)
    if made is None:
        raise Failure(f"there is no member {one} or no member {other}")
    session.exit_code = NOT_ALL if made.problem or made.stale else session.exit_code
    session.emit("rearranged", made, lambda console: _show_rearranged(console, made))


@member.command("split")
@command
def split_member(
    session: Session,
    member_id: Annotated[str, typer.Argument(help="Member ID.")],
    groups: Annotated[list[str] | None, codes.option("--group", "-g", help="What goes over.")] = None,
    of_family: Annotated[str, typer.Option("--family", help="Of the group, this subscriber alone, masked.")] = "",
    back_to: Annotated[str, typer.Option("--back-to", help="Undo a merge: an alias of the member.")] = "",
    seen: Seen = "",
    reason: Reason = "",
) -> None:
    """Take what a member has in some groups into a new member, or undo a merge; two people decide it.

    Without --seen it tells what would come of it, in billed months too, and changes nothing. With it and --reason
    the first one asks for it, and another person confirms it by the same command at the own login.
    """
    from pipeline import inputs

    if bool(groups) == bool(back_to) or (of_family and not groups):
        raise Failure("give --group, with --family where it is one of several, or --back-to alone")
    decision = Approval(reason=reason)
    asked = Rearrangement.split(member_id, tuple(groups or ()), of_family, back_to)
    made = inputs.rearrange(session.workspace(), asked, session.now(), decision, seen)
    session.look("member split", _both(made, member_id), why=reason)
    if made is None:
        raise Failure(f"there is no member {member_id}")
    session.exit_code = NOT_ALL if made.problem or made.stale else session.exit_code
    session.emit("rearranged", made, lambda console: _show_rearranged(console, made))


def _both(made: RearrangedView | None, *named: str) -> list[str]:
    return sorted({member for member in (made.member, made.other) if member}) if made else []


def _show_rearranged(console: Console, made: RearrangedView) -> None:
    """Say who goes over, what is known then, what billed months change by, and whether it was done."""
    merges, new = made.what == "merge", made.other or "a new member"
    heads = ("", made.member, made.other, "then") if merges else ("", f"{made.member} now", made.member, new)
    rows = [
        (fact.name, fact.stays, *((fact.other, fact.stays_then) if merges else (fact.stays_then, fact.other_then)))
        for fact in made.facts
    ]
    moved = [(each.group, each.family, each.relationship, each.before, each.after or new) for each in made.moved]
    spans = (
        [
            (
                sign,
                span.group,
                span.member,
                span.line,
                span.what,
                span.begin,
                show.day(date.fromisoformat(span.end)),
            )
            for sign, some in (("-", made.effect.gone), ("+", made.effect.new))
            for span in some
        ]
        if made.effect
        else []
    )
    for title, columns, cells in (
        ("what is known" if not merges else "what differs", heads, rows),
        ("who goes over", ("group", "family", "", "from", "to"), moved),
        ("coverage", ("", "group", "member", "line", "plan", "from", "through"), spans),
    ):
        if cells:
            console.print(show.table(title, columns, cells))
    if made.effect:
        effects.show_changes(console, made.effect)
    for each in made.sent:
        text = f"{each.partner} has group {each.group}'s roster as {each.form} as before: export it again."
        console.print(Text(text, style="yellow"))
    console.print(Text(_outcome(made)))


def _outcome(made: RearrangedView) -> str:
    merges = made.what == "merge"
    if made.problem:
        return f"Nothing was changed: {made.problem}."
    if made.done:
        return f"{made.other} is now {made.member}." if merges else f"{made.other} is a member of its own."
    digest = made.effect.digest if made.effect else ""
    would = f"{made.other} becomes {made.member}" if merges else f"{made.other or 'a new member'} is split off"
    was = "The effect is another one by now. " if made.stale else ""
    return f"{was}Nothing is changed yet: {would} with --seen {digest}, by two people."
