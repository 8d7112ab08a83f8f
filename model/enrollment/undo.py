"""What may be taken back that was carried out: a file, a decision, or a step, whole or of some members.

Source: docs/domain.md, Undo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

_NAMED = 3  # members whom a command names; of more it says a digest


class Of(StrEnum):
    """What is taken back."""

    FILE = "file"
    DECISION = "decision"
    CHANGE = "change"  # a step of the journal, by its number


@dataclass(frozen=True, slots=True)
class Undo:
    """What somebody asks to be taken back.

    `members`: only of these members' families; none: of all. `back_on`: the day from which coverage that had been
    ended comes back, so that the days before it stay a gap; None: without one.
    """

    of: Of
    name: str  # file id, or the number of a decision or step
    members: tuple[str, ...] = ()
    back_on: date | None = None

    @property
    def label(self) -> str:
        """Name it for people: `file F000002`."""
        return f"{'step' if self.of is Of.CHANGE else self.of} {self.name}"

    @property
    def args(self) -> str:
        """Return the words of its command: two that say the same are one."""
        named = [f"--member {member}" for member in self.members]
        if len(named) > _NAMED:
            digest = sha256(" ".join(self.members).encode()).hexdigest()
            named = [f"--member ({len(named)} of them, {digest[:12]})"]
        day = [f"--back-on {self.back_on}"] if self.back_on else []
        return " ".join((self.of.value, self.name, *named, *day))
