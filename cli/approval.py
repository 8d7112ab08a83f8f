"""The options of a command that two people decide: who asks, who approves, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from model.approval import Approval

RequestedBy = Annotated[str, typer.Option("--requested-by", help="Who asks for it.")]
ApprovedBy = Annotated[str, typer.Option("--approved-by", help="Another person, who approves it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept with the change.")]

__all__ = ["Approval", "ApprovedBy", "Reason", "RequestedBy"]
