"""Roster against invoice against remittance, for one group's month, and how long what is owed has been owed.

Three sides per account and subscriber: what the month should cost with today's knowledge, what stands billed for
it (later corrections included), and what was paid on the month's invoice by payments that name the subscriber.
A payment that names only the account or the invoice is judged on the account. Cents, int64 in pandas; whole days.

Source: FAQ 26; docs/domain.md, Reconciliation; docs/domain.md, Aging.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from billing import threeway
from billing.charges import ShouldBe
from billing.gaps import BEYOND, Gap
from billing.payers import Payers
from billing.threeway import Counted, Piece
from model.agreement.terms import Carrier, Terms
from model.documents.statement import Reconciliation, ReconciliationAccount, ReconciliationRow, Unplaced
from model.money.breaks import Break
from model.money.cents import Cents
from model.money.ledger import WRITE_OFF, Aging, Charged, IssuedInvoice, OpenInvoice, Transfer, receivable
from model.money.notes import Note, Remark, note
from model.timeline import NOW, AsOf, Month, Span

Names = Mapping[str, str]  # subgroup code by account number

_LAST_DAYS = (0, 30, 60, 90)  # days of each bucket of aging; the rest is older


@dataclass(frozen=True, slots=True)
class Sides:
    """What is held against each other, as read from the store.

    `should` is of the month at least; `payers` are whom all of it concerns; `posted` is what stands charged on
    the group's accounts for the month; `invoices` the month's issued ones, one per account at most, and `asked`
    what is charged on them for any month; `entries` all transfers of these
    invoices; `credit` the cents >= 0 on each account, what is kept for a month included; `suspense` the
    cents in suspense that are this group's, and `unplaced` its partners' that are of no group; `opens` every
    unpaid invoice of the accounts, of any month; `names` the subgroup's code of each account the group ever
    had, where the terms no longer say it; `asof` as of which days all of it was read.
    """

    should: ShouldBe
    payers: Payers
    posted: Sequence[Charged]
    invoices: Sequence[IssuedInvoice]
    asked: Sequence[Charged]
    entries: Sequence[Transfer]
    credit: Sequence[tuple[str, Cents]]
    suspense: Cents
    opens: Sequence[OpenInvoice] = ()
    unplaced: Sequence[Unplaced] = ()
    names: Names = field(default_factory=dict)
    pieces: Sequence[Piece] = ()  # money that no account has and that can be the group's, among other
    counted: Sequence[Counted] = ()  # what remittances of the month count
    accepted: Mapping[str, date] = field(default_factory=dict)  # the subjects whose variances were accepted
    asof: AsOf = NOW


@dataclass(frozen=True, slots=True)
class _Unit:
    """One subscriber on one account: the sides, and what the month's invoice asks for them in all."""

    account: str
    contract: int
    roster: Cents
    billed: Cents
    asked: Cents  # the month's premium and the corrections on the same invoice
    named: Cents | None  # paid by payments that name the subscriber; None when none does


@dataclass(frozen=True, slots=True)
class _Bill:
    """The month's invoice of one account, and what came in for it. An account without one has number ""."""

    number: str = ""
    total: Cents = 0
    open: Cents = 0
    unnamed: Cents = 0  # paid by payments (or credit) that name no subscriber
    written_off: Cents = 0

    @property
    def paid(self) -> Cents:
        """What is paid of the invoice; an invoice below zero takes no payment."""
        return max(0, self.total) - self.open - self.written_off


