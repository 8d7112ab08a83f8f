"""Two people are two, whatever the spelling."""

from __future__ import annotations

import pytest

from model.approval import NOBODY, Approval


def test_two_people_and_a_reason_suffice() -> None:
    assert Approval("ann", "ben", "the broker's letter of 3 March").problem == ""


@pytest.mark.parametrize(
    ("approval", "word"),
    [
        (NOBODY, "two people"),
        (Approval("ann", "", "why"), "two people"),
        (Approval("", "ben", "why"), "two people"),
        (Approval("  ", "ben", "why"), "two people"),
        (Approval("Ann  Lee", " ann lee ", "why"), "cannot approve"),
        (Approval("ann", "ben", " "), "reason"),
    ],
)
def test_what_is_missing_is_said(approval: Approval, word: str) -> None:
    assert word in approval.problem


def test_the_audit_trail_says_who_decided() -> None:
    assert Approval("ann", "ben", "why").detail == "requested by ann, approved by ben: why"
    assert Approval(reason="why").by("ben").detail == "decided by ben: why"
    assert Approval("ann", "ben", "why").by("cy") == Approval("ann", "ben", "why")
