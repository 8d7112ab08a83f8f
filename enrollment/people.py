"""What is known of a person: merging what was sent, which never blanks a stored value.

Source: docs/domain.md, What is known of a person.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TypeVar

from model.enrollment.actions import Fact
from model.enrollment.confidential import HOW_TO_REACH, is_restricted
from model.enrollment.events import Address, Demographics, EnrollmentEvent, Name
from model.trade.maintenance import CORRECTIONS
from model.trade.member import UNRESTRICTED

_DEMOGRAPHICS = tuple(fact for fact in Fact if fact is not Fact.SSN)
_Plain = TypeVar("_Plain", Name, Address)


def is_correction(event: EnrollmentEvent) -> bool:
    """Say whether the record corrects an identity: INS04 = 25, new values in NM1*74, old ones in NM1*70."""
    return event.reason in CORRECTIONS


def merged(stored: Demographics, sent: Demographics, *, correcting: bool) -> Demographics:
    """Return the stored values with what was sent laid over them.

    A birth date once known changes only by an identity correction. An address with another street replaces the
    old one whole, so that no flat number of the old one stays behind. No record lifts a restriction (`lifts`).
    """
    if sent == stored:
        return stored
    said = sent.confidentiality
    birth = sent.birth if sent.birth and (correcting or stored.birth is None) else stored.birth
    return Demographics(
        name=_filled(stored.name, sent.name),
        birth=birth,
        gender=sent.gender or stored.gender,
        address=_address(stored.address, sent.address),
        mailing=_address(stored.mailing, sent.mailing),
        phone=sent.phone or stored.phone,
        email=sent.email or stored.email,
        confidentiality=stored.confidentiality if lifts(stored, sent) or not said else said,
    )


def lifts(stored: Demographics, sent: Demographics) -> bool:
    """Say whether a record would make known again what was taken in confidence: that is a person's to decide."""
    return is_restricted(stored) and sent.confidentiality == UNRESTRICTED


def _filled(stored: _Plain, sent: _Plain) -> _Plain:
    """Lay the values that are not empty over the stored ones."""
    names = (field.name for field in fields(sent))
    return replace(stored, **{name: getattr(sent, name) for name in names if getattr(sent, name)})


def _address(stored: Address, sent: Address) -> Address:
    moved = sent.line1 and sent.line1 != stored.line1 and (sent.city or sent.zip)
    return sent if moved else _filled(stored, sent)


def changes(stored: Demographics, new: Demographics) -> list[Fact]:
    """Return which values differ, as far as a sender may know; never the values themselves.

    Of a restricted person nobody is told whether an address, phone or e-mail is the one on file: it could be
    guessed at.
    """
    kept = HOW_TO_REACH if is_restricted(new) else ()
    told = (fact for fact in _DEMOGRAPHICS if fact not in kept)
    return [fact for fact in told if getattr(stored, fact) != getattr(new, fact)]


def plain(text: str) -> str:
    """Return a name as it is compared: without case and outer blanks."""
    return text.strip().upper()


def contradicts(stored: Demographics, sent: Demographics) -> bool:
    """Say whether birth date and first name were both sent and both differ from the stored ones."""
    births = (stored.birth, sent.birth)
    firsts = (plain(stored.name.first), plain(sent.name.first))
    return all(births) and all(firsts) and births[0] != births[1] and firsts[0] != firsts[1]
