"""One word for one thing: --reason is why something is done, --why is why somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from cli.main import app


def _options(tree: Any, before: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every command of a tree of Typer's with its options, each with its help."""
    for name, command in tree.commands.items():
        if hasattr(command, "commands"):
            yield from _options(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", {opt: param.help or "" for param in command.params for opt in param.opts}


def test_why_is_of_a_look_and_reason_of_what_is_done() -> None:
    commands = dict(_options(typer.main.get_command(app)))
    looks = {name for name, options in commands.items() if "--why" in options}
    assert {name for name in looks if "you look" not in commands[name]["--why"]} == set()
    assert {
        name for name, options in commands.items() if "--seen" in options and "--reason" not in options
    } == set()
    assert {"suspense assign", "work approve", "operator add"} & looks == set()