def reconcile(carrier: Carrier, terms: Terms, month: Month, produced: date, sides: Sides) -> Reconciliation:
    """Return the reconciliation of one group's month: accounts, one row per subscriber and account, breaks.

    Kinds: ok, billed-unpaid, paid-unbilled, rate-variance, roster-unbilled, billed-not-on-roster; where nothing
    says what is owed outside-agreement (beyond group, subgroup or plan) or not-priced. Where an invoice is
    part-paid without names, one row without a subscriber stands for what is open. Rows add up to their account; of
    each account, invoiced = paid + written off + open unless it is a credit.
    """
    bills, gaps = _bills(sides), _gaps(sides.should, month)
    agreed = {subgroup.account: subgroup.code for subgroup in terms.subgroups}
    names = {**sides.names, **agreed}
    rows = [
        _row(unit, bills.get(unit.account, _Bill()), names, sides.payers, gaps.get(unit.contract, ()))
        for unit in _units(sides, terms, month)
    ]
    rows += [row for account, bill in bills.items() for row in _unnamed(account, bill, names)]
    rows += threeway.rows(terms.group, sides.pieces, sides.counted, _heads(sides, month), names)
    rows = [threeway.known_as(terms.group, month, row, sides.accepted) for row in rows]
    rows.sort(key=_order)
    kinds = Counter(row.kind for row in rows if row.accepted is None)
    by_account = _by_account(rows)
    credit, at = dict(sides.credit), sides.asof
    standing = {account for account, cents in sides.credit if cents} | {invoice.account for invoice in sides.opens}
    accounts = sorted({*agreed, *bills, *standing, *(row.account for row in rows)} - {""})
    reconciled = [
        _account(
            number, names.get(number, ""), bills.get(number, _Bill()), by_account[number], credit.get(number, 0)
        )
        for number in accounts
    ]
    *ages, over_all = aging(accounts, sides.opens, at.on or at.known_on or produced)
    return Reconciliation(
        carrier=carrier.name,
        contact=terms.whom_to_ask(carrier),
        group=terms.group,
        group_name=terms.name,
        month=str(month),
        produced=produced,
        accounts=tuple(reconciled),
        rows=tuple(rows),
        suspense=sides.suspense,
        breaks=tuple((kind, kinds[kind]) for kind in Break if kind is not Break.OK and kinds[kind]),
        total=_total(reconciled),
        aging=tuple(ages),
        aging_total=over_all,
        unplaced=tuple(sides.unplaced),
        as_of=at.on,
        known_on=at.known_on,
    )


def _heads(sides: Sides, month: Month) -> Counter[str]:
    """Return how many subscribers each account has on the roster of the month."""
    there = {(charge.account, charge.contract) for charge in sides.should.charges if charge.month == month}
    return Counter(account for account, _ in there)


def _gaps(should: ShouldBe, month: Month) -> dict[int, list[Gap]]:
    """Return why a month could not be priced, by contract; what is outside the agreement first."""
    found: dict[int, list[Gap]] = defaultdict(list)
    for unit, gap in should.unpriced.items():
        if unit.month == month:
            found[unit.contract].append(gap)
    return {contract: sorted(gaps, key=lambda gap: gap.code != BEYOND) for contract, gaps in found.items()}


def _bills(sides: Sides) -> dict[str, _Bill]:
    """Return what the ledger holds of the month's invoice of each account."""
    entries: dict[str, list[Transfer]] = defaultdict(list)
    for entry in sides.entries:
        entries[entry.invoice].append(entry)
    return {issued.account: _bill(issued, entries[issued.number]) for issued in sides.invoices}


def _bill(issued: IssuedInvoice, entries: Sequence[Transfer]) -> _Bill:
    """Return what the ledger holds of one invoice: `entries` are its own."""
    owed = receivable(issued.account)
    still = sum(_signed(entry, owed) for entry in entries)
    named = -sum(_signed(entry, owed) for entry in entries if entry.contract)
    off = sum(_signed(entry, WRITE_OFF) for entry in entries)
    return _Bill(issued.number, issued.total, still, max(0, issued.total) - still - named - off, off)


def _signed(entry: Transfer, account: str) -> Cents:
    """Return an entry's cents as its account sees it: debits positive; 0 for another account's."""
    return (entry.cents if entry.debit == account else 0) - (entry.cents if entry.credit == account else 0)


