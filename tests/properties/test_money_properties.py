"""Money never appears, disappears or lands twice, whatever the roster does and whatever is paid."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from billing import adjust, hold, invoice, moves, terms_effect
from billing.book import Book, Known, Payable
from billing.cash import allocate
from billing.charges import UnitMonth, should_be
from billing.funds import Money
from billing.payers import Payers
from model.agreement.terms import (
    Billing,
    Carrier,
    Contact,
    EnrollmentSwitches,
    FormerAccount,
    Line,
    Plan,
    Rate,
    Subgroup,
    Terms,
)
from model.enrollment.events import Demographics
from model.enrollment.roster import RosterLine
from model.finding import Where
from model.money.ledger import (
    BANK,
    Billed,
    BillingAccount,
    ChargeKind,
    Cover,
    OpenInvoice,
    ahead,
    receivable,
    suspense,
    unapplied,
)
from model.money.remittance import Adjustment, Remittance, RemittanceLine
from model.money.tiers import age_of
from model.timeline import OPEN, Dated, Month, Span
from support.invoiced import made as made_whole
from support.tries import tries

ACCOUNTS = {"A": "A-100", "B": "B-200"}
FIRST = Month(2027, 1)
ALWAYS = Span(date(2020, 1, 1))
CARRIER = Carrier("Example Health", (), ())
TERMS = Terms(
    group="NW1000",
    name="Northwind Traders",
    tax_id="",
    span=ALWAYS,
    sent_as=(),
    contact=Contact(),
    address=(),
    subgroups=tuple(Subgroup(code, code, account, ALWAYS) for code, account in ACCOUNTS.items()),
    lines=(Line("medical", "Medical", ()), Line("dental", "Dental", ())),
    plans=tuple(Plan(code, "medical", code, ALWAYS, tiers=("EMP", "FAM", "ECH")) for code in ("MED1", "MED2")),
    rates=(
        Rate("MED1", "EMP", 500_01, ALWAYS),
        Rate("MED1", "FAM", 1200_33, Span(date(2020, 1, 1), date(2027, 2, 14))),
        Rate("MED1", "FAM", 1250_00, Span(date(2027, 2, 15))),
        Rate("MED1", "EMP", 480_00, ALWAYS, "B"),
        Rate("MED2", "EMP", 77_77, ALWAYS),
        Rate("MED2", "FAM", 77_77, ALWAYS),  # another tier, the same price; ECH has none
    ),
    rules=EnrollmentSwitches(),
    billing=Billing(FIRST),
)
# From 10 March 2027 MED2 is rated by age on A; B's own rates by tier go on.
AGED = replace(
    TERMS,
    rates=(
        *(replace(rate, span=Span(ALWAYS.begin, date(2027, 3, 9))) for rate in TERMS.rates if rate.plan == "MED2"),
        *(rate for rate in TERMS.rates if rate.plan != "MED2"),
        *(Rate("MED2", "", cents, Span(date(2027, 3, 10)), ages=ages) for ages, cents in (
            ((0, 14), 101_01), ((15, 20), 150_00), ((21, 999), 333_33))),
        *(Rate("MED2", tier, 66_66, ALWAYS, "B") for tier in ("EMP", "FAM")),
    ),
)  # fmt: skip
# The group's agreement ends in April, B's in March, MED2's on 17 February.
ENDED = replace(
    AGED,
    span=Span(ALWAYS.begin, date(2027, 4, 12)),
    subgroups=tuple(replace(part, span=Span(ALWAYS.begin, date(2027, 3, 20))) if part.code == "B" else part
                    for part in AGED.subgroups),
    plans=tuple(replace(plan, span=Span(ALWAYS.begin, date(2027, 2, 17))) if plan.code == "MED2" else plan
                for plan in AGED.plans),
)  # fmt: skip
terms = st.builds(
    lambda agreed, way: replace(agreed, billing=Billing(FIRST, proration=Dated(way))),
    st.sampled_from((TERMS, AGED, ENDED)),
    st.sampled_from(("full-month", "wash", "daily")),
)
births = st.sampled_from((1980, 2006, 2010, 2012, 2020)).map(lambda year: date(year, 3, 11))

days = st.integers(0, 150).map(lambda n: date(2026, 12, 1) + timedelta(n))


@st.composite
def units(draw, contract):
    """One subscriber's spans of one line, one after the other, perhaps with gaps; and perhaps a dependent's."""
    cuts = sorted(draw(st.lists(days, unique=True, max_size=5)))
    rows = []
    for begin, after in zip(cuts, [*cuts[1:], OPEN], strict=False):
        end = after if after == OPEN else after - timedelta(1)
        who = draw(st.sampled_from(("18", "18", "18", "19", "")))
        if who:
            place = (draw(st.sampled_from("AB")), draw(st.sampled_from(("MED1", "MED2"))))
            rows.append(coverage(contract, who, *place, draw(st.sampled_from(("EMP", "FAM", "ECH"))), begin, end))
    for number in range(draw(st.integers(0, 5))):
        begin, end = sorted((draw(days), draw(st.one_of(days, st.just(OPEN)))))
        born = draw(births) if draw(st.integers(0, 30)) else None
        rows.append(coverage(contract, "19", "A", "MED2", "", begin, end, 1 + number, born))
    return rows


def coverage(contract, relationship, subgroup, plan, tier, begin, end, number=0, born=date(1980, 1, 1)):
    member, person = f"M{contract}", Demographics(birth=born)
    identity = contract * 1000 + int(relationship) * 10 + number
    who = (contract, f"E{contract}", member, member, identity, relationship, person)
    return RosterLine("NW1000", subgroup, *who, "medical", plan, tier, Span(begin, end))


rosters = st.tuples(units(1), units(2), units(3)).map(lambda parts: [row for rows in parts for row in rows])
runs = st.lists(st.tuples(rosters, st.integers(0, 3)), min_size=1, max_size=4)


def key(charge):
    return charge.account, UnitMonth(charge.contract, charge.line, charge.month, charge.person)


def family(unit):
    return unit._replace(person=0)


@given(runs, terms)
def test_posting_the_difference_leaves_none(history, agreed):
    """After each run every unit's month stands posted exactly as it should be, on one account, and no other."""
    posted, month = [], FIRST
    for roster, months in history:
        month = month.plus(months)
        should = should_be(roster, agreed, month)
        charges = adjust.charges(should, posted, month)
        assert all(charge.cents for charge in charges)
        assert {(charge.kind is ChargeKind.RETRO, bool(charge.reason)) for charge in charges} <= {
            (True, True),
            (False, False),
        }
        assert len({key(charge) for charge in charges}) == len(charges)
        frozen = {unit: cents for unit, cents in net(posted).items() if family(unit[1]) in should.unpriced}
        posted += charges
        assert adjust.charges(should, posted, month) == ()
        wanted = {key(charge): charge.cents for charge in should.charges}
        assert net(posted) == {**wanted, **frozen}


