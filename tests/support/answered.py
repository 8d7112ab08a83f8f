"""Holds the commands' JSON answers against the schemas that they name."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "schemas"


@cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((FOLDER / f"{name}.json").read_text("utf-8")))


def as_its_schema_says(answer: Any) -> Any:
    """Return an answer of a command after a look that it is as the schema says that it names."""
    for value in answer if isinstance(answer, list) else [answer]:
        _validator(value["schema"]).validate(value)
    return answer
