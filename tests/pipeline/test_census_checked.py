"""A census under the sender's check without terms: all that needs none is asked, in words of a sheet."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from pipeline.check.census import check
from support.installation import ROOT

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "census" / "alone.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_without_terms_all_is_asked_that_needs_none(case: dict) -> None:
    found = check("census.csv", lambda: [case["csv"].encode()], None, "", date(2026, 12, 1))
    said = [f"{f.severity} {f.code} {f.where.text()}: {f.message} {f.fix}" for f in found.findings]
    assert said == case["said"]