def net(charges):
    sums = defaultdict(int)
    for charge in charges:
        sums[key(charge)] += charge.cents
    return {unit: cents for unit, cents in sums.items() if cents}


@given(runs, terms, terms, st.integers(-1_00, 1_00))
def test_the_effect_of_terms_is_what_the_next_invoice_would_correct(history, agreed, other, more):
    """Whatever changes: by account and month the effect is the difference between two trials of the next bill.

    What is posted and had a price, and has none by the other terms, is told beside it to the cent.
    """
    posted, month = [], FIRST
    for roster, months in history:
        month = month.plus(months)
        posted += adjust.charges(should_be(roster, agreed, month), posted, month)
    after = replace(other, rates=tuple(replace(rate, cents=max(0, rate.cents + more)) for rate in other.rates))
    units, expected, who = Counter(), Counter(), defaultdict(set)
    for terms_then, sign in ((agreed, -1), (after, 1)):
        for charge in adjust.charges(should_be(roster, terms_then, month), posted, month):
            units[key(charge)] += sign * charge.cents
    for (account, unit), cents in units.items():
        if cents:
            expected[account, unit.month] += cents
            who[account, unit.month].add(unit.contract)
    found = terms_effect.on_months(roster, (agreed, after), posted, dict.fromkeys(ACCOUNTS.values(), month), {})
    assert {(month.account, month.month): (month.subscribers, month.change) for month in found.months} == {
        place: (len(people), expected[place]) for place, people in who.items()
    }
    gone = should_be(roster, after, month).unpriced.keys() - should_be(roster, agreed, month).unpriced.keys()
    lost = defaultdict(list)
    for (account, unit), cents in net(posted).items():
        if family(unit) in gone:
            lost[account, unit.month].append((family(unit), cents))
    assert {(loss.account, loss.month): (loss.units, loss.posted) for loss in found.unpriced} == {
        place: (len({unit for unit, _ in rows}), sum(cents for _, cents in rows)) for place, rows in lost.items()
    }


