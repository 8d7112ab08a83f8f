"""What taking a payment back would come to: read from the books, nothing written. Money in cents.

Source: docs/domain.md, Returned payments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from billing import reversal
from billing.reversal import Books, Reversal
from model.agreement.terms import Terms
from model.documents.returned import Part, ReturnedRow
from model.money.cents import Cents
from model.money.ledger import AccountKind, BillingAccount, LedgerAccount, OpenInvoice, Transfer
from model.money.payment import Payment
from model.money.returns import Return
from store import agreements
from store.engine import Connection
from store.money import accounts, invoices, ledger, memos, reversals

_PARTS = {
    AccountKind.UNAPPLIED: Part.CREDIT,
    AccountKind.AHEAD: Part.CREDIT,
    AccountKind.SUSPENSE: Part.SUSPENSE,
}
_ORDER = tuple(Part)


@dataclass(frozen=True, slots=True)
class Planned:
    """A payment that is to be taken back as a return tells it: its books, the entries, and whom they concern."""

    payment: Payment
    told: Return
    today: date
    books: Books
    made: Reversal
    owners: tuple[BillingAccount, ...]  # the accounts that it touched
    terms: tuple[Terms, ...]  # their groups', by number

    @property
    def until(self) -> date:
        """Return the last day on which it is made good by the notice."""
        days = [terms.billing.return_notice_days.on(self.today) for terms in self.terms]
        return self.today + timedelta(days=max(days, default=0))

    @property
    def fee(self) -> tuple[str, Cents]:
        """Return whom the fee is asked of and how much it is; 0 where the group agreed to none."""
        bearer = reversal.bearer(self.books.own, dict(self.books.holders))
        group = next((owner.group for owner in self.owners if owner.number == bearer), "")
        agreed = next((terms for terms in self.terms if terms.group == group), None)
        return bearer, agreed.billing.return_fee_cents.on(self.today) if agreed else 0


def plan(conn: Connection, payment: Payment, told: Return, today: date) -> Planned:
    """Return what taking a payment back comes to as the books stand."""
    books = _books(conn, payment)
    owners = [accounts.find(conn, number) for number in sorted({holder for _, holder in books.holders})]
    known = tuple(owner for owner in owners if owner)
    agreed = (agreements.terms(conn, group) for group in sorted({owner.group for owner in known}))
    made = reversal.reverse(books, told.day)
    return Planned(payment, told, today, books, made, known, tuple(terms for terms in agreed if terms))


def numbers(conn: Connection, payment: Payment) -> set[str]:
    """Return every account number that a payment touched, and those that hold their books or held them before."""
    return {number for number, _ in _holders(conn, payment)}


def _holders(conn: Connection, payment: Payment) -> tuple[tuple[str, str], ...]:
    posted = reversals.own(conn, *payment.ids)
    sides = (LedgerAccount.read(side) for each in posted for side in (each.entry.debit, each.entry.credit))
    touched = {side.owner for side in sides if side.owner and side.kind is not AccountKind.SUSPENSE}
    return tuple(sorted(accounts.books(conn, touched).items()))


def _books(conn: Connection, payment: Payment) -> Books:
    holders = _holders(conn, payment)
    own = {holder for _, holder in holders}
    billed = [
        OpenInvoice(issued.number, issued.account, issued.month, issued.due, issued.total, max(0, issued.open))
        for issued in invoices.listing(conn, accounts=own)
        if issued.account in own
    ]
    credits: dict[str, Cents] = {}
    for holder in own:
        credits |= {name: -cents for name, cents in ledger.credits(conn, holder).items()}
    return Books(
        own=tuple(reversals.own(conn, *payment.ids)),
        moved=tuple(reversals.on_credit(conn, [number for number, _ in holders])) if holders else (),
        items=(*billed, *memos.opens(conn, own)),
        credits=tuple(credits.items()),
        holders=holders,
    )


# --- told ------------------------------------------------------------------------------------------------


def rows(planned: Planned, entries: Iterable[Transfer], raised: Iterable[OpenInvoice] = ()) -> list[ReturnedRow]:
    """Return what a payment's parts become by these entries: they add up to the payment.

    `raised` are new debit memos; those of a plan have no number yet, and are told from it.
    """
    items = {item.number: item for item in (*planned.books.items, *raised)}
    new = {item.number for item in raised}
    sums: dict[tuple[Part, str, str], Cents] = defaultdict(int)
    for entry in entries:
        for side, sign in ((entry.debit, 1), (entry.credit, -1)):
            account = LedgerAccount.read(side)
            if account.kind is AccountKind.RECEIVABLE:
                part = Part.MEMO if entry.invoice in new else Part.INVOICE
                sums[part, account.owner, entry.invoice] += sign * entry.cents
            elif account.kind in _PARTS and account.owner:
                owner = "" if account.kind is AccountKind.SUSPENSE else account.owner
                sums[_PARTS[account.kind], owner, ""] += sign * entry.cents
    found = [
        ReturnedRow(
            part,
            account,
            number,
            cents,
            0 if number not in items else items[number].open + (cents if number not in new else 0),
            items[number].due if number in items else None,
        )
        for (part, account, number), cents in sums.items()
        if cents
    ]
    return sorted(found, key=lambda row: (row.account, _ORDER.index(row.part), row.due or date.min, row.number))


def foretold(planned: Planned) -> list[ReturnedRow]:
    """Return what a payment's parts would become, its fee last: new debit memos have no number yet."""
    found = rows(planned, planned.made.transfers)
    for account, cents in planned.made.owed:
        found = [*_less(found, account, cents), ReturnedRow(Part.MEMO, account, "", cents, cents)]
    bearer, fee = planned.fee
    return [*found, *([ReturnedRow(Part.FEE, bearer, "", fee, fee)] if fee else [])]


def _less(found: list[ReturnedRow], account: str, cents: Cents) -> list[ReturnedRow]:
    """Return rows without the credit that a debit memo brings first and the entries take then."""
    kept: list[ReturnedRow] = []
    for row in found:
        if row.part is Part.CREDIT and row.account == account:
            rest = row.cents - cents
            kept += [ReturnedRow(Part.CREDIT, account, "", rest)] if rest else []
        else:
            kept.append(row)
    return kept
