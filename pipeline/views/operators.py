"""The people who work with the installation, as they are shown. Names in `_cents` are cents."""

from __future__ import annotations

from dataclasses import dataclass

from model.money.cents import Cents
from model.people import Operator
from pipeline.runtime.workspace import Workspace
from store import operators


@dataclass(frozen=True, slots=True)
class OperatorView:
    """A person who works here; no limit: null."""

    name: str
    logins: tuple[str, ...]
    roles: tuple[str, ...]
    limit_cents: Cents | None
    limit_members: int | None
    enabled: bool


@dataclass(frozen=True, slots=True)
class OperatorSavedView:
    """What became of a change of who may do what: the person as known now, and why nothing was changed.

    `unguarded`: nobody was a supervisor yet, so that whoever works at this machine may add people. `raised`: a
    person who was known got more rights.
    """

    operator: OperatorView | None  # None: nobody of this name is known
    changed: bool
    problem: str = ""
    unguarded: bool = False
    raised: bool = False


def operator_view(operator: Operator) -> OperatorView:
    """Return a person as shown."""
    limits = operator.limits
    return OperatorView(
        operator.name, operator.logins, tuple(operator.roles), limits.cents, limits.members, operator.enabled
    )


def operator_list(ws: Workspace) -> list[OperatorView]:
    """Return everybody who is known, disabled or not, by name."""
    with ws.database.read() as conn:
        return [operator_view(operator) for operator in operators.known(conn)]