opened = st.lists(st.integers(1, 10**6), max_size=4).map(
    lambda sums: tuple(
        OpenInvoice(str(100_001 + n), "A-100", FIRST.plus(n), FIRST.plus(n).first, cents, cents)
        for n, cents in enumerate(sums)
    )
)


def in_new_books(reason):
    """Return a reason that names the account by its new number."""
    return reason and replace(reason, arguments=tuple(text.replace("A-100", "A-999") for text in reason.arguments))


@given(runs, terms, opened, st.integers(0, 10**6), st.integers(0, 10**6))
def test_an_account_that_moves_changes_its_number_alone(history, agreed, invoices, credit, kept):
    """Later bills are the same up to the number; what is owed and what is credit stay as much as they were."""
    moved, day = {"A-100": "A-999"}, FIRST.first
    a, b = agreed.subgroups
    renamed = replace(agreed, subgroups=(replace(a, account="A-999", former=(FormerAccount("A-100", day),)), b))
    ever = [BillingAccount(number, agreed.group, "A", number) for number in ("A-100", "A-999")]
    assert moves.planned(renamed, ever) == moved
    posted, month = [], FIRST
    for roster, months in history:
        month = month.plus(months)
        seen = {charge.month for charge in posted}
        stayed = adjust.charges(should_be(roster, agreed, month, seen), posted, month)
        after = adjust.charges(should_be(roster, renamed, month, seen), moves.under(posted, moved), month)
        expected = [replace(charge, reason=in_new_books(charge.reason)) for charge in moves.under(stayed, moved)]
        assert sorted(after, key=str) == sorted(expected, key=str)
        posted += stayed
    before = Counter({receivable("A-100"): sum(invoice.open for invoice in invoices), unapplied("A-100"): -credit})
    before[ahead("A-100", Month(2027, 3))] = -kept
    books, lies = Counter(before), [(name, before[name]) for name in before if not name.startswith("receivable")]
    transfers = moves.transfers(moves.Move("A-100", "A-999", invoices, tuple(lies)), day)
    for transfer in transfers:
        books[transfer.debit] += transfer.cents
        books[transfer.credit] -= transfer.cents
    assert {name: books[name] for name in before} == dict.fromkeys(before, 0)
    assert {name.replace("A-100", "A-999"): cents for name, cents in before.items() if cents} == {
        name: cents for name, cents in books.items() if cents
    }
    assert [(transfer.invoice, transfer.cents) for transfer in transfers if transfer.invoice] == [
        (invoice.number, invoice.open) for invoice in invoices
    ]


