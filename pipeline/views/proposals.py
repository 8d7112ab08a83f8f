"""Proposals: what an open deposit may be for, for a person to decide (docs/domain.md, Deposits)."""

from __future__ import annotations

from billing.ready import Companies
from model.money.cents import format_dollars
from model.money.ledger import Deposit
from model.money.remittance import PaymentState, StoredRemittance
from store import agreements
from store.engine import Connection
from store.money import cash, deposits


def candidates(conn: Connection, deposit: Deposit, companies: Companies) -> list[StoredRemittance]:
    """Return the remittances without money that a deposit may be for: of its trace, by who may own it."""
    return [
        paper for paper in cash.unpaid(conn, deposit.trace) if companies.may_be(deposit.company, paper.partner)
    ]


def proposal(stored: StoredRemittance, deposit: Deposit) -> str:
    """Say why a deposit and a remittance of its trace were not matched, and how a person does it."""
    who = f"remittance {stored.id} of {stored.partner}"
    if stored.cents != deposit.cents:
        return f"{who} has its trace, but {format_dollars(stored.cents)}: compare the bank's advice"
    if stored.company != deposit.company:
        said = f"company {deposit.company}" if deposit.company else "no company"
        why = f"has its trace and amount, but the deposit says {said} and the payment {stored.company or 'none'}"
    else:
        why = (
            "is held, since it looks like an earlier one"
            if stored.state == PaymentState.HELD
            else "is not the only one"
        )
    return f"{who} {why}: rollbook deposit match {deposit.id} --remittance {stored.id}"


def proposals(conn: Connection) -> dict[int, list[str]]:
    """Return what each open deposit may be for, by deposit id, as `proposal` says it."""
    companies = Companies.of(agreements.partners(conn))
    return {
        deposit.id: [proposal(paper, deposit) for paper in candidates(conn, deposit, companies)]
        for deposit in deposits.opened(conn)
    }
