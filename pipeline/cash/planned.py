"""Planned: where money that no account has would go, as somebody says, before anything is done. Reads only.

Source: docs/domain.md, Suspense.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from billing import placing
from billing.book import written
from billing.funds import Money, Source
from billing.placing import Goal, Placed, as_sent
from billing.ready import Companies
from model.agreement.terms import Partner
from model.money.cents import Cents, format_dollars
from model.money.ledger import UNIDENTIFIED, suspense
from model.money.notes import Remark, note
from model.money.remittance import RemittanceLine
from model.timeline import Month
from model.trade.payment import SSN
from pipeline.cash import held as lying
from pipeline.cash import refused
from pipeline.cash.held import Held
from pipeline.cash.payables import book_of
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection
from store.money import cash, payer_rules
from vault.ssn import mask_key, mask_said


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which money is meant, by remittance and line (0: the payment as a whole) or by deposit, and whose it is.

    `account`, `invoice` (numbers with commas between) or `subscriber`, and the `month` (2027-02) that it is for.
    `amount` is the part that is meant, above zero of a take-back, too; 0: all of it. `always`: what this payer
    sends with the same words is that account's from now on. `partner`: whose a deposit is that may be several's.
    """

    remittance: int = 0
    line: int = 0
    account: str = ""
    invoice: str = ""
    subscriber: str = ""
    month: str = ""
    amount: Cents = 0
    always: bool = False
    deposit: int = 0
    partner: str = ""

    @property
    def goal(self) -> Goal:
        """Return where it is to go."""
        numbers = tuple(number for text in self.invoice.split(",") if (number := text.strip()))
        month = Month.parse(self.month) if self.month else None
        return Goal("" if numbers else self.account, numbers, self.subscriber, month)


