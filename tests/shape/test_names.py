"""Names: a loop names what it goes through; a command lies in the file of its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cli.main import app

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


def commands() -> Iterator[tuple[str, str]]:
    """Yield each command of the command line, by its first word, with the module that has it."""
    for item in app.registered_commands:
        yield item.name, item.callback.__module__
    for group in app.registered_groups:
        for item in group.typer_instance.registered_commands:
            yield group.name, item.callback.__module__


def test_a_command_lies_in_the_file_of_its_name():
    found = set(commands())
    assert len(found) > 15
    assert {(name, module) for name, module in found if module != f"cli.{name}"} == set()
