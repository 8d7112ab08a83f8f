"""A code of the trade stands in model/trade and nowhere else.

A code of two characters or more is found wherever it stands as a string of its own; one of a single character only
beside the name that its element has in our values (`handling == "P"`, `benefit_status="C"`), since alone it may be
anything. Sample files, tests and benchmarks are written in codes and are not looked at.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import pytest
import pyx12

from model.trade.table import Table
from parsers.census.values import plain
from parsers.x12.conformance.guides import GUIDES

ROOT = Path(__file__).parents[2]
TABLES = [
    value
    for path in sorted((ROOT / "model" / "trade").glob("*.py"))
    for value in vars(import_module(f"model.trade.{path.stem}")).values()
    if isinstance(value, Table) and value.source.startswith(("820", "834"))  # the others are no guide's
]
PLAIN = {code for table in TABLES for code in table.codes if len(code) > 1}
NAMED = {(name, code) for table in TABLES for name in table.names for code in table.codes}

# Other vocabularies that use the same letters: folder or file -> what its strings are, and which (None: all).
OTHERS: dict[str, tuple[str, set[str] | None]] = {
    "exchange/advice.py": ("OTI01 and TED01", {"TE", "024"}),
    "exchange/answers.py": ("ISA05", {"01", "14", "20", "27", "28", "29", "33", "ZZ"}),
    "model/code_tables/": ("errors of TA1, 999 and 824", None),
    "model/agreement/answers.py": ("IK403", {"12", "13"}),
    "parsers/x12/ackerrors.py": ("IK403", {"12", "13"}),
    "parsers/x12/conformance/": ("types and formats of the guides, IK403, parts of a date", None),
    "parsers/x12/envelope.py": ("TA105", {"024"}),
    "parsers/bank/": ("records and fields of BAI2 and NACHA", None),
    "parsers/terms/draft.py": ("ISA05", {"ZZ"}),
    "pipeline/views/exchanges.py": ("GS01", {"AG"}),
    "store/dialects/postgresql.py": ("SQLSTATE", {"08", "22", "28"}),
    "writers/acknowledgments/ack999.py": ("GS01", {"HP"}),
    "writers/acknowledgments/advice824.py": ("GS01, BGN01 and N101 of an 824", {"AG", "11", "40", "41"}),
    "writers/forms/x12.py": ("ISA01 and ISA03", {"00"}),
}


def names(node: ast.AST) -> set[str]:
    """What an expression calls a value: the last part of a name, an attribute or a subscript by text."""
    if isinstance(node, ast.Name):
        return {node.id.lower()}
    if isinstance(node, ast.Attribute):
        return {node.attr}
    return set()


def texts(node: ast.AST) -> Iterator[ast.Constant]:
    """Strings that an expression may be, or that it lists."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for item in node.elts:
            yield from texts(item)
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for item in node.values:
            yield from texts(item)
    elif isinstance(node, ast.Call):  # frozenset({...})
        for item in node.args:
            yield from texts(item)


