"""The keys of docs/terms.md: `python -m support.terms_page` in tests/ writes them again.

They are read from the tables of parsers.terms.schema, whose switches come from the model's declarations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from model.agreement.channel import KINDS
from parsers.terms import dated_schema, schema
from support.pages import filled, table

PAGE = Path(__file__).parents[2] / "docs" / "terms.md"
_PARTS = (schema.FileTable, dated_schema.Value, dated_schema.Number)  # no tables of their own
TABLES = [kind for kind in schema.TABLES if kind not in _PARTS]
_HEAD = ("key", "what it says", "values", "left out", "may differ")


def written(page: str) -> str:
    """Return the page with every key of a terms file."""
    return filled(page, {"keys": "\n".join(map(_section, TABLES))})


def _section(kind: type[BaseModel]) -> str:
    """Return a table of the file: what it is called, what it says and its keys."""
    names = (kind.__doc__ or "").partition("]: ")[0] + "]"
    title = ", ".join(f"`{name}`" for name in " ".join(names.split()).split(", "))
    return f"### {title}\n\n{schema.words(kind)}\n\n{table(_HEAD, list(_rows(kind)))}"


def _rows(kind: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each key, but for the tables below it."""
    whole = kind.model_json_schema()
    for key, value in whole["properties"].items():
        shape = _shape(value)
        if "$ref" not in shape and "$ref" not in shape.get("items", {}):
            left_out = "an error" if key in whole.get("required", ()) else _left_out(value)
            yield f"`{key}`", _meaning(value), _values(shape), left_out, _differs(value)


def _meaning(value: dict[str, Any]) -> str:
    """Say what a key means, and of which kinds of channel where not all have it."""
    kinds = [kind for kind in KINDS if kind in (*value.get("needed_by", ()), *value.get("taken_by", ()))]
    return value["description"] + (f" ({', '.join(kinds)})" if kinds and set(kinds) < set(KINDS) else "")


def _shape(value: dict[str, Any]) -> dict[str, Any]:
    """Return what a value looks like where it is written plain."""
    (plain, *_) = [form for form in value.get("anyOf", [value]) if form.get("type") != "null"]
    return _dated(plain)[0] if _dated(plain) else plain  # type: ignore[no-any-return]


def _dated(value: dict[str, Any]) -> list[Any]:
    """Return both forms of what may be written plain or as a list of what is in force from when."""
    return value.get("oneOf", [])  # type: ignore[no-any-return]


def _values(shape: dict[str, Any]) -> str:
    """Say which values a key may have."""
    if choices := shape.get("enum", [shape["const"]] if "const" in shape else []):
        return ", ".join(_plain(choice) for choice in choices)
    match shape["type"], shape.get("format"):
        case "boolean", _:
            return "`true`, `false`"
        case "integer", _:
            return f"{shape['minimum']} to {shape['maximum']}"
        case "array", _:
            return f"a list of: {_values(shape['items'])}"
        case "object", _:
            return "a table"
        case "string", "date":
            return "a date"
        case "string", "month":
            return 'a month: `"2027-01"`'
    return "text"


def _left_out(value: dict[str, Any]) -> str:
    """Say what is meant where a key is left out."""
    if said := value.get("left_out"):
        return str(said)
    if kinds := value.get("needed_by"):
        return f"an error ({', '.join(kinds)})"
    default = value["default"]
    return "" if default in (None, "", [], {}) else _plain(default)


def _plain(value: object) -> str:
    """Return a value as a file says it."""
    return f"`{json.dumps(value)}`"


def _differs(value: dict[str, Any]) -> str:
    """Say how a key may have other values for some days."""
    forms = [form for shape in value.get("anyOf", [value]) for form in _dated(shape)]
    if forms:
        return "from a month on"
    owners = value.get("overridden_by")
    return f"in a span: {', '.join(owners)}" if owners else ""


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
