"""Whatever was paid, billed, used, refunded, given away: a payment taken back leaves the books whole."""

from collections import defaultdict
from datetime import date
from types import SimpleNamespace

from hypothesis import assume, given
from hypothesis import strategies as st

from billing import credit, invoice
from billing.book import Book, Payable
from billing.cash import allocate
from billing.funds import Money
from billing.invoice import Standing
from billing.reversal import reopened
from model.finding import Where
from model.money.ledger import (
    BANK,
    REFUND,
    AccountKind,
    LedgerAccount,
    OpenInvoice,
    Transfer,
    TransferCause,
    ahead,
    receivable,
    unapplied,
)
from model.money.remittance import Remittance, RemittanceLine
from model.timeline import Month
from support.reversals import DAY, OWN, Ledger

ACCOUNTS = ("A", "B")
FIRST = Month(2027, 1)
OTHERS = 8  # another one's remittance
accounts = st.sampled_from(ACCOUNTS)
cents = st.integers(1, 400)
lines = st.lists(st.tuples(accounts, st.integers(-1, 3), st.integers(-150, 400)), min_size=1, max_size=4)
steps = st.one_of(
    st.tuples(st.just("bill"), accounts, st.integers(-100, 400)),
    st.tuples(st.just("pay"), lines),
    st.tuples(st.just("ahead"), accounts, st.integers(0, 3), cents),
    st.tuples(st.just("night"), accounts),
    st.tuples(st.just("refund"), accounts, cents),
    st.tuples(st.just("transfer"), accounts, cents),
)


class Desk:
    """A ledger, and what people and the plan do to it by the code that does it."""

    def __init__(self):
        self.ledger = Ledger({})
        self.months = defaultdict(int)

    def do(self, step, *, remittance=OTHERS):
        """Do a step."""
        verb, *rest = step
        getattr(self, verb)(*rest, **({"remittance": remittance} if verb in ("pay", "ahead") else {}))

    def free(self, account):
        """Return an account's free credit."""
        return self.ledger.credits().get(unapplied(account), 0)

    def items(self):
        """Return every item."""
        opens = self.ledger.opens()
        return [
            OpenInvoice(number, account, FIRST, date(2027, 1, 1), total, opens[number])
            for number, (account, total) in self.ledger.items.items()
        ]

    def bill(self, account, total):
        """Bill an account's next month."""
        month, number = FIRST.plus(self.months[account]), f"{account}{self.months[account]}"
        self.months[account] += 1
        kept = {
            Month.parse(LedgerAccount.read(name).month): held
            for name, held in self.ledger.credits().items()
            if LedgerAccount.read(name).kind is AccountKind.AHEAD and LedgerAccount.read(name).owner == account
        }
        due = tuple(sorted((named, held) for named, held in kept.items() if held and named <= month))
        opens = [item for item in self.items() if item.account == account and item.open]
        self.ledger.items[number] = (account, max(0, total))
        issued = SimpleNamespace(
            trial=False,
            account=account,
            current=total,
            retro=0,
            own=total,
            fees=0,
            month=str(month),
            due=month.first,
            number=number,
            produced=month.first,
        )
        made = invoice.transfers(issued, Standing(credit=self.free(account), ahead=due), opens)
        # the item's total stands for its premium, and a month below zero is credit
        if total < 0:
            self.ledger.post([Transfer("premium", unapplied(account), -total, month.first, TransferCause.CREDIT)])
        self.ledger.post(
            entry
            for entry in made
            if entry.cause is not TransferCause.PREMIUM
            and (entry.invoice != number or entry.credit == receivable(account))
        )

    def pay(self, asked, remittance):
        """Take an 820; what it takes back beyond what it pays is left out."""
        known = list(self.ledger.items)
        if sum(paid for _, _, paid in asked) < 0:
            asked = [(account, which, abs(paid)) for account, which, paid in asked]
        rows = []
        for number, (account, which, paid) in enumerate(asked, 1):
            own = [item for item in known if item.startswith(account)]
            named = own[which] if 0 <= which < len(own) else ""
            qualifier, reference = ("IK", named) if named else ("11", account)
            rows.append(
                RemittanceLine(number, "A", qualifier, reference, "", paid, None, (), "", None, None, (), Where())
            )
        paid = sum(row.paid for row in rows)
        one = Remittance(
            "1", "C", paid, "C", "ACH", "1", None, "T", (), ("", ""), ("", ""), (), tuple(rows), Where()
        )
        book = Book(
            accounts=tuple(Payable(account, "G", ()) for account in ACCOUNTS),
            invoices=tuple(self.items()),
            credit=tuple((account, self.free(account)) for account in ACCOUNTS),
            subscribers=(),
            billed=(),
            ahead=(),
            covers=(),
        )
        made = allocate(one, book, Money("p", DAY, remittance))
        self.ledger.post(made.transfers, own=remittance == OWN)

    def ahead(self, account, months, paid, remittance):
        """Money comes for a month that is not billed yet."""
        name = ahead(account, FIRST.plus(self.months[account] + months))
        entry = Transfer(BANK, name, paid, DAY, TransferCause.AHEAD, remittance=remittance)
        self.ledger.post([entry], own=remittance == OWN)

    def night(self, account):
        """Free credit pays what is open."""
        self.ledger.post(credit.pays(account, self.free(account), opens_of(self, account), DAY))

    def refund(self, account, wanted):
        """Credit goes out."""
        if part := min(wanted, self.free(account)):
            self.ledger.post([Transfer(unapplied(account), REFUND, part, DAY, TransferCause.REFUND)])

    def transfer(self, account, wanted):
        """Credit goes to the other account."""
        (other,) = set(ACCOUNTS) - {account}
        if part := min(wanted, self.free(account)):
            self.ledger.post([Transfer(unapplied(account), unapplied(other), part, DAY, TransferCause.TRANSFER)])

    def worth(self):
        """Return what each account owes less its credit."""
        worth = dict.fromkeys(ACCOUNTS, 0)
        for number, still in self.ledger.opens().items():
            worth[self.ledger.items[number][0]] += still
        for name, held in self.ledger.credits().items():
            worth[LedgerAccount.read(name).owner] -= held
        return worth


