"""How the public 999s and TA1s are read, and what is wrong with each: a table of docs/acknowledgments.md.

cd tests && ../.venv/bin/python -m support.inbound    writes the table into the page again

The readings are data (tests/cases/x12/inbound.yaml); the files lie beside the project, where they lie at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from model.finding import Severity
from model.x12 import AckError, InboundAck
from parsers.x12.judge import judge
from support.pages import filled, table

_ROOT = Path(__file__).resolve().parents[2]
SAMPLES = _ROOT.parent / "shared" / "samples" / "x12"
PAGE = _ROOT / "docs" / "acknowledgments.md"

READINGS: dict[str, dict[str, Any]] = yaml.safe_load(
    (_ROOT / "tests" / "cases" / "x12" / "inbound.yaml").read_text("utf-8")
)


def reading(data: bytes) -> dict[str, list[str]]:
    """Return what a file of acknowledgments says, and our findings on the file itself."""
    says, faults = [], []
    for item in judge([data]):
        if isinstance(item, InboundAck):
            says.append(_said(item))
        for finding in getattr(item, "findings", ()):
            if finding.severity is not Severity.INFO:
                faults.append(f"{finding.code} {finding.where.segment_id}{finding.where.element or ''}".strip())
    return {"says": says, "faults": faults}


def _said(ack: InboundAck) -> str:
    """Say an answer in short: `999 to group 2, set 0002: E`, codes and errors after it."""
    to = f"interchange {ack.control}" if ack.kind == "TA1" else f"group {ack.control}"
    to += f", set {ack.set_control}" if ack.set_control else ""
    codes = f" ({', '.join(ack.codes)})" if ack.codes else ""
    errors = "; ".join(_named(error) for error in ack.errors)
    return f"{ack.kind} to {to}: {ack.verdict or 'nothing'}{codes}" + (f"; {errors}" if errors else "")


def _named(error: AckError) -> str:
    element = f"{error.element:02d}" if error.element else ""
    element += f"-{error.component}" if error.component else ""
    return (
        f"segment {error.position} {error.segment_id}{element} (code {error.element_code or error.segment_code})"
    )


def section() -> str:
    """Return the table as the page holds it."""
    rows = [
        (name, "<br>".join(public["says"]), "<br>".join(public["faults"]) or "right", public.get("note", ""))
        for name, public in READINGS.items()
    ]
    return table(("file", "says", "is itself", ""), rows)


def written(page: str) -> str:
    """Return the page with its table made again."""
    return filled(page, {"inbound": section()})


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
