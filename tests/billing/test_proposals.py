"""What money that no account got may be for, and what becomes of it where a person says so."""

from billing.proposals import Person, Proposer, Unplaced
from billing.some_of import adding_up
from model.money.cents import parse_cents
from model.money.proposed import Why
from model.timeline import Month
from support import booked, books

CASES = "proposals.yaml"


def person(text):
    member, by, *rest = text.split()
    month, dollars = rest or ("", "0.00")
    return Person(member, Why(by), Month.parse(month) if month else None, parse_cents(dollars))


def told(proposal):
    goal = proposal.goal.to + (f" {proposal.goal.month}" if proposal.goal.month else "")
    why = (
        str(each.kind) + (f" {each.about[2]}" if each.kind.endswith("near") else "") for each in proposal.reasons
    )
    return f"{proposal.place}{'=' if proposal.tied else ''} {goal} {', '.join(why)}"


def test_proposals(case):
    cents = books.cents(case["money"])
    money = Unplaced(
        cents,
        booked.line(case["line"], cents) if "line" in case else None,
        case.get("group", ""),
        tuple(map(person, case.get("people", ()))),
        case.get("members", {}),
    )
    found = Proposer(booked.book(case), own=not case.get("nobody")).propose(money)
    assert [told(each) for each in found.proposals] == case["expect"]
    assert found.whole


def test_a_search_that_is_given_up_says_so():
    amounts = [2 * each for each in range(1, 40)]
    assert adding_up(999, amounts, 500).whole is False  # an odd sum of even amounts: everything would be tried
    assert adding_up(6, amounts[:5]).answers == ((0, 1),)
