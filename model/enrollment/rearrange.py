"""What two people may ask of members: that two are one person, or that one is two.

Source: docs/domain.md, Merging people.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rearrangement:
    """Two members to be one; or one, of whom some groups, or what an alias had, are to be another's."""

    members: tuple[str, ...]
    groups: tuple[str, ...] = ()
    family: str = ""  # of the groups this subscriber number alone, masked
    back_to: str = ""  # the alias that is to be a member of its own again

    @classmethod
    def merge(cls, one: str, other: str) -> Rearrangement:
        """Ask that two members be one."""
        return cls((one.upper(), other.upper()))

    @classmethod
    def split(
        cls, member: str, groups: tuple[str, ...] = (), family: str = "", back_to: str = ""
    ) -> Rearrangement:
        """Ask that a member be two."""
        return cls((member.upper(),), tuple(sorted(groups)), family, back_to.upper())

    @property
    def merges(self) -> bool:
        """Say whether it is a merge, else a split."""
        return len(self.members) > 1
