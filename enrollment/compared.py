"""What is known of two people beside each other, and of each in the end, as a merge or a split shows it.

Source: docs/domain.md, Merging people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from model.enrollment.events import Address, Demographics
from model.enrollment.roster import Whole
from vault.ssn import mask_ssn


@dataclass(frozen=True, slots=True, order=True)
class FactTold:
    """Something that is known of two people and differs: of the one, of the other, and of each in the end."""

    name: str
    stays: str
    other: str
    stays_then: str
    other_then: str = ""


def _plain(facts: Demographics, ssn: str) -> dict[str, str]:
    """Return what is known of a person as texts by name, the SSN masked."""
    name = facts.name
    return {
        "last name": name.last,
        "first name": name.first,
        "middle name": name.middle,
        "suffix": name.suffix,
        "birth date": str(facts.birth or ""),
        "gender": facts.gender,
        "address": _address(facts.address),
        "mailing address": _address(facts.mailing),
        "phone": facts.phone,
        "e-mail": facts.email,
        "INS13": facts.confidentiality,
        "INS17": str(facts.birth_sequence or ""),
        "SSN": mask_ssn(ssn) if ssn else "",
    }


def _address(place: Address) -> str:
    parts = (place.line1, place.line2, place.city, place.state, place.zip, place.country)
    return ", ".join(filter(None, parts))


Known = tuple[Demographics, str]  # facts and SSN


def differ(stays: Whole, gone: Whole, then: Known) -> Iterator[FactTold]:
    """Yield in what two people differ, and what is known of the one in the end."""
    one, other = (_plain(each.person.demographics, each.ssn) for each in (stays, gone))
    end = _plain(*then)
    for name in one:
        if one[name] != other[name]:
            yield FactTold(name, one[name], other[name], end[name])


def given(now: Whole, then: Known, new: Known) -> Iterator[FactTold]:
    """Yield what was known of one, and what is known of both in the end."""
    was, kept, other = _plain(now.person.demographics, now.ssn), _plain(*then), _plain(*new)
    for name in was:
        if was[name] or other[name]:
            yield FactTold(name, was[name], "", kept[name], other[name])


def changed(now: Known, then: Known) -> Iterator[tuple[str, str, str]]:
    """Yield what is known otherwise of one person: its name, what is known now, and what then."""
    was, end = _plain(*now), _plain(*then)
    for name in was:
        if was[name] != end[name]:
            yield name, was[name], end[name]
