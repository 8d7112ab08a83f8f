"""Whose money that no account has could be: one rule for an account, a family and a group."""

from datetime import date

from billing.whose import Asking, Lying, Payers, could_be, nearly, sums
from model.agreement.grants import PAY, READ, Grant
from model.agreement.terms import Partner
from model.money.arrears import Allowed
from model.timeline import Span

CASES = "whose.yaml"
FROM = Span(date(2027, 1, 1))


def granted(code, *grants):
    return Partner(code, code.title(), grants=tuple(Grant(*grant) for grant in grants))


PARTNERS = (
    granted("acme", ("HARBOR", FROM, (), (PAY,))),
    granted("globex", ("HARBOR", FROM, ("200",), (PAY,)), ("MILL", FROM, (), (PAY, READ))),
    granted("initech", ("HARBOR", FROM, (), (READ,))),
)


def test_whose(case):
    told = case["money"]
    money = Lying(told["cents"], frozenset(told.get("senders", ())), told.get("group", ""))
    payers = Payers(PARTNERS, case.get("day", date(2027, 2, 1)))
    asked = sums(case.get("open", []))
    may = payers.of("HARBOR", case.get("account", ""))
    trifle = nearly(Allowed(*case.get("trifle", (0, 0))), cobra=case.get("cobra", False))
    assert could_be(money, Asking("HARBOR", may, asked, trifle)) is case["could"]
    if "groups" in case:
        assert sorted(payers.groups(money, {"HARBOR": asked})) == case["groups"]