def opens_of(desk, account):
    return [item for item in desk.items() if item.account == account and item.open]


def got(entries):
    """Return what each account got by entries."""
    sums = dict.fromkeys(ACCOUNTS, 0)
    for entry in entries:
        for side, sign in ((entry.credit, 1), (entry.debit, -1)):
            owner = LedgerAccount.read(side).owner
            if owner in sums:
                sums[owner] += sign * entry.cents
    return sums


payments = st.one_of(
    st.tuples(st.just("pay"), lines), st.tuples(st.just("ahead"), accounts, st.integers(0, 3), cents)
)


@given(st.lists(steps, max_size=6), payments, st.lists(steps, max_size=10))
def test_a_payment_is_out_of_the_books_and_nothing_else_is(before, paid, after):
    """Each account owes more by what it had got; at no entry a credit is below zero or an item above its total."""
    desk = Desk()
    for step in before:
        desk.do(step)
    desk.do(paid, remittance=OWN)
    for step in after:
        desk.do(step)
    own = [each.entry for each in desk.ledger.entries if each.id in desk.ledger.own]
    assume(own)  # a payment over nothing has no entries
    worth, opens = desk.worth(), desk.ledger.opens()
    made = desk.ledger.reverse()
    assert desk.ledger.bank() == 0
    assert {account: desk.worth()[account] - worth[account] for account in ACCOUNTS} == got(own)
    assert all(entry.cause is TransferCause.REVERSAL and entry.remittance == OWN for entry in made.transfers)
    opened = {number: now - opens.get(number, 0) for number, now in desk.ledger.opens().items()}
    new = {number for number in opened if number.startswith("NEW")}
    assert {number: more for number, more in opened.items() if more and number not in new} == reopened(
        made.transfers
    )


@given(
    st.lists(st.tuples(st.just("bill"), st.just("A"), st.integers(0, 400)), max_size=3),
    cents,
    st.lists(
        st.one_of(
            st.tuples(st.just("bill"), st.just("A"), st.integers(0, 400)),
            st.tuples(st.just("night"), st.just("A")),
        ),
        max_size=5,
    ),
)
def test_paid_again_it_is_as_if_it_had_not_come_back(before, paid, after):
    """An account pays its oldest, by one payment or by it again: the same is open, the same is credit."""
    desk = Desk()
    for step in before:
        desk.do(step)
    desk.pay([("A", -1, paid)], remittance=OWN)
    for step in after:
        desk.do(step)
    opens, free = desk.ledger.opens(), desk.free("A")
    desk.ledger.reverse()
    desk.pay([("A", -1, paid)], remittance=OTHERS)
    assert (desk.ledger.opens(), desk.free("A")) == (opens, free)


@given(st.lists(steps, max_size=4), st.lists(payments, min_size=2, max_size=3), st.lists(steps, max_size=6))
def test_payments_that_all_come_back_leave_what_there_would_be_without_them(before, paid, after):
    """Taken back one after the other: no account is worth anything of them any more."""
    desk = Desk()
    for step in before:
        desk.do(step)
    owns = []
    for payment in paid:
        first = len(desk.ledger.entries)
        desk.do(payment, remittance=OWN)
        owns.append({each.id for each in desk.ledger.entries[first:]})
    for step in after:
        desk.do(step)
    for own in owns:
        desk.ledger.own = own
        mine = [each.entry for each in desk.ledger.entries if each.id in own]
        worth = desk.worth()
        if own:
            desk.ledger.reverse()
        assert {account: desk.worth()[account] - worth[account] for account in ACCOUNTS} == got(mine)
    assert desk.ledger.bank() == 0