@given(rosters, terms)
def test_a_covered_day_is_a_month_once(roster, agreed):
    """A month is priced or unpriced exactly if its proration bills the subscriber for it, each unit only once."""
    last, way = FIRST.plus(5), agreed.billing.proration.first
    should = should_be(roster, agreed, last)
    priced = [key(charge) for charge in should.charges]
    assert len(priced) == len(set(priced))
    units_priced = [unit for _, unit in priced]
    assert way == "daily" or len(units_priced) == len(set(units_priced))
    families = {family(unit) for unit in units_priced}
    assert not families & should.unpriced.keys()

    def billed(contract, month):
        ours = [row.span for row in roster if (row.relationship, row.contract) == ("18", contract)]
        if way == "wash":
            return all(any(span.covers(date(month.year, month.month, day)) for span in ours) for day in (15, 16))
        return any(span.overlaps(Span(month.first, month.last)) for span in ours)

    covered = {
        UnitMonth(row.contract, row.line, month)
        for row in roster
        for month in FIRST.through(last)
        if billed(row.contract, month)
    }
    assert families | should.unpriced.keys() == covered


WAYS, PERCENTS = ("full-month", "wash", "daily"), (100, 102, 150)


@given(
    rosters,
    st.sampled_from((TERMS, AGED)),
    st.tuples(st.sampled_from(WAYS), st.sampled_from(WAYS)),
    st.tuples(st.sampled_from(PERCENTS), st.sampled_from(PERCENTS)),
    st.integers(0, 5),
)
def test_a_dated_switch_leaves_the_months_before_it_alone(roster, agreed, ways, percents, later):
    """Each month costs what it would had its own values always been in force: a change prices no other month."""
    since = FIRST.plus(later)

    def priced(way, percent):
        subgroups = tuple(replace(subgroup, premium_percent=percent) for subgroup in agreed.subgroups)
        terms = replace(agreed, billing=Billing(FIRST, proration=way), subgroups=subgroups)
        return should_be(roster, terms, FIRST.plus(5))

    both = priced(*(Dated(old, ((since.first, new),)) for old, new in (ways, percents)))
    before, after = (priced(Dated(way), Dated(percent)) for way, percent in zip(ways, percents, strict=True))
    expected = [charge for charge in before.charges if charge.month < since] + [
        charge for charge in after.charges if charge.month >= since
    ]
    assert sorted(both.charges, key=str) == sorted(expected, key=str)
    assert set(both.unpriced) == {unit for unit in before.unpriced if unit.month < since} | {
        unit for unit in after.unpriced if unit.month >= since
    }


@given(rosters, st.sampled_from(("full-month", "wash", "daily")))
def test_no_month_outside_its_agreement_is_billed_or_lost(roster, way):
    """A month after an agreement is never charged; where coverage stands there, its account waits and is named."""
    agreed = replace(ENDED, billing=Billing(FIRST, proration=Dated(way)))
    should = should_be(roster, agreed, FIRST.plus(5))
    ends = {"A-100": agreed.span.end, "B-200": date(2027, 3, 20)}
    assert all(charge.month.first <= ends[charge.account] for charge in should.charges)
    assert all(charge.month.first <= date(2027, 2, 17) for charge in should.charges if charge.plan == "MED2")
    assert {left.unit for left in should.left_out} == set(should.unpriced)  # every subgroup here has an account
    waiting = hold.held(should.left_out, hold.BILL_THE_REST, FIRST.plus(5))
    assert waiting.keys() == {left.account for left in should.left_out if left.gap.whole}


