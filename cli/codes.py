"""Codes on the command line: each option and argument that takes one checks it by the rule of model.naming."""

from __future__ import annotations

from typing import Any

import typer

from model import naming


def option(*names: str, help: str) -> Any:  # noqa: ANN401  both as Typer has them
    """Make an option that takes a code or codes; anything else is a usage error, exit code 2. Empty: none."""
    return typer.Option(*names, help=help, callback=lambda value: _checked(value) if value else value)


def argument(*, help: str) -> Any:  # noqa: ANN401  as above
    """Make an argument that takes a code."""
    return typer.Argument(help=help, callback=_checked)


def _checked(value: Any) -> Any:  # noqa: ANN401  Typer hands over a text or a list of them
    for code in [value] if isinstance(value, str) else value:
        try:
            naming.code(code)
        except naming.NotAName as error:
            raise typer.BadParameter(str(error)) from None
    return value
