"""The options of a command that two people decide: the first one asks by it, the second one confirms by it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.session import Session
from model.approval import Approval

Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept. With it you ask, or confirm.")]
# Where no request is kept, the one who approves names the one who asked.
RequestedBy = Annotated[str, typer.Option("--requested-by", help="Who asks for it: another operator.")]
ApprovedBy = Annotated[str, typer.Option("--approved-by", help="Who approves it: whoever is at the keyboard.")]


def approval(session: Session, requested_by: str, approved_by: str, reason: str) -> Approval:
    """Return who decided; whoever is at the keyboard approves unless another name is said."""
    return Approval(requested_by, approved_by, reason).by(session.workspace().actor.person)
