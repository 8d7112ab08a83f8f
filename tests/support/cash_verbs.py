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
from store.money import refunds
from support.bank_verbs import BESIDE, PLACES, BankVerbs
from support.machine import COMPANY
from support.people import TWO, deciding
from support.road_history import JANUARY, Step
from support.road_terms import EMPLOYER, GROUPS
from support.two_partners import file_820

OUTS = (Verb.REFUND, Verb.TRANSFER, Verb.WRITE_OFF, Verb.FEE)
ALLOCATION = "Payment Trace,Payer Company,Payment Amount,Invoice,Account,Subscriber,Month,Amount"


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


class CashVerbs(BankVerbs):
    """What is done at the cash desk; every other verb is support.verbs'."""

    @rule(group=st.sampled_from(GROUPS[:2]), days=st.sampled_from([0, 10, 32]))
    def bill(self, group: str, days: int) -> None:
        """Bill the next month of a group."""
        teller = self.teller
        teller.make.today = max(teller.make.today + timedelta(days=days), date(2026, 12, 10))
        teller.steps.append(Step("bill", teller.day, group, EMPLOYER, month=JANUARY.plus(teller.months)))
        teller.months += 1
        self._do_told()

    @precondition(lambda self: self.books.items)
    @rule(
        nth=PLACES,
        count=st.integers(1, 2),
        beside=BESIDE,
        by=st.sampled_from(["IK", "11", "CT"]),
        way=st.sampled_from(["8", "e8", "8e", "b8", "8b", "eb8", "e8b", "8eb"]),
    )
    def pay(self, nth: int, count: int, beside: int, by: str, way: str) -> None:
        """Pay an open item or two by an 820: to the cent, short or over; by number, by account or by no name.

        `way`: in which order come the 820 (8), the deposit that people enter (e) and the bank's line of it (b).
        """
        teller = self.teller
        teller.control += 1
        trace, told = f"77{teller.control}", []
        for more in range(count):
            item = self._wanted(nth + more)
            name = {"IK": item.number, "11": item.account, "CT": "WHO KNOWS"}[by]
            told.append((by, name, max(1, item.open + beside)))
        total = sum(cents for *_, cents in told)
        data = file_820(
            EMPLOYER, teller.control, teller.day, trace, [(*each, _dollars(cents)) for *each, cents in told]
        )
        with self._once(total, sure=way != "8") as loaded:
            for what in way:
                if what == "b":
                    loaded.append(self._credit(trace, total))
                elif what == "e":
                    teller.steps.append(Step("deposit", teller.day, partner=COMPANY, trace=trace, cents=total))
                else:
                    teller.steps.append(Step("file", teller.day, f"{trace}.edi", EMPLOYER, data))
                self._do_told()

    @precondition(lambda self: self.books.items)
    @rule(nth=PLACES, beside=BESIDE, wrong=st.booleans())
    def split(self, nth: int, beside: int, wrong: bool) -> None:
        """A cheque without an 820 pays several items by an allocation; one that does not add up pays nothing."""
        chosen = {item.number: item for item in (self._wanted(nth), self._wanted(nth + 1))}
        parts = [(number, max(1, item.open + beside)) for number, item in chosen.items()]
        total = sum(cents for _, cents in parts)
        self.teller.control += 1
        trace, day = f"88{self.teller.control}", self.teller.day
        deposit = inputs.add_deposit(self.ws, trace, COMPANY, total, day, self._now()).deposit
        self._ask()
        rows = [f"{trace},{COMPANY},{_dollars(total)},{number},,,,{_dollars(cents)}" for number, cents in parts]
        if wrong:
            rows.append(f"{trace},{COMPANY},{_dollars(total)},{parts[0][0]},,,,0.01")
        data = "\n".join((ALLOCATION, *rows)).encode()
        inputs.allocate(deciding(self.ws), deposit, data, "split.csv", EMPLOYER, self._now(), TWO)
        self._ask()

    @precondition(lambda self: self.books.receipts)
    @rule(nth=PLACES, again=st.booleans())
    def reverse(self, nth: int, again: bool) -> None:
        """The bank takes one of the last payments back; the same return again does nothing."""
        payment = list(self.books.receipts)[-1 - nth % len(self.books.receipts)]
        advice = Advice(f"RT{payment}", "R01", self.teller.day)
        for _ in range(1 + again):
            inputs.reverse_payment(deciding(self.ws), payment, advice, self._now(), TWO)
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
        owed = sum(item.open for item in self.books.items.values() if item.account == account)
        left = credits.get(f"unapplied:{account}", 0) - owed  # credit pays what is open first
        most = open_items.get(number, 0) if verb is Verb.WRITE_OFF else left
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

    @precondition(lambda self: self.books.issued)
    @rule(nth=PLACES)
    def void(self, nth: int) -> None:
        """Void one of the last invoices, where that may be."""
        numbers = sorted(self.books.issued)
        inputs.void_invoice(deciding(self.ws), numbers[-1 - nth % len(numbers)], self._now(), TWO)
        self._ask()
