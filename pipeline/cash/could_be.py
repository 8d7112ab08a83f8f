"""Could be: which money that no account has may be an account's, so that nobody is late while it lies there.

Source: docs/domain.md, Suspense.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from billing.invoice import oldest_first
from billing.ready import Companies
from model.agreement.grants import PAY
from model.agreement.terms import Partner
from model.money.cents import Cents
from model.money.ledger import BillingAccount, OpenInvoice
from pipeline.cash import held as lying
from pipeline.cash.held import Held
from store import agreements
from store.engine import Connection
from store.money import accounts, ledger


@dataclass(frozen=True, slots=True)
class CouldBe:
    """Money (cents > 0) that may be an account's: of a remittance and its line, or of a deposit; its open work.

    `why`: `payer` (it lies for a partner who may pay the account), `company` (the deposit's company is that of
    such a partner) or `amount` (a deposit of a company that nobody knows is what is open on an invoice of the
    account, or all that is due through one).
    """

    cents: Cents
    why: str
    remittance: int = 0
    line: int = 0
    deposit: int = 0
    item: int = 0


def could_be(conn: Connection, numbers: Collection[str], today: date) -> Mapping[str, Sequence[CouldBe]]:
    """Return for some accounts what lies in suspense and which deposits could be their payers', by account.

    Payers of an account are whom its group or subgroup is granted to pay on a day (`today`, the plan's). A line in
    suspense that names a group is of no other group's account. What was taken back (below zero) is left out: that
    money is missing, it did not come. Asked of many accounts at once, since the money is read once.
    """
    found: dict[str, list[CouldBe]] = defaultdict(list)
    money = [each for each in lying.everything(conn) if each.cents > 0]
    if not money or not numbers:
        return found
    partners = agreements.partners(conn)
    companies = Companies.of(partners)
    wanted = set(numbers)
    owned = [each for each in accounts.of_groups(conn, agreements.groups(conn)) if each.number in wanted]
    known, nobodys = _by_payer(money, companies)
    amounts = _amounts(ledger.invoice_open(conn, wanted)) if nobodys else {}
    granted = _granted(partners)
    for account in owned:
        may = (each for each in granted.get(account.group, ()) if _may(each, account, today))
        mine = (each for partner in may for each in known.get(partner.code, ()))
        said = [_said(each) for each in mine if each.group in ("", account.group)]
        due = amounts.get(account.number, ())
        said += [_said(each, "amount") for cents in due for each in nobodys.get(cents, ())]
        if said:
            found[account.number] = list(dict.fromkeys(said))
    return found


def _by_payer(
    money: Sequence[Held], companies: Companies
) -> tuple[dict[str, list[Held]], dict[Cents, list[Held]]]:
    """Return money by whose it may be, and by amount the deposits of companies that nobody knows."""
    known: dict[str, list[Held]] = defaultdict(list)
    nobodys: dict[Cents, list[Held]] = defaultdict(list)
    for each in money:
        codes = [each.partner] if each.partner else sorted(companies.owners.get(each.company, ()))
        for code in codes:
            known[code].append(each)
        if not codes:
            nobodys[each.cents].append(each)
    return known, nobodys


def _granted(partners: Collection[Partner]) -> dict[str, list[Partner]]:
    """Return the partners who were ever granted anything of a group, by group."""
    found: dict[str, list[Partner]] = defaultdict(list)
    for partner in partners:
        for group in dict.fromkeys(grant.group for grant in partner.grants):
            found[group].append(partner)
    return found


def _may(partner: Partner, account: BillingAccount, today: date) -> bool:
    return partner.may(PAY, account.group, today, account.subgroup)


def _amounts(waiting: Collection[OpenInvoice]) -> dict[str, frozenset[Cents]]:
    """Return by account what is open on each of its invoices, and what is due through each."""
    of_account: dict[str, list[OpenInvoice]] = defaultdict(list)
    for invoice in oldest_first(waiting):
        of_account[invoice.account].append(invoice)
    return {account: frozenset(_sums(mine)) for account, mine in of_account.items()}


def _sums(waiting: Sequence[OpenInvoice]) -> Iterator[Cents]:
    yield from (invoice.open for invoice in waiting)
    yield from accumulate(invoice.open for invoice in waiting)


def _said(held: Held, why: str = "") -> CouldBe:
    return CouldBe(
        held.cents,
        why or ("payer" if held.paper else "company"),
        held.paper.id if held.paper else 0,
        held.line,
        held.deposit.id if held.deposit else 0,
        held.item.number if held.item else 0,
    )
