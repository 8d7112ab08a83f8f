"""What one reading of what is agreed says otherwise than another, in words; every field of the model counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import date

from model.agreement.enrollment import OpenEnrollment
from model.agreement.terms import (
    Carrier,
    Contact,
    FormerAccount,
    Grant,
    Line,
    Partner,
    Plan,
    Rate,
    Renewal,
    Subgroup,
    SwitchOverride,
    Terms,
)
from model.money.cents import format_dollars
from model.timeline import OPEN, Dated, Month, Span

Agreed = Carrier | Partner | Terms
_AT_MOST = 40  # lines; a renewal of a large group has more rates than anybody reads


def changes(before: Agreed | None, after: Agreed) -> tuple[str, ...]:
    """Return a line for each thing that `after` says otherwise than `before`; nothing when they are equal."""
    title = _title(after)
    if before is None:
        return (f"{title} is new",)
    lines = list(_between("", before, after))
    if len(lines) > _AT_MOST:
        lines[_AT_MOST:] = [f"and {len(lines) - _AT_MOST} more changes"]
    return tuple(f"{title}: {line}" for line in lines)


def _between(at: str, before: object, after: object) -> Iterator[str]:
    """Yield what differs between two values of one place."""
    if before == after:
        return
    if isinstance(before, tuple) and isinstance(after, tuple) and _is_keyed((*before, *after)):
        yield from _lists(at, before, after)
    elif type(before) is type(after) and is_dataclass(after) and not isinstance(after, _LEAVES):
        for field in fields(after):
            name = "" if field.name in _SILENT else field.name.replace("_", " ")
            yield from _between(f"{at} {name}".strip(), getattr(before, field.name), getattr(after, field.name))
    elif isinstance(before, int) and isinstance(after, int) and at.endswith(_MONEY):
        yield f"{at.removesuffix(_MONEY)} was {format_dollars(before)}, is now {format_dollars(after)}"
    else:
        yield f"{at} was {_text(before)}, is now {_text(after)}"


def _lists(at: str, before: Sequence[object], after: Sequence[object]) -> Iterator[str]:
    """Yield what differs between two lists of things that have a name each."""
    old, new = _named(before), _named(after)
    for title in (*old, *(title for title in new if title not in old)):
        if title not in new:
            yield f"{at} {title} is no longer there{_worth(old[title])}".strip()
        elif title not in old:
            yield f"{at} {title} is new{_worth(new[title])}".strip()
        else:
            yield from _between(f"{at} {title}".strip(), old[title], new[title])
    if list(old) != list(new) and set(old) == set(new):
        yield f"{at} {type(after[0]).__name__.lower()}s stand in another order".strip()


def _named(things: Sequence[object]) -> dict[str, object]:
    """Return things by their titles; a title that comes again is numbered."""
    found: dict[str, object] = {}
    for thing in things:
        title, again = _title(thing), 1
        while title in found:
            again += 1
            title = f"{_title(thing)} ({again})"
        found[title] = thing
    return found


def _title(thing: object) -> str:
    """Name a thing as people do."""
    match thing:
        case Carrier():
            return "ourselves"
        case Partner():
            return f"partner {thing.code}"
        case Terms():
            return f"group {thing.group}"
        case Grant():
            return f"grant of group {thing.group} from {thing.span.begin}"
        case Rate():
            owner = f", subgroup {thing.subgroup}" if thing.subgroup else ""
            return f"rate of {thing.plan} {thing.level}".rstrip() + f" from {thing.span.begin}{owner}"
        case Renewal():
            owner = f", subgroup {thing.subgroup}" if thing.subgroup else ""
            return f"renewal of plan {thing.plan}{owner}"
        case Subgroup() | Plan() | Line():
            return f"{type(thing).__name__.lower()} {thing.code}"
        case SwitchOverride():
            return f"rules of {thing.subgroup or 'all'} from {thing.span.begin}"
        case FormerAccount():
            return f"account {thing.number}"
    raise TypeError(type(thing).__name__)


def _worth(thing: object) -> str:
    """Return what matters most of a thing that came or went."""
    match thing:
        case Rate():
            return f": {format_dollars(thing.cents)} {_text(thing.span)}"
        case Subgroup():
            return f": account {thing.account}"
        case FormerAccount():
            return f": until {thing.until}"
        case Grant() | SwitchOverride() | Plan():
            return f": {_text(thing.span)}"
    return ""


def _text(value: object) -> str:
    """Return a value as a person reads it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Span():
            return f"{value.begin} to {'open' if value.end == OPEN else value.end}"
        case Dated():
            return ", ".join([_text(value.first), *(f"from {day} {_text(later)}" for day, later in value.changes)])
        case OpenEnrollment():
            own = [
                f"{f.name.replace('_', ' ')} {v}"
                for f in fields(value)[2:]
                if (v := getattr(value, f.name)) is not None
            ]
            return ", ".join([f"{_text(value.span)}, from {value.effective}", *own])
        case Contact():
            return _text(tuple(part for part in (value.name, value.phone, value.email) if part))
        case tuple():
            return ", ".join(":".join(item) if _is_pair(item) else _text(item) for item in value) or "none"
        case int() | date() | Month():
            return str(value)
        case None:
            return "none"
    return str(value) or "none"


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(part, str) for part in value)


def _is_keyed(values: Sequence[object]) -> bool:
    return bool(values) and all(isinstance(value, _KEYED) for value in values)


_KEYED = (Subgroup, Line, Plan, Rate, Renewal, Grant, SwitchOverride, FormerAccount)
_LEAVES = (Span, Dated, Contact, Month, OpenEnrollment)
_MONEY = " cents"
_SILENT = (
    "subgroups",
    "lines",
    "plans",
    "rates",
    "renewals",
    "overrides",
    "grants",
)  # their things name themselves
