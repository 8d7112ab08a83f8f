"""The next invoice by what is known now: the trial of the bill itself, and what waits that may change it.

No amount is worked out here: a trial bill's own (pipeline.month.bill), summed by billing.forecast.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from billing.forecast import corrected, levels
from model.desk import ItemKind, Wanted
from model.documents.statement import InvoiceStatement
from model.timeline import Month
from pipeline.month import bill
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views import agreed, due
from pipeline.views.findings import finding_values
from pipeline.views.forecasts import (
    CorrectedView,
    ForecastAccountView,
    ForecastView,
    HeldView,
    LevelView,
    WaitingView,
    WaitsView,
)
from pipeline.views.plain import of_fields
from store.desk import items, sums
from store.engine import Connection

SHOWN = 50  # items of each kind that are named; all are counted
# What can change whom or what the invoice bills, or what of it is paid.
CHANGES = (
    ItemKind.MEMBER,
    ItemKind.SET,
    ItemKind.OMITTED,
    ItemKind.QUERY,
    ItemKind.BEYOND,
    ItemKind.UNPRICED,
    ItemKind.SUSPENSE,
)


def forecast(ws: Workspace, group: str, now: datetime, month: Month | None = None) -> ForecastView | None:
    """Return what a group's next invoices would be, or those of a month; None where nothing is to be billed."""
    terms = agreed.terms(ws, group)
    covered = month or due.following(ws, group, now)
    if terms is None or covered is None or not due.is_billed(terms, covered):
        return None
    (billed,) = bill.bill(ws, covered, now, group, trial=True)
    why = {finding.subject: finding.message for finding in billed.findings}
    with ws.database.read() as conn:
        waits = tuple(_waits(conn, group))
    return ForecastView(
        group=group,
        group_name=terms.name,
        month=str(covered),
        on=clock.local_date(now, ws.zone()),
        accounts=tuple(map(_account, billed.issued)),
        already_billed=billed.already,
        held=tuple(HeldView(account, why.get(f"account {account}", "it is held")) for account in billed.held),
        total_due_cents=sum(invoice.total_due for invoice in billed.issued),
        waits=waits,
        findings=finding_values(billed.findings),
    )


def _account(invoice: InvoiceStatement) -> ForecastAccountView:
    return of_fields(
        ForecastAccountView,
        invoice,
        prior_balance_cents=invoice.prior_balance,
        payments_cents=invoice.payments,
        current_cents=invoice.current,
        retro_cents=invoice.retro,
        fees_cents=invoice.fees,
        reversals_cents=invoice.reversals,
        refunds_cents=invoice.refunds,
        transfers_cents=invoice.transfers,
        write_offs_cents=invoice.write_offs,
        credit_cents=invoice.unapplied,
        total_due_cents=invoice.total_due,
        levels=tuple(of_fields(LevelView, each, amount_cents=each.cents) for each in levels(invoice.lines)),
        corrected=tuple(
            of_fields(CorrectedView, each, amount_cents=each.cents) for each in corrected(invoice.adjustments)
        ),
    )


def _waits(conn: Connection, group: str) -> Iterator[WaitsView]:
    """Yield what waits of a group by what it waits for, the first of each by number."""
    for kind in CHANGES:
        wanted = Wanted(kind.value, group)
        figures = sums.by_code(conn, kind, group)
        if not figures:
            continue
        known = items.page(conn, wanted, None, SHOWN)
        for rule, count, cents in figures:
            named = (item for item in known if item.waiting.rule == rule)
            yield WaitsView(
                kind=kind.value,
                code=rule,
                count=count,
                amount_cents=cents,
                items=tuple(
                    WaitingView(item.number, item.waiting.label, item.waiting.line, item.due, item.waiting.cents)
                    for item in named
                ),
            )
