"""What somebody asked to be decided on an item of open work, and how another person confirms it.

Two say the same who ask the same, and who answer the same with the same effect, whatever words they take for it:
whose money something is may be said by an invoice and by an account. What somebody asked for gives way to nobody's
other answer but the own one, and a supervisor's (docs/domain.md, Two people).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from model.desk import Item, ItemKind
from model.enrollment.effect import SHOWN
from model.enrollment.ruling import Answer, Wish
from model.money.cents import format_cents
from model.people import is_same_person
from pipeline.desk.asked import last
from pipeline.runtime import approvals
from pipeline.runtime.workspace import Workspace
from store.desk import items
from store.engine import Connection
from vault.ssn import mask_key


@dataclass(frozen=True, slots=True)
class Requested:
    """What somebody asked for: the digest is of the effect as it was shown."""

    wish: Wish
    shown: str
    by: str
    reason: str

    def is_same(self, wish: Wish, shown: str) -> bool:
        """Say whether a wish with the digest of its effect ("": not shown yet) is what was asked for."""
        if not shown:
            return self.wish == wish
        return self.wish.answer == wish.answer and self.shown[:SHOWN].lower() == shown[:SHOWN].lower()

    def is_by(self, person: str) -> bool:
        """Say whether this person asked for it."""
        return is_same_person(self.by, person)

    def told(self, number: int) -> str:
        """Say what was asked for that is something else, as the command that confirms it."""
        return f"{self.by} asked for something else: `{command(number, self.wish, self.shown)}` confirms that"


def standing(ws: Workspace, conn: Connection, known: Item) -> Requested | None:
    """Return what somebody whose word counts asked to be decided on an item; None: nobody did."""
    if not known.requested or known.waiting.kind is ItemKind.REQUEST:
        return None
    asked = last(Requested, items.events(conn, known, ws.vault.fields))
    return None if approvals.lost(conn, asked.by) else asked


def in_the_way(ws: Workspace, conn: Connection, number: int, before: Requested, mine: Requested) -> str:
    """Say why whoever acts may not ask for something else than stands, in words; empty when he may.

    The same words with another effect are no other answer: what was shown to the first one is gone.
    """
    if before.wish == mine.wish or not approvals.withdrawing(conn, ws.actor, before.by, mine.reason):
        return ""
    return f"{before.told(number)}; {before.by} or a supervisor may ask otherwise"


# --- as a command ----------------------------------------------------------------------------------------


def command(number: int, wish: Wish, shown: str) -> str:
    """Return the command by which another person confirms a wish on an item, SSNs masked."""
    verb = "suspense assign" if wish.money else f"work {wish.answer.kind}"
    options = _whose(wish) if wish.money else _answer(wish.answer)
    but = [f"--but {','.join(map(str, wish.but))}"] if wish.but else []
    return " ".join((f"rollbook {verb} {number}", *options, *but, f"--seen {shown[:SHOWN]}", "--reason R"))


def _whose(wish: Wish) -> Iterator[str]:
    places = (("invoice", wish.invoice), ("subscriber", mask_key(wish.subscriber)), ("account", wish.account))
    yield next(f"--to {kind}:{name}" for kind, name in places if name)
    if wish.month:
        yield f"--month {wish.month}"
    if wish.amount:
        yield f"--amount {format_cents(wish.amount)}"
    if wish.always:
        yield "--always"
    if wish.partner:
        yield f"--partner {wish.partner}"


def _answer(answer: Answer) -> Iterator[str]:
    claim, amend = answer.claim, answer.amend
    said = (
        ("--ground", claim.code),
        ("--on", claim.on),
        ("--end", amend.end),
        ("--subgroup", amend.subgroup),
        ("--plan", amend.plan),
        ("--tier", amend.tier),
        ("--person", answer.link),
    )
    yield from (f"{option} {value}" for option, value in said if value)
    flags = (
        ("--no-contribution", claim.no_contribution),
        ("--keep", answer.keep),
        ("--new-person", answer.new_person),
    )
    yield from (option for option, is_said in flags if is_said)
