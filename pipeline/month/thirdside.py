"""What a reconciliation reads beside rosters, invoices and entries: money without an account, and headcounts.

As of any day, by what was recorded then (docs/domain.md, Reconciliation).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from billing.ready import Companies
from billing.threeway import Counted, Piece
from billing.whose import Lying, Payers, due
from model.agreement.terms import Partner
from model.documents.statement import Unplaced
from model.money.breaks import Nowhere
from model.money.cents import Cents
from model.money.ledger import LedgerAccount, OpenInvoice, Transfer
from model.money.remittance import Remittance, RemittanceLine
from model.timeline import AsOf
from model.trade.payment import OF_ACCOUNTS, OF_INVOICES, SSN
from model.trade.references import PLAN_NUMBER
from pipeline.cash import held
from pipeline.cash.held import Held
from pipeline.runtime.workspace import Workspace
from store.engine import Connection
from store.money import cash
from vault.ssn import mask_key, mask_said

_OF_MONEY = (*OF_ACCOUNTS, *OF_INVOICES)


def pieces(
    ws: Workspace,
    conn: Connection,
    partners: Sequence[Partner],
    group: str,
    opens: Iterable[OpenInvoice],
    today: date,
    asof: AsOf,
) -> list[Piece]:
    """Return the money that no account has and that can be a group's: by what its line names, else by who pays.

    As of the day, by the rule of whose it could be (billing.whose).
    """
    payers, companies = Payers(partners, asof.on or today), Companies.of(partners)
    asked = {group: frozenset[Cents]().union(*due(opens).values())}
    papers = _Papers(ws, conn)
    money = ((each, each.lying(companies)) for each in held.everything(conn, payers.of(group), asof))
    return [
        _piece(papers, each, lying, groups)
        for each, lying in money
        if group in (groups := payers.groups(lying, asked))
    ]


class _Papers:
    """The remittances that are opened, each once."""

    def __init__(self, ws: Workspace, conn: Connection) -> None:
        self._ws, self._conn = ws, conn
        self._open: dict[int, Remittance] = {}

    def of(self, remittance: int) -> Remittance:
        if remittance not in self._open:
            self._open[remittance] = cash.remittance(self._conn, remittance, self._ws.vault.fields)
        return self._open[remittance]


def _piece(papers: _Papers, each: Held, lying: Lying, groups: frozenset[str]) -> Piece:
    if each.deposit:
        owners = ", ".join(sorted(lying.senders))
        return Piece(f"D{each.deposit.id}", 0, owners, each.trace, each.cents, groups=groups)
    assert each.paper is not None, "it is of a deposit or of a remittance"
    lines = papers.of(each.paper.id).lines
    line = next((line for line in lines if line.number == each.line), None)
    said, person = _said(line) if line else ("", False)
    return Piece(
        f"R{each.paper.id}", each.line, each.partner, each.trace, each.cents, said, person, each.group, groups
    )


def _said(line: RemittanceLine) -> tuple[str, bool]:
    """Return what a line names, masked, and whether that is a subscriber."""
    if line.person_id:
        return mask_said(line.person_id, ssn=line.person_qualifier == SSN), True
    return f"{line.qualifier} {mask_key(line.reference)}".strip(), line.qualifier not in _OF_MONEY


def unplaced(found: Iterable[Piece], group: str) -> list[Unplaced]:
    """Return what of it is not known to be the group's, by partner; suspense before deposits."""
    sums: Counter[tuple[str, Nowhere]] = Counter()
    for piece in found:
        if piece.group != group:
            kind = Nowhere.SUSPENSE if piece.payment.startswith("R") else Nowhere.DEPOSIT
            sums[piece.partner, kind] += piece.cents
    order = sorted(sums.items(), key=lambda each: (each[0][1] is Nowhere.DEPOSIT, each[0][0]))
    return [Unplaced(partner, kind, cents) for (partner, kind), cents in order if cents]


def counted(ws: Workspace, conn: Connection, entries: Iterable[Transfer]) -> list[Counted]:
    """Return what the remittances that paid these entries count for each account, where they count anything."""
    paid: dict[int, dict[int, set[str]]] = {}
    for entry in entries:
        side = LedgerAccount.read(entry.credit)
        if entry.remittance and entry.line and side.owner:
            paid.setdefault(entry.remittance, {}).setdefault(entry.line, set()).add(side.owner)
    return [each for remittance in sorted(paid) for each in _counts(ws, conn, remittance, paid[remittance])]


def _counts(ws: Workspace, conn: Connection, remittance: int, paid: dict[int, set[str]]) -> Iterator[Counted]:
    """Yield how many subscribers a remittance counts for each account that its lines paid.

    A line that names a plan counts that plan's people, whom the self bill compares: it counts no subscribers.
    """
    sums: Counter[str] = Counter()
    for line in cash.remittance(conn, remittance, ws.vault.fields).lines:
        accounts = paid.get(line.number, set())
        if line.headcount and len(accounts) == 1 and not line.named(PLAN_NUMBER):
            sums[next(iter(accounts))] += sum(count for _, count in line.headcount if count > 0)
    for account, count in sorted(sums.items()):
        yield Counted(f"R{remittance}", account, count)
