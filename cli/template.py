"""A template that a command writes where it was told to, else under its own name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cli.session import Session

if TYPE_CHECKING:
    from model.documents.statement import Document


def save(session: Session, document: Document, out: Path | None) -> None:
    """Write a template, and say where."""
    from pipeline.views.outcomes import WrittenView

    path = out or Path(document.name)
    path.write_bytes(document.data)
    session.emit(
        "written",
        WrittenView(str(path)),
        lambda console: console.print(f"Template written to {path}", soft_wrap=True),
    )
