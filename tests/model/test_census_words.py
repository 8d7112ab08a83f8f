"""Whatever a census is told is in its own words: no X12, no code of a guide, no slip around a column."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.code_tables import census
from model.codes import CODES
from model.trade.mentions import IN_CENSUS

ROOT = Path(__file__).parents[2]
RULES = [
    path
    for folder in ("validators", "enrollment")
    for path in sorted((ROOT / folder).rglob("*.py"))
    # a header, totals, loops and wrong SSNs of an 834; what the desk is told
    if path.name not in ("sets.py", "ssn_unusable.py", "not_kept.py", "order_kept.py", "linked.py", "told.py")
]
TREES = {path: ast.parse(path.read_text("utf-8")) for path in RULES}
# No row can say what these are about: an 834's header, loops without a column.
OF_AN_834 = frozenset(
    {
        "ORDER-ASKED",
        "RESTRICTION-KEPT",
        "NOT-KEPT",
        "SUBSCRIBER-SELF",
        "TEST-FILE",
        "DEATH-NOTED",
        "ORDER-KEPT",
        "COBRA-LAW",
    }
)
JARGON = re.compile(
    r"\b(ISA|GS|ST|INS|REF|DTP|NM1|HD|BGN|N4|DMG|X12)\d*\b|\b(834|820|999|TA1|companion guide|profile)\b|"
    r"\b((?<!was )sets?|segment|segments|loop|loops|element|elements)\b|\*|\b0\d\d\b|_"
)
SLIPS = re.compile(
    r"\b(an?|the) (an?|the|or|and|with)\b|\b([Aa]n) [^aeiouAEIOU8FHLMNSX]|\b[Aa] [aeio]|\b([a-zA-Z]+) \4\b|"
    r" ,|  |\.\.(?!\.)|\b(in|with|or|and|of) (or|and|of|,)|Action and in each|[{}]"
)


def used() -> list[str]:
    """Return the codes that a row of a census may meet."""
    named = {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in CODES
    }
    kept = {code for code in named if not code.startswith("SET-")} - OF_AN_834
    return sorted(kept | census.CODES.keys())


@pytest.mark.parametrize("code", used())
def test_a_code_is_explained_in_words_of_a_spreadsheet(code: str) -> None:
    entry = CODES[code]
    for text in entry.in_census or (entry.meaning, entry.fix):
        assert not JARGON.search(text), text
        assert not SLIPS.search(text), text


def test_what_rules_say_of_a_row_is_in_words_of_a_spreadsheet() -> None:
    said = list(texts())
    assert len(said) > 100
    assert [text for text in said if JARGON.search(text)] == []
    assert [text for text in said if SLIPS.search(text)] == []


def texts() -> Iterator[str]:
    """Yield what rules say, as a census reads it: columns where a text mentions elements, 7 elsewhere."""
    for tree in TREES.values():
        for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] + [tree]:
            names = dict(mentions(function))
            for node in own(function):
                if isinstance(node, ast.JoinedStr):
                    yield from sentence("".join(part(value, names) for value in node.values))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield from sentence(node.value)


def own(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in a scope: not what stands in functions within it, in f-strings or as docstrings."""
    for child in ast.iter_child_nodes(scope):
        docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if docstring or isinstance(child, ast.FunctionDef):
            continue
        yield child
        if not isinstance(child, ast.JoinedStr):
            yield from own(child)


def sentence(text: str) -> Iterator[str]:
    """Yield a text of several words."""
    if re.search("[a-z]{3}.* ", text) and not text.startswith(("INS", "DTP", "HD*")):
        yield text


def mentions(scope: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the names that stand for what the sender calls something."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Name, ast.Tuple)):
            several = isinstance(node.targets[0], ast.Tuple)
            targets = node.targets[0].elts if several else node.targets
            values = node.value.elts if isinstance(node.value, ast.Tuple) and several else [node.value]
            for target, value in zip(targets, values, strict=False):
                if isinstance(target, ast.Name) and (called := mentioned(value)):
                    yield target.id, called


def mentioned(node: ast.AST) -> str:
    """Return what a census has in the place of what `called("...")` mentions; empty for any other call."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
        return ""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return IN_CENSUS[str(node.args[0].value)] if name == "called" else ""


def part(node: ast.AST, names: dict[str, str]) -> str:
    """Return a part of an f-string as a census reads it."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.FormattedValue)
    return mentioned(node.value) or names.get(getattr(node.value, "id", ""), "7")
