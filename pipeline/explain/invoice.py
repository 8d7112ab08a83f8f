"""An invoice explained, to the cent: what each figure is made of, and by what record or step each charge came.

No amount is worked out here: each is a charge's own, a figure of the statement, or the sum of the charges listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from model.agreement.grants import READ, Reach
from model.documents.statement import InvoiceStatement
from model.explained import Explanation, Said, Says, Step, said
from model.money.ledger import ChargeKind
from model.timeline import Month, Span
from model.trade.member import SELF
from pipeline.explain import chronicle, gather, selfbill
from pipeline.explain.facts import Family, MemberFacts
from pipeline.explain.sources import last_day, of_tx
from pipeline.runtime.workspace import Workspace
from store import agreements, behind
from store.behind import Behind
from store.engine import Connection
from store.money import charged, invoices
from store.money.charged import OnInvoice
from store.people import places
from writers.moved import activity


def whole(ws: Workspace, number: str, day: date, now: datetime, partner: str) -> Explanation | None:
    """Explain an invoice: its figures, and each correction's causes; None where there is none that may be seen."""
    with ws.database.read() as conn:
        statement = _statement(ws, conn, number, day, partner)
        if statement is None:
            return None
        posted = charged.on_invoice(conn, number)
        month = Month.parse(statement.month)
        own_bill = (selfbill.of_invoice(conn, statement.account, month),) if statement.self_bill else ()
        made = next(iter(invoices.listing(conn, accounts=[statement.account], void=True)), None)
        mine = [each for each in invoices.listing(conn, group=statement.group, void=True) if each.number == number]
        steps_of = behind.of(conn, {mine[0].tx, *(each.charge.cause_tx for each in posted)} - {0})
    assert made is not None, "an invoice is of an account"
    facts = MemberFacts("", "", (), day, now, "", (), (), steps_of, partner=partner)
    at = steps_of[mine[0].tx].known
    answer = (said(Says.INVOICE_VOID, invoice=number, month=statement.month),) if mine[0].void else ()
    return Explanation(
        about=number,
        title=f"{statement.group_name}, {statement.subgroup_name}, account {statement.account}",
        answer=(*answer, *own_bill, _asks(statement), *_moved(statement)),
        steps=tuple(_figures(facts, statement, posted, at)),
    )


def _statement(ws: Workspace, conn: Connection, number: str, day: date, partner: str) -> InvoiceStatement | None:
    statement = invoices.find(conn, number, ws.vault.fields)
    if statement is None or not partner:
        return statement
    agreed = agreements.partner(conn, partner)
    reach = agreed.reach(READ, statement.group, day) if agreed else Reach()
    return statement if reach.covers(statement.subgroup) else None


def _asks(statement: InvoiceStatement) -> Said:
    return said(
        Says.INVOICE_ASKS,
        invoice=statement.number,
        month=statement.month,
        due_cents=statement.total_due,
        current_cents=statement.current,
        retro_cents=statement.retro,
        prior_cents=statement.prior_balance,
        payments_cents=statement.payments,
        credit_cents=statement.unapplied,
    )


def _moved(statement: InvoiceStatement) -> Iterator[Said]:
    """Yield what else moved on the account since its last invoice, in all."""
    if statement.activity:
        yield said(Says.INVOICE_MOVED, cents=statement.itemized - statement.own)


