"""Files that are large in one way only: what comes of them, and that memory stays what it is for a small file.

The sizes here are those that a test can wait for; `make hostile` runs the promised ones.
"""

from __future__ import annotations

import pytest

from support.hostile import KINDS, run

_MEMORY = 100 * 1024 * 1024  # bytes; Python with our modules takes about a third of it
_REFUSED, _CUT = ["TA1 A 000", "AK9 R"], ["TA1 R 023", "AK9 R"]
# Kind: its size here, the verdicts beside IK5, and a finding that must be among those listed.
_EXPECTED = {
    "segment": (300_000_000, _REFUSED, "SEGMENT-TOO-LONG"),
    "no-terminator": (300_000_000, _CUT, "SEGMENT-TOO-LONG"),
    "text": (10_000_000, [], "FILE-NOT-X12"),
    "isa-isa": (200_000, [], "ISA-UNREADABLE"),
    "empty-segments": (1_000_000, _REFUSED, "SEGMENT-EMPTY"),
    "empty-sets": (2_000, _REFUSED, "SEGMENT-3"),
    "empty-groups": (20_000, ["TA1 A 000", "AK9 A"], "GROUP-EMPTY"),
    "interchanges": (10_000, ["TA1 A 000"], "INTERCHANGE-EMPTY"),
    "unknown-segments": (5_000, _REFUSED, "FINDINGS-MORE"),
    "strays": (200_000, ["TA1 R 024", "AK9 A"], "FINDINGS-MORE"),
    "one-member": (5_000, _REFUSED, "FINDINGS-MORE"),
    "elements": (32_000, _REFUSED, "SET-4"),
    "components": (32_000, _REFUSED, "SET-4"),
    "repeats": (30_000, _REFUSED, "ELEMENT-12"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_file_is_judged_in_little_memory(kind: str) -> None:
    size, verdicts, finding = _EXPECTED[kind]
    value = run(kind, size)
    head, repeated, *_ = KINDS[kind]
    assert value["bytes"] >= len(head) + size * len(repeated.replace(b"%06d", b"%6d" % 0)) - 1_000
    assert value["peak"] < _MEMORY
    assert sorted(line for line in value["said"] if not line.startswith("IK5")) == sorted(verdicts)
    assert finding in value["found"]
    assert sum(value["found"].values()) <= 1_010 or kind in ("empty-sets", "empty-groups", "interchanges")
