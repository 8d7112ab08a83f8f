"""No 820 is cash: what waits, what posts, what a person looks at."""

from dataclasses import replace
from datetime import date

import pytest

from billing.ready import Companies, corrects, ready
from model.agreement.terms import Partner, PartnerProfile
from model.codes import found
from model.finding import Where
from model.money.cents import parse_cents
from model.money.ledger import Deposit
from model.money.remittance import Remittance

CASES = "ready.yaml"


def deposit(row):
    number, trace, company, dollars, received, *matched = row.split()
    cents = parse_cents(dollars)
    trace, company = (text.replace("-", "") for text in (trace, company))
    return Deposit(int(number), trace, company, cents, date.fromisoformat(received), 99 if matched else 0)


PAYMENT = Remittance(
    control="0001",
    handling="C",
    cents=980_00,
    credit="C",
    method="ACH",
    company="1999999999",
    effective=None,
    trace="55501",
    references=(),
    payer=("", ""),
    payee=("", ""),
    adjustments=(),
    lines=(),
    where=Where(),
)


def test_ready(case):
    paid = replace(
        PAYMENT,
        handling=case.get("handling", "C"),
        cents=parse_cents(f"{case.get('payment', 980):.2f}"),
        credit=case.get("credit", "C"),
        method=case.get("method", "ACH"),
        company=case.get("company", "1999999999"),
        trace=case.get("trace", "55501"),
    )
    profile = PartnerProfile(remittance_is_deposit=case.get("transmission_is_deposit", False))
    unbalanced = [found("REMITTANCE-UNBALANCED", Where())] if case.get("unbalanced") else []
    deposits = [deposit(row) for row in case.get("deposits", ())]
    acme = Partner("acme", "Acme", profile=profile, companies=tuple(case.get("companies", ["1999999999"])))
    globex = Partner("globex", "Globex", companies=tuple(case.get("others", ())))
    result = ready(paid, deposits, acme, Companies.of([acme, globex]), unbalanced)
    assert result.action == case["action"]
    assert (result.deposit.id if result.deposit else None) == case.get("deposit")
    assert [finding.code for finding in result.findings] == case.get("findings", [])
    assert bool(result.reason) == (result.action != "post")
    assert result.here == case.get("here", result.action == "post")


@pytest.mark.parametrize("other", [{"handling": "P"}, {"credit": "D"}], ids=["prenote", "debit"])
def test_only_a_payment_that_did_not_add_up_is_corrected(other):
    unbalanced, none = [found("REMITTANCE-UNBALANCED", Where())], replace(PAYMENT, **other)
    assert corrects(PAYMENT, PAYMENT, unbalanced)
    assert not corrects(PAYMENT, PAYMENT, [])
    assert not corrects(none, PAYMENT, unbalanced)
    assert not corrects(PAYMENT, none, unbalanced)
