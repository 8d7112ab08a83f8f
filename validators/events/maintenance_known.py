"""MAINTENANCE-KNOWN."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.maintenance import CORRECTION, OF_MEMBERS, Verb
from validators.base import Context, Subject, objection

_CODES = {
    Verb.CORRECT: "CORRECTION-PENDS",
    Verb.CONFLICT: "MAINTENANCE-KNOWN",
    Verb.UNKNOWN: "MAINTENANCE-KNOWN",
}


def maintenance_known(subject: Subject, context: Context) -> Iterator[Objection]:
    """INS03 and HD01 say what to do: 021 add, 001 change, 024 terminate, 025 reinstate, 030 audit.

    HD*032 says something of the employee and covers nobody; with a level for dependents only (CHD, DEP, SPC, SPO)
    and DTP*348 it holds the line for them. 002 takes coverage back; corrections (026) wait for a person. An add of
    coverage inside a termination is refused. A date of death (INS12) alone ends nothing.
    """
    event, called = subject.event, subject.event.called
    if event.maintenance == CORRECTION:
        yield objection("CORRECTION-PENDS", subject, None, "maintenance")
    elif event.maintenance not in OF_MEMBERS:
        message = f"Maintenance type {event.maintenance or '(empty)'} in {called('INS03')} is not one we process."
        yield objection("MAINTENANCE-KNOWN", subject, None, "maintenance", message)
    if event.death and not subject.record.only_ends:
        yield objection("DEATH-NOTED", subject, None, "death")
    for line in subject.lines:
        sent, asked = line.coverage, line.verb
        if asked in _CODES:
            message = ""
            if asked is Verb.UNKNOWN:
                message = (
                    f"Maintenance type {sent.maintenance or '(empty)'} in {called('HD01')} is not one we process."
                )
            elif asked is Verb.CONFLICT:
                ended, opened = called("INS03 = 024"), f"{called('HD01')} = {sent.maintenance}"
                message = f"The member is terminated ({ended}) but {opened} opens coverage."
            yield objection(_CODES[asked], subject, sent, "maintenance", message)
