"""Which REFs of a file name group and subgroup: the part of a draft that must be guessed.

Source: docs/domain.md, Identifiers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from model.agreement.terms import PartnerProfile
from model.trade.references import GROUP_OR_POLICY, MASTER_POLICY, SUBGROUP_PLACES
from parsers.terms.draft_seen import Seen


@dataclass(frozen=True, slots=True)
class Addressing:
    """How members name group and subgroup: the group as sent, and the subgroups as the profile cuts them."""

    group_text: str
    group_from: str
    group_length: int
    subgroup_from: str
    subgroups: tuple[str, ...]

    def profile(self, audit_records: str, plan_from: str) -> PartnerProfile:
        """Return the partner's profile with these switches."""
        return PartnerProfile(
            group_from=self.group_from,
            group_length=self.group_length,
            subgroup_from=self.subgroup_from,
            audit_records=audit_records,
            plan_from=plan_from,
        )


def addressing(seen: Seen) -> Addressing:
    """Work out which REFs name group and subgroup; what cannot be told is left to "only"."""
    policy, place = _single(seen.policies), seen.places[GROUP_OR_POLICY]
    number = _single(place)
    if policy:
        suffixes = _suffixes(place, len(policy)) if all(text.startswith(policy) for text in place) else ()
        if suffixes:
            return Addressing(policy, MASTER_POLICY, len(policy), GROUP_OR_POLICY, suffixes)
        return Addressing(policy, MASTER_POLICY, 0, *_division(seen, SUBGROUP_PLACES))
    if number:
        return Addressing(number, GROUP_OR_POLICY, 0, *_division(seen, SUBGROUP_PLACES[1:]))
    cut = _cut(seen, place)
    if cut:
        return Addressing(next(iter(place))[:cut], GROUP_OR_POLICY, cut, GROUP_OR_POLICY, _suffixes(place, cut))
    named = [text for text, _ in seen.policies.most_common() if text]
    if len(named) > 1:  # several groups: one of them is drafted, the others must not be taken for it
        return Addressing(named[0], MASTER_POLICY, 0, *_division(seen, SUBGROUP_PLACES))
    return Addressing(named[0] if named else "", "only", 0, *_division(seen, SUBGROUP_PLACES))


def _single(texts: Counter[str]) -> str:
    """Return the one text that all say, or empty text."""
    return next(iter(texts)) if len(texts) == 1 else ""


def _suffixes(texts: Iterable[str], length: int) -> tuple[str, ...]:
    """Return the distinct rests after a group number of this length; none when one of them has no rest."""
    rests = tuple(sorted({text[length:].strip() for text in texts}))
    return rests if all(rests) else ()


def _divides(seen: Seen, texts: Counter[str]) -> bool:
    """Say whether a REF tells subgroups apart: everybody sends it, and several families share each value."""
    return "" not in texts and 2 <= len(texts) <= seen.families // 2


def _division(seen: Seen, places: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Return the first REF that tells subgroups apart, with its values; otherwise "only"."""
    for place in places:
        if _divides(seen, seen.places[place]):
            return place, tuple(sorted(seen.places[place]))
    return "only", ()


def _cut(seen: Seen, texts: Counter[str]) -> int:
    """Return how many leading characters of REF*1L are the group number; 0 when that cannot be told.

    A separator decides; plain numbers end in a suffix of four digits or more (six digits and four: docs/domain.md,
    Identifiers).
    """
    if not _divides(seen, texts):
        return 0
    prefix = _shared(min(texts), max(texts))
    separator = max(prefix.rfind(mark) for mark in "-./ _")
    if separator > 0:
        return separator
    length = len(next(iter(texts)))
    numbers = all(text.isdigit() and len(text) == length for text in texts)
    cut = min(len(prefix), length - 4) if numbers and length >= 8 else len(prefix)
    return cut if cut >= 4 else 0


def _shared(one: str, other: str) -> str:
    """Return what two texts begin with alike; of the least and the greatest of many, what all begin with."""
    pairs = zip(one, other, strict=False)
    length = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    return one[:length]
