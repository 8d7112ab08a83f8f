"""Facts told of a member beside identity and coverage, as the record says them and as they are kept.

They are kept of a person in one family, since its sender tells them: somebody who works for two employers has two
employment states. Source: docs/domain.md, Facts of a member.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Segments of the guide, each by its elements: (("NM1", "P3", "1", "Sample"), ("PLA", "2", "1P")).
Value = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One fact as a record tells it, before it is known of which line of coverage. No value: there is none now."""

    kind: str  # model.trade.kept.Kept
    coverage: int  # the number of the HD loop it stands in; 0: of the member
    value: Value


@dataclass(frozen=True, slots=True, order=True)
class MemberFact:
    """One fact that is known of a member."""

    kind: str  # model.trade.kept.Kept
    about: str  # the line of coverage, or of numbers and days their qualifier; "": of the member
    value: Value

    @property
    def key(self) -> tuple[str, str]:
        """Return what it is a fact about: of one key one is known."""
        return self.kind, self.about


Facts = tuple[MemberFact, ...]  # in order, one of each key


def laid(known: Facts, told: Iterable[MemberFact]) -> Facts:
    """Return what is known with what was told laid over it; a fact without a value takes back the one known."""
    told = tuple(told)
    for fact in told:  # nearly always nothing is new
        if (fact not in known) if fact.value else fact.key in [held.key for held in known]:
            break
    else:
        return known
    facts = {fact.key: fact for fact in known}
    for fact in told:
        if fact.value:
            facts[fact.key] = fact
        else:
            facts.pop(fact.key, None)
    return tuple(sorted(facts.values())) if facts else ()


def changed(before: Facts, after: Facts) -> Iterable[MemberFact]:
    """Return the facts of which another value is known than before, or none."""
    was = {fact.key: fact.value for fact in before}
    now = {fact.key: fact.value for fact in after}
    keys = sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))
    return [MemberFact(*key, now.get(key, ())) for key in keys]
