"""A billing account's statement as of any day, by what is known now or was then (FAQ 31 to 33). Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from billing import statement as folded
from billing.statement import Asked, Books, Posting
from model.documents.account_statement import AccountStatement, Papers
from model.money.ledger import OpenInvoice, Transfer, receivable, unapplied
from model.timeline import AsOf
from pipeline.runtime import clock
from pipeline.runtime.asof import within
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection
from store.money import accounts, bank, cash, deposits, invoices, ledger, memos


class NotADayError(ValueError):
    """A statement that would begin after it ends."""


def of_account(
    ws: Workspace, number: str, now: datetime, *, begin: date | None, on: date | None, known_on: date | None
) -> AccountStatement | None:
    """Return an account's statement from a day (None: its first) through a day (None: the known-on day, or today).

    None where no such account was known. Raises NotADayError, and pipeline.runtime.asof.NotKnownError where
    nothing was known on the known-on day.
    """
    with ws.database.read() as conn:
        today = clock.local_day(conn, now)
        end = on or min(known_on or today, today)
        if begin and begin > end:
            raise NotADayError(f"a statement from {begin} cannot end on {end}, which is before it")
        told = within(conn, end, known_on, now)
        return at(ws, conn, number, told, Asked(begin, end, known_on, today))


def at(ws: Workspace, conn: Connection, number: str, told: AsOf, asked: Asked) -> AccountStatement | None:
    """Return an account's statement by what is `told` as of its days; None where no such account was known."""
    owner = accounts.find(conn, number)
    terms = agreements.terms(conn, owner.group, told.then) if owner else None
    carrier = agreements.carrier(conn, told.then)
    ever = accounts.of_groups(conn, [terms.group], told.then) if terms else []
    account = next((each for each in ever if each.number == number), None)
    if account is None or terms is None or carrier is None:
        return None
    subgroup = next(payer for payer in terms.billed(ever) if payer.account == account.held_by)
    return folded.statement(carrier, terms, subgroup, account, asked, _books(ws, conn, number, told))


def _books(ws: Workspace, conn: Connection, number: str, told: AsOf) -> Books:
    names = ledger.credits(conn, number, told)
    zone = clock.zone_of(agreements.carrier(conn))
    found = {
        entry.id: entry for name in (receivable(number), *names) for entry in ledger.entries(conn, name, told)
    }
    entries = [found[ident] for ident in sorted(found)]
    issued = invoices.listing(conn, accounts=[number], void=True, asof=told)
    billed = [
        OpenInvoice(each.number, each.account, each.month, each.due, each.total, each.open) for each in issued
    ]
    items = billed + memos.opens(conn, [number], told)
    over = -sum(min(0, each.open) for each in items)  # as of a day that money is said to have come on since
    return Books(
        postings=[
            Posting(entry.id, entry.tx, clock.local_date(entry.at, zone), entry.transfer) for entry in entries
        ],
        issued=issued,
        opens=[each for each in items if each.open > 0],
        credit=over - names[unapplied(number)],
        kept=[(month, cents) for _, month, cents in ledger.ahead_of(conn, [number], told)],
        papers=papers(ws, conn, [entry.transfer for entry in entries]),
    )


def papers(ws: Workspace, conn: Connection, entries: Iterable[Transfer]) -> dict[str, Papers]:
    """Return how the money of entries came, by the number of its payment."""
    sent, banked = set[int](), set[int]()
    for entry in entries:
        sent.add(entry.remittance)
        banked.add(entry.deposit)
    sent, banked = sent - {0}, banked - {0}
    found: dict[str, Papers] = {}
    by_remittance = {}
    behind = deposits.behind(conn, banked, sent)
    told = bank.of_deposits(conn, [deposit.id for deposit in behind], ws.vault.fields)
    by_bank = {ident: stored.line.reference for ident, stored in told.items()}
    for deposit in behind:
        by_remittance[deposit.remittance] = deposit
        found[f"D{deposit.id}"] = Papers(
            f"D{deposit.id}",
            deposit.trace,
            banked=deposit.received,
            deposit=deposit.id,
            bank_line=by_bank.get(deposit.id, ""),
        )
    for ident, stored in cash.some(conn, sent).items():
        body = cash.remittance(conn, ident, ws.vault.fields)
        tied = by_remittance.get(ident)
        found[f"R{ident}"] = Papers(
            f"R{ident}",
            stored.trace,
            body.method,
            body.payer[0],
            stored.partner,
            tied.received if tied else None,
            tied.id if tied else 0,
            by_bank.get(tied.id, "") if tied else "",
            receipt=stored.receipt,
        )
    return found
