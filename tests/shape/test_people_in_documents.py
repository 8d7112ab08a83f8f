"""People's data leave the house by one door: model.enrollment.confidential.seen_by, in pipeline.roster.export."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

from model.documents.registry import KINDS
from model.enrollment.events import Address, Demographics

ROOT = Path(__file__).resolve().parents[2]


def holds_people(kind: Any, seen: frozenset[Any] = frozenset()) -> bool:
    """Say whether a type has a person's data anywhere inside."""
    if kind in (Demographics, Address):
        return True
    inside = list(get_args(kind))
    if dataclasses.is_dataclass(kind) and kind not in seen:
        inside += get_type_hints(kind).values()
    return any(holds_people(part, seen | {kind}) for part in inside)


def test_only_rosters_hold_peoples_data() -> None:
    assert {name for name, kind in KINDS.items() if holds_people(kind.type)} == {"roster", "834"}


def test_rosters_are_made_in_one_place_which_asks_what_may_be_seen() -> None:
    makes = re.compile(r"\b(?:RosterStatement|Enrollment834Statement|RosterRow)\(")
    folders = ("pipeline", "flows", "cli", "billing", "enrollment")
    sources = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    found = [path.relative_to(ROOT) for path in sources if makes.search(path.read_text(encoding="utf-8"))]
    assert found == [Path("pipeline/roster/export.py")]
    assert "seen_by(" in (ROOT / found[0]).read_text(encoding="utf-8")