@given(rosters)
def test_no_more_than_three_children_under_21(roster):
    """Of a family's children under 21 no more than three are charged, and nobody younger before somebody older."""
    agreed = replace(AGED, billing=Billing(FIRST))
    born = {row.person: row.demographics.birth for row in roster}
    children = {row.person for row in roster if row.relationship == "19"}
    by_family = defaultdict(dict)
    charges = [charge for charge in should_be(roster, agreed, FIRST.plus(5)).charges if charge.person in children]
    adults = {(charge.month, charge.person) for charge in charges if age_of(charge.tier) >= 21}
    for charge in charges:
        if (charge.month, charge.person) not in adults:
            by_family[family(key(charge)[1])][charge.person] = born[charge.person]
    for (contract, _, month, _), charged in by_family.items():
        here = {
            row.person
            for row in roster
            if row.contract == contract and row.person in children and row.plan == "MED2"
            if row.span.overlaps(Span(month.first, month.last))
        }
        free = [born[child] for child in here - set(charged) if (month, child) not in adults]
        assert len(charged) <= 3
        assert not free or len(charged) == 3 or max(free) < min(charged.values())


@given(st.lists(st.integers(2, 31), unique=True, max_size=5), st.sampled_from(("A", "B")), st.integers(1, 10**6))
def test_the_days_of_a_month_cost_the_month(cuts, first, cents):
    """However a covered month is cut between two accounts of one rate, its parts cost exactly the month."""
    begins = [date(2027, 1, day) for day in (1, *sorted(cuts))]
    ends = [*(begin - timedelta(1) for begin in begins[1:]), OPEN]
    places = [first if number % 2 else "AB"[first == "A"] for number in range(len(begins))]
    roster = [
        coverage(1, "18", place, "MED1", "EMP", begin, end)
        for place, begin, end in zip(places, begins, ends, strict=True)
    ]
    by_days = Billing(FIRST, proration=Dated("daily"))
    agreed = replace(TERMS, rates=(Rate("MED1", "EMP", cents, ALWAYS),), billing=by_days)
    charges = should_be(roster, agreed, FIRST).charges
    assert sum(charge.cents for charge in charges) == cents
    assert sum(charge.days for charge in charges) in (0, 31)  # 0: all of it on one account


def priced_day_by_day(rows, agreed, month):
    """Return a subscriber's exact cents of a month by account, each day at its own rate / days of the month."""
    exact = defaultdict(Fraction)
    for number in range(month.last.day):
        day = month.first + timedelta(number)
        for row in rows:
            if row.span.covers(day):
                cents = agreed.rate(row.plan, row.tier, day, row.subgroup)
                exact[ACCOUNTS[row.subgroup]] += Fraction(cents, month.last.day)
    return exact


@tries(200)
@given(st.lists(st.integers(2, 31), unique=True, max_size=5), st.data())
def test_a_month_is_rounded_once_and_split_by_largest_remainder(cuts, data):
    """Whatever rates and accounts a month's days have: half up for the whole, the cents left to who lost most."""
    begins = [date(2027, 1, day) for day in (1, *sorted(cuts))]
    ends = [*(begin - timedelta(1) for begin in begins[1:]), OPEN]
    roster = [
        coverage(
            1, "18", data.draw(st.sampled_from("AB")), data.draw(st.sampled_from(("MED1", "MED2"))), "EMP", *span
        )
        for span in zip(begins, ends, strict=True)
        if data.draw(st.integers(0, 4))
    ]
    rates = (
        *(
            Rate(plan, "EMP", data.draw(st.integers(1, 200_000)), Span(date(2020, 1, 1), date(2027, 1, 16)))
            for plan in ("MED1", "MED2")
        ),
        *(
            Rate(plan, "EMP", data.draw(st.integers(1, 200_000)), Span(date(2027, 1, 17)))
            for plan in ("MED1", "MED2")
        ),
        Rate("MED1", "EMP", data.draw(st.integers(1, 200_000)), ALWAYS, "B"),
    )
    agreed = replace(TERMS, rates=rates, billing=Billing(FIRST, proration=Dated("daily")))
    exact = priced_day_by_day(roster, agreed, FIRST)
    whole = floor(sum(exact.values()) + Fraction(1, 2))
    parts = {account: floor(cents) for account, cents in exact.items()}
    for account in sorted(exact, key=lambda one: (parts[one] - exact[one], one))[: whole - sum(parts.values())]:
        parts[account] += 1
    assert {charge.account: charge.cents for charge in should_be(roster, agreed, FIRST).charges} == parts


