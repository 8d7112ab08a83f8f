"""The store's ledger held against the one that is kept by the papers (support.reference_ledger)."""

from __future__ import annotations

from model.money.ledger import AccountKind
from pipeline.runtime.workspace import Workspace
from store.money import invoices, ledger, memos
from support.reference_ledger import Books


def differences(ws: Workspace, books: Books) -> list[str]:
    """Return in what the store's ledger is not as the papers have it."""
    with ws.database.read() as conn:
        theirs = {name: cents for kind in AccountKind for name, cents in ledger.balances(conn, kind.value).items()}
        opens = {each.number: each.open for each in invoices.listing(conn)}
        opens |= {each.number: each.open for each in memos.listing(conn)}
    pairs = (
        ("debit memos to come for", books.owed, {}),
        ("ledger account", books.sums, theirs),
        ("open item", books.opens(), opens),
    )
    return [
        f"{what} {name}: {by_papers.get(name, 0)} by the papers, {stored.get(name, 0)} in the store"
        for what, by_papers, stored in pairs
        for name in sorted(by_papers.keys() | stored.keys())
        if by_papers.get(name, 0) != stored.get(name, 0)
    ]