def _units(sides: Sides, terms: Terms, month: Month) -> Iterator[_Unit]:
    """Join the sides on account and contract."""
    import pandas as pd  # half a second: only who reconciles pays for it

    facts = list(_facts(sides, terms, month))
    if not facts:
        return
    frame = pd.DataFrame(facts, columns=["account", "contract", "side", "cents"]).astype({"cents": "int64"})
    sums = frame.groupby(["account", "contract", "side"])["cents"].sum().unstack(fill_value=0)
    table = sums.reindex(columns=["roster", "billed", "asked", "paid"], fill_value=0)
    named = {(account, contract) for account, contract, side, _ in facts if side == "paid"}
    for (account, contract), roster, billed, asked, paid in table.itertuples(name=None):
        known = int(paid) if (account, contract) in named else None
        yield _Unit(account, int(contract), int(roster), int(billed), int(asked), known)


def _facts(sides: Sides, terms: Terms, month: Month) -> Iterator[tuple[str, int, str, Cents]]:
    """Yield (account, contract, side, cents) of every side; zero for covered months without a price."""
    for charge in sides.should.charges:
        if charge.month == month:
            yield charge.account, charge.contract, "roster", charge.cents
    unpriced = {unit.contract for unit in sides.should.unpriced if unit.month == month}
    for line in sides.should.coverage:
        place = terms.subgroup(line.subgroup)
        if line.contract in unpriced and place and line.span.overlaps(Span(month.first, month.last)):
            yield place.account, line.contract, "roster", 0
    for side, charged in (("billed", sides.posted), ("asked", sides.asked)):
        for sum_of in charged:
            yield sum_of.account, sum_of.contract, side, sum_of.cents
    owed = {(receivable(invoice.account), invoice.number): invoice.account for invoice in sides.invoices}
    for entry in sides.entries:
        for name in (entry.debit, entry.credit):
            account = owed.get((name, entry.invoice))
            if account and entry.contract:
                yield account, entry.contract, "paid", -_signed(entry, name)


def _row(unit: _Unit, bill: _Bill, names: Names, payers: Payers, gaps: Sequence[Gap]) -> ReconciliationRow:
    """Return one subscriber's row."""
    payer = payers.of(unit.contract)
    kind, why = _judge(unit, bill, gaps)
    by_account = unit.named is None and bill.unnamed != 0
    return ReconciliationRow(
        account=unit.account,
        subgroup=names.get(unit.account, ""),
        subscriber=payer.masked,
        member=payer.member,
        name=payer.name,
        roster=unit.roster,
        billed=unit.billed,
        paid=None if by_account else unit.named or 0,
        kind=kind,
        note=why,
    )


def _order(row: ReconciliationRow) -> tuple[str, ...]:
    """Sort rows by account and name; what is an invoice's stands among the names as it is titled."""
    about = row.name or f"Invoice {row.invoice}" if not row.payment else f"Payment {row.payment} {row.line:06d}"
    return row.account, about.upper(), row.subscriber, row.member


def _judge(unit: _Unit, bill: _Bill, gaps: Sequence[Gap]) -> tuple[Break, Note | None]:
    """Return the kind and the note: first what was paid for nobody, then roster against bill, then the money."""
    if unit.named and not unit.billed and not unit.asked:
        return Break.UNBILLED, note(Remark.ON_ROSTER if unit.roster or gaps else Remark.OFF_ROSTER)
    if gaps:
        why = note(Remark.GAPS, *dict.fromkeys(gap.note for gap in gaps))
        kind = Break.OUTSIDE if gaps[0].code == BEYOND else Break.UNPRICED
        return kind, note(Remark.STANDS_UNPRICED, why)
    if unit.roster == unit.billed:
        return _judge_payment(unit, bill)
    if not unit.billed:
        return Break.MISSED, note(Remark.CORRECTED_NEXT if bill.number else Remark.NO_INVOICE_YET)
    if not unit.roster:
        return Break.GHOST, note(Remark.TAKEN_BACK_NEXT, unit.billed)
    return Break.VARIANCE, note(Remark.SHOULD_BE, unit.roster, unit.billed)


