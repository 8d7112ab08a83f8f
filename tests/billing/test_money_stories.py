"""Months in the life of two accounts: what each invoice says, and what the ledger holds after each step."""

from collections import defaultdict
from datetime import date

from billing import adjust, invoice
from billing.book import Book, Payable
from billing.cash import allocate
from billing.charges import should_be
from billing.funds import Money
from billing.payers import Payers
from model.finding import Where
from model.money.cents import format_cents, parse_cents
from model.money.ledger import BANK, OpenInvoice, receivable, unapplied
from model.money.remittance import Remittance, RemittanceLine
from model.timeline import Month
from support import invoiced

CASES = "stories.yaml"


class Ledger:
    """Transfers and invoices in memory, asked as the store is asked."""

    def __init__(self):
        self.posted, self.transfers, self.issued, self.billed_at = [], [], [], defaultdict(int)

    def balance(self, account, number=None):
        entries = [transfer for transfer in self.transfers if number in (None, transfer.invoice)]
        return sum(
            (entry.debit == account) * entry.cents - (entry.credit == account) * entry.cents for entry in entries
        )

    def opens(self):
        for statement in self.issued:
            total = statement.current + statement.retro
            still = self.balance(receivable(statement.account), statement.number)
            yield OpenInvoice(
                statement.number, statement.account, Month.parse(statement.month), statement.due, total, still
            )

    def standing(self, account):
        own = (receivable(account), unapplied(account))
        since = self.transfers[self.billed_at[account] :]
        into = sum(transfer.cents for transfer in since if transfer.debit == BANK and transfer.credit in own)
        back = sum(transfer.cents for transfer in since if transfer.credit == BANK and transfer.debit in own)
        return invoice.Standing(self.balance(own[0]), -self.balance(own[1]), into - back)


def bill(desk, ledger, step, roster):
    month = Month.parse(step["bill"])
    charges = adjust.charges(should_be(roster, desk.terms, month), ledger.posted, month)
    shown = []
    for subgroup in desk.terms.subgroups:
        number = str(100001 + len(ledger.issued))
        head = invoice.Head(number, False, month, step["produced"])
        standing = ledger.standing(subgroup.account)
        statement = invoiced.made(head, desk.carrier, desk.terms, subgroup, charges, Payers(roster), standing)
        opens = [opened for opened in ledger.opens() if opened.account == subgroup.account and opened.open > 0]
        ledger.transfers += invoice.transfers(statement, standing, opens)
        ledger.billed_at[subgroup.account] = len(ledger.transfers)
        ledger.issued.append(statement)
        sums = (
            statement.prior_balance,
            statement.payments,
            statement.unapplied,
            statement.current,
            statement.retro,
            statement.total_due,
        )
        shown.append(" ".join([number, statement.account, *map(format_cents, sums), str(statement.due)]))
    ledger.posted += charges
    assert shown == step["invoices"]


def pay(ledger, step):
    lines = []
    for number, row in enumerate(step["lines"], 1):
        qualifier, reference, dollars = row.split()
        amount = parse_cents(dollars)
        lines.append(
            RemittanceLine(
                number, "A", qualifier, reference, "", amount, None, (), "", None, None, (), Where(segment=number)
            )
        )
    cents = parse_cents(f"{step['pay']:.2f}")
    paid = Remittance(
        "1", "C", cents, "C", "ACH", "1", None, "1", (), ("", ""), ("", ""), (), tuple(lines), Where()
    )
    accounts = ("A-100", "B-200")
    book = Book(
        tuple(Payable(account, "NW1000") for account in accounts),
        tuple(ledger.opens()),
        tuple((account, -ledger.balance(unapplied(account))) for account in accounts),
    )
    ledger.transfers += allocate(paid, book, Money("acme", date(2027, 1, 2))).transfers


def test_story(desk, case):
    ledger, roster = Ledger(), []
    for step in case["steps"]:
        if "bill" in step:
            roster = [desk.roster(row) for row in step["roster"]] if "roster" in step else roster
            bill(desk, ledger, step, roster)
        else:
            pay(ledger, step)
        still = {int(opened.number): opened.open / 100 for opened in ledger.opens() if opened.open}
        assert still == step["open"]
        credit = {name: -ledger.balance(unapplied(name)) / 100 for name in ("A-100", "B-200")}
        assert {name: dollars for name, dollars in credit.items() if dollars} == step.get("credit", {})
