"""The code table: every code says what it means and what to do, and something raises it."""

import ast
import re

from model import codes
from model.code_tables import conformance

MAKERS = {"found", "objection", "object_to", "force"}  # what makes a finding of a code


def literals(sources):
    """Return every text literal outside the code tables, and the heads of f-strings."""
    outside = [source for source in sources if not source.name.startswith("model/code_tables/")]
    nodes = [node for source in outside for node in source.nodes]
    heads = {
        node.values[0].value
        for node in nodes
        if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant)
    }
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}, heads


def test_every_code_says_what_it_means_and_what_to_do():
    assert len(codes.CODES) > 50
    assert [name for name in codes.CODES if not re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)+", name)] == []
    silent = [name for name, code in codes.CODES.items() if not (code.meaning.strip() and code.fix.strip())]
    assert silent == []


def test_no_code_stands_in_two_areas():
    names = [name for area in codes.AREAS for name in area.CODES]
    assert {name for name in names if names.count(name) > 1} == set()


def test_what_waits_has_a_code_of_its_own(sources):
    """A code that rejects is never raised as one that waits: a question stands in the table as one."""
    texts = [(source.name, line) for source in sources for line in source.text.splitlines()]
    outside = [(name, line) for name, line in texts if not name.startswith("model/code_tables/")]
    assert [found for found in outside if "severity=Severity.PEND" in found[1]] == []


def test_every_code_is_raised_somewhere(sources):
    """The conformance codes are made from the 999's own codes: for them, the head of the f-string counts."""
    texts, heads = literals(sources)
    made = {name for name in conformance.CODES if f"{name.split('-')[0]}-" in heads}
    assert codes.CODES.keys() - texts - made == set()


def test_every_code_found_is_in_the_table(sources):
    calls = [
        (source.name, node.lineno, node.args[0])
        for source in sources
        for node in source.nodes
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).split(".")[-1] in MAKERS
    ]
    known = [(name, line, arg.value) for name, line, arg in calls if isinstance(arg, ast.Constant)]
    assert len(known) > 10
    assert [call for call in known if call[2] not in codes.CODES] == []
