"""The question whether money waits beside its paper: asked by the very rule that matches them (billing.ready)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from billing.ready import Companies
from model.verification import Fault
from pipeline.cash import posting
from pipeline.verify.sealed import Reading
from store import agreements
from store.checks import cash as candidates
from store.money import cash


def pairs(asked: Reading) -> Iterator[Fault]:
    """No deposit and remittance that belong together both wait."""
    with asked.ws.database.read() as conn:
        companies = Companies.of(agreements.partners(conn))
        papers = defaultdict(list)
        for pair in candidates.pairs(conn):
            asked.rows += 1
            papers[pair.deposit].append(pair)
        for ident, found in papers.items():
            if len({pair.partner for pair in found}) > 1 and not companies.bound(found[0].company):
                continue  # whose money it is, a person says
            for pair in found:
                partner = agreements.partner(conn, pair.partner)
                assert partner is not None, "a remittance has a partner"
                remittance = cash.remittance(conn, pair.remittance, asked.ws.vault.fields)
                if posting.readiness(conn, partner, remittance, companies).deposit:
                    yield Fault(
                        f"deposit {ident}, remittance {pair.remittance}", "they belong together, and both wait"
                    )
