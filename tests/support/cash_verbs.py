"""The cash desk's rules of the state machine (support.verbs): money comes, and what people do with it.

Each draws little: which of the open items by its place, and by how much a sum is beside what would fit.
"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from model.asking import Verb
from model.money.out import Out
from model.money.returns import Advice
from pipeline import inputs
from pipeline.cash import credit, late
from store.money import refunds
from support.machine import Installed
from support.people import TWO, deciding
from support.road_history import JANUARY, Step
from support.road_terms import EMPLOYER, GROUPS
from support.two_partners import file_820

OUTS = (Verb.REFUND, Verb.TRANSFER, Verb.WRITE_OFF, Verb.FEE)
ALLOCATION = "Payment Trace,Payer Company,Payment Amount,Invoice,Account,Subscriber,Month,Amount"
COMPANY = "1990000005"
PLACES, BESIDE = st.integers(0, 3), st.sampled_from([0, 0, -500, 700, 40_000])


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


class CashVerbs(Installed):
    """What is done at the cash desk; every other verb is support.verbs'."""

    @rule(group=st.sampled_from(GROUPS[:2]), days=st.sampled_from([0, 10, 32]))
    def bill(self, group: str, days: int) -> None:
        """Bill the next month of a group."""
        teller = self.teller
        teller.make.today = max(teller.make.today + timedelta(days=days), date(2026, 12, 10))
        teller.steps.append(Step("bill", teller.day, group, EMPLOYER, month=JANUARY.plus(teller.months)))
        teller.months += 1
        self._do_told()

    @precondition(lambda self: self.books.opens())
    @rule(nth=PLACES, count=st.integers(1, 2), beside=BESIDE, by_account=st.booleans(), banked=st.booleans())
    def pay(self, nth: int, count: int, beside: int, by_account: bool, banked: bool) -> None:
        """Pay one open item or two by an 820: to the cent, short or over; by number or by account."""
        wanted = [(number, item) for number, item in sorted(self.books.items.items()) if item.open] or list(
            self.books.items.items()
        )
        chosen = [wanted[(nth + more) % len(wanted)] for more in range(min(count, len(wanted)))]
        lines = [
            ("11" if by_account else "IK", item.account if by_account else number, max(1, item.open + beside))
            for number, item in chosen
        ]
        teller = self.teller
        teller.control += 1
        trace = f"P{teller.control}"
        if banked:
            total = sum(cents for *_, cents in lines)
            teller.steps.append(Step("deposit", teller.day, partner=COMPANY, trace=trace, cents=total))
        told = [(kind, name, _dollars(cents)) for kind, name, cents in lines]
        data = file_820(EMPLOYER, teller.control, teller.day, trace, told)
        teller.steps.append(Step("file", teller.day, f"{trace}.edi", EMPLOYER, data))
        self._do_told()

    @precondition(lambda self: self.books.opens())
    @rule(nth=PLACES, beside=BESIDE, wrong=st.booleans())
    def split(self, nth: int, beside: int, wrong: bool) -> None:
        """A cheque without an 820 pays several items by an allocation; one that does not add up pays nothing."""
        numbers = sorted(number for number, cents in self.books.opens().items() if cents) or sorted(
            self.books.items
        )
        chosen = [numbers[(nth + more) % len(numbers)] for more in range(2)]
        parts = [(number, max(1, self.books.items[number].open + beside)) for number in dict.fromkeys(chosen)]
        total = sum(cents for _, cents in parts)
        self.teller.control += 1
        trace, day = f"C{self.teller.control}", self.teller.day
        deposit = inputs.add_deposit(self.ws, trace, COMPANY, total, day, self._now()).deposit
        self._ask()
        rows = [f"{trace},{COMPANY},{_dollars(total)},{number},,,,{_dollars(cents)}" for number, cents in parts]
        if wrong:
            rows.append(f"{trace},{COMPANY},{_dollars(total)},{parts[0][0]},,,,0.01")
        data = "\n".join((ALLOCATION, *rows)).encode()
        inputs.allocate(deciding(self.ws), deposit, data, "split.csv", EMPLOYER, self._now(), TWO)
        self._ask()

    @rule(days=st.sampled_from([0, 35, 70]))
    def late(self, days: int) -> None:
        """The night looks who is late, and ends are approved where it is time: no money moves by it."""
        self.teller.make.today += timedelta(days=days)
        for group in GROUPS[:2]:
            late.run(self.ws, group, self._now())
            self._ask()

    @precondition(lambda self: self.books.receipts)
    @rule(nth=PLACES, again=st.booleans())
    def reverse(self, nth: int, again: bool) -> None:
        """The bank takes one of the last payments back; the same return again does nothing."""
        payments = sorted(self.books.receipts)
        payment = payments[-1 - nth % len(payments)]
        advice = Advice(f"RT{payment}", "R01", self.teller.day)
        for _ in range(1 + again):
            inputs.reverse_payment(deciding(self.ws), f"R{payment}", advice, self._now(), TWO)
            self._ask()

    @precondition(lambda self: self.books.sums)
    @rule(verb=st.sampled_from(OUTS), nth=PLACES, beside=st.sampled_from([0, 0, -100, 100]))
    def money_out(self, verb: Verb, nth: int, beside: int) -> None:
        """Refund or move credit, write off what is open, or raise a fee; what is too much is refused."""
        credits = {
            name: -cents for name, cents in sorted(self.books.sums.items()) if name.startswith("unapplied:")
        }
        having = [name.partition(":")[2] for name, cents in credits.items() if cents] or ["RD1000-100"]
        account, open_items = having[nth % len(having)], self.books.opens()
        number = min((name for name, cents in open_items.items() if cents), default="")
        if verb is Verb.WRITE_OFF and number:
            account = self.books.items[number].account
        most = open_items.get(number, 0) if verb is Verb.WRITE_OFF else credits.get(f"unapplied:{account}", 0)
        other = "RD1000-200" if account != "RD1000-200" else "RD1000-100"
        out = Out(
            verb,
            account,
            max(1, most + beside),
            other if verb is Verb.TRANSFER else "",
            number if verb is Verb.WRITE_OFF else "",
        )
        done = inputs.money_out(deciding(self.ws), out, self._now(), TWO)
        if verb is not Verb.FEE:
            assert done.done is (0 < out.cents <= most), done.problem
        self._ask()

    @rule(nth=PLACES, paid=st.booleans())
    def refund_ends(self, nth: int, paid: bool) -> None:
        """The bank pays a refund, or it comes back; only one of the two."""
        with self.ws.database.read() as conn:
            numbers = [refund.number for refund in refunds.listing(conn)]
        if numbers:
            number, ws = numbers[-1 - nth % len(numbers)], deciding(self.ws)
            if paid:
                inputs.pay_refund(ws, number, self.teller.day, self._now(), TWO)
            else:
                inputs.return_refund(ws, number, self._now(), TWO)
            self._ask()

    @rule()
    def credit(self) -> None:
        """The night lets credit pay what is open."""
        with self.ws.database.read() as conn:
            groups = credit.due(conn)
        for group in groups:
            credit.pay(self.ws, group, self._now())
        self._ask()

    @precondition(lambda self: self.books.issued)
    @rule(nth=PLACES)
    def void(self, nth: int) -> None:
        """Void one of the last invoices, where that may be."""
        numbers = sorted(self.books.issued)
        inputs.void_invoice(deciding(self.ws), numbers[-1 - nth % len(numbers)], self._now(), TWO)
        self._ask()
