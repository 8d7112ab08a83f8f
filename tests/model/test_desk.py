"""The business calendar, and who decides (docs/domain.md, Open work)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from model import desk
from model.codes import CODES
from model.desk import Decider, ItemKind
from model.finding import Severity
from model.people import Role
from support.installation import ROOT

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "desk" / "calendar.yaml").read_text("utf-8"))


@pytest.mark.parametrize("year", CASES["holidays"])
def test_the_holidays_of_a_year(year: int) -> None:
    assert sorted(desk.holidays(year)) == CASES["holidays"][year]


@pytest.mark.parametrize("case", CASES["due"], ids=str)
def test_due_by_severity(case: dict[str, Any]) -> None:
    assert desk.due(case["since"], Severity(case["severity"])) == case["due"]


@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)), st.sampled_from(Severity))
def test_due_counts_the_business_days_between(since: date, severity: Severity) -> None:
    end = desk.due(since, severity)
    days = (since + timedelta(days=n) for n in range(1, (end - since).days + 1))
    assert desk.is_business_day(end)
    assert sum(map(desk.is_business_day, days)) == desk.DUE_IN[severity]


def test_who_decides_is_said_of_every_kind_and_of_known_codes() -> None:
    assert {desk.decider(kind, "").role for kind in ItemKind} == set(Role) - {Role.AUDITOR}
    assert set(desk.BY_RULE) <= CODES.keys()
    assert desk.decider(ItemKind.MEMBER, "RETRO-TERM") == Decider(Role.SUPERVISOR, 2)
    assert desk.decider(ItemKind.MEMBER, "WINDOW-OPEN") == Decider(Role.ENROLLMENT, 1)
