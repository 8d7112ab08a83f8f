"""A partner's window for duplicates: for how long an interchange control number may not come again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pipeline.runtime.workspace import Workspace
from support.installation import SAMPLES, TERMS, load_terms, take_bytes

FAMILY = (SAMPLES / "valid" / "01-add-family.edi").read_text()
CHANGE = (SAMPLES / "valid" / "03-plan-change.edi").read_text()
FIRST = date(2026, 11, 23)


def with_profile(line: str) -> str:
    """The sample terms with one more switch of the partner's profile."""
    text = TERMS.read_text(encoding="utf-8")
    assert "[partner.profile]\n" in text
    return text.replace("[partner.profile]\n", f"[partner.profile]\n{line}\n")


def numbered(text: str, control: str = "000000777") -> bytes:
    """A sample under another interchange control number (ISA13 and IEA02)."""
    old = text.split("*")[13]
    return text.replace(old, control).encode()


def answered(value: dict[str, Any]) -> tuple[str, list[str]]:
    """The file's state and the verdicts of its acknowledgments."""
    return value["state"], [
        f"{acknowledgment['kind']} {acknowledgment['verdict']} {acknowledgment.get('code', '')}".strip()
        for acknowledgment in value["acks"]
    ]


@pytest.mark.parametrize(
    ("switch", "days", "seen"),
    [
        ("duplicate_days = 30", 30, True),
        ("duplicate_days = 30", 31, False),
        ("duplicate_days = 0", 2000, True),
        ("", 2000, True),
        ("duplicate_interchanges = false", 1, False),
    ],
)
def test_a_number_comes_again(on_both: Workspace, switch: str, days: int, seen: bool) -> None:
    load_terms(on_both, with_profile(switch))
    assert take_bytes(on_both, numbered(FAMILY), "a.edi", FIRST)["state"] == "APPLIED"
    state, acks = answered(take_bytes(on_both, numbered(CHANGE), "b.edi", FIRST + timedelta(days=days)))
    assert acks == (["TA1 R 025"] if seen else ["TA1 A 000", "999 A"])
    assert (state == "DUPLICATE") is seen


def test_content_is_compared_for_ever(ws: Workspace) -> None:
    """The window is of the number alone: the same content after it is still a duplicate and applied once."""
    load_terms(ws, with_profile("duplicate_days = 30"))
    take_bytes(ws, numbered(FAMILY), "a.edi", FIRST)
    again = take_bytes(ws, numbered(FAMILY), "a.edi", FIRST + timedelta(days=90))
    assert answered(again) == ("DUPLICATE", ["TA1 A 000", "999 A"])
