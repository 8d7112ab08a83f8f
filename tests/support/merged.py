"""Stories of merges and splits: people of several groups, what is asked of them, what comes of it, as texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from model.approval import NOBODY
from model.enrollment.rearrange import Rearrangement
from model.money.cents import Cents
from model.timeline import OPEN, Month
from pipeline import inputs
from pipeline.month.bill import bill
from pipeline.runtime.workspace import Workspace
from pipeline.views.rearranged import RearrangedView
from store import dump
from store.people import roster
from support import two_partners
from support.people import TWO, deciding

GROUPS = ("G1", "G2", "AGED")
DAY = date(2026, 12, 2)
JAN = date(2027, 1, 1)
_TIERS = 'monthly = { EMP = "500.00", ESP = "900.00", ECH = "800.00", FAM = "1200.00" }'
_AGES = 'by_age = { 0-20 = "200.00", "21-49" = "400.00", "50+" = "600.00" }'


def agree(ws: Workspace) -> None:
    """Have three groups agreed, each with a partner of its own; the last one is rated by age."""
    aged = two_partners.group_terms("AGED").replace(_TIERS, _AGES)
    texts = [two_partners.group_terms(group) for group in GROUPS[:2]]
    partners = [two_partners.partner_terms(group.lower(), group) for group in GROUPS]
    two_partners.agree(ws, *texts, aged, *partners)


@dataclass
class Story:
    """A story as it goes on; what the roster was before each merge or split, by its number."""

    ws: Workspace
    files: int = 0
    before: list[list[str]] = field(default_factory=list)

    def file(self, group: str, members: list[dict[str, Any]], day: date = DAY) -> list[str]:
        """Receive a file of a group's partner; return what became of each line."""
        self.files += 1
        value = two_partners.send(self.ws, group.lower(), group, self.files, day, *members)
        return two_partners.lines_of(value)

    def ask(self, asked: Rearrangement, day: date = DAY, seen: str = "") -> RearrangedView:
        """Ask for a merge or a split; `seen` does it, by two people."""
        at = deciding(self.ws)
        made = inputs.rearrange(at, asked, self.ws.now(day), TWO if seen else NOBODY, seen)
        assert made is not None
        return made

    def do(self, asked: Rearrangement, day: date = DAY) -> RearrangedView:
        """Look, do it as it was shown, and find it done once: nothing came of the look."""
        was = known(self.ws)
        looked = self.ask(asked, day)
        assert known(self.ws) == was and not looked.done
        if looked.problem:
            return looked
        assert looked.effect is not None
        self.before.append(was)
        made = self.ask(asked, day, looked.effect.digest)
        assert made.done and made.effect == looked.effect, made
        assert self.ask(asked, day, looked.effect.digest).done is False
        return made

    def billed(self, group: str, month: str, day: date) -> list[tuple[Cents, Cents]]:
        """Bill a group's month; return current premium and corrections of each invoice."""
        results = bill(self.ws, Month.parse(month), self.ws.now(day), group)
        return [(i.current, i.retro) for result in results for i in result.issued]


def known(ws: Workspace) -> list[str]:
    """Return all that is known of people and places, without any recorded time."""
    with ws.database.read() as conn:
        return dump.roster(conn, ws.vault) + dump.cobra(conn, ws.vault) + dump.told(conn, ws.vault)


def spans(ws: Workspace) -> Iterator[str]:
    """Yield who is covered: `G1 E1 18 M1 EMP 2027-01-01 open`; member IDs are short."""
    with ws.database.read() as conn:
        for line in (line for group in GROUPS for line in roster.lines(conn, group)):
            end = "open" if line.span.end == OPEN else str(line.span.end)
            tier = line.tier or "-"
            who = (line.group, line.masked, line.relationship, short(line.member_id))
            yield " ".join((*who, tier, str(line.span.begin), end))


def short(member_id: str) -> str:
    """Return a member ID without its zeros."""
    return f"M{int(member_id[1:])}" if member_id else ""


def long(text: str) -> str:
    """Return a member ID from its short form."""
    return f"M{int(text[1:]):09d}"
