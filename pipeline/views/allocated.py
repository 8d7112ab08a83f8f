"""What became of an allocation, and the template of one. Names in `_cents` are cents."""

from __future__ import annotations

from dataclasses import dataclass

from model.money.cents import format_cents
from pipeline.runtime.workspace import Workspace
from pipeline.views.findings import FindingView
from store import agreements
from store.money import accounts, deposits, ledger


@dataclass(frozen=True, slots=True)
class AllocatedView:
    """What became of an allocation for a deposit, in words; `file` is "" where nothing was received."""

    deposit: int
    file: str
    remittance: int
    outcome: str
    done: bool
    findings: tuple[FindingView, ...]
    documents: tuple[str, ...] = ()


def template_rows(ws: Workspace, group: str, deposit_id: int) -> list[tuple[str, ...]]:
    """Return the rows that a template begins with: a line for each open item of a group, a deposit's words first.

    The columns are those of parsers.allocation.sheet; without a group there is one row to fill in. Raises
    LookupError where there is no such group or deposit.
    """
    with ws.database.read() as conn:
        deposit = deposits.find(conn, deposit_id) if deposit_id else None
        if deposit_id and deposit is None:
            raise LookupError(f"there is no deposit {deposit_id}")
        if group and agreements.terms(conn, group) is None:
            raise LookupError(f"there is no group {group}")
        numbers = [account.number for account in accounts.of_groups(conn, [group])] if group else []
        owed = ledger.invoice_open(conn, numbers)
    lines = [
        (each.number, each.account, "", str(each.month), format_cents(each.open))
        for each in sorted(owed, key=lambda each: (each.due, each.number))
    ] or [("", "", "", "", "")]
    payment = (deposit.trace, deposit.company, format_cents(deposit.cents)) if deposit else ("", "", "")
    return [(*(payment if at == 0 else ("", "", "")), *line) for at, line in enumerate(lines)]
