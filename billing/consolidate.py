"""The bills of one group's month under one cover. Totals only: it posts nothing.

Source: FAQ 26; docs/domain.md, Consolidated invoices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from model.agreement.terms import Carrier, Terms
from model.documents.statement import ConsolidatedInvoice, InvoiceStatement
from model.money.cents import Cents
from model.timeline import Month


def consolidate(
    number: str, carrier: Carrier, terms: Terms, produced: date, bills: Iterable[InvoiceStatement]
) -> ConsolidatedInvoice:
    """Return the consolidated invoice of the bills of one month, at least one, whatever their order.

    Every total is the sum of the same figure on the bills. Credit of one account pays no bill of another: `to_pay`
    is what the bills above zero ask for, and `total_due = to_pay - in_credit`.
    """
    ours = sorted(bills, key=lambda bill: bill.account)
    month = Month.parse(ours[0].month)
    owing = [bill for bill in ours if bill.total_due > 0]
    return ConsolidatedInvoice(
        number=number,
        trial=any(bill.trial for bill in ours),
        carrier=carrier.name,
        carrier_address=carrier.address,
        remit_to=carrier.remit_to,
        contact=terms.whom_to_ask(carrier),
        group=terms.group,
        group_name=terms.name,
        group_address=terms.address,
        month=str(month),
        period_begin=month.first,
        period_end=month.last,
        produced=produced,
        due=min(bill.due for bill in owing or ours),
        subscribers=sum(bill.subscribers for bill in ours),
        current=sum(bill.current for bill in ours),
        retro=sum(bill.retro for bill in ours),
        fees=sum(bill.fees for bill in ours),
        prior_balance=sum(bill.prior_balance for bill in ours),
        payments=sum(bill.payments for bill in ours),
        reversals=sum(bill.reversals for bill in ours),
        refunds=sum(bill.refunds for bill in ours),
        transfers=sum(bill.transfers for bill in ours),
        write_offs=sum(bill.write_offs for bill in ours),
        unapplied=sum(bill.unapplied for bill in ours),
        total_due=sum(bill.total_due for bill in ours),
        to_pay=sum(bill.total_due for bill in owing),
        in_credit=-sum(bill.total_due for bill in ours if bill.total_due < 0),
        bills=tuple(ours),
        plans=_plans(ours),
    )


def _plans(bills: Sequence[InvoiceStatement]) -> tuple[tuple[str, int, Cents], ...]:
    """Return current premium by plan over all bills, in the order in which the bills name the plans."""
    sums: dict[str, tuple[int, Cents]] = {}
    for bill in bills:
        for name, count, cents in bill.plans:
            subscribers, premium = sums.get(name, (0, 0))
            sums[name] = (subscribers + count, premium + cents)
    return tuple((name, count, cents) for name, (count, cents) in sums.items())