def _figures(
    facts: MemberFacts, statement: InvoiceStatement, posted: list[OnInvoice], at: datetime
) -> Iterator[Step]:
    """Yield what the total due is made of: the steps' cents add up to it."""
    for what, cents in (
        ("Balance before", statement.prior_balance),
        ("Payments", -statement.payments),
        *((activity(each.what, each.reference, each.cents), each.cents) for each in statement.activity),
        ("Credit", -statement.unapplied),
    ):
        if cents:
            yield Step(at, said(Says.PRIOR, what=what, cents=cents), cents=cents)
    by_plan: dict[str, list[OnInvoice]] = defaultdict(list)
    by_cause: dict[tuple[int, str], list[OnInvoice]] = defaultdict(list)
    for each in posted:
        if each.charge.kind is ChargeKind.CURRENT:
            by_plan[each.charge.plan].append(each)
        else:
            why = each.charge.reason.text if each.charge.reason else ""
            by_cause[each.charge.cause_tx, why].append(each)
    for plan, found in by_plan.items():
        cents = sum(each.charge.cents for each in found)
        yield Step(
            at, said(Says.PLAN_OF, plan=plan, month=statement.month, count=len(found), cents=cents), cents=cents
        )
    for (tx, why), found in by_cause.items():
        cents = sum(each.charge.cents for each in found)
        kind = Says.CORRECTIONS_BY if tx else Says.CORRECTIONS_OF
        by = {"by": of_tx(facts, tx)} if tx else {}
        months = tuple(sorted({str(each.charge.month) for each in found}))
        yield Step(at, said(kind, months=months, count=len(found), cents=cents, why=why, **by), cents=cents)


# --- one subscriber --------------------------------------------------------------------------------------


def subscriber(
    ws: Workspace, number: str, asked: str, day: date, now: datetime, partner: str
) -> tuple[Explanation | None, tuple[str, ...]]:
    """Explain what an invoice has for one subscriber (member ID or subscriber number); with whom it shows."""
    with ws.database.read() as conn:
        statement = _statement(ws, conn, number, day, partner)
        member = _member(ws, conn, statement.group, asked) if statement else ""
    facts = gather.member(ws, member, day, now, partner=partner) if member else None
    if statement is None or facts is None:
        return None, ()
    family = next((each for each in facts.families if each.group == statement.group), None)
    found = [each for each in family.charges if each.number == number] if family else []
    about = f"{number} {facts.member}"
    if not found or family is None:
        shown = family.subscriber if family else facts.member
        answer = said(Says.INVOICE_WITHOUT, invoice=number, month=statement.month, subscriber=shown)
        return Explanation(about, facts.name, (answer,)), (facts.member,)
    return _explained(facts, family, statement, found, about), (facts.member,)


def _member(ws: Workspace, conn: Connection, group: str, asked: str) -> str:
    """Return the member ID of the subscriber whom a member ID or a subscriber number names; "" for none."""
    contracts = places.contracts_of(conn, group, asked.upper())
    for token in () if contracts else ws.vault.tokens.family(asked):
        contracts = contracts or places.contracts_of(conn, group, token=token)
    of = places.subscriber(conn, contracts[0]) if contracts else None
    return of.member_id if of else ""


def _explained(
    facts: MemberFacts, family: Family, statement: InvoiceStatement, found: list[OnInvoice], about: str
) -> Explanation:
    made = facts.behind[found[0].tx]
    charges = [each.charge for each in found]
    current = sum(charge.cents for charge in charges if charge.kind is ChargeKind.CURRENT)
    retro = sum(charge.cents for charge in charges if charge.kind is ChargeKind.RETRO)
    answer = said(
        Says.INVOICE_SUBSCRIBER,
        invoice=statement.number,
        month=statement.month,
        subscriber=family.subscriber,
        cents=sum(charge.cents for charge in charges),
        current_cents=current,
        retro_cents=retro,
    )
    steps = tuple(
        Step(
            made.known,
            chronicle.of_charge(facts, each),
            tuple(_because(facts, family, each, made)),
            each.charge.cents,
        )
        for each in found
    )
    return Explanation(about, facts.name, (answer,), steps)


def _because(facts: MemberFacts, family: Family, posted: OnInvoice, made: Behind) -> Iterator[Said]:
    """Yield the coverage that a charge is for, as it was known when the invoice was made, and who brought it."""
    month = Span(posted.charge.month.first, posted.charge.month.last)
    for each in family.versions:
        known = each.opened <= made.tx and (each.closed is None or each.closed > made.tx)
        whose = each.person == posted.charge.person if posted.charge.person else each.relationship == SELF
        if known and whose and each.line == posted.charge.line and each.span.overlaps(month):
            end = last_day(each.span.end)
            yield said(
                Says.FOR_COVER, plan=each.plan, begin=each.span.begin, end=end, by=of_tx(facts, each.opened)
            )