def _judge_payment(unit: _Unit, bill: _Bill) -> tuple[Break, Note | None]:
    """Return kind and note of a subscriber who is billed as the roster says."""
    asked, corrected = unit.asked, bill.number and unit.asked != unit.billed
    more = note(Remark.INVOICE_ASKS, bill.number, asked) if corrected else None
    if unit.named is None:
        if bill.open > 0 and not bill.unnamed and asked > 0:
            return Break.UNPAID, note(Remark.NOT_NAMED, asked, bill.number)
        return Break.OK, more
    if unit.named < asked and not bill.open and bill.written_off:
        return Break.OK, note(Remark.WRITTEN_OFF, bill.written_off, bill.number)
    if unit.named < asked:
        return Break.UNPAID, note(Remark.NOT_PAID, asked - unit.named, asked, bill.number)
    if unit.named > asked:
        return Break.VARIANCE, note(Remark.PAID_MORE, unit.named - asked, asked)
    return Break.OK, more


def _unnamed(account: str, bill: _Bill, names: Names) -> Iterator[ReconciliationRow]:
    """Yield the row of an invoice that was part-paid by money that names no subscriber."""
    if bill.open > 0 and bill.unnamed:
        yield ReconciliationRow(
            account=account,
            subgroup=names.get(account, ""),
            subscriber="",
            member="",
            name="",
            roster=0,
            billed=0,
            paid=None,
            kind=Break.UNPAID,
            note=note(Remark.OPEN_UNNAMED, bill.open),
            invoice=bill.number,
        )


def _by_account(rows: Iterable[ReconciliationRow]) -> Mapping[str, Sequence[ReconciliationRow]]:
    """Return each account's rows; none for one that has none."""
    found: dict[str, list[ReconciliationRow]] = defaultdict(list)
    for row in rows:
        found[row.account].append(row)
    return found


def _account(
    account: str, subgroup: str, bill: _Bill, rows: Sequence[ReconciliationRow], credit: Cents
) -> ReconciliationAccount:
    """Return an account's totals: its rows' roster and billed add up to them."""
    return ReconciliationAccount(
        account=account,
        subgroup=subgroup,
        invoice=bill.number,
        roster=sum(row.roster for row in rows),
        billed=sum(row.billed for row in rows),
        paid=bill.paid,
        unapplied=credit,
        open=bill.open,
        invoiced=bill.total,
        written_off=bill.written_off,
    )


def _total(accounts: Sequence[ReconciliationAccount]) -> ReconciliationAccount:
    """Return the totals of all accounts."""
    return ReconciliationAccount(
        account="",
        subgroup="",
        invoice="",
        roster=sum(account.roster for account in accounts),
        billed=sum(account.billed for account in accounts),
        paid=sum(account.paid for account in accounts),
        unapplied=sum(account.unapplied for account in accounts),
        open=sum(account.open for account in accounts),
        invoiced=sum(account.invoiced for account in accounts),
        written_off=sum(account.written_off for account in accounts),
    )


def aging(accounts: Sequence[str], opens: Iterable[OpenInvoice], on: date) -> tuple[Aging, ...]:
    """Return one Aging per account, in the order given, and last the one over all, under account "".

    An invoice's age on a day is the number of days after its due date; on the due date itself it is not late.
    """
    owed: dict[str, list[OpenInvoice]] = {account: [] for account in accounts}
    for invoice in opens:
        if invoice.open > 0 and invoice.account in owed:
            owed[invoice.account].append(invoice)
    rows = [_aging(account, owed[account], on) for account in accounts]
    return (*rows, _aging("", list(chain.from_iterable(owed.values())), on))


def _aging(account: str, owed: Sequence[OpenInvoice], on: date) -> Aging:
    buckets: list[Cents] = [0] * (len(_LAST_DAYS) + 1)
    for invoice in owed:
        late = (on - invoice.due).days
        buckets[sum(late > last for last in _LAST_DAYS)] += invoice.open
    not_due, to_30, to_60, to_90, older = buckets
    return Aging(account, not_due, to_30, to_60, to_90, older, sum(buckets))
