"""What a record that waits would come to, once what is asked about it is answered by yes.

Source: docs/domain.md, Decisions. What no approval answers is told as it was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from enrollment.draft import Draft
from model.enrollment.actions import Action, Did, action
from model.enrollment.decision import MEMBER, Cause, Disposition, LineDecision
from model.enrollment.ruling import Ruling, approvable
from model.finding import Severity
from model.timeline import OPEN
from validators.reading import Ending, Opening, Record, Voiding

PENDED = Disposition.PENDED


def answered(drafts: Iterable[Draft]) -> dict[int, Ruling]:
    """Return the rulings that approve what waits, by member line; those that can be approved in part only, too."""
    return {
        draft.event.number: replace(draft.ruling, waived=draft.ruling.waived | codes)
        for draft in drafts
        if draft.cause is Cause.SENT and (codes := approvable(_codes(draft)))
    }


def waits(drafts: Iterable[Draft]) -> bool:
    """Say whether anything of a family waits."""
    return any(line.disposition is PENDED for draft in drafts for line in draft.lines)


def foretell(drafts: Iterable[Draft], approved: Sequence[Draft]) -> None:
    """Let each line that waits say what it would come to. `approved`: the family, decided under those rulings."""
    for draft in drafts:
        mine = [each for each in approved if each.event.number == draft.event.number]
        done = {(line.line, line.action) for line in draft.lines if line.disposition is not PENDED}
        lines = [line for each in mine if each.cause is Cause.SENT for line in each.lines]
        fresh = [line for line in lines if line.coverage or (line.line, line.action) not in done]
        with_whom = [each for each in mine if each.cause is not Cause.SENT]
        for index, line in enumerate(draft.lines):
            if line.disposition is PENDED:
                comes = _comes(line, fresh or (lines if with_whom else []), with_whom)
                draft.change(index, PENDED, comes or _asked(draft.subject.record, line.number))


def _codes(draft: Draft) -> set[str]:
    said = (objection.finding for objection in draft.objections)
    return {finding.code for finding in said if finding.severity is Severity.PEND}


def _comes(line: LineDecision, lines: Iterable[LineDecision], with_whom: Sequence[Draft]) -> Action | None:
    """Return what becomes of a line, with how many dependents; None: it would wait still."""
    mine = [each for each in lines if each.number == line.number]
    if not mine or any(each.disposition is PENDED for each in mine):
        return None
    done = [each for each in mine if each.disposition is not Disposition.NOOP] or mine[:1]
    steps = [_of_line(each) if line.coverage is None and each.line else each.action for each in done]
    whole = steps[0] if len(steps) == 1 else Action(Did.STEPS, tuple(steps))
    codes = {each.line for each in done}
    people = {d.enrollee for d in with_whom for each in d.lines if each.line in codes}
    return action(Did.WOULD, action(Did.WITH_DEPENDENTS, whole, str(len(people))) if people else whole)


def _of_line(line: LineDecision) -> Action:
    return action(Did.OF_LINE, line.line, line.action)


def _asked(record: Record, number: int) -> Action:
    """Return what a record asks for, of a line or of the member."""
    reading = next((each for each in record.readings if each.number == number), None)
    match reading.ask if reading else None:
        case Opening(begin=begin, end=end) if end and end != OPEN:
            return action(Did.ASKS_UNTIL, begin, end)
        case Opening(begin=begin):
            return action(Did.ASKS_FROM, begin)
        case Ending(end=end):
            return action(Did.ASKS_END, end)
        case Voiding():
            return Action(Did.ASKS_VOID)
    if number == MEMBER and record.eligible_to:
        return action(Did.ASKS_END, record.eligible_to)
    return Action(Did.WAITS)