# --- a remittance ----------------------------------------------------------------------------------------

references = st.sampled_from(
    ("100001", "100002", "100003", "300001", "999999", "A-100", "B-200", "NW1000", "E1", "E2", "")
)
qualifiers = st.sampled_from(("IK", "11", "1L", "AZ", "CT", "ZZ"))
amounts = st.integers(-900_00, 1500_00)
reasons = st.sampled_from(("52", "53", "AX", "WO"))
adxs = st.lists(st.builds(Adjustment, st.integers(-300_00, 300_00), reasons, st.just(Where())), max_size=2).map(
    tuple
)
KNOWN = (
    Known("E1", 1, (("A-100", Span(date(2026, 12, 1), date(2027, 1, 31))), ("B-200", Span(date(2027, 2, 1))))),
    Known("E2", 2, (("B-200", ALWAYS), ("A-100", ALWAYS))),
)


@st.composite
def remittances(draw, lines=6):
    """Any 820, balanced or not; short of a negative payment, which has no money in it."""
    rows = tuple(
        RemittanceLine(
            number,
            draw(st.sampled_from("AB")),
            draw(qualifiers),
            draw(references),
            "",
            draw(amounts),
            draw(st.none() | amounts),
            draw(adxs),
            draw(references),
            draw(st.none() | days),
            draw(st.none() | days),
            (),
            Where(segment=number),
        )
        for number in range(1, draw(st.integers(0, lines)) + 1)
    )
    whole = draw(adxs)
    sum_of_all = sum(row.paid for row in rows) + sum(line.cents for line in whole)
    cents = sum_of_all if draw(st.integers(0, 9)) else draw(amounts)
    names = (("", ""), ("", ""))
    return Remittance(
        "1", "C", max(0, cents), "C", "ACH", "1", None, "1", (), *names, whole, rows, Where(segment=2)
    )


@st.composite
def books(draw):
    """Two accounts with up to three invoices and some credit."""
    invoices = []
    for number in ("100001", "100002", "100003")[: draw(st.integers(0, 3))]:
        total = draw(st.integers(-200_00, 1000_00))
        month = FIRST.plus(draw(st.integers(0, 3)))
        still = draw(st.integers(0, max(0, total)))
        invoices.append(
            OpenInvoice(number, draw(st.sampled_from(("A-100", "B-200"))), month, month.first, total, still)
        )
    credit = tuple((account, draw(st.integers(0, 400_00))) for account in ACCOUNTS.values())
    return Book(
        tuple(Payable(account, "NW1000") for account in ACCOUNTS.values()),
        tuple(invoices),
        credit,
        KNOWN,
        billed=tuple(
            Billed(
                draw(st.integers(1, 2)),
                invoice.month,
                invoice.account,
                invoice.number,
                draw(st.integers(-10_00, 500_00)),
            )
            for invoice in invoices
            if draw(st.booleans())
        ),
        ahead=tuple(
            (account, FIRST.plus(months), draw(st.integers(1, 400_00)))
            for account in ACCOUNTS.values()
            for months in draw(st.sets(st.integers(0, 4), max_size=2))
        ),
        covers=draw(st.sampled_from(((), (cover(invoices),)))),
    )


def cover(invoices):
    """A consolidated invoice over the newest invoice of each account, one of them a credit perhaps."""
    newest = {invoice.account: invoice for invoice in invoices}
    bills = tuple((invoiced.account, invoiced.number, invoiced.total + 50_00) for invoiced in newest.values())
    return Cover("300001", "NW1000", bills, "oldest-first" if len(invoices) % 2 else "suspense")


def balance(transfers, account, number=None):
    ours = [transfer for transfer in transfers if number in (None, transfer.invoice)]
    return sum((t.debit == account) * t.cents - (t.credit == account) * t.cents for t in ours)


