"""SUBGROUP-KNOWN."""

from __future__ import annotations

from collections.abc import Iterator

from model.codes import found
from model.finding import Finding, Severity
from validators.base import Context, Subject
from validators.reading import Verb, about, asked, begin_of, only_ends


def subgroup_known(subject: Subject, context: Context) -> Iterator[Finding]:
    """The subgroup must exist in the group and be open when coverage begins; a family stays where it is.

    Where the subgroup rides is agreed in the sender's profile. A family that we know needs no subgroup, and a
    termination goes ahead whatever subgroup it names. Moving a family to another subgroup waits for a person.
    """
    event, chosen = subject.event, subject.subgroup
    if subject.terms is None:
        return
    where = event.where(f"ref:{context.partner.profile.subgroup_from}")
    placed = subject.contract.assignments[-1].subgroup if subject.contract and subject.contract.assignments else ""
    if chosen is None:
        if subject.subgroup_sent or (event.is_subscriber and not placed):
            severity = Severity.WARNING if only_ends(event) else None
            name = f"Subgroup {subject.subgroup_sent}" if subject.subgroup_sent else "The subgroup"
            what = "is unknown in" if subject.subgroup_sent else "was not sent, and is needed in"
            message = f"{name} {what} group {subject.terms.group}."
            yield found("SUBGROUP-KNOWN", where, message, subject=about(subject), severity=severity)
        return
    if only_ends(event):
        return
    if placed and placed != chosen.code:
        message = f"The family is in subgroup {placed}; the record says {chosen.code}."
        yield found("SUBGROUP-CHANGED", where, message, subject=about(subject))
    for one in asked(subject, Verb.OPEN):
        begin = begin_of(event, one.coverage)
        if begin and not placed and not chosen.span.covers(begin):
            message = f"Subgroup {chosen.code} is not open on {begin}."
            yield found("SUBGROUP-KNOWN", event.where("begin", one.coverage), message, subject=about(subject))
