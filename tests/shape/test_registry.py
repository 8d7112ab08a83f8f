"""Every rule is registered once, says what it is, and is shown by cases that pass and that fail."""

from pathlib import Path

import pytest
import yaml

from model.codes import CODES
from validators.registry import RULES

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "rules"


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_rule_has_a_passing_and_a_failing_case(rule):
    cases = yaml.safe_load((CASES / f"{rule.id}.yaml").read_text("utf-8"))
    assert any(rule.id in case["expect"] for case in cases), "no case that fails"
    assert any(rule.id not in case["expect"] for case in cases), "no case that passes"


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_rule_says_what_it_is(rule):
    """Its docstring is the companion guide's text; its id is the first code it raises."""
    assert len((rule.check.__doc__ or "").split()) > 8
    assert rule.id in CODES


def test_every_rule_is_registered_once():
    """A file of validators/ that is neither a rule nor one of the helpers would be a rule nobody asks."""
    assert len({rule.id for rule in RULES}) == len(RULES) == len({rule.check for rule in RULES})
    helpers = {"__init__", "base", "continued", "doubts", "occasions", "places", "reading", "registry"}
    helpers |= {"standing", "telling"}
    files = {path.stem for path in (ROOT / "validators").rglob("*.py")} - helpers
    assert {rule.check.__module__.split(".")[-1] for rule in RULES} == files
    assert {path.stem for path in CASES.glob("*.yaml")} == {rule.id for rule in RULES}
