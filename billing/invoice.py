"""One billing account's invoice for a month, and what it posts. Money in cents, dates inclusive.

An invoice is finished here: writers add nothing up. Its detail, which grows with the account, is made row by row.
Its entries keep one promise to the ledger: what an account owes (receivable) is the sum of what its invoices have
open, and no invoice is ever below zero; a month whose corrections exceed its premium becomes credit on account,
and credit pays the oldest open invoice.

Source: docs/domain.md, The invoice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import attrgetter

from billing.payers import Payer, Payers
from model.agreement.terms import Carrier, Subgroup, Terms
from model.documents.statement import InvoiceAdjustment, InvoiceLine, InvoiceStatement
from model.money.activity import Activity, InvoiceActivity, sums
from model.money.cents import Cents
from model.money.ledger import (
    PREMIUM,
    ChangeCause,
    Charge,
    ChargeKind,
    OpenInvoice,
    Transfer,
    TransferCause,
    ahead,
    receivable,
    unapplied,
)
from model.money.reasons import Reason, Why, because
from model.timeline import Month


@dataclass(frozen=True, slots=True)
class Head:
    """What is decided before an invoice is computed."""

    number: str  # from the store's counter; any mark for a trial
    trial: bool
    month: Month  # the covered month
    produced: date


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands in the ledger just before the invoice is issued. Cents."""

    owed: Cents = 0  # balance of receivable:<account>, >= 0
    credit: Cents = 0  # credit on account, >= 0: minus the balance of unapplied:<account>
    payments: Cents = 0  # money received since the account's last invoice, take-backs taken off; with `ahead`
    last: str = ""  # the number of that invoice; "" before the first
    ahead: tuple[tuple[Month, Cents], ...] = ()  # received before for months that this invoice bills, by month
    activity: tuple[InvoiceActivity, ...] = ()  # what else moved since that invoice

    @property
    def before(self) -> Cents:
        """What the last invoice left due; negative for a credit."""
        return self.owed - self.credit + self.payments - self.named - sum(each.cents for each in self.activity)

    @property
    def named(self) -> Cents:
        """What was received for the months that this invoice bills."""
        return sum(cents for _, cents in self.ahead)


_ORDER = {what: place for place, what in enumerate(Activity)}


def due_date(terms: Terms, month: Month, produced: date) -> date:
    """Return the terms' due day of the covered month, but never a day before the invoice exists."""
    return max(produced, month.first.replace(day=min(terms.billing.due_day.on(month.first), month.last.day)))


def statement(
    head: Head,
    carrier: Carrier,
    terms: Terms,
    subgroup: Subgroup,
    charges: Sequence[Charge],
    standing: Standing,
) -> InvoiceStatement:
    """Return the invoice of `subgroup`'s account, without its detail: the account's `charges` of billing.adjust.

    Equation (docs/domain.md, The invoice): total_due = prior_balance - payments + reversals + refunds +
    transfers - write_offs + current + retro + fees - unapplied. The last invoice's total due comes back as
    prior_balance, or as unapplied where it was a credit. A negative total_due is credit.
    """
    moved = sums(standing.activity)
    current, retro = (_sum(charges, kind) for kind in (ChargeKind.CURRENT, ChargeKind.RETRO))
    return InvoiceStatement(
        number=head.number,
        trial=head.trial,
        carrier=carrier.name,
        carrier_address=carrier.address,
        remit_to=carrier.remit_to,
        contact=terms.whom_to_ask(carrier),
        group=terms.group,
        group_name=terms.name,
        group_address=terms.address,
        subgroup=subgroup.code,
        subgroup_name=subgroup.name,
        account=subgroup.account,
        month=str(head.month),
        period_begin=head.month.first,
        period_end=head.month.last,
        produced=head.produced,
        due=due_date(terms, head.month, head.produced),
        payments_after=standing.last,
        subscribers=len({charge.contract for charge in charges if charge.kind is ChargeKind.CURRENT}),
        current=current,
        retro=retro,
        fees=moved[Activity.FEE],
        prior_balance=max(0, standing.before),
        payments=standing.payments,
        reversals=moved[Activity.REVERSAL],
        refunds=moved[Activity.REFUND],
        transfers=moved[Activity.TRANSFER],
        write_offs=-moved[Activity.WRITE_OFF],
        unapplied=max(0, -standing.before),
        total_due=standing.owed - standing.credit - standing.named + current + retro,
        plans=_plans(charges, terms),
        activity=tuple(sorted(standing.activity, key=_place)),
    )


def _place(moved: InvoiceActivity) -> tuple[int, date, str]:
    return _ORDER[moved.what], moved.day, moved.reference


def _sum(charges: Iterable[Charge], kind: ChargeKind) -> Cents:
    return sum(charge.cents for charge in charges if charge.kind is kind)


def lines(charges: Iterable[Charge], payers: Payers, terms: Terms) -> Iterator[InvoiceLine]:
    """Yield one line per subscriber x line of coverage (x member) of an account's charges.

    By name, lines in the terms' order; `payers` names people.
    """
    order = {line.code: place for place, line in enumerate(terms.lines)}

    def place(charge: Charge) -> tuple[object, ...]:
        payer, rank = payers.of(charge.contract), order.get(charge.line, len(order))
        return payer.name.upper(), payer.masked, charge.contract, rank, charge.line, payers.order(charge.person)

    for (contract, *_), unit in groupby(sorted(charges, key=place), attrgetter("contract", "line", "person")):
        yield _line(list(unit), payers.of(contract), payers, terms)


