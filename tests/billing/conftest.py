"""Reads the billing cases: terms, roster rows and charges as short lines of text. All of it is invented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from model.agreement.terms import Billing, Carrier, Contact, EnrollmentSwitches, Line, Plan, Rate, Subgroup, Terms
from model.enrollment.events import Demographics, Name
from model.enrollment.roster import RosterLine
from model.money.cents import format_cents, parse_cents
from model.money.ledger import Charge, ChargeKind
from model.timeline import OPEN, Month, Span
from parsers.terms.forms import band
from support import reasons
from writers import words

CASES = Path(__file__).parents[1] / "cases" / "billing"
ALWAYS = Span(date(2026, 1, 1))


def _day(text: str) -> date:
    return OPEN if text == "open" else date.fromisoformat(text)


def _dash(text: str) -> str:
    return "" if text == "-" else text


@dataclass(frozen=True)
class Desk:
    """The invented carrier and group, and the readers of the cases' short texts."""

    carrier: Carrier
    terms: Terms

    def rate(self, text: str) -> Rate:
        plan, tier, subgroup, begin, end, dollars = text.split()
        ages = band(tier.removeprefix("AGE")) if tier.startswith("AGE") else None
        span = Span(_day(begin), _day(end))
        return Rate(plan, "" if ages else _dash(tier), parse_cents(dollars), span, _dash(subgroup), ages)

    def terms_with(self, rates: Iterable[str]) -> Terms:
        return replace(self.terms, rates=tuple(self.rate(text) for text in rates))

    def roster(self, text: str) -> RosterLine:
        who, subgroup, line, plan, tier, begin, end = text.split()
        who, _, birth = who.partition("@")
        contract, _, member = who.partition("/")
        relationship, _, number = (member or "18").partition(".")
        name = Name(f"Family{contract}", "Sample" if relationship == "18" else f"Child{number}")
        return RosterLine(
            group=self.terms.group,
            subgroup=_dash(subgroup),
            contract=int(contract),
            masked=f"E{int(contract):05d}",
            member_id=f"M{contract}-{relationship}",
            subscriber_member_id=f"M{contract}-18",
            person=int(contract) * 10000 + int(relationship) * 100 + int(number or 0),
            relationship=relationship,
            demographics=Demographics(name=name, birth=_day(birth) if birth else None),
            line=line,
            plan=plan,
            tier=_dash(tier),
            span=Span(_day(begin), _day(end)),
        )

    def charge(self, text: str) -> Charge:
        account, contract, line, plan, tier, month, dollars, *rest = text.split(maxsplit=8)
        kind, reason = (*rest, "", "")[:2]
        cents = parse_cents(dollars)
        return Charge(
            account,
            int(contract),
            line,
            plan,
            _dash(tier),
            Month.parse(month),
            cents,
            ChargeKind(kind),
            reasons.of(reason),
        )

    def text(self, charge: Charge) -> str:
        relationship, number = divmod(charge.person % 10000, 100)
        member = f"/{relationship:02d}" + f".{number}" * bool(number) if charge.person else ""
        unit = f"{charge.account} {charge.contract}{member} {charge.line} {charge.plan}"
        days = f":{charge.days}d" if charge.days else ""
        what = f"{charge.tier.replace(' ', '') or '-'} {charge.month}{days} {format_cents(charge.cents)}"
        return f"{unit} {what} {charge.kind} {words.reason(charge.reason)}".strip()


def _terms(raw: dict[str, Any]) -> Terms:
    return Terms(
        group=raw["group"],
        name="Northwind Traders",
        tax_id="",
        span=ALWAYS,
        sent_as=(),
        contact=Contact(),
        address=("1 Example Way", "Hartford, CT 06103"),
        subgroups=tuple(Subgroup(code, f"Class {code}", acct, ALWAYS) for code, acct in raw["subgroups"].items()),
        lines=tuple(Line(code, code.title(), ()) for code in raw["lines"]),
        plans=tuple(
            Plan(code, plan["line"], f"Plan {code}", ALWAYS, tiers=tuple(plan["tiers"]))
            for code, plan in raw["plans"].items()
        ),
        rates=(),
        rules=EnrollmentSwitches(),
        billing=Billing(Month.parse(str(raw["first_month"]))),
    )


@pytest.fixture(scope="session")
def desk() -> Desk:
    """The billing desk of every case."""
    raw = yaml.safe_load((CASES / "terms.yaml").read_text())
    bare = Desk(Carrier("Example Health", (("ZZ", "EXAMPLE"),), ("EXAMPLE",)), _terms(raw))
    return replace(bare, terms=bare.terms_with(raw["rates"]))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for `case` each case of the file that its module names in CASES."""

    if "case" in metafunc.fixturenames:
        named = metafunc.module.CASES
        files = (named,) if isinstance(named, str) else named
        cases = [case for file in files for case in yaml.safe_load((CASES / file).read_text())]
        metafunc.parametrize("case", cases, ids=[case["name"] for case in cases])
