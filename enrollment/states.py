"""The state of a set and of a file, by what became of what is in them (docs/design.md, States).

The receiver stores them, the sender's check foretells them.
"""

from __future__ import annotations

from collections.abc import Collection

from enrollment.sets import Way, standing
from model.enrollment.decision import Disposition, FileState, SetState


def set_state(kinds: Collection[Disposition], way: Way = Way.APPLY) -> tuple[SetState, str]:
    """Return a set's state from its member lines' dispositions, and why."""
    if stands := standing(way):
        return stands, ""
    if not kinds or {Disposition.APPLIED, Disposition.NOOP} & set(kinds):
        return SetState.APPLIED, ""
    if Disposition.PENDED in kinds:
        return SetState.PENDED, "every member waits for a decision"
    return SetState.REJECTED, "every member was rejected"


def file_state(
    states: Collection[SetState | None],
    kinds: Collection[Disposition],
    *,
    answers: bool,
    seen: bool,
    refused: bool,
) -> FileState:
    """Return a file's state from its sets'.

    `states`: of the sets that are no answers to us, which have none of their own and change nothing in what
    becomes of the others; `kinds`: how member lines of the applied ones fared, and PENDED for money in suspense;
    `answers`: the file does nothing but answer us; `seen`: it came before; `refused`: anything in it is an error.
    """
    states = set(states)
    if not states or states == {SetState.REJECTED}:
        if seen:
            return FileState.DUPLICATE
        return FileState.MATCHED if answers and not refused else FileState.REJECTED
    if len(states) == 1 and states <= {SetState.DUPLICATE, SetState.REPORTED}:
        return FileState(next(iter(states)).value)  # type: ignore[union-attr]
    if states & {SetState.HELD, SetState.PENDED} and not states & {SetState.APPLIED, SetState.REPLACED}:
        return FileState.PENDED
    done = states <= {SetState.APPLIED, SetState.DUPLICATE, SetState.REPORTED}
    if done and not refused and not {Disposition.PENDED, Disposition.REJECTED} & set(kinds):
        return FileState.APPLIED
    return FileState.PARTIAL