def _line(charges: list[Charge], payer: Payer, payers: Payers, terms: Terms) -> InvoiceLine:
    """Return one unit's line: this month's premium, and its corrections with their reasons."""
    by_month = sorted(charges, key=lambda charge: charge.month)
    last = by_month[-1]  # the current month where there is one
    plan = terms.plan(last.plan)
    return InvoiceLine(
        subscriber=payer.masked,
        member=payer.member,
        name=payer.name,
        line=last.line,
        plan=last.plan,
        plan_name=plan.name if plan else last.plan,
        tier=last.tier,
        current=_sum(charges, ChargeKind.CURRENT),
        retro=_sum(charges, ChargeKind.RETRO),
        legend=tuple(dict.fromkeys(reason for charge in by_month for reason in _reasons(charge))),
        covered=payers.person(last.person),
    )


def _reasons(charge: Charge) -> Iterator[Reason]:
    """Yield what a charge says to people: why it corrects, and how many days of the current month it is for."""
    if charge.reason:
        yield charge.reason
    if charge.days and charge.kind is ChargeKind.CURRENT:
        yield because(Why.PART_OF_MONTH, charge.days, charge.month.last.day)


def adjustments(
    charges: Iterable[Charge], payers: Payers, terms: Terms, causes: Iterable[ChangeCause] = ()
) -> Iterator[InvoiceAdjustment]:
    """Yield the corrections of earlier months among an account's charges, by name and month.

    Each with what caused it: `causes` are the transactions that charges name.
    """
    known = {cause.tx: cause for cause in causes}

    def place(charge: Charge) -> tuple[object, ...]:
        payer = payers.of(charge.contract)
        return payer.name.upper(), payer.masked, charge.month, charge.line

    for charge in sorted((charge for charge in charges if charge.kind is ChargeKind.RETRO), key=place):
        payer, plan = payers.of(charge.contract), terms.plan(charge.plan)
        cause = known.get(charge.cause_tx, ChangeCause(0, 0))
        yield InvoiceAdjustment(
            subscriber=payer.masked,
            name=payer.name,
            month=str(charge.month),
            line=charge.line,
            plan=charge.plan,
            tier=charge.tier,
            cents=charge.cents,
            reason=charge.reason,
            member=payer.member,
            plan_name=plan.name if plan else charge.plan,
            covered=payers.person(charge.person),
            tx=charge.cause_tx,
            set=cause.set,
            file=cause.file,
        )


def _plans(charges: Iterable[Charge], terms: Terms) -> tuple[tuple[str, int, Cents], ...]:
    """Return the current premium by plan: name, subscribers, cents; in the terms' order."""
    current = [charge for charge in charges if charge.kind is ChargeKind.CURRENT]
    count = Counter(plan for plan, _ in {(charge.plan, charge.contract) for charge in current})
    names = {plan.code: plan.name for plan in terms.plans}
    order = [*names, *sorted(set(count) - set(names))]
    return tuple(
        (names.get(code, code), count[code], sum(charge.cents for charge in current if charge.plan == code))
        for code in order
        if count[code]
    )


def transfers(issued: InvoiceStatement, standing: Standing, opens: Iterable[OpenInvoice]) -> tuple[Transfer, ...]:
    """Return the ledger entries of an issued invoice: premium, corrections, and the use of credit on account.

    `standing` and `opens`, the account's unpaid invoices and debit memos, are as they were just before. Entries
    are dated the day the invoice was produced. A trial posts nothing.
    """
    if issued.trial:
        return ()
    owes, credit = receivable(issued.account), unapplied(issued.account)
    total = issued.own
    surplus = max(0, -total)  # more was corrected than billed
    month = Month.parse(issued.month)
    this = OpenInvoice(issued.number, issued.account, month, issued.due, total, max(0, total))
    entries = [
        (owes, PREMIUM, issued.current, TransferCause.PREMIUM, issued.number),
        (owes, PREMIUM, issued.retro, TransferCause.RETRO, issued.number),
        (owes, credit, surplus, TransferCause.CREDIT, issued.number),
    ]
    available = standing.credit + surplus
    for named, cents in standing.ahead:
        used = min(cents, this.open)
        entries.append((ahead(issued.account, named), owes, used, TransferCause.CREDIT, issued.number))
        entries.append((ahead(issued.account, named), credit, cents - used, TransferCause.UNAPPLIED, ""))
        this = replace(this, open=this.open - used)
        available += cents - used
    for invoice in oldest_first([*opens, this]):
        used = min(available, invoice.open)
        entries.append((credit, owes, used, TransferCause.CREDIT, invoice.number))
        available -= used
    return tuple(_entry(*entry, issued.produced) for entry in entries if entry[2])


def oldest_first(invoices: Iterable[OpenInvoice]) -> list[OpenInvoice]:
    """Return open items in the order in which money pays them: by due date, then covered month, then number.

    Of one day and month invoices before debit memos.
    """
    return sorted(invoices, key=lambda one: (one.due, one.month, one.is_memo, len(one.number), one.number))


def _entry(debit: str, credit: str, cents: Cents, cause: TransferCause, number: str, effective: date) -> Transfer:
    """Return one transfer; negative cents turn it round."""
    if cents < 0:
        debit, credit = credit, debit
    return Transfer(debit, credit, abs(cents), effective, cause, invoice=number)