@dataclass(frozen=True, slots=True)
class Rule:
    """A standing rule that is made with it: the words of the line (in clear), the same masked, and the account."""

    words: str
    said: str
    account: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of `cents` (with their sign) of an item, whose it is, and the rule that is made with it."""

    held: Held | None
    cents: Cents = 0
    partner: Partner | None = None
    placed: Placed = field(default_factory=Placed)
    rule: Rule | None = None

    @property
    def problem(self) -> str:
        """Return why nothing can be done, in words; empty when it can."""
        return self.placed.problem

    @property
    def digest(self) -> str:
        """Return the digest of what is posted and of how much was there before: no ids of rows, no clock."""
        entries = [(t.debit, t.credit, t.cents, t.invoice, t.line, t.group) for t in self.placed.transfers]
        whose = self.partner.code if self.partner else ""  # who gets the receipt, where a deposit may be several's
        told = (self.held.cents if self.held else 0, entries, self.rule.account if self.rule else "", whose)
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def plan(ws: Workspace, conn: Connection, wanted: Wanted, now: datetime) -> Planned:
    """Work out what somebody wants to become of money: the entries, or why it cannot be."""
    held, problem = _held(conn, wanted)
    if held is None:
        return _refused(None, problem)
    if not 0 <= wanted.amount <= abs(held.cents):
        return _refused(held, f"{format_dollars(abs(held.cents))} of it is there: name a part of that")
    part = wanted.amount or abs(held.cents)
    cents = part if held.cents > 0 else -part
    today = clock.local_day(conn, now)
    if held.paper is None:
        return _of_deposit(ws, conn, wanted, held, cents, today)
    if wanted.partner not in ("", held.partner):
        return _refused(held, f"it is money of {held.partner}: --partner is for a deposit that may be several's")
    partner = agreements.partner(conn, held.paper.partner)
    assert partner is not None, "a remittance has a partner"
    money = Money(partner.code, today, held.paper.id, home=suspense(partner.code))
    lines = cash.remittance(conn, held.paper.id, ws.vault.fields).lines
    line = next((each for each in lines if each.number == held.line), None)
    planned = _of_partner(ws, conn, wanted, held, cents, money, partner, today, line)
    return _with_rule(ws, conn, planned, line) if wanted.always and not planned.problem else planned


def _refused(held: Held | None, problem: str) -> Planned:
    return Planned(held, held.cents if held else 0, placed=Placed(problem=problem))


def _held(conn: Connection, wanted: Wanted) -> tuple[Held | None, str]:
    """Return the item that is meant, or why there is none."""
    gone = "nothing of it is without an account any more"
    if wanted.deposit:
        found = lying.of_deposit(conn, wanted.deposit)
        return found, "" if found else gone
    mine = lying.of_line(conn, wanted.remittance, wanted.line)
    if len(mine) > 1:
        return None, "it names several groups: have the payment corrected"
    return (mine[0], "") if mine else (None, gone)


def _of_partner(
    ws: Workspace,
    conn: Connection,
    wanted: Wanted,
    held: Held,
    cents: Cents,
    money: Money,
    partner: Partner,
    today: date,
    line: RemittanceLine | None = None,
) -> Planned:
    """Place money within what a partner may pay; `line` is what its payer wrote."""
    goal = wanted.goal
    book = book_of(ws, conn, partner, as_sent(goal, cents), today)
    said = note(Remark.AS_WRITTEN, as_read(line)) if line else None
    placed = placing.place(book, money, cents, goal, Source(held.line, written=said, group=held.group))
    if placed.unknown:
        placed = replace(placed, problem=refused.why(ws, conn, goal, partner) or placed.problem)
    return Planned(held, cents, partner, placed)


# --- a deposit that nobody named -------------------------------------------------------------------------


def _of_deposit(ws: Workspace, conn: Connection, wanted: Wanted, held: Held, cents: Cents, today: date) -> Planned:
    """Place a deposit, as money of the one partner who may have sent it and may pay what is named."""
    assert held.deposit is not None, "it is of a deposit"
    if wanted.always:
        return _refused(held, "a deposit says nothing that could come again: leave --always out")
    every = [each for each in agreements.partners(conn) if wanted.partner in ("", each.code)]
    companies = Companies.of(agreements.partners(conn))
    may = [each for each in every if companies.may_be(held.company, each.code)]
    if wanted.partner and not may:
        bound = every and "its company is bound to another partner"
        return _refused(held, bound or f"there is no partner {wanted.partner}")
    money = Money("", held.deposit.received, deposit=held.deposit.id, home=UNIDENTIFIED)
    tried = [
        _of_partner(ws, conn, wanted, held, cents, replace(money, partner=partner.code), partner, today)
        for partner in may
    ]
    able = [each for each in tried if not each.problem]
    if len(able) > 1:
        codes = ", ".join(_codes(able))
        return _refused(held, f"several partners may pay that: say whose money it is by --partner ({codes})")
    known = [each for each in tried if not each.placed.unknown]
    return next(iter((*able, *known, *tried)), _refused(held, "its company is bound to no partner who is known"))


def _codes(planned: list[Planned]) -> Iterator[str]:
    yield from (each.partner.code for each in planned if each.partner)


# --- whatever comes with the same words ------------------------------------------------------------------


def _with_rule(ws: Workspace, conn: Connection, planned: Planned, line: RemittanceLine | None) -> Planned:
    """Return a plan with the standing rule that is made with it; or why there can be none."""
    rule, problem = _rule(ws, conn, planned, line)
    return replace(planned, rule=rule, placed=Placed(problem=problem) if problem else planned.placed)


def _rule(
    ws: Workspace, conn: Connection, planned: Planned, line: RemittanceLine | None
) -> tuple[Rule | None, str]:
    held = planned.held
    assert held is not None, "it was planned"
    words = written(line) if line else ""
    owners = {each.account for each in planned.placed.lines if each.account}
    if line is None or not words:
        return None, "its payer wrote nothing that could come again: leave --always out"
    if len(owners) != 1:
        return None, "a standing rule is for one account: leave --always out"
    before = payer_rules.meant(conn, held.partner, ws.vault.tokens.payer(words))
    for number, account in before.values():
        return None, f"rule {number} says already that it is account {account}'s: `rollbook suspense rules`"
    return Rule(words, as_read(line), owners.pop()), ""


def as_read(line: RemittanceLine) -> str:
    """Return what a payer wrote as people may read it: `IK 100021, for ***-**-1234`."""
    what = f"{line.qualifier} {mask_key(line.reference)}".strip()
    who = mask_said(line.person_id, ssn=line.person_qualifier == SSN)
    return f"{what}, for {who}" if who else what
