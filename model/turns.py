"""Turns: whether a received file may be worked on now. Files of one partner, and of one group, keep their order.

A later file never takes effect before an earlier one that is not done: a termination that failed and is repeated
must not come after the reinstatement that was sent behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ATTEMPTS = 5  # of one file that may break before a person must look


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A received file without a state. `groups`: what it may touch; before it is judged, all of its sender's."""

    id: str
    partner: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a file is not worked on now: the file `before` is not done; if that is itself, another run is at it."""

    file: str
    before: str
    partner: str = ""  # whose both are
    groups: tuple[str, ...] = ()  # that both may touch

    @property
    def busy(self) -> bool:
        """Say whether it only waits for a run of its own, somewhere else."""
        return self.file == self.before

    @property
    def words(self) -> str:
        """Say what it waits for. Ids, codes of partners and groups: nobody's data."""
        if self.busy:
            return f"{self.file} is being worked on by another run"
        shared = f"group {', '.join(self.groups)}" if self.groups else f"partner {self.partner}"
        return f"{self.file} waits for {self.before} of the same {shared}, which is not done"


def waits_for(file: Unfinished, earlier: Iterable[Unfinished], *, judged: bool) -> Wait | None:
    """Return the first file that this one must wait for; `earlier` in order of receipt, all of them unfinished.

    Judging touches no group: a file that is not judged yet waits for its own partner's files only.
    """
    for each in earlier:
        if each.partner == file.partner:
            return Wait(file.id, each.id, partner=file.partner)
        shared = file.groups & each.groups if judged else frozenset()
        if shared:
            return Wait(file.id, each.id, groups=tuple(sorted(shared)))
    return None
