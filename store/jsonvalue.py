"""Model values as JSON and back, checked on the way in (pydantic; one adapter per type, made once)."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

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
