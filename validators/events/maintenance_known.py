"""MAINTENANCE-KNOWN."""

from __future__ import annotations

from collections.abc import Iterator

from model.codes import found
from model.finding import Finding
from model.trade.maintenance import CORRECTION, OF_MEMBERS, Verb
from validators.base import Context, Subject
from validators.reading import about, only_ends, verb

_CODES = {
    Verb.CORRECT: "CORRECTION-PENDS",
    Verb.CONFLICT: "MAINTENANCE-KNOWN",
    Verb.UNKNOWN: "MAINTENANCE-KNOWN",
}


def maintenance_known(subject: Subject, context: Context) -> Iterator[Finding]:
    """INS03 and HD01 say what to do: 021 add, 001 change, 024 terminate, 025 reinstate, 030 audit.

    HD*032 says something of the employee and covers nobody; with a level for dependents only (CHD, DEP, SPC, SPO)
    and DTP*348 it holds the line for them. 002 takes coverage back; corrections (026) wait for a person. An add of
    coverage inside a termination is refused. A date of death (INS12) alone ends nothing.
    """
    event, who = subject.event, about(subject)
    if event.maintenance == CORRECTION:
        yield found("CORRECTION-PENDS", event.where("maintenance"), subject=who)
    elif event.maintenance not in OF_MEMBERS:
        message = f"Maintenance type {event.maintenance or '(empty)'} in INS03 is not one we process."
        yield found("MAINTENANCE-KNOWN", event.where("maintenance"), message, subject=who)
    if event.death and not only_ends(event):
        yield found("DEATH-NOTED", event.where("death"), subject=who)
    for line in subject.lines:
        sent, asked = line.coverage, verb(event, line.coverage)
        if asked in _CODES:
            message = ""
            if asked is Verb.UNKNOWN:
                message = f"Maintenance type {sent.maintenance or '(empty)'} in HD01 is not one we process."
            elif asked is Verb.CONFLICT:
                message = f"The member is terminated (INS03 = 024) but HD01 = {sent.maintenance} opens coverage."
            yield found(_CODES[asked], event.where("maintenance", sent), message, subject=who)
