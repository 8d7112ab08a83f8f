"""No test reaches into a private name of ours: what it needs to know is known through a public door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
PUBLIC = {"_replace", "_asdict", "_fields", "_make", "_tmp_path_factory"}  # of every NamedTuple; pytest's own
PATCHES = {"setattr", "getattr", "hasattr", "delattr", "patch", "object"}  # they take a name as text


def private(name: str) -> bool:
    """Say whether a name, or a part of a dotted one, is its owner's own."""
    return (
        any(part.startswith("_") and not part.startswith("__") for part in name.split(".")) and name not in PUBLIC
    )


def foreign(tree: ast.Module, packages: list[str]) -> set[str]:
    """Return the names that a file has from elsewhere: the standard library, or what is installed."""
    names = set()
    for node in ast.walk(tree):
        module = getattr(node, "module", None)
        for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
            if (module or alias.name).split(".")[0] not in packages:
                names.add((alias.asname or alias.name).split(".")[0])
    return names


def root(node: ast.expr) -> str:
    """Return the name that a chain of attributes and calls begins with."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def reached(tree: ast.Module, packages: list[str]) -> Iterator[tuple[int, str]]:
    """Yield line and name of what a test takes that is private to our packages."""
    elsewhere = {"self", "cls", "cast", *foreign(tree, packages)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in packages:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((node.lineno, name) for name in names if private(name))
        elif isinstance(node, ast.Attribute) and private(node.attr) and root(node) not in elsewhere:
            yield node.lineno, node.attr
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in PATCHES:
            texts = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            yield from ((node.lineno, text) for text in texts if private(text))


def test_no_test_reaches_into_a_private_name(packages: list[str]) -> None:
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(TESTS.rglob("*.py"))}
    assert len(trees) > 100
    taken = [(path, *taken) for path, tree in trees.items() for taken in reached(tree, packages)]
    assert [f"{path.relative_to(TESTS)}:{line} {name}" for path, line, name in taken] == []


def test_what_reaches_is_seen(packages: list[str]) -> None:
    text = """
from store.engine import _busy, WRITE
from vault import archive as kept
import os
kept._open()
ws.database._begin("x")
monkeypatch.setattr(kept, "_open", None)
patch("store.engine._busy")
os._exit(1)
self._mine = kept.__doc__
unit._replace(day=1)
"""
    names = [name for _, name in reached(ast.parse(text), packages)]
    assert sorted(names) == ["_begin", "_open", "_open", "store.engine._busy", "store.engine._busy"]
