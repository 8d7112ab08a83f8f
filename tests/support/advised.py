"""The cases of tests/cases/x12/advice.yaml and their bytes."""

from __future__ import annotations

from typing import Any

import yaml

from support.installation import ROOT, SAMPLES
from support.matrix import BASE

ADVICE: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests" / "cases" / "x12" / "advice.yaml").read_text("utf-8")
)


def advised_file(case: dict[str, Any]) -> bytes:
    """Return the bytes that a case sends. AssertionError: an edit fits nothing."""
    if "sample" in case:
        return (SAMPLES / case["sample"]).read_bytes()
    text = BASE
    for old, new in case.get("edit", ()):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()
