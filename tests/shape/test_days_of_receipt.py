"""What the day of receipt, or a header, decides is known to what recognises unchanged families."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from model.enrollment.events import SetHeader
from validators.registry import RULES

ROOT = Path(__file__).parents[2]
# Of the header the place where a group's number may ride (pipeline.receive.unchanged.conditions); sets.mode asks
# what becomes of the whole set, before anybody is looked at.
OF_THE_HEADER = {"master_policy"}
OF_THE_SET = {"enrollment/sets.py"}


def attributes(tree: ast.AST, of: str) -> Iterator[str]:
    """Yield the attributes that are read of anything with this name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).rpartition(".")[2] == of:
            yield node.attr


def test_a_rule_that_looks_at_the_day_of_receipt_says_until_when_it_is_silent():
    dated = {
        rule.id
        for rule in RULES
        if "today" in attributes(ast.parse(Path(inspect.getsourcefile(rule.check)).read_text("utf-8")), "context")
    }
    assert len(dated) > 4
    assert {rule.id for rule in RULES if rule.until} >= dated - {"GROUP-KNOWN"}, (
        "GROUP-KNOWN tells the day in a finding, and decides by the grants, which are a condition of their own"
    )


def test_of_a_header_nothing_decides_that_another_file_has_otherwise():
    names = {field.name for field in fields(SetHeader)}
    paths = [path for folder in ("enrollment", "validators") for path in sorted((ROOT / folder).rglob("*.py"))]
    asked = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in paths
        for name in attributes(ast.parse(path.read_text("utf-8")), "header")
        if name in names
    }
    assert {name for path, name in asked if path not in OF_THE_SET} == OF_THE_HEADER
