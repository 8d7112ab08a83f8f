"""Roster against invoice against remittance, and the receipt of the payment in between."""

from collections import Counter
from dataclasses import replace
from datetime import date

from billing import adjust, invoice
from billing.book import Book, Known, Payable
from billing.cash import allocate, receipt
from billing.charges import should_be
from billing.funds import Money
from billing.payers import Payers
from billing.reconcile import Sides, reconcile
from billing.threeway import Counted
from model.agreement.terms import Contact
from model.finding import Where
from model.money.cents import format_cents, parse_cents
from model.money.ledger import Charged, IssuedInvoice, OpenInvoice, receivable, suspense, unapplied
from model.money.remittance import Remittance, RemittanceLine
from model.money.sums import Part, Sign
from model.timeline import Month, Span
from support import invoiced
from support.sums import adds_up
from writers.words import AN_INVOICE, note, received_place

CASES = "reconcile.yaml"
JANUARY, MADE = Month(2027, 1), date(2026, 12, 10)
ACCOUNTS = ("A-100", "B-200")


def billed(desk, roster, month=JANUARY, posted=(), first=100001):
    """The month's invoices of both accounts, where there is anything to bill, with charges and entries."""
    charges = adjust.charges(should_be(roster, desk.terms, month), posted, month)
    issued = []
    for subgroup in desk.terms.subgroups:
        if any(charge.account == subgroup.account for charge in charges):
            head = invoice.Head(str(first + len(issued)), False, month, MADE)
            none = invoice.Standing()
            issued.append(invoiced.made(head, desk.carrier, desk.terms, subgroup, charges, Payers(roster), none))
    return (
        charges,
        issued,
        [entry for statement in issued for entry in invoice.transfers(statement, invoice.Standing(), [])],
    )


def summed(charges, month=None):
    """What is charged by account and contract: for a month, or for any."""
    sums = Counter()
    for charge in charges:
        if month in (None, charge.month):
            sums[charge.account, charge.contract] += charge.cents
    return [Charged(*whose, cents) for whose, cents in sums.items()]


def paid(rows):
    lines = []
    for number, row in enumerate(rows, 1):
        qualifier, reference, dollars = row.split()
        amount = parse_cents(dollars)
        lines.append(
            RemittanceLine(number, "A", qualifier, reference, "", amount, None, (), "", None, None, (), Where())
        )
    total = sum(line.paid for line in lines)
    payer = ("Northwind Traders", "")
    return Remittance(
        "1", "C", total, "C", "ACH", "1", None, "55501", (), payer, ("", ""), (), tuple(lines), Where()
    )


def allocation(remittance, issued):
    invoices = [
        OpenInvoice(
            statement.number, statement.account, JANUARY, statement.due, total(statement), total(statement)
        )
        for statement in issued
    ]
    known = [
        Known(f"E{contract:05d}", contract, (("A-100", Span(date(2020, 1, 1))),)) for contract in range(1, 10)
    ]
    book = Book(tuple(Payable(account, "NW1000") for account in ACCOUNTS), tuple(invoices), (), tuple(known))
    return allocate(remittance, book, Money("acme", date(2027, 1, 4)))


def total(one):
    return max(0, one.current + one.retro)


def credit_of(entries, account):
    return sum(
        (entry.credit == account) * entry.cents - (entry.debit == account) * entry.cents for entry in entries
    )


def as_issued(one):
    """The invoice as the store lists it."""
    cents = one.current + one.retro
    month = Month.parse(one.month)
    return IssuedInvoice(0, one.number, one.account, one.account, month, MADE, one.due, cents, 0, 0)


def test_one_person_with_two_contracts_is_two_rows(desk):
    """Their lines on the invoice bear one member ID: what each contract was asked for is in the charges."""
    roster = [
        replace(desk.roster(text), subscriber_member_id="M1-18")
        for text in ("1 A medical MED1 FAM 2026-05-01 open", "2 A life LIF1 - 2026-05-01 open")
    ]
    charges, issued, entries = billed(desk, roster)
    entries += allocation(paid(["AZ E00001 1200.00", "AZ E00002 12.00"]), issued).transfers
    sides = Sides(
        should=should_be(roster, desk.terms, JANUARY),
        payers=Payers(roster),
        posted=summed(charges, JANUARY),
        invoices=[as_issued(statement) for statement in issued],
        asked=summed(charges),
        entries=[entry for entry in entries if receivable("") in entry.debit + entry.credit],
        credit=(),
        suspense=0,
        names={subgroup.account: subgroup.code for subgroup in desk.terms.subgroups},
    )
    result = reconcile(desk.carrier, desk.terms, JANUARY, date(2027, 1, 31), sides)
    assert [show(row) for row in result.rows] == [
        "A-100|E00001|1200.00|1200.00|1200.00|ok",
        "A-100|E00002|12.00|12.00|12.00|ok",
    ]
    assert result.agrees


