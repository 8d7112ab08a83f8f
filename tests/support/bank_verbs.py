"""The state machine's rules of the bank and of money that no account has (support.verbs).

What the bank reports is money once, whoever said it before; that is asked here, where it is known what the bank
reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from model.enrollment.ruling import Answer, Kind, Wish
from model.money.bank import LineSort, LineState
from model.money.ledger import BANK
from pipeline import inputs
from pipeline.cash import bank_follows, credit, late, reverse, tolerance, unnamed
from pipeline.views.bank import BankLoadedView
from pipeline.views.suspense import SuspenseAsked
from sample_files.banking import LOCKBOX_MAP, Entry, Returned, bai2, lockbox, nacha
from store.money import bank, deposits
from support import papers
from support.machine import COMPANY, UNNAMED, Installed
from support.open_items import Item
from support.people import ANN, BEN, TWO, deciding
from support.road_terms import GROUPS

PLACES, BESIDE = st.integers(0, 3), st.sampled_from([0, 0, -500, 700, 40_000])


class BankVerbs(Installed):
    """What the bank's files do, what people do with money that has no account, and the nights of money."""

    def _wanted(self, nth: int) -> Item:
        """Return one of the open items, else one of all."""
        items = [self.books.items[number] for number in sorted(self.books.items)]
        wanted = [item for item in items if item.open] or items
        return wanted[nth % len(wanted)]

    def _load(self, data: bytes, mapping: str = "") -> BankLoadedView:
        loaded = inputs.load_bank(self.ws, data, "bank.txt", mapping, self._now())
        self._ask()
        assert not loaded.refused, loaded.findings
        return loaded

    def _credit(self, trace: str, cents: int, company: str = COMPANY) -> BankLoadedView:
        """The bank reports a credit."""
        entry = Entry("142", cents, f"B{trace}", "", f"TRN*1*{trace}*{company}")
        return self._load(bai2([entry], self.teller.day))

    @contextmanager
    def _once(self, cents: int, *, sure: bool = True) -> Iterator[list[BankLoadedView]]:
        """So much money comes, however often it is told; none where a line may be money that is there already."""
        told: list[BankLoadedView] = []
        before = self.books.sums[BANK]
        yield told
        near = any(line.state == LineState.NEAR for loaded in told for line in loaded.open)
        assert self.books.sums[BANK] - before in ((0, cents) if near or not sure else (cents,))

    @precondition(lambda self: self.books.receipts)
    @rule(nth=PLACES, beside=st.sampled_from([0, 0, 0, 100]), again=st.booleans())
    def bank_returns(self, nth: int, beside: int, again: bool) -> None:
        """The bank takes one of the last payments back; another return of it, or of another amount, waits."""
        name = list(self.books.receipts)[-1 - nth % len(self.books.receipts)]
        told = [receipt for _, receipt in self.books.receipts[name]]
        cents = sum(receipt.cents for receipt in told) + beside
        for _ in range(1 + again):
            self.teller.control += 1
            trace, own, day = told[0].trace, str(self.teller.control), self.teller.day
            if trace.isdigit():
                self._load(nacha([Returned("R01", cents, trace, own)], day))
            else:
                self._load(bai2([Entry("555", cents, own, trace, "NSF")], day))
            assert (name in self.books.receipts) is bool(beside)

    @rule(cents=st.sampled_from([2_500, 60_000]), company=st.sampled_from([COMPANY, UNNAMED]))
    def bank_credit(self, cents: int, company: str) -> None:
        """The bank reports money that nobody named."""
        self.teller.control += 1
        with self._once(cents) as told:
            told.append(self._credit(f"99{self.teller.control}", cents, company))

    @precondition(lambda self: self.books.items)
    @rule(
        nth=PLACES, beside=BESIDE, by_account=st.booleans(), first=st.booleans(), wrong=st.sampled_from([0, 0, 1])
    )
    def lockbox(self, nth: int, beside: int, by_account: bool, first: bool, wrong: int) -> None:
        """Two cheques, one of an item and one of nobody, are the detail of a credit, or do not add up to it."""
        item, day = self._wanted(nth), self.teller.day
        self.teller.control += 1
        control, cents = self.teller.control, max(1, item.open + beside)
        named = (item.account, "") if by_account else ("", item.number)
        cheques = [(f"{control}01", cents, *named), (f"{control}02", 5_000, "", "")]
        whole = Entry("115", cents + 5_000 + wrong, f"L{control}", "", "LOCKBOX LB7 2 ITEMS")
        files = [(lockbox(cheques, day, str(control)), LOCKBOX_MAP), (bai2([whole], day), "")]
        with self._once(whole.cents) as told:
            told += [self._load(*each) for each in files[:: 1 if first else -1]]

    @rule(nth=PLACES, what=st.sampled_from(["new", "void", "deposit"]))
    def bank_by_hand(self, nth: int, what: str) -> None:
        """Two people say what a line of the bank is, or that a deposit was entered wrongly."""
        ws = deciding(self.ws)
        with ws.database.read() as conn:
            lines = [each.id for each in bank.opened(conn, ws.vault.fields, LineSort.CREDIT)]
            entered = [each.id for each in deposits.opened(conn)]
        if what == "deposit" and entered:
            inputs.void_deposit(ws, entered[-1 - nth % len(entered)], self._now(), TWO)
        elif what == "void" and lines:
            inputs.void_bank(ws, lines[-1 - nth % len(lines)], self._now(), TWO)
        elif lines:
            inputs.match_bank(ws, lines[-1 - nth % len(lines)], "new", self._now(), TWO)
        self._ask()

    @precondition(lambda self: self.books.items)
    @rule(nth=PLACES, to=PLACES, by_account=st.booleans(), part=st.booleans(), always=st.booleans())
    def assign(self, nth: int, to: int, by_account: bool, part: bool, always: bool) -> None:
        """Two people give money without an account to an item or an account, half or all, perhaps for good."""
        listed = inputs.suspense_list(self.ws, self._now(), SuspenseAsked()).items
        if not listed:
            return
        row, item, now = listed[-1 - nth % len(listed)], self._wanted(to), self._now()
        said = Wish(Answer(Kind.LINK), amount=abs(row.amount_cents) // 2 if part else 0, always=always)
        goal = f"account:{item.account}" if by_account else f"invoice:{item.number}"
        wish = inputs.suspense_wish(self.ws, row.number, now, goal, said)
        looked = inputs.decide_work(self._as(ANN), row.number, wish, now)
        self._ask(looked_only=True)
        for who in (ANN, BEN) if looked.effect else ():
            with suppress(ValueError):
                inputs.decide_work(self._as(who), row.number, wish, now, "as asked", looked.effect.digest)
        self._ask()

    @rule(days=st.sampled_from([0, 6, 35, 70]))
    def money_by_night(self, days: int) -> None:
        """The night does what time brings about money, and leaves nothing of it undone."""
        self.teller.make.today += timedelta(days=days)
        now = self._now()
        bank_follows.follow(self.ws, now)
        unnamed.place_by_policy(self.ws, now)
        reverse.look_again(self.ws, now)
        self._ask()
        for verb in (credit.pay, tolerance.write_off, late.run):
            for group in GROUPS[:2]:
                verb(self.ws, group, now)
        self._ask()
        with self.ws.database.read() as conn:
            short = [papers.let_go(conn, group, self.teller.day) for group in GROUPS[:2]]
        assert not [item for each in short for item in self.books.shorts(each)]
        owing = {item.account for item in self.books.items.values() if item.open}
        assert not [account for account in owing if self.books.sums[f"unapplied:{account}"]]
