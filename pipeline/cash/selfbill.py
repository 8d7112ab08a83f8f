"""What a payer that bills itself reported, by an 820 or a worksheet, against the month's bill; and what waits.

Within the caller's transaction, which holds the guards of the account. Source: docs/domain.md, Self bill.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from billing import remitted
from billing.book import Book, Target
from billing.invoice import oldest_first
from billing.matching import Matcher
from billing.selfbill import total
from model.agreement.terms import SELF, Terms
from model.codes import CODES, found
from model.desk import ItemKind, Waiting
from model.exchange import StoredSet
from model.money.remittance import Remittance, RemittanceLine
from model.money.selfbill import Reported, Source
from model.timeline import Dated, Month
from model.trade.header import UNREADABLE
from model.trade.references import PLAN_NUMBER
from pipeline.views.selfmonths import MonthBilled, bills_itself, of_month
from store import agreements
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection
from store.money import accounts, selfbill
from store.received import files

RULE = "SELFBILL-VARIANCE"


def subject(account: str, month: Month) -> str:
    """Return what names an account's month."""
    return f"{account}/{month}"


def wait(
    conn: Connection, step: Step, account: str, month: Month, brought: StoredSet | None = None
) -> MonthBilled:
    """Say what waits of an account's month: a variance that nobody accepted. `brought`: the set that reported."""
    found = of_month(conn, account, month)
    holder = accounts.find(conn, account)
    waiting = []
    if found.differs and not found.accepted:
        waiting.append(
            Waiting(
                ItemKind.SELF_BILL,
                subject(account, month),
                RULE,
                f"account {account}, {month}",
                CODES[RULE].severity,
                group=holder.group if holder else "",
                subgroup=holder.subgroup if holder else "",
                partner=brought.partner if brought else "",
                file=brought.file_id if brought else "",
                set=brought.id if brought else 0,
                cents=abs(total(found.parts).cents),
            )
        )
    items.reconcile(conn, step, Scope((ItemKind.SELF_BILL,), [subject(account, month)]), waiting)
    return found


def look_again(conn: Connection, step: Step, account: str, month: Month) -> None:
    """Say what waits of a month whose invoice was made or voided just now."""
    if selfbill.history(conn, [account], month):
        wait(conn, step, account, month)


def of_payment(
    conn: Connection, step: Step, stored: StoredSet, remittance: Remittance, book: Book, matcher: Matcher
) -> None:
    """Record what a posted 820 reports of accounts that bill themselves, and say what waits of their months.

    `book` is as it was before the payment.
    """
    known = _that_may(conn, {payable.group for payable in book.accounts})
    if not known:
        return
    reported: list[Reported] = []
    for line in remittance.lines:
        target = matcher.target(line)
        terms = known.get(matcher.group(target))
        month = _month(book, line, target) if terms and target.account and not target.cover else None
        if terms and month and bills_itself(terms, target.account, month):
            reported += _lines(terms, line, target, month, stored.id)
    selfbill.record(conn, step.tx, reported)
    for account, month in dict.fromkeys((line.account, line.month) for line in reported):
        if wait(conn, step, account, month, stored).differs:
            message = f"What is reported of account {account} for {month} is not what we compute."
            files.add_findings(conn, stored.file_id, [found(RULE, remittance.where, message)], stored.id)


def _that_may(conn: Connection, groups: Collection[str]) -> dict[str, Terms]:
    """Return the terms of those groups of which any account bills itself in any month."""
    loaded = {number: agreements.terms(conn, number) for number in sorted(groups)}
    return {
        number: terms
        for number, terms in loaded.items()
        if terms and any(SELF in switch.values for switch in (terms.billing.billing_mode, *_own(terms)))
    }


def _own(terms: Terms) -> Iterator[Dated[str]]:
    return (subgroup.billing_mode for subgroup in terms.subgroups)


def _month(book: Book, line: RemittanceLine, target: Target) -> Month | None:
    """Return the month that a line reports of: by the invoice it names, its period, else the oldest open."""
    invoices_of = [each for each in book.invoices if each.account == target.account]
    named = target.invoice or next(iter(target.first), "")
    if named:
        return next((each.month for each in invoices_of if each.number == named), None)
    if line.begin:
        return Month.of(line.begin)
    unpaid = oldest_first(each for each in invoices_of if each.open > 0)
    return unpaid[0].month if unpaid else max((each.month for each in invoices_of), default=None)


def _lines(terms: Terms, line: RemittanceLine, target: Target, month: Month, set_id: int) -> Iterable[Reported]:
    """Yield what a remittance line reports: its money, with the credit it uses; its counts; whom it is about."""
    plan = _plan(terms, line.named(PLAN_NUMBER))
    contract = target.contract if line.level == "B" else 0
    heads = int(line.paid > 0) if contract and plan else None
    cents = line.paid + remitted.claimed(line)

    def reported(tier: str, people: int | None, money: int | None) -> Reported:
        return Reported(
            account=target.account,
            month=month,
            source=Source.PAYMENT,
            plan=plan,
            tier=tier,
            contract=contract,
            count=people,
            cents=money,
            line=line.number,
            set=set_id,
        )

    yield reported("", heads, cents)
    yield from (reported(basis, people, None) for basis, people in line.headcount if people != UNREADABLE)


def _plan(terms: Terms, text: str) -> str:
    """Return the plan that a text means in any line of the group; "" for none, or none that we know."""
    return next((plan.code for plan in terms.plans if text and text in (plan.code, *plan.sent_as)), "")