def test_reconcile(desk, case):
    rosters = [[desk.roster(row) for row in rows] for rows in (case["billed"], case.get("now", case["billed"]))]
    month, charges, entries = JANUARY, (), []
    if "earlier" in case:
        month = JANUARY.plus(1)
        charges, _, entries = billed(desk, [desk.roster(row) for row in case["earlier"]])
    more, issued, new = billed(desk, rosters[0], month, charges, 100001 + len(entries))
    charges, entries = (*charges, *more), [*entries, *new]
    entries += allocation(paid(case.get("pay", ())), issued).transfers
    terms = desk.terms
    if "ends" in case:
        terms = replace(terms, span=Span(terms.span.begin, case["ends"]))
    sides = Sides(
        should=should_be(rosters[1], terms, month),
        payers=Payers(rosters[1]),
        posted=summed(charges, month),
        invoices=[as_issued(statement) for statement in issued],
        asked=summed(more),
        entries=[entry for entry in entries if receivable("") in entry.debit + entry.credit],
        credit=[(account, credit_of(entries, unapplied(account))) for account in ACCOUNTS],
        suspense=credit_of(entries, suspense("acme")),
        counted=[Counted(*each) for each in case.get("counted", ())],
    )
    result = reconcile(desk.carrier, terms, month, date(2027, 1, 31), sides)
    assert [show(row) for row in result.rows] == case["rows"]
    held = [account for account in result.accounts if account.invoice or account.roster]
    assert [show_account(account) for account in held] == case["accounts"]
    assert dict(result.breaks) == case["breaks"]
    assert format_cents(result.suspense) == f"{case.get('suspense', 0):.2f}"
    if "notes" in case:
        assert [note(row.note) for row in result.rows] == case["notes"]
    assert all(map(adds_up, result.sums))
    figures = {term.part: term.cents * (-1 if term.sign is Sign.MINUS else 1) for term in result.sums[0]}
    corrected = sum(charge.cents for charge in sides.asked) - sum(charge.cents for charge in sides.posted)
    became = sum(account.unapplied for account in result.accounts) if case.get("credit_invoice") else 0
    assert (figures.get(Part.CORRECTIONS, 0), figures.get(Part.CREDITED, 0)) == (corrected, became)
    for account in result.accounts:
        assert account.invoiced == account.paid + account.open - (
            account.unapplied if case.get("credit_invoice") else 0
        )


def show(row):
    by = "-" if row.paid is None else format_cents(row.paid)
    who = row.subscriber or row.name or row.payment or AN_INVOICE.format(row.invoice)
    return "|".join([row.account, who, format_cents(row.roster), format_cents(row.billed), by, row.kind])


def show_account(one):
    sums = map(format_cents, (one.roster, one.billed, one.paid, one.unapplied, one.open))
    return " ".join([one.account, one.invoice or "-", *sums])


def test_receipt_says_where_each_cent_went(desk):
    _, issued, _ = billed(desk, [desk.roster("1 A medical MED1 EMP 2026-05-01 open")])
    remittance = paid(["11 A-100 550.00", "IK 777 70.00"])
    made = receipt(
        number="500001",
        carrier="Example Health",
        contact=Contact("Billing desk", "555-0100", "billing@example.com"),
        partner="acme",
        remittance=remittance,
        received=date(2027, 1, 4),
        allocation=allocation(remittance, issued),
    )
    assert [(row.account, received_place(row), row.cents, note(row.note)) for row in made.lines] == [
        ("A-100", "Invoice 100001", 500_00, "11 A-100"),
        ("A-100", "Credit on account", 50_00, "11 A-100"),
        ("", "Suspense", 70_00, "IK 777: invoice 777 is not one of yours"),
    ]
    assert (made.payer, made.trace, made.cents) == ("Northwind Traders", "55501", 620_00)
    assert sum(row.cents for row in made.lines) == made.cents
