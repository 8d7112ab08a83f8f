"""Views as JSON: the one place where a typed value becomes objects, lists, texts and numbers.

And the values that several views have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar, cast

from model.timeline import Span

T = TypeVar("T")
PAGE = 500  # of what grows with a file or a group, so many are shown in one answer at most
SCHEMA = "schema"  # the field by which an answer names its schema: docs/schemas/<name>.json


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures by name, in the order to show; in JSON an object."""

    pairs: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, figures: Mapping[str, int] | Iterable[tuple[str, int]]) -> Counts:
        """Return the figures of a mapping or of pairs, in their order."""
        return cls(tuple((str(name), figure) for name, figure in dict(figures).items()))


NONE = Counts()


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by name, in the order to show; in JSON an object."""

    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SpanView:
    """A stretch of days, both ends inclusive; `end` is 9999-12-31 where it is open."""

    begin: date
    end: date

    @classmethod
    def of(cls, span: Span) -> SpanView:
        """Return a span as it is shown."""
        return cls(span.begin, span.end)


@dataclass(frozen=True, slots=True)
class ContactView:
    """A person or desk to ask."""

    name: str
    phone: str
    email: str


def of_fields(kind: type[T], value: object, **more: object) -> T:
    """Return a view of a kind: the fields given, and the others as a value has them under the same names."""
    assert is_dataclass(kind)
    same = [field.name for field in fields(kind) if field.name not in more]
    return cast("T", kind(**{name: getattr(value, name) for name in same}, **more))


def plain(value: object) -> object:
    """Return a value as JSON has it.

    A dataclass is an object whose fields stand in their order, `from_` as "from"; days and instants are written
    as ISO 8601 has them (2027-01-31, 2026-11-23T17:00:00+00:00).
    """
    if isinstance(value, (Counts, Texts)):
        return dict(value.pairs)
    if is_dataclass(value):
        return {field.name.rstrip("_"): plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value


def named(schema: str, answer: object) -> object:
    """Return an answer as JSON has it, with the name of its schema; of a list each value has it."""
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        return [named(schema, item) for item in answer]
    value = plain(answer)
    assert isinstance(value, dict), "an answer is an object, or a list of them"
    return {SCHEMA: schema, **value}
