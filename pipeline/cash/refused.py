"""Refused: why money may not go where somebody says, by what the books know beyond what its payer may pay."""

from __future__ import annotations

from billing.placing import Goal
from model.agreement.grants import PAY
from model.agreement.terms import Partner
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection
from store.money import accounts, invoices


def why(ws: Workspace, conn: Connection, goal: Goal, partner: Partner) -> str:
    """Say in words what is known of an account or of invoices that a payer may not pay; empty: nothing is."""
    if goal.account:
        return _account(conn, goal.account, f"account {goal.account}", partner)
    for number in goal.invoices:
        if statement := invoices.find(conn, number, ws.vault.fields):
            if _is_void(conn, statement.account, number):
                return f"invoice {number} is void"
            if said := _account(conn, statement.account, f"invoice {number}", partner):
                return said
        for cover in invoices.covers(conn, [number], agreements.groups(conn)):
            return f"invoice {number} is a consolidated one of group {cover.group}, which {_not(partner)}"
    return ""


def _account(conn: Connection, number: str, what: str, partner: Partner) -> str:
    account = accounts.find(conn, number)
    if account is None:
        return ""
    granted = any(grant.group == account.group and PAY in grant.actions for grant in partner.grants)
    part = f"subgroup {account.subgroup} of group {account.group}" if granted else f"group {account.group}"
    return f"{what} is of {part}, which {_not(partner)}"


def _not(partner: Partner) -> str:
    return f"{partner.code} may not pay"


def _is_void(conn: Connection, account: str, number: str) -> bool:
    listed = invoices.listing(conn, accounts=[account], void=True)
    return any(each.number == number and each.void for each in listed)
