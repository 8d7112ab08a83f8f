"""What a record does to people and lines that it does not name: its dependents, and what it takes back whole."""

from __future__ import annotations

from dataclasses import replace

from enrollment.draft import Draft
from enrollment.work import Family
from model.enrollment.actions import Action, Did
from model.enrollment.decision import Cause, Disposition, LineDecision
from model.enrollment.roster import Enrollee
from model.trade.maintenance import DELETE


def implied_by(draft: Draft, enrollee: Enrollee) -> Draft:
    """Return an empty draft for a dependent who is touched by the subscriber's record only."""
    event = replace(
        draft.event,
        is_subscriber=False,
        relationship=enrollee.relationship,
        person=enrollee.person.demographics,
        ssn="",
        corrected_from=None,
        corrected_from_ssn="",
        coverages=(),
    )
    implied = Draft(event, draft.subject, cause=Cause.IMPLIED)
    implied.name(enrollee)
    return implied


def take_back(draft: Draft, family: Family) -> list[Draft]:
    """Take back all coverage of a member whom INS*002 deletes without naming a line; of a subscriber the family's.

    Only a person lets it come to this (docs/domain.md, Voids).
    """
    event = draft.event
    if event.maintenance != DELETE or event.coverages or not draft.enrollee:
        return []
    implied = []
    for enrollee in family.enrollees():
        mine = enrollee.id == draft.enrollee
        if not mine and not event.is_subscriber:
            continue
        target = draft if mine else implied_by(draft, enrollee)
        for line in dict.fromkeys(coverage.line for coverage in enrollee.coverages):
            plan = family.spans(enrollee.id, line)[-1].plan
            family.cover(enrollee.id, line, ())
            target.lines.append(LineDecision(None, line, plan, Disposition.APPLIED, Action(Did.VOIDED)))
        if not mine and target.lines:
            implied.append(target)
    return implied
