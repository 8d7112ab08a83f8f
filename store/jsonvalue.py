"""Model values as JSON and back, checked on the way in (pydantic; one adapter per type, made once).

A finished statement is stored with the version of its form:

    {"version":2,"statement":{...}}

A text without this head is version 1, of before versions were stored. Whatever the version, `load_statement`
gives the current one, for the one writer that there is (docs/design.md, Documents).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from model.documents import registry
from model.documents.keys import DocumentKind
from model.documents.statement import Statement

T = TypeVar("T")

_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def dump(value: object) -> str:
    """Return a model dataclass as JSON. `load` with its type gives an equal value back."""
    return _adapter(type(value)).dump_json(value).decode()


def load(kind: type[T], text: str) -> T:
    """Read what `dump` wrote. Raises pydantic.ValidationError when it is not a value of this type."""
    value: T = _adapter(kind).validate_json(text)
    return value


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


_HEAD = re.compile(r'\s*\{\s*"version"\s*:\s*(\d{1,6})\s*,\s*"statement"\s*:')


def dump_statement(statement: Statement) -> str:
    """Return a statement as it is stored, with its kind's current version."""
    return f'{{"version":{registry.of(statement).version},"statement":{dump(statement)}}}'


def dump_rows(kind: DocumentKind, rows: Sequence[tuple[int, Any]]) -> bytes:
    """Return numbered rows of a statement of a kind as they are stored."""
    return _adapter(_numbered(kind)).dump_json(rows)


def load_rows(kind: DocumentKind | str, data: bytes) -> list[tuple[int, Any]]:
    """Read what `dump_rows` wrote. Raises pydantic.ValidationError (a ValueError) where it cannot be read."""
    rows: list[tuple[int, Any]] = _adapter(_numbered(kind)).validate_json(data)
    return rows


@cache
def _numbered(kind: DocumentKind | str) -> Any:  # noqa: ANN401  a type made from the registry's row
    return list[tuple[int, registry.KINDS[kind].rows]]  # type: ignore[misc]


def load_statement(kind: DocumentKind | str, text: str) -> Statement:
    """Read a stored statement of a kind, of whatever version.

    Raises registry.UnknownVersionError or pydantic.ValidationError (both ValueErrors) where it cannot be read,
    KeyError where there is no such kind.
    """
    row = registry.KINDS[kind]
    head = _HEAD.match(text)
    version, body = (int(head[1]), text[head.end() : text.rindex("}")]) if head else (1, text)
    if version != row.version:
        body = json.dumps(row.upcast(version, json.loads(body)))
    return load(row.type, body)
