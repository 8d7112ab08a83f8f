"""What a record tells of who it is about, held against a person on file: first name, birth date and SSN.

Source: docs/domain.md, Matching people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from model.enrollment.events import Demographics, EnrollmentEvent
from model.enrollment.roster import Person
from vault.tokens import Tokens


def plain(text: str) -> str:
    """Return a name as it is compared: without case and outer blanks."""
    return text.strip().upper()


@dataclass(frozen=True, slots=True)
class Telling:
    """Which of the three agree and which differ; what was not sent, or is not on file, does neither.

    What a record says of before (NM1*70) counts like what it says now.
    """

    first: bool | None
    birth: bool | None
    ssn: bool | None
    on_file: int  # how many of the three are known of the person

    @property
    def agree(self) -> int:
        """Return how many agree."""
        return (self.first, self.birth, self.ssn).count(True)

    @property
    def differ(self) -> int:
        """Return how many differ."""
        return (self.first, self.birth, self.ssn).count(False)

    @property
    def by_two(self) -> bool:
        """Say whether two of the three agree, of fewer those that are on file."""
        return self.agree >= min(2, self.on_file)


def telling(event: EnrollmentEvent, person: Person, tokens: Tokens) -> Telling:
    """Hold what a record says against a person."""
    stored, old = person.demographics, event.corrected_from
    firsts, births = {plain(event.person.name.first)}, {event.person.birth}
    ssns = tokens.ssn(event.ssn)
    if old:  # few records say what was before
        firsts, births = firsts | {plain(old.name.first)}, births | {old.birth}
    if event.corrected_from_ssn:
        ssns += tokens.ssn(event.corrected_from_ssn)
    firsts.discard("")
    births.discard(None)
    known = plain(stored.name.first)
    return Telling(
        first=known in firsts if known and firsts else None,
        birth=stored.birth in births if stored.birth and births else None,
        ssn=not set(ssns).isdisjoint(person.ssn_tokens) if person.ssn_tokens and ssns else None,
        on_file=bool(known) + bool(stored.birth) + bool(person.ssn_tokens),
    )


def told_by_two(event: EnrollmentEvent, person: Person, tokens: Tokens) -> bool:
    """Say whether two of first name, birth date and SSN are the person's, of fewer those that are on file."""
    return telling(event, person, tokens).by_two


def has_only_ssn_of(event: EnrollmentEvent, person: Person, tokens: Tokens) -> bool:
    """Say whether a record has the SSN of a person and neither the first name nor the birth date."""
    told = telling(event, person, tokens)
    return told.ssn is True and told.first is not True and told.birth is not True


def exact(sent: Demographics, stored: Demographics) -> bool:
    """Say whether birth date and first name were both sent and both agree."""
    first = plain(sent.name.first)
    return bool(first and sent.birth) and sent.birth == stored.birth and first == plain(stored.name.first)


_UNNAMED = re.compile(r"(BABY ?(BOY|GIRL)?|INFANT|NEWBORN)( ?[A-F])?")


def is_placeholder(first: str) -> bool:
    """Say whether a first name stands for a newborn who has none yet, also with the letter of one of twins."""
    return bool(_UNNAMED.fullmatch(plain(first)))
