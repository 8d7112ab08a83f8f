"""The shape of a dated switch in a terms file: written plain, or as a list of what is in force from when.

    premium_percent = 102
    premium_percent = [{ value = 102 }, { from = 2027-03-01, value = 110 }]

The first entry has no `from`: it is in force before all others. Each later one takes over on its day, which is the
first of a month: a month has one value. A billing account says `number` in place of `value`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Generic, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from model.timeline import Dated

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Entry(BaseModel):
    """One entry of a dated switch."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    since: date | None = Field(default=None, alias="from")


class Value(Entry, Generic[T_co]):
    """An entry of a switch."""

    value: T_co


class Number(Entry, Generic[T_co]):
    """An entry of a billing account."""

    number: T_co


def _form(value: object) -> str:
    return "list" if isinstance(value, list) else "plain"


PLAIN, LIST, FORM = Tag("plain"), Tag("list"), Discriminator(_form)
SOME = Field(min_length=1)
TAGS = frozenset((PLAIN.tag, LIST.tag))  # pydantic puts them into an error's path


def in_force(kind: Any) -> object:  # noqa: ANN401  a type as pydantic reads it
    """Return the type of a dated switch whose values have this type."""
    return Annotated[Annotated[kind, PLAIN] | Annotated[list[Value[kind]], SOME, LIST], FORM]


def dated(switch: T | Sequence[Value[T]]) -> Dated[T]:
    """Return a switch as the model has it; `problems` has found nothing."""
    if isinstance(switch, list):
        first, *later = switch
        return Dated(first.value, tuple((entry.since, entry.value) for entry in later))
    return Dated(cast("T", switch))


def problems(entries: object) -> Iterator[tuple[int, str]]:
    """Yield (index, what is wrong) of a list's dates; a switch that is written plain has none."""
    if not isinstance(entries, list):
        return
    if entries[0].since is not None:
        yield 0, "the first entry is in force before all others: leave out its from"
    yield from _order(entries)


def _order(entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    """Check that each later entry takes over on the first of a month, after the one before it."""
    before = date.min
    for i, entry in enumerate(entries[1:], 1):
        if entry.since is None:
            yield i, "say from when it is in force, such as from = 2027-03-01"
        elif entry.since.day != 1:
            yield i, f"{entry.since} would split a month: a change begins on the first of one"
        elif entry.since <= before:
            yield i, f"{entry.since} does not come after the entry before it"
        before = entry.since or before
