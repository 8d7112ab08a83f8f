"""What campaigns found, as cases: tests/cases/x12/finds.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_BOOK: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "x12" / "finds.yaml").read_text("utf-8")
)


@dataclass(frozen=True, slots=True)
class Find:
    """One find: in words, and as bytes would show it (lines end as they do in the case file)."""

    name: str
    text: str


PLANTED = tuple(Find(**find) for find in _BOOK["planted"])
DAMAGED = tuple(Find(**find) for find in _BOOK["damaged"])
