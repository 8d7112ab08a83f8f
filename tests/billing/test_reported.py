"""What a payer reports against what we compute (tests/cases/billing/self_bill.yaml)."""

from billing.selfbill import parts
from model.money.cents import format_cents, parse_cents
from model.money.selfbill import Reported, Source, Unit, standing
from model.timeline import Month

CASES = "self_bill.yaml"
MONTH = Month.parse("2027-02")


def dash(text):
    return "" if text == "-" else text


def unit(place, row):
    plan, tier, contract, count, dollars = row.split()
    return Unit(place, "medical", plan, dash(tier), int(contract), 0, int(count), parse_cents(dollars))


def reported(row, tx=1, source=Source.SHEET):
    plan, tier, who, people, dollars = (dash(word) for word in row.split())
    unknown = int(who.removeprefix("new")) if who.startswith("new") else 0
    contract = int(who) if who and not unknown else 0
    count, cents = int(people) if people else None, parse_cents(dollars) if dollars else None
    return Reported("A-1", MONTH, source, plan, tier, contract, 0, unknown, count, cents, tx=tx)


def shown(part):
    who = f"new{part.unknown}" if part.unknown else part.contract or "-"
    return f"{part.plan or '-'} {part.tier or '-'} {who} {part.people:+} {format_cents(part.cents)}"


def test_variance(case):
    computed = [unit(place, row) for place, row in enumerate(case["computed"], 1)]
    found = parts(computed, [reported(row) for row in case["reported"]])
    assert sorted(shown(part) for part in found if part.differs) == sorted(case["expect"])


def test_the_last_sheet_stands_else_all_payments():
    first, second = reported("MED1 - - 1 5.00"), reported("MED1 - - 2 6.00", tx=2)
    paid = [reported(row, tx, Source.PAYMENT) for tx, row in ((3, "MED1 - - 1 2.00"), (4, "MED1 - - - 3.00"))]
    decided = reported("- - - 1 1.00", 5, Source.ACCEPTED)
    assert standing([first, second, *paid, decided]) == (second,)
    assert standing([*paid, decided]) == tuple(paid)
    assert standing([decided]) == ()