def beside(node: ast.AST) -> Iterator[tuple[str, ast.Constant]]:
    """Strings that stand beside a name: compared with it, passed or assigned under it."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        for name in {name for side in sides for name in names(side)}:
            yield from ((name, text) for side in sides for text in texts(side))
    elif isinstance(node, ast.keyword) and node.arg:
        yield from ((node.arg, text) for text in texts(node.value))
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        found = {name for target in targets for name in names(target)}
        yield from ((name, text) for name in found for text in texts(node.value))


def written(tree: ast.AST) -> set[tuple[int, str]]:
    """Every code of the trade that stands in a tree: line and code."""
    nodes = list(ast.walk(tree))
    pieces = {piece for node in nodes if isinstance(node, ast.JoinedStr) for piece in node.values}
    found = {
        (node.lineno, node.value)
        for node in nodes
        if isinstance(node, ast.Constant) and node not in pieces and node.value in PLAIN
    }
    pairs = (pair for node in nodes for pair in beside(node))
    return found | {(text.lineno, str(text.value)) for name, text in pairs if (name, text.value) in NAMED}


def hits(source) -> list[tuple[int, str]]:
    """Codes of the trade in a file, but for those of another vocabulary."""
    others = [codes for place, (_, codes) in OTHERS.items() if source.name.startswith(place)]
    return [
        (line, code)
        for line, code in sorted(written(source.tree))
        if not any(codes is None or code in codes for codes in others)
    ]


def test_no_code_stands_outside_the_tables(sources):
    assert len(TABLES) > 20 and len(PLAIN) > 150
    looked_at = [source for source in sources if not source.name.startswith("model/trade/")]
    found = [f"{source.name}:{line} {code}" for source in looked_at for line, code in hits(source)]
    assert found == []


def test_every_exception_is_used(sources):
    """Of an exception that nothing needs any longer, nobody knows what it would let through."""
    unused = set()
    for place, (_, codes) in OTHERS.items():
        there = {code for s in sources if s.name.startswith(place) for _, code in written(s.tree)}
        assert there, f"{place} writes no code"
        unused |= {(place, code) for code in (codes or set()) - there}
    assert unused == set()


@pytest.mark.parametrize(
    "text",
    [
        "if event.reason == 'XT': pass",
        "if 'FAM' in tiers: pass",
        "CODES = frozenset({'HLT', 'x'})",
        "WORDS = {'DCP': 'Dental'}",
        "day = event.date_of('357')",
        "value = texts['1L']",
        "if remittance.handling == 'P': pass",
        "if part.benefit_status in ('A', 'x'): pass",
        "make(benefit_status='C' if cobra else '')",
        "cobra_event = '1'",
        "def make(line_code: str = 'VIS') -> None: pass",
    ],
)
def test_a_code_is_found(text):
    assert len(written(ast.parse(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "'A move (INS04 = XT).'",
        "message = f'INS04 {reason}XT'",
        "if usage == 'P': pass",
        "if event.reason in MOVES: pass",
        "counted = f'{count}01'",
    ],
)
def test_what_is_no_code_is_not_found(text):
    assert written(ast.parse(text)) == set()


# What the tables hold beside the guide of their set, or leave out of it, and why.
BEYOND = {
    "INS03": {"002", "026", "032"},  # HD01 has them, of the same list
    "NM108": {"II"},  # ENT03, of the same list
    "REF01": {"14", "2F", "72", "LB"},  # of the 820's header
    "DTP01": {"582"},  # DTM01 of the 820
    "N101": {"PE", "PR"},  # of the 820
}
LEFT_OUT = {"INS02": {"32", "33"}}  # mother and father, in 004010 only
WHOLE = {
    "INS01", "INS02", "INS03", "INS04", "INS05", "INS06", "INS07", "INS08", "INS09", "INS13", "HD03", "HD05",
    "BGN01", "BGN08", "QTY01", "DMG03", "DSB01", "BPR01", "BPR03", "BPR04", "ENT02", "RMR01", "RMR03",
    "SLN05", "ADX02",
}  # fmt: skip


@cache
def in_guides() -> dict[tuple[str, str], set[str]]:
    """The codes of each element in any of our guides: (set, element) -> codes."""
    codes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (kind, _), (_, file) in GUIDES.items():
        for element in ElementTree.parse(Path(pyx12.__file__).parent / "map" / file).iter("element"):
            name = element.get("xid", "").removesuffix("-01")
            codes[kind, name] |= {code.text or "" for code in element.iter("code")}
    return codes


@pytest.mark.parametrize("table", TABLES, ids=[table.element for table in TABLES])
def test_a_table_says_what_the_guides_say(table):
    """Every code is one of a guide that we take, and where we speak of an element as a whole, none is missing."""
    known = in_guides()[table.source[:3], table.element] | BEYOND.get(table.element, set())
    assert len(set(table.codes)) == len(table.rows)
    assert set(table.codes) <= known
    if table.element in WHOLE:
        assert known - set(table.codes) == LEFT_OUT.get(table.element, set())


@pytest.mark.parametrize("table", TABLES, ids=[table.element for table in TABLES])
def test_a_word_of_a_census_means_one_code(table):
    words = [word for row in table.rows for word in row.written]
    assert len(set(words)) == len(words) == len(table.written)
    assert all(word == plain(word) for word in words)
    assert all(row.meaning for row in table.rows)
    assert {word: code for code, word in table.offered.items()} == {
        word: table.written[plain(word)] for word in table.choices
    }


def test_the_shapes_of_an_ssn_stand_in_one_place(sources):
    shape = re.compile(r"\{3\}.*\{2\}.*\{4\}")
    strings = ((s.name, node.value) for s in sources for node in s.nodes if isinstance(node, ast.Constant))
    assert {name for name, text in strings if isinstance(text, str) and shape.search(text)} == {"vault/ssn.py"}
