"""What a reconciliation reads beside rosters, invoices and entries: money without an account, and headcounts.

As of any day, by what was recorded then (docs/domain.md, Reconciliation).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from billing.ready import Companies
from billing.threeway import Counted, Piece, amounts
from model.agreement.grants import PAY
from model.agreement.terms import Partner
from model.documents.statement import Unplaced
from model.money.breaks import Nowhere
from model.money.cents import Cents
from model.money.ledger import Deposit, LedgerAccount, OpenInvoice, Transfer
from model.money.remittance import Remittance, RemittanceLine
from model.timeline import AsOf
from model.trade.payment import OF_ACCOUNTS, OF_INVOICES, SSN
from pipeline.runtime.workspace import Workspace
from store.engine import Connection
from store.money import cash, deposits
from store.money import unplaced as held
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

    A partner's money can be of the groups that it may pay on the day; a deposit of a company that belongs to
    nobody is a group's where it is what its open items ask for.
    """
    paid = {partner.code: _paid(partner, asof.on or today) for partner in partners}
    codes = sorted(code for code, groups in paid.items() if group in groups)
    papers = _Papers(ws, conn)
    found = [
        _suspended(papers, each, paid[each.partner])
        for each in held.suspended(conn, codes, asof)
        if each.group in ("", group)
    ]
    companies, asked = Companies.of(partners), amounts(opens)
    banked = deposits.opened_then(conn, asof)
    return found + [
        _deposit(each, ", ".join(sorted(companies.owners.get(each.company, ()))), groups)
        for each in banked
        if group in (groups := _groups(each, companies, paid, group, asked))
    ]


def _paid(partner: Partner, day: date) -> frozenset[str]:
    """Return the groups, any part of which a partner may pay on a day."""
    return frozenset(grant.group for grant in partner.grants if partner.may(PAY, grant.group, day))


class _Papers:
    """The remittances that are opened, each once."""

    def __init__(self, ws: Workspace, conn: Connection) -> None:
        self._ws, self._conn = ws, conn
        self._open: dict[int, Remittance] = {}

    def of(self, remittance: int) -> Remittance:
        if remittance not in self._open:
            self._open[remittance] = cash.remittance(self._conn, remittance, self._ws.vault.fields)
        return self._open[remittance]


def _suspended(papers: _Papers, each: held.Suspended, groups: frozenset[str]) -> Piece:
    paper = papers.of(each.remittance)
    line = next((line for line in paper.lines if line.number == each.line), None)
    said, person = _said(line) if line else ("", False)
    return Piece(
        f"R{each.remittance}", each.line, each.partner, paper.trace, each.cents, said, person, each.group, groups
    )


def _said(line: RemittanceLine) -> tuple[str, bool]:
    """Return what a line names, masked, and whether that is a subscriber."""
    if line.person_id:
        return mask_said(line.person_id, ssn=line.person_qualifier == SSN), True
    return f"{line.qualifier} {mask_key(line.reference)}".strip(), line.qualifier not in _OF_MONEY


def _groups(
    deposit: Deposit,
    companies: Companies,
    paid: dict[str, frozenset[str]],
    group: str,
    asked: frozenset[Cents],
) -> frozenset[str]:
    """Return the groups, of those that are known here, that a deposit can be of."""
    owners = companies.owners.get(deposit.company, frozenset())
    if owners:
        return frozenset().union(*(paid.get(owner, frozenset()) for owner in owners))
    return frozenset([group]) if deposit.cents in asked else frozenset()


def _deposit(deposit: Deposit, owners: str, groups: frozenset[str]) -> Piece:
    return Piece(f"D{deposit.id}", 0, owners, deposit.trace, deposit.cents, groups=groups)


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
    """Yield how many subscribers a remittance counts for each account that its lines paid."""
    sums: Counter[str] = Counter()
    for line in cash.remittance(conn, remittance, ws.vault.fields).lines:
        accounts = paid.get(line.number, set())
        if line.headcount and len(accounts) == 1:
            sums[next(iter(accounts))] += sum(count for _, count in line.headcount if count > 0)
    for account, count in sorted(sums.items()):
        yield Counted(f"R{remittance}", account, count)
