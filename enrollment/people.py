"""What is known of a person, and what a record teaches: data merged, kept, or left to a person; none is blanked.

Source: docs/domain.md, What is known of a person.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TypeVar

from enrollment.draft import Draft
from enrollment.work import Family
from model.enrollment.actions import UNCHANGED, Action, Did, Fact, action
from model.enrollment.confidential import HOW_TO_REACH, is_restricted, says_how_to_reach
from model.enrollment.decision import Disposition
from model.enrollment.events import Address, Demographics, EnrollmentEvent, Name
from model.enrollment.roster import Enrollee, Person
from model.finding import Severity
from model.trade.maintenance import CORRECTIONS
from model.trade.member import UNRESTRICTED
from validators.base import Context
from validators.telling import is_placeholder, plain


def learn(draft: Draft, family: Family, context: Context) -> None:
    """Merge what the record says of the person; identity values change only by an identity correction.

    The data of somebody who also stands where the sender has no part are kept, and the record waits: a person
    decides. Only a restriction (INS13 = R) is taken at once, since what was shown cannot be hidden again; to lift
    one waits whoever sends it, and holds up nothing else. What something newer told of the person stands.
    """
    event, enrollee = draft.event, family.enrollee(draft.enrollee)
    person, correcting = enrollee.person, is_correction(event)
    waived = draft.ruling.waived
    if stands := context.newer.get((person.id, "")):
        if not draft.lines:
            draft.add(None, Disposition.NOOP, action(Did.SUPERSEDED, stands))
        return
    new = merged(person.demographics, event.person, correcting=correcting)
    if "RESTRICTION-KEPT" in waived and lifts(person.demographics, event.person):
        new = replace(new, confidentiality=UNRESTRICTED)
    ssn = _remarks(draft, family, enrollee, new)
    facts = changes(person.demographics, new)
    facts += [Fact.SSN] if ssn else []
    assert family.contract is not None, "somebody known here is in a contract"
    elsewhere = family.work.snapshot.elsewhere.get(person.id, frozenset()) - {family.contract.id}
    if elsewhere and "FACTS-WAIT" not in waived:
        _keep(draft, family, person, new, facts)
    else:
        if ssn or new != person.demographics:
            family.learn(person, new, ssn)
        if elsewhere:
            draft.object_to("FACTS-WAIT", "name")  # waived: it is told as decided
        if facts:
            kind = Did.CORRECTED if correcting else Did.UPDATED
            draft.add(None, Disposition.APPLIED, action(kind, *facts))
    if lifts(person.demographics, event.person):
        _wait(draft, "RESTRICTION-KEPT", "confidentiality")


def nothing_new(draft: Draft, family: Family) -> Action:
    """Say that a record changed nothing; of how to reach a restricted person not even that."""
    if draft.enrollee and is_restricted(family.enrollee(draft.enrollee).person.demographics):
        return Action(Did.IN_CONFIDENCE) if says_how_to_reach(draft.event.person) else UNCHANGED
    return UNCHANGED


def _remarks(draft: Draft, family: Family, enrollee: Enrollee, new: Demographics) -> str:
    """Add a finding for what differs and is kept; return the SSN that is new, empty text for none."""
    event, person = draft.event, enrollee.person
    correcting = is_correction(event)
    sent = family.work.tokens.ssn(event.ssn)
    other_ssn = bool(sent and person.ssn_tokens and not set(sent) & set(person.ssn_tokens))
    other_birth = bool(event.person.birth and new.birth != event.person.birth)
    if not correcting and (other_ssn or other_birth):
        name = "ssn" if other_ssn else "birth"
        draft.object_to("IDENTITY-KEPT", name)
    _renamed(draft, person.demographics.name.first, new.name.first)
    if not enrollee.is_subscriber and event.relationship not in ("", enrollee.relationship):
        draft.object_to("RELATIONSHIP-KEPT", "relationship")
    if not sent or (person.ssn_tokens and not (other_ssn and correcting)):
        return ""
    if not correcting and any(p.id != person.id for p in family.people_of_ssn(sent)):
        if not any(each.finding.code == "IDENTITY-KEPT" for each in draft.objections):
            draft.object_to("IDENTITY-KEPT", "ssn")  # a person said whose record it is, not whose number
        return ""
    return event.ssn


def _renamed(draft: Draft, stored: str, new: str) -> None:
    """Say that somebody has another first name now, unless a correction or a person said so."""
    if plain(stored) in ("", plain(new)) or is_correction(draft.event) or draft.ruling.link:
        return
    named = "The child has a name now, in place of the placeholder." if is_placeholder(stored) else ""
    draft.object_to("FIRST-NAME-CHANGED", "name", named)


def _keep(draft: Draft, family: Family, person: Person, new: Demographics, facts: list[Fact]) -> None:
    """Keep the data of somebody who stands elsewhere too, but a restriction; say that the rest waits."""
    event, stored = draft.event, person.demographics
    if is_restricted(new) and not is_restricted(stored):
        family.learn(person, replace(stored, confidentiality=new.confidentiality), "")
        facts = [fact for fact in facts if fact is not Fact.CONFIDENTIALITY]
        draft.add(None, Disposition.APPLIED, action(Did.UPDATED, Fact.CONFIDENTIALITY))
    if facts or (is_restricted(new) and says_how_to_reach(event.person)):
        _wait(draft, "FACTS-WAIT", "name")


def _wait(draft: Draft, code: str, field: str) -> None:
    """Let what a record says of the person wait, for one more reason; its lines of coverage stand."""
    severity = draft.object_to(code, field)
    if severity is Severity.PEND and not draft.line("", Disposition.PENDED):
        draft.block(None, Severity.PEND)


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
        name=_filled(stored.name, _named(stored.name, sent.name)),
        birth=birth,
        gender=sent.gender or stored.gender,
        address=_address(stored.address, sent.address),
        mailing=_address(stored.mailing, sent.mailing),
        phone=sent.phone or stored.phone,
        email=sent.email or stored.email,
        confidentiality=stored.confidentiality if lifts(stored, sent) or not said else said,
        birth_sequence=sent.birth_sequence or stored.birth_sequence,
    )


def _named(stored: Name, sent: Name) -> Name:
    """Return a name as sent, without a placeholder that would take the place of a child's name."""
    known = stored.first and not is_placeholder(stored.first)
    return replace(sent, first="") if known and is_placeholder(sent.first) else sent


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