@given(remittances(), books())
def test_every_cent_lands_exactly_once(paid, book):
    """Bank, receipt and accounts agree with BPR02; no invoice leaves its bounds, no credit goes below zero."""
    result = allocate(paid, book, Money("acme", date(2027, 1, 4)))
    moved_to = {name for transfer in result.transfers for name in (transfer.debit, transfer.credit)}
    kept = {name for name in moved_to if name.startswith("ahead:")}
    had = {ahead(account, month): cents for account, month, cents in book.ahead}
    assert all(had.get(name, 0) - balance(result.transfers, name) >= 0 for name in kept)
    assert balance(result.transfers, BANK) == paid.cents
    assert sum(row.cents for row in result.lines) == paid.cents
    homes = {BANK, suspense("acme"), *map(receivable, ACCOUNTS.values()), *map(unapplied, ACCOUNTS.values())}
    homes |= kept
    assert {transfer.debit for transfer in result.transfers} | {
        transfer.credit for transfer in result.transfers
    } <= homes
    for invoiced in book.invoices:
        assert (
            0
            <= invoiced.open + balance(result.transfers, receivable(invoiced.account), invoiced.number)
            <= max(0, invoiced.total)
        )
    for account, cents in book.credit:
        assert cents - balance(result.transfers, unapplied(account)) >= 0
    # the receipt says of each account what the ledger says, credit used included
    for account in ACCOUNTS.values():
        names = (receivable(account), unapplied(account), *(name for name in kept if f":{account}:" in name))
        moved = sum(balance(result.transfers, name) for name in names)
        assert sum(row.cents for row in result.lines if row.account == account) == -moved
    assert sum(row.cents for row in result.lines if not row.account) == -balance(
        result.transfers, suspense("acme")
    )


@given(remittances(), books())
def test_nothing_is_netted_across_accounts(paid, book):
    """What an account gets is the sum of the lines that name it, in full, take-backs beyond its money aside."""
    result = allocate(paid, book, Money("acme", date(2027, 1, 4)))
    by_line = defaultdict(int)
    for transfer in result.transfers:
        if BANK in (transfer.debit, transfer.credit):
            by_line[transfer.line] += transfer.cents if transfer.debit == BANK else -transfer.cents
    if (
        sum(row.paid for row in paid.lines) + sum(adjustment.cents for adjustment in paid.adjustments)
        == paid.cents
    ):
        assert all(by_line[row.number] == row.paid for row in paid.lines)
    touched = defaultdict(set)
    for transfer in result.transfers:
        touched[transfer.line] |= {
            name.split(":")[1] for name in (transfer.debit, transfer.credit) if ":" in name
        } - {"acme"}
    for row in paid.lines:
        if (row.qualifier, row.reference) == ("IK", "300001"):  # to each account what its own bill asks for
            assert touched.pop(row.number, set()) <= set(ACCOUNTS.values())
    assert all(len(accounts) <= 1 for accounts in touched.values())


# --- months and payments, one after the other ------------------------------------------------------------


