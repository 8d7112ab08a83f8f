"""What a month should cost: one covered day, one price, and a finding where there is none."""

from dataclasses import replace

from billing.charges import should_be
from model.agreement.terms import Billing
from model.timeline import Dated, Month

CASES = ("charges.yaml", "proration.yaml", "ages.yaml")


def ending(terms, last_days):
    """Return the terms with other last days, by "group", subgroup or plan."""

    def until(part, name):
        return replace(part, span=replace(part.span, end=last_days[name])) if name in last_days else part

    return replace(
        until(terms, "group"),
        subgroups=tuple(until(subgroup, subgroup.code) for subgroup in terms.subgroups),
        plans=tuple(until(plan, plan.code) for plan in terms.plans),
    )


def test_should_be(desk, case):
    terms = desk.terms_with(case["rates"]) if "rates" in case else desk.terms
    first = Month.parse(case.get("first_month", "2027-01"))
    terms = replace(terms, billing=Billing(first, proration=Dated(case.get("proration", "full-month"))))
    terms = ending(terms, case.get("agreed", {}))
    result = should_be([desk.roster(row) for row in case["roster"]], terms, Month.parse(case["through"]))
    assert [desk.text(charge) for charge in result.charges] == case.get("expect", [])
    assert [finding.code for finding in result.findings] == case.get("findings", [])
    assert len(result.unpriced) == case.get("unpriced", 0)
    if "says" in case:
        assert result.findings[0].message == case["says"]
