"""A switch of what is agreed is declared once, at its field: name, type and default there, the rest in a Switch.

Its key in the terms file, its dates, its override in a span, its place in a dump and its row in docs/terms.md are
made from the declaration (parsers.terms.switch_tables). See docs/design.md, Terms are data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, make_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from model.timeline import Dated

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Switch:
    """What a switch says of itself beside its name, type and default: `Annotated[int, Switch("...")]`."""

    meaning: str  # for people, in one line
    choices: tuple[str, ...] = ()  # the values that it may have, or each of its values
    least: int = 0  # of a number, inclusive
    most: int = 0  # of a number, inclusive; of a text, its characters; 0: no bound
    pattern: str = ""  # what a text must match
    form: str = ""  # a text's form: a name of parsers.terms.forms.FORMS
    left_out: str = ""  # in words: what is meant without the key, where that depends on another
    overridden_by: tuple[str, ...] = ()  # for whom it may be agreed otherwise in a span of days
    needed_by: tuple[str, ...] = ()  # kinds of channel that must have it
    taken_by: tuple[str, ...] = ()  # kinds of channel that may have it
    last: bool = False  # in a file it stands behind the others


@dataclass(frozen=True, slots=True)
class Declared:
    """A switch with what its field says."""

    name: str
    kind: Any  # the type of its values
    dated: bool  # it changes from a month on (model.timeline)
    optional: bool  # None: as otherwise agreed
    default: Any  # dataclasses.MISSING: it must be said
    switch: Switch


@cache
def declared(agreed: type) -> tuple[Declared, ...]:
    """Return the switches of a part of what is agreed, in the order of a file."""
    hints = get_type_hints(agreed, include_extras=True)
    found = [_declared(field.name, hints[field.name], field.default) for field in fields(agreed)]
    return tuple(sorted(filter(None, found), key=lambda known: known.switch.last))


def _declared(name: str, hint: object, default: object) -> Declared | None:
    """Return the switch that a field declares; None for what is no switch."""
    if get_origin(hint) is not Annotated:
        return None
    kind, switch = get_args(hint)
    dated, optional = get_origin(kind) is Dated, get_origin(kind) is UnionType
    if dated:
        (kind,) = get_args(kind)
    if optional:
        (kind,) = (part for part in get_args(kind) if part is not NoneType)
    return Declared(name, kind, dated, optional, default, switch)


def meaning(agreed: type, name: str) -> str:
    """Return what a switch says, for people. Raises KeyError."""
    return {known.name: known.switch.meaning for known in declared(agreed)}[name]


def overriding(agreed: type) -> Callable[[type[T]], type[T]]:
    """Give a dataclass each switch of `agreed` that may be overridden, None where it is as otherwise agreed."""

    def derive(override: type[T]) -> type[T]:
        switches = [
            (known.name, Annotated[known.kind | None, known.switch], None)
            for known in declared(agreed)
            if known.switch.overridden_by
        ]
        said = {"__module__": override.__module__, "__doc__": override.__doc__, "__qualname__": override.__name__}
        return make_dataclass(
            override.__name__, switches, bases=(override,), namespace=said, frozen=True, slots=True
        )

    return derive
