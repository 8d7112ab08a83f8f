"""What a record teaches of its person: data merged, kept, or left to a person.

Source: docs/domain.md, What is known of a person.
"""

from __future__ import annotations

from dataclasses import replace

from enrollment.draft import Draft
from enrollment.people import changes, is_correction, lifts, merged
from enrollment.work import Family
from model.enrollment.actions import UNCHANGED, Action, Did, Fact, action
from model.enrollment.confidential import is_restricted, says_how_to_reach
from model.enrollment.decision import Disposition
from model.enrollment.events import Demographics
from model.enrollment.roster import Enrollee, Person
from model.finding import Severity


def learn(draft: Draft, family: Family) -> None:
    """Merge what the record says of the person; identity values change only by an identity correction.

    The data of somebody who also stands where the sender has no part are kept, and the record waits: a person
    decides. Only a restriction (INS13 = R) is taken at once, since what was shown cannot be hidden again; to lift
    one waits whoever sends it, and holds up nothing else.
    """
    event, enrollee = draft.event, family.enrollee(draft.enrollee)
    person, correcting = enrollee.person, is_correction(event)
    new = merged(person.demographics, event.person, correcting=correcting)
    ssn = _remarks(draft, family, enrollee, new)
    facts = changes(person.demographics, new)
    facts += [Fact.SSN] if ssn else []
    assert family.contract is not None, "somebody known here is in a contract"
    if family.work.snapshot.elsewhere.get(person.id, frozenset()) - {family.contract.id}:
        _keep(draft, family, person, new, facts)
    else:
        if ssn or new != person.demographics:
            family.learn(person, new, ssn)
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
    if not enrollee.is_subscriber and event.relationship not in ("", enrollee.relationship):
        draft.object_to("RELATIONSHIP-KEPT", "relationship")
    return event.ssn if sent and (not person.ssn_tokens or (other_ssn and correcting)) else ""


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
    draft.object_to(code, field)
    if not draft.line("", Disposition.PENDED):
        draft.block(None, Severity.PEND)
