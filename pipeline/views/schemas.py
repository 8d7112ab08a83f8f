"""Make docs/schemas from the types of the views: `make schemas`, or python -m pipeline.views.schemas.

A field may be added. One that is gone, or says something else, is refused until CHANGELOG.md names it (`lost`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pipeline.views.answers import ANSWERS, Answer
from pipeline.views.plain import SCHEMA, Counts, Texts

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "schemas"
Schema = dict[str, Any]  # as JSON Schema has it

_SIMPLE: Mapping[object, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    str: {"type": "string"},
    NoneType: {"type": "null"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Counts: {"type": "object", "additionalProperties": {"type": "integer"}},
    Texts: {"type": "object", "additionalProperties": {"type": "string"}},
}


def schema(answer: Answer) -> Schema:
    """Return the schema of an answer; of a list of answers it is each value's."""
    made = _Maker()
    body = made.body(answer.kind, {})
    named = {SCHEMA: {"const": answer.name}, **body["properties"]}
    return {
        "$id": answer.name,
        **body,
        "properties": named,
        "required": list(named),
        **({"$defs": dict(sorted(made.defs.items()))} if made.defs else {}),
    }


class _Maker:
    """Makes one schema; a type that stands inside is defined once."""

    def __init__(self) -> None:
        self.defs: dict[str, Schema] = {}

    def body(self, kind: type, bound: Mapping[object, object]) -> Schema:
        """Return the object that a dataclass becomes; `bound`: what its type variables stand for."""
        hints = get_type_hints(kind)
        assert is_dataclass(kind)
        properties = {f.name.rstrip("_"): self.of(hints[f.name], bound) for f in fields(kind)}
        words = (kind.__doc__ or "") if kind.__module__.startswith("pipeline.views.") else ""
        return {
            **({"description": " ".join(words.split())} if words else {}),
            "type": "object",
            "properties": properties,
            "required": list(properties),
        }

    def of(self, kind: Any, bound: Mapping[object, object]) -> Schema:  # noqa: ANN401  any annotation
        """Return what a field of a type holds."""
        origin, inside = get_origin(kind), get_args(kind)
        if isinstance(kind, TypeVar):
            return self.of(bound[kind], {})
        if kind in _SIMPLE:
            return dict(_SIMPLE[kind])
        if origin in (Union, UnionType):
            return {"anyOf": [self.of(each, bound) for each in inside]}
        if origin is Literal:
            return {"enum": list(inside)}
        if origin is tuple and inside[-1] is Ellipsis:
            return {"type": "array", "items": self.of(inside[0], bound)}
        if origin is tuple:
            items = [self.of(each, bound) for each in inside]
            return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
        if isinstance(kind, type) and issubclass(kind, Enum):
            return {"enum": [member.value for member in kind]}
        return self._inner(kind, origin or kind, inside)

    def _inner(self, kind: Any, base: Any, inside: tuple[Any, ...]) -> Schema:  # noqa: ANN401  as in `of`
        """Return a reference to a dataclass, which may be a generic one, and define it."""
        name = "".join([base.__name__, *(each.__name__.title() for each in inside)])
        if name not in self.defs:
            variables = getattr(base, "__parameters__", ())
            self.defs[name] = self.body(base, dict(zip(variables, inside, strict=True)))
        return {"$ref": f"#/$defs/{name}"}


def paths(of: Schema) -> dict[str, set[str]]:
    """Return what each field of a schema holds, by its path: `account.entries[].cents` -> {"integer"}."""
    found: dict[str, set[str]] = {}
    for path, word in _walk(of, of, of["$id"]):
        found.setdefault(path, set()).add(word)
    return found


def _walk(of: Schema, whole: Schema, path: str) -> Iterator[tuple[str, str]]:
    if "$ref" in of:
        yield from _walk(whole["$defs"][of["$ref"].rpartition("/")[2]], whole, path)
        return
    for each in of.get("anyOf", ()):
        yield from _walk(each, whole, path)
    for name, each in of.get("properties", {}).items():
        yield from _walk(each, whole, f"{path}.{name}")
    if "items" in of:
        yield from _walk(of["items"], whole, f"{path}[]")
    for number, each in enumerate(of.get("prefixItems", ())):
        yield from _walk(each, whole, f"{path}[{number}]")
    if "additionalProperties" in of:
        yield from _walk(of["additionalProperties"], whole, f"{path}{{}}")
    for value in of.get("enum", [of["const"]] if "const" in of else []):
        yield path, json.dumps(value)
    if "type" in of:
        yield path, of["type"] + (f" {of['format']}" if "format" in of else "")


def lost(before: Schema, after: Schema) -> list[str]:
    """Return the paths that a schema no longer has, or that hold something else; others may be added."""
    now = paths(after)
    return [path for path, words in paths(before).items() if not words <= now.get(path, set())]


def untold(committed: Mapping[str, str], made: Mapping[str, str], changelog: str) -> list[str]:
    """Return what the committed schemas lose by those just made and no unreleased line of the changelog names."""
    unreleased = changelog.partition("## Unreleased")[2].partition("\n## ")[0]
    gone = [
        path
        for name, text in committed.items()
        if name.endswith(".json")
        for path in (lost(json.loads(text), json.loads(made[name])) if name in made else [name])
    ]
    return [path for path in gone if f"`{path}`" not in unreleased]


def generated() -> dict[str, str]:
    """Return the content of docs/schemas by file name."""
    made = {f"{answer.name}.json": json.dumps(schema(answer), indent=1) + "\n" for answer in ANSWERS}
    return {**made, "README.md": _page()}


def committed() -> dict[str, str]:
    """Return what lies in docs/schemas."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*"))}


_HEAD = """# Schemas of JSON answers

JSON Schema (draft 2020-12), made by `make schemas` from the types in `pipeline/views`; not edited by hand.
Each answer of `--json` names its schema in the field `schema`. Where a command answers with a list, each value of
the list has the field, and an empty list needs none. Fields may be added at any time; one that goes or changes its
type is named in [CHANGELOG.md](../../CHANGELOG.md). A command that was wrongly used or broke (exit code 2) prints
an [error](error.json) to standard output instead, and the same words to standard error.

| command | answers with |
|---|---|
"""


def _page() -> str:
    rows = {command: f"[{a.name}]({a.name}.json)" for a in ANSWERS for command in a.one}
    rows |= {command: f"a list of [{a.name}]({a.name}.json)" for a in ANSWERS for command in a.many}
    return _HEAD + "".join(f"| `rollbook {command}` | {what} |\n" for command, what in sorted(rows.items()))


def main() -> int:
    """Write the schemas. Returns 1, and says what CHANGELOG.md lacks, where something would be lost untold."""
    made, before = generated(), committed()
    missing = untold(before, made, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    if missing:
        sys.stderr.write("CHANGELOG.md says nothing under Unreleased of\n")
        sys.stderr.writelines(f"- `{path}`: gone, or holds something else\n" for path in missing)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in before.keys() - made.keys():
        (FOLDER / name).unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
