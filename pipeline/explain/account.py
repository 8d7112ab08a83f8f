"""A billing account explained: what it owes and why, entry by entry. The steps' cents add up to what it owes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.agreement.grants import READ, Reach
from model.explained import Explanation, Said, Says, Step, Told, said
from pipeline.explain import selfbill
from pipeline.runtime.workspace import Workspace
from pipeline.views.accounts import AccountView, account_value
from store import agreements
from writers.words import ENTRIES, word


def explain(ws: Workspace, number: str, day: date, partner: str) -> Explanation | None:
    """Explain a billing account; None where there is none that may be seen."""
    value = account_value(ws, number)
    if value is None or (partner and not _may_read(ws, value, partner, day)):
        return None
    with ws.database.read() as conn:
        reported = tuple(selfbill.of_account(conn, value.account))
    return Explanation(
        about=number,
        title=f"{value.group_name} ({value.group}), {value.subgroup_name}",
        answer=(*_answers(value), *reported),
        steps=tuple(_steps(value, partner)),
    )


def _may_read(ws: Workspace, value: AccountView, partner: str, day: date) -> bool:
    with ws.database.read() as conn:
        agreed = agreements.partner(conn, partner)
    return (agreed.reach(READ, value.group, day) if agreed else Reach()).covers(value.subgroup)


def _answers(value: AccountView) -> Iterator[Said]:
    if value.owed_cents:
        unpaid = tuple(each.number for each in value.invoices if each.open_cents > 0)
        about: dict[str, Told] = {"account": value.account, "cents": value.owed_cents, "due": value.next_due}
        yield said(Says.ACCOUNT_OWES, **about, invoices=unpaid)
    if value.credit_cents:
        yield said(Says.ACCOUNT_CREDIT, account=value.account, cents=value.credit_cents)
    for kept in value.kept:
        yield said(Says.ACCOUNT_KEPT, month=kept.month, cents=kept.amount_cents)
    if not value.owed_cents and not value.credit_cents:
        yield said(Says.ACCOUNT_EVEN, account=value.account)


def _steps(value: AccountView, partner: str) -> Iterator[Step]:
    """Yield each entry of what is owed, then of credit, which adds nothing to what is owed."""
    for entry in value.entries:
        source = entry.source if not partner or entry.partner in ("", partner) else "a payment of another sender"
        what = said(Says.MOVED, what=word(ENTRIES, entry.cause), cents=entry.amount_cents, invoice=source)
        yield Step(entry.at, what, (said(Says.OWES_THEN, cents=entry.balance_cents),), entry.amount_cents)
    for credit in value.credit_entries:
        source = credit.source if not partner or credit.partner in ("", partner) else "a payment of another sender"
        why = word(ENTRIES, credit.cause).removeprefix("credit: ")
        what = said(Says.CREDIT_MOVED, what=why, cents=credit.amount_cents, invoice=source)
        yield Step(credit.at, what, (said(Says.CREDIT_THEN, cents=credit.balance_cents),))
