"""Who is at work, and whether two people decided: asked of the operators that the store knows (docs/domain.md)."""

from __future__ import annotations

from pipeline.runtime.workspace import Workspace
from store import operators


def person_of(ws: Workspace, login: str) -> str:
    """Return the name of the enabled operator who works under a login; empty: nobody does."""
    with ws.database.read() as conn:
        operator = operators.by_login(conn, login)
    return operator.name if operator and operator.enabled else ""
