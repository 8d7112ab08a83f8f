"""Names: a loop names what it goes through."""

from __future__ import annotations

import ast
from collections.abc import Iterator

# Words that say nothing of what is gone through: what it is has a noun of the trade.
FILLERS = frozenset({"one", "told", "said", "made", "ours"})


def loops(source) -> Iterator[ast.expr]:
    """Yield the target of every loop: statements and comprehensions."""
    for node in source.nodes:
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield node.target


def fillers(source) -> list[str]:
    """Return the loops of a file that name what they go through by a filler, by line."""
    names = (name for target in loops(source) for name in ast.walk(target) if isinstance(name, ast.Name))
    return [f"{source.name}:{name.lineno} {name.id}" for name in names if name.id in FILLERS]


def test_a_loop_names_what_it_goes_through(everywhere):
    assert sum(1 for source in everywhere for _ in loops(source)) > 2_000
    assert [found for source in everywhere for found in fillers(source)] == []
