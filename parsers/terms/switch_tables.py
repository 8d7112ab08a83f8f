"""Tables of a terms file made from the switches that the model declares, and read back into its values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, create_model

from model.agreement.switches import Declared, declared
from model.timeline import Month
from parsers.terms.dated_schema import dated, in_force
from parsers.terms.forms import FORMS, month

T = TypeVar("T")
TableT = TypeVar("TableT", bound=BaseModel)


# What docs/terms.md tells of a key beside its meaning, values and default.
_FOR_PEOPLE = ("left_out", "overridden_by", "needed_by", "taken_by")


class Table(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def switched(agreed: type) -> Callable[[type[TableT]], type[TableT]]:
    """Give a table a key for each switch of this part of the model, with its checks and its default."""

    def derive(table: type[TableT]) -> type[TableT]:
        keys: dict[str, Any] = {known.name: (_type(known), _field(known)) for known in declared(agreed)}
        return create_model(
            table.__name__, __base__=table, __module__=table.__module__, __doc__=table.__doc__, **keys
        )

    return derive


def _field(known: Declared) -> object:
    """Return what a key means, for people, and its default."""
    switch = known.switch
    more: dict[str, Any] = {name: getattr(switch, name) for name in _FOR_PEOPLE}
    default = ... if known.default is MISSING else _plain(known)
    return Field(default, description=switch.meaning, json_schema_extra=more)


def _plain(known: Declared) -> object:
    """Return a default as a file says it."""
    if _may_be_none(known):
        return None
    default = known.default.first if known.dated else known.default
    return list(default) if isinstance(default, tuple) else default


def _may_be_none(known: Declared) -> bool:
    """Say whether a key that is left out says nothing by itself."""
    return known.optional or bool(known.switch.left_out)


def _type(known: Declared) -> object:
    """Return the type of a key's values."""
    kind: Any = _single(known)
    if known.kind == tuple[str, ...]:
        kind = list[kind]
    if known.dated:
        kind = in_force(kind)
    return kind | None if _may_be_none(known) else kind


def _single(known: Declared) -> object:
    """Return the type of one value."""
    switch = known.switch
    if switch.choices:
        return Literal[switch.choices]
    if known.kind is Month:
        return Annotated[str, AfterValidator(month), WithJsonSchema({"type": "string", "format": "month"})]
    if switch.form:
        return Annotated[str, AfterValidator(FORMS[switch.form])]
    if known.kind is int:
        return Annotated[int, Field(ge=switch.least, le=switch.most)]
    if known.kind is str:
        return Annotated[str, Field(pattern=switch.pattern or None, max_length=switch.most or None)]
    return known.kind


def read(agreed: type[T], table: BaseModel, **others: object) -> T:
    """Return the model's value of a table; `others` are its fields that are no switches."""
    make: Callable[..., T] = agreed
    return make(**switches(agreed, table), **others)


def switches(agreed: type, table: BaseModel) -> dict[str, Any]:
    """Return the switches that a table says, as the model has them."""
    said = {known: getattr(table, known.name) for known in declared(agreed)}
    return {known.name: _value(known, value) for known, value in said.items() if value is not None}


def _value(known: Declared, value: Any) -> object:  # noqa: ANN401  each key has its own type
    if known.dated:
        return dated(value)
    if isinstance(value, list):
        return tuple(value)
    return Month.parse(value) if known.kind is Month else value
