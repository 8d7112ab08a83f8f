"""The invoice's equation closes whatever moved between two invoices: each line by its entries, once."""

from collections import defaultdict
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from billing import invoice, moneyout
from billing.invoice import oldest_first
from model.agreement.terms import Billing, Carrier, Contact, EnrollmentSwitches, Subgroup, Terms
from model.money.activity import Activity, InvoiceActivity, activity
from model.money.ledger import (
    BANK,
    Charge,
    ChargeKind,
    OpenInvoice,
    Transfer,
    TransferCause,
    receivable,
    unapplied,
)
from model.timeline import Month, Span
from support.tries import tries

A, B = "A-100", "B-200"
DAY, FIRST = date(2027, 1, 4), Month(2027, 1)
ALWAYS = Span(date(2020, 1, 1))
PARTS = tuple(Subgroup(code, code, account, ALWAYS) for code, account in (("A", A), ("B", B)))
TERMS = Terms(
    "NW1000", "Northwind", "", ALWAYS, (), Contact(), (), PARTS, (), (), (), EnrollmentSwitches(), Billing(FIRST)
)
CARRIER = Carrier("Example Health", (), ())
cents = st.integers(1, 40_000)
MOVES = ("pay", "reverse", "refund", "return", "transfer", "write-off", "tolerance", "fee", "bill")


class Books:
    """Two accounts in memory; each verb takes no more than there is, as the desk's do."""

    def __init__(self):
        self.entries, self.items, self.payments, self.out = [], {}, [], 0
        self.marks, self.last, self.month = defaultdict(int), defaultdict(int), FIRST

    def balance(self, name, number=None):
        mine = [entry for entry in self.entries if number in (None, entry.invoice)]
        return sum(((entry.debit == name) - (entry.credit == name)) * entry.cents for entry in mine)

    def opens(self, account):
        found = [
            OpenInvoice(number, account, month, DAY, total, self.balance(receivable(account), number))
            for number, (owner, month, total) in self.items.items()
            if owner == account
        ]
        return oldest_first(each for each in found if each.open)

    def purse(self, account):
        return moneyout.Purse(account, -self.balance(unapplied(account)), 0, self.balance(receivable(account)))

    def pay(self, account, most):
        made = []
        for each in self.opens(account):
            part = min(most, each.open)
            made += [Transfer(BANK, receivable(account), part, DAY, TransferCause.PAYMENT, each.number)] * bool(
                part
            )
            most -= part
        made += [Transfer(BANK, unapplied(account), most, DAY, TransferCause.UNAPPLIED)] * bool(most)
        self.payments.append(made)
        self.entries += made

    def reverse(self, account, most):
        """The bank takes a payment back; what its account has not any more is a debit memo."""
        for each in self.payments.pop() if self.payments else ():
            owner = each.credit.partition(":")[2]
            there = each.cents if each.invoice else min(each.cents, self.purse(owner).credit)
            number = f"D{len(self.entries)}"
            if there:
                self.entries.append(Transfer(each.credit, BANK, there, DAY, TransferCause.REVERSAL, each.invoice))
            if each.cents > there:
                self.items[number] = owner, self.month, each.cents - there
                cause = TransferCause.REVERSAL
                self.entries.append(Transfer(receivable(owner), BANK, each.cents - there, DAY, cause, number))

    def refund(self, account, most):
        part = min(most, self.purse(account).available)
        self.entries += [moneyout.refund(account, part, DAY)] * bool(part)

    def back(self, account, most):
        out = {
            each.debit: each.cents for each in self.entries if each.cause is TransferCause.REFUND
        }  # the last one of each account
        if unapplied(account) in out and self.balance("refund") < 0:
            part = min(out[unapplied(account)], -self.balance("refund"))
            self.entries.append(moneyout.returned(account, part, DAY))

    def transfer(self, account, most):
        part = min(most, self.purse(account).available)
        self.entries += [moneyout.moved(account, B if account == A else A, part, DAY)] * bool(part)

    def off(self, account, most, cause=TransferCause.WRITE_OFF):
        for each in self.opens(account)[:1]:
            self.entries.append(moneyout.written_off(account, each.number, min(most, each.open), DAY, cause))

    def tolerance(self, account, most):
        self.off(account, min(most, 100), TransferCause.TOLERANCE)

    def fee(self, account, most):
        number = f"D{len(self.entries)}"
        self.items[number] = account, self.month, most
        self.entries.append(moneyout.fee(account, number, most, DAY))

    def bill(self, account, most):
        part = PARTS[account == B]
        own = (receivable(account), unapplied(account))
        told = []
        for each in self.entries[self.marks[account] :]:
            for side, other, sign in ((each.debit, each.credit, 1), (each.credit, each.debit, -1)):
                internal = other in own or other == "premium"
                if side in own and not internal:
                    told.append((activity(each.cause, other), sign * each.cents))
        moved = tuple(InvoiceActivity(what, DAY, "", sum_) for what, sum_ in told if what is not Activity.PAYMENT)
        paid = -sum(sum_ for what, sum_ in told if what is Activity.PAYMENT)
        standing = invoice.Standing(self.balance(own[0]), -self.balance(own[1]), paid, activity=moved)
        charge = Charge(account, 1, "medical", "MED1", "EMP", self.month, most - 5_000, ChargeKind.CURRENT, None)
        head = invoice.Head(str(100_001 + len(self.items)), False, self.month, DAY)
        made = invoice.statement(head, CARRIER, TERMS, part, [charge], standing)
        before = made.prior_balance - made.payments - made.unapplied
        assert made.prior_balance - made.unapplied == self.last[account]
        since = made.reversals + made.refunds + made.transfers - made.write_offs + made.fees
        assert made.total_due == before + since + made.current + made.retro == before + made.itemized
        assert sum(each.cents for each in made.activity) == since
        opens = self.opens(account)
        self.items[made.number] = account, self.month, made.own
        self.entries += invoice.transfers(made, standing, opens)
        assert made.total_due == self.balance(own[0]) + self.balance(own[1])
        self.marks[account], self.last[account] = len(self.entries), made.total_due
        self.month = self.month.plus(1)


VERBS = dict(
    zip(
        MOVES,
        (
            Books.pay,
            Books.reverse,
            Books.refund,
            Books.back,
            Books.transfer,
            Books.off,
            Books.tolerance,
            Books.fee,
            Books.bill,
        ),
        strict=True,
    )
)


@tries(80)
@given(st.lists(st.tuples(st.sampled_from(MOVES), st.sampled_from((A, B)), cents), min_size=3, max_size=25))
def test_the_equation_closes_over_any_history(steps):
    books = Books()
    for verb, account, most in (*steps, ("bill", A, 1), ("bill", B, 1)):
        VERBS[verb](books, account, most)
        for each in (A, B):
            assert books.balance(receivable(each)) == sum(item.open for item in books.opens(each))
            assert books.balance(unapplied(each)) <= 0