class Life:
    """Two accounts billed and paid at random, with the promises that must hold after each step."""

    def __init__(self, agreed):
        self.terms = agreed
        self.posted, self.transfers, self.issued, self.paid = [], [], [], 0
        self.marks, self.last = dict.fromkeys(ACCOUNTS.values(), 0), dict.fromkeys(ACCOUNTS.values(), 0)

    def opens(self):
        for statement in self.issued:
            still = balance(self.transfers, receivable(statement.account), statement.number)
            yield OpenInvoice(
                statement.number,
                statement.account,
                Month.parse(statement.month),
                statement.due,
                statement.current + statement.retro,
                still,
            )

    def ahead(self, account):
        """What stands named for a month, as the ledger says."""
        names = {name for transfer in self.transfers for name in (transfer.debit, transfer.credit)}
        ours = sorted(name for name in names if name.startswith(f"ahead:{account}:"))
        held = [(Month.parse(name[-7:]), -balance(self.transfers, name)) for name in ours]
        assert all(cents >= 0 for _, cents in held)
        return [(month, cents) for month, cents in held if cents]

    def standing(self, account, month):
        since = self.transfers[self.marks[account] :]
        money = [transfer for transfer in since if BANK in (transfer.debit, transfer.credit)]
        received = -balance(money, receivable(account)) - balance(money, unapplied(account))
        owed, credit = balance(self.transfers, receivable(account)), -balance(self.transfers, unapplied(account))
        ahead = tuple((named, cents) for named, cents in self.ahead(account) if named <= month)
        return invoice.Standing(owed, credit, received + sum(cents for _, cents in ahead), ahead=ahead)

    def bill(self, roster, month):
        charges = adjust.charges(should_be(roster, self.terms, month), self.posted, month)
        self.posted += charges
        for subgroup in self.terms.subgroups:
            account, standing = subgroup.account, self.standing(subgroup.account, month)
            later = [named for named in self.ahead(account) if named not in standing.ahead]
            head = invoice.Head(str(100001 + len(self.issued)), False, month, month.first)
            statement = made_whole(head, CARRIER, self.terms, subgroup, charges, Payers(roster), standing)
            opens = [billed for billed in self.opens() if billed.account == account and billed.open]
            self.transfers += invoice.transfers(statement, standing, opens)
            self.issued.append(statement)
            self.marks[account] = len(self.transfers)
            check_statement(statement)
            assert statement.prior_balance - statement.unapplied == self.last[account]
            self.last[account] = statement.total_due
            due = balance(self.transfers, receivable(account)) + balance(self.transfers, unapplied(account))
            assert statement.total_due == due
            assert (
                self.ahead(account) == later
            )  # what is named for a later month stays; the rest has found its use

    def pay(self, paid):
        credit = tuple((account, -balance(self.transfers, unapplied(account))) for account in ACCOUNTS.values())
        accounts = tuple(Payable(account, "NW1000") for account in ACCOUNTS.values())
        ahead = tuple((account, *named) for account in ACCOUNTS.values() for named in self.ahead(account))
        book = Book(accounts, tuple(self.opens()), credit, KNOWN, ahead=ahead)
        self.transfers += allocate(paid, book, Money("acme", date(2027, 1, 4))).transfers
        self.paid += paid.cents

    def check(self):
        assert balance(self.transfers, BANK) == self.paid
        opens = list(self.opens())
        assert all(0 <= billed.open <= max(0, billed.total) for billed in opens)
        for account in ACCOUNTS.values():
            owed = balance(self.transfers, receivable(account))
            assert owed == sum(billed.open for billed in opens if billed.account == account)
            assert balance(self.transfers, unapplied(account)) <= 0
        assert -balance(self.transfers, "premium") == sum(charge.cents for charge in self.posted)


def check_statement(made):
    """Detail, adjustments and plans add up to the summary, and the summary to what is due."""
    assert sum(row.current for row in made.lines) == sum(cents for _, _, cents in made.plans) == made.current
    assert sum(row.retro for row in made.lines) == sum(row.cents for row in made.adjustments) == made.retro
    equation = made.prior_balance - made.payments + made.current + made.retro + made.fees - made.unapplied
    assert made.total_due == equation
    assert made.prior_balance >= 0
    assert made.unapplied >= 0


@tries(60)
@given(st.lists(st.one_of(rosters, remittances(lines=3)), min_size=1, max_size=6), terms)
def test_a_life_of_bills_and_payments(steps, agreed):
    """Whatever comes in whatever order: what is owed is what the invoices have open, and bills tie to bills."""
    life, month = Life(agreed), FIRST
    for step in steps:
        if isinstance(step, Remittance):
            life.pay(step)
        else:
            life.bill(step, month)
            month = month.plus(1)
        life.check()
