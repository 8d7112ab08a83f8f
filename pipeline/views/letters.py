"""Explanations written as documents: a page or paper, in a file of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from intake.folder import write
from model.agreement.terms import Contact
from model.explained import Explanation
from pipeline.runtime.workspace import Workspace
from pipeline.views.agreed import partner
from writers.reports import explanation


def known_partner(ws: Workspace, code: str) -> bool:
    """Say whether there is a partner of this code."""
    return partner(ws, code) is not None


def write_letter(
    ws: Workspace, value: Explanation, form: str, on: date, receiver: str, name: str, folder: Path
) -> Path:
    """Write an explanation as `<name>.html`, `.pdf` or `.txt` into a folder; return where it lies."""
    carrier = ws.carrier()
    for_whom = partner(ws, receiver) if receiver else None
    letter = explanation.Letter(
        carrier=carrier.name if carrier else "",
        contact=carrier.contact if carrier else Contact(),
        on=on,
        receiver=for_whom.name if for_whom else "",
    )
    if form == "text":
        return write(folder, f"{name}.txt", [explanation.text(value).encode()])
    made = explanation.web if form == "html" else explanation.paper
    document = made(value, letter, name)
    return write(folder, document.name, document.pieces())
