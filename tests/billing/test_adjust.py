"""Retro is should-be minus posted: each step posts the difference, and only the difference."""

from dataclasses import replace

from billing import adjust
from billing.charges import should_be
from model.timeline import Dated, Month

CASES = "adjust.yaml"


def test_adjust(desk, case):
    posted, roster, terms = [], [], desk.terms
    if "proration" in case:
        way = Dated(case["proration"])
        desk = replace(desk, terms=replace(terms, billing=replace(terms.billing, proration=way)))
        terms = desk.terms
    for step in case["steps"]:
        month = Month.parse(step["bill"])
        roster = [desk.roster(row) for row in step["roster"]] if "roster" in step else roster
        terms = desk.terms_with(step["rates"]) if "rates" in step else terms
        through = Month.parse(step.get("through", step["bill"]))
        if "first_month" in step:
            first = Month.parse(step["first_month"])
            terms = replace(terms, billing=replace(terms.billing, first_month=first))
        charges = adjust.charges(should_be(roster, terms, through), posted, month)
        assert [desk.text(charge) for charge in charges] == step["expect"], step["bill"]
        posted += charges
