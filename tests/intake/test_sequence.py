"""What a sender's control numbers say: the cases, and that nothing missing is hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from exchange import sequence
from model.agreement.terms import PartnerProfile
from model.exchange import Numbered

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "exchange" / "numbering.yaml").read_text("utf-8"))
START = datetime(2027, 1, 4, 17, 0, tzinfo=UTC)
WE = ("ZZ:ACME", "ZZ:NORTHWIND")


def received(sent: Sequence[Any]) -> list[Numbered]:
    items, at = [], START
    for place, text in enumerate(map(str, sent), 1):
        match = re.fullmatch(r"(\d+)(x?)(?:\+(\d+))?", text)
        assert match, text
        at += timedelta(days=int(match[3] or 0))
        items.append(Numbered(place, f"F{place:06d}", "acme", WE, f"{int(match[1]):09d}", at, not match[2]))
    return items


def say(items: Sequence[Numbered], **profile: Any) -> list[str]:
    """The findings in short: `GAP 8 to 10 before 11`."""
    told = sequence.findings(items, {"acme": PartnerProfile(**profile)})
    forms = {"GAP": "{0} before {1}", "LATE": "{0} after {1}", "RENUMBERED": "{1} after {0}", "REPEATED": "{0}"}
    said = []
    for _, finding in told:
        kind = finding.code.removeprefix("EXCHANGE-")
        numbers = [int(number) for number in re.findall(r"\b\d{9}\b", finding.message)]
        between = [f"{numbers[0]} to {numbers[1]}", numbers[2]] if len(numbers) == 3 else numbers
        said.append(f"{kind} {forms[kind].format(*between)}")
    return said


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_numbering(case: dict[str, Any]) -> None:
    profile = {
        "duplicate_days": case.get("days", 0),
        "duplicate_interchanges": case.get("compare", True),
        "numbers_in_sequence": case.get("in_sequence", True),
    }
    assert sorted(say(received(case["sent"]), **profile)) == sorted(map(str, case["said"]))


def test_each_identity_is_a_sequence_of_its_own() -> None:
    first, second = received([1, 5])
    other = Numbered(2, "F000002", "acme", ("ZZ:ACMETEST", "ZZ:NORTHWIND"), second.control, second.at, True)
    assert say([first, other]) == []


def test_what_has_no_number_or_no_partner_is_not_counted() -> None:
    first, second = received([1, 3])
    letters = Numbered(3, "F000003", "acme", WE, "ABC", second.at, True)
    stranger = Numbered(4, "F000004", "", WE, "000000009", second.at, True)
    assert say([first, letters, stranger, second]) == ["GAP 2 before 3"]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60))
def test_what_never_came_is_missing_and_nothing_else(numbers: list[int]) -> None:
    said = say(received(numbers))
    assert sum("REPEATED" in text for text in said) == len(numbers) - len(set(numbers))
    if any("RENUMBERED" in text for text in said):
        return  # which of two sequences a number belongs to is then a guess
    told = [re.match(r"GAP (\d+)(?: to (\d+))? before", text) for text in said]
    missing = [n for gap in told if gap for n in range(int(gap[1]), int(gap[2] or gap[1]) + 1)]
    assert sorted(missing) == sorted(set(range(min(numbers), max(numbers))) - set(numbers))
