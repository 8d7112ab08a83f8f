"""Proposing: what money that no account has may be for, by what the books of its payers hold now.

Nothing is kept: proposals are worked out when somebody asks, so that whoever has come since is found. Each payer's
book is read once for all of its money (docs/domain.md, Suspense).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from billing.book import Book, Payable
from billing.placing import Goal, as_sent
from billing.proposals import Person, Proposed, Proposer, Unplaced, merged
from billing.ready import Companies
from billing.some_of import STEPS
from model.agreement.terms import Partner
from model.finding import Where
from model.money.cents import Cents
from model.money.proposed import Why
from model.money.remittance import Remittance, RemittanceLine
from model.timeline import Month
from model.trade.payment import SSN
from pipeline.cash.held import Held
from pipeline.cash.payables import book_of, covers_of, payables
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection
from store.money import accounts, cash, ledger, months_of
from store.people import called

_PEOPLE = 10  # subscribers proposed for one item by name, and by amount
_NOBODY = Remittance("", "", 0, "", "", "", None, "", (), ("", ""), ("", ""), (), (), Where())


@dataclass(slots=True)
class _Payer:
    """One payer's book, and whom its money may be of."""

    proposer: Proposer
    named: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # member IDs by name
    billed: dict[Cents, list[tuple[str, Month]]] = field(default_factory=dict)  # member ID and month by amount
    members: dict[int, str] = field(default_factory=dict)  # by contract


class Proposing:
    """What is proposed for some items of one reading."""

    def __init__(self, ws: Workspace, conn: Connection, today: date, held: Sequence[Held]) -> None:
        """Read who may have sent what; `held` are all items that are asked about."""
        self._ws, self._conn, self._today = ws, conn, today
        self._partners = {partner.code: partner for partner in agreements.partners(conn)}
        self._companies = Companies.of(self._partners.values())
        self._held: dict[str, list[Held]] = defaultdict(list)
        for each in held:
            for code in self.payers(each) or [""]:
                self._held[code].append(each)
        self._papers: dict[int, Remittance] = {}
        self._payers: dict[str, _Payer] = {}

    def payers(self, held: Held) -> list[str]:
        """Return whose money an item may be: its sender's, or theirs to whom a deposit's company is bound.

        Empty for a deposit of a company that is bound to nobody: it may be anybody's.
        """
        return sorted(held.lying(self._companies).senders)

    def line(self, held: Held) -> RemittanceLine | None:
        """Return what the payer wrote for an item: its line, or the only one of a payment that is there whole."""
        if held.paper is None:
            return None
        lines = self.paper(held.paper.id).lines
        mine = [each for each in lines if held.line in (each.number, 0)]
        return replace(mine[0], paid=held.cents) if len(mine) == 1 else None

    def paper(self, remittance: int) -> Remittance:
        """Return a remittance with its lines."""
        if remittance not in self._papers:
            self._papers[remittance] = cash.remittance(self._conn, remittance, self._ws.vault.fields)
        return self._papers[remittance]

    def proposed(self, held: Held, steps: int = STEPS) -> Proposed:
        """Return what an item may be for; `steps` bounds the search for sums of open invoices."""
        codes, line = self.payers(held) or [""], self.line(held)
        return merged(self._proposed(code, held, line, steps) for code in codes)

    def own_accounts(self, held: Held) -> list[str]:
        """Return the accounts that the payers of an item may pay, of the group that its line names."""
        return sorted({name for code in self.payers(held) for name in self._payer(code).proposer.own(held.group)})

    def _proposed(self, code: str, held: Held, line: RemittanceLine | None, steps: int) -> Proposed:
        payer = self._payer(code)
        people = [Person(member, Why.NAME) for member in payer.named.get(_name(line), ())]
        people += [
            Person(member, Why.MONTH_OF, month, held.cents) for member, month in payer.billed.get(held.cents, ())
        ]
        return payer.proposer.propose(
            Unplaced(held.cents, line, held.group, tuple(people), payer.members), steps=steps
        )

    def _payer(self, code: str) -> _Payer:
        if code not in self._payers:
            self._payers[code] = self._read(self._partners[code]) if code else _Payer(self._of_nobody())
        return self._payers[code]

    def _read(self, partner: Partner) -> _Payer:
        """Read a payer's book, with the subscribers whom its lines name by number, by name or by an amount."""
        held = self._held[partner.code]
        lines = [line for each in held if (line := self.line(each))]
        sent = _numbered([*lines, *map(_as_ssn, lines)])
        book = book_of(self._ws, self._conn, partner, sent, self._today)
        groups = agreements.group_ids(self._conn, {payable.group for payable in book.accounts})
        named = called.called(self._conn, groups.values(), map(_name, lines))
        named = {name: members[:_PEOPLE] for name, members in named.items()}
        waiting = [invoice.number for invoice in book.invoices if invoice.open > 0]
        amounts = {each.cents for each in held if each.cents > 0}
        months = months_of.of_amounts(self._conn, waiting, amounts)
        members = called.holders(self._conn, _contracts(book) | {contract for _, contract, _ in months})
        billed: dict[Cents, list[tuple[str, Month]]] = defaultdict(list)
        for cents, contract, month in months:
            if contract in members and len(billed[cents]) < _PEOPLE:
                billed[cents].append((members[contract], month))
        goals = [Goal(subscriber=member) for member in {*members.values(), *_all(named.values())}]
        goals += [Goal(subscriber=member, month=month) for some in billed.values() for member, month in some]
        if goals:
            said = (line for goal in sorted(goals, key=str) for line in as_sent(goal, 0).lines)
            sent = _numbered([*sent.lines, *said])
            book = book_of(self._ws, self._conn, partner, sent, self._today)
            members |= called.holders(self._conn, _contracts(book) - members.keys())
        book = replace(book, covers=covers_of(self._conn, partner, self._today))
        return _Payer(Proposer(book), named, billed, dict(members))

    def _of_nobody(self) -> Proposer:
        """Return what proposes for deposits of a company that is bound to nobody: by what is open anywhere."""
        terms = agreements.all_terms(self._conn)
        ever = accounts.of_groups(self._conn, list(terms))
        every: list[Payable] = [
            payable for agreed in terms.values() for payable in payables(agreed, ever, self._today)
        ]
        waiting = ledger.invoice_open(self._conn, [payable.account for payable in every])
        return Proposer(Book(tuple(every), tuple(waiting)), own=False)


def _name(line: RemittanceLine | None) -> tuple[str, str]:
    last, first = line.person_name if line else ("", "")
    return " ".join(last.split()), " ".join(first.split())


def _as_ssn(line: RemittanceLine) -> RemittanceLine:
    """Return a line whose reference is read as an SSN, too, as somebody who looks at it would."""
    return replace(line, person_id=line.reference, person_qualifier=SSN)


def _numbered(lines: Iterable[RemittanceLine]) -> Remittance:
    return replace(_NOBODY, lines=tuple(replace(line, number=at) for at, line in enumerate(lines, 1)))


def _contracts(book: Book) -> set[int]:
    return {known.contract for known in book.subscribers}


def _all(several: Iterable[Collection[str]]) -> set[str]:
    return {each for some in several for each in some}
