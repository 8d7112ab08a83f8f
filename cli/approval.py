"""The option of a command that two people decide: the first one asks by it, the second one confirms by it."""

from __future__ import annotations

from typing import Annotated

import typer

Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept. With it you ask, or confirm.")]
