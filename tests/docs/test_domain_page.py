"""docs/domain.md: every switch of the terms stands there with the default that the terms have."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from model.agreement.terms import Billing, EnrollmentSwitches, PartnerProfile
from model.timeline import Dated, Month
from support.installation import ROOT

PAGE = " ".join((ROOT / "docs" / "domain.md").read_text("utf-8").split())
AGREED = (PartnerProfile(), EnrollmentSwitches(), Billing(Month(2027, 1)))
# Tables, and what each group says for itself.
NO_DEFAULT = {"full_file", "attestations", "open_enrollments", "first_month"}


def defaults() -> list[tuple[str, str]]:
    """Return the name of each switch and its default as a terms file would say it."""
    found = [(field.name, getattr(agreed, field.name)) for agreed in AGREED for field in fields(agreed)]
    plain = [(name, value.first if isinstance(value, Dated) else value) for name, value in found]
    plain = [(name, ", ".join(value) if isinstance(value, tuple) else value) for name, value in plain]
    return [
        (name, str(value).lower() if value in (None, True, False) else str(value))
        for name, value in plain
        if name not in NO_DEFAULT
    ]


@pytest.mark.parametrize(("name", "default"), defaults())
def test_a_switch_stands_there_with_its_default(name: str, default: str) -> None:
    said = f"`{name}` (default `{default}`" if default else f"`{name}` (default none"
    assert PAGE.count(f"`{name}` (default") == PAGE.count(said) == 1


@pytest.mark.parametrize("name", sorted(NO_DEFAULT))
def test_what_has_no_default_is_named(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_no_other_switch_is_named() -> None:
    assert set(re.findall(r"`(\w+)` \(default", PAGE)) == {name for name, _ in defaults()}
