"""Receive: a file all the way to its answers: claim, judge, apply each set, answer, deliver.

Every step is re-entrant, so a run that was killed is continued by running it again on the file's id. A file is
worked on when it is its turn (pipeline.runtime.turns), and told what it waits for when it is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from model.enrollment.decision import FileState, SetState
from model.exchange import BANK, SELF_BILL, ReceivedFile
from model.finding import Finding
from model.turns import Wait
from pipeline.cash import pay
from pipeline.receive import banked, enroll, worksheet
from pipeline.receive.answered import answer
from pipeline.receive.claim import claim
from pipeline.receive.deliver import deliver
from pipeline.receive.judge import judge
from pipeline.runtime import leases, troubles, turns
from pipeline.runtime.breakage import describe
from pipeline.runtime.expected import Tell
from pipeline.runtime.turns import KINDS
from pipeline.runtime.workspace import Workspace
from store.received import files

_POLL = 0.2  # seconds between two looks at a file that another run works on

Progress = Callable[[str], None]
Trouble = Callable[[Finding], None]


def receive(
    ws: Workspace,
    chunks: Iterable[bytes],
    name: str,
    partner: str,
    channel: str,
    now: datetime,
    progress: Progress = lambda step: None,
    trouble: Trouble = lambda finding: None,
    expect: Sequence[str] = (),
) -> str:
    """Take one file to its terminal state, before it what it waits for as far as that goes; return its file id.

    `progress` hears of each step as it begins, `trouble` of what keeps the file and what could not be delivered.
    `expect`: what each of its sets is to come to (pipeline.runtime.expected).
    """
    progress("archiving")
    file = claim(ws, chunks, name, partner, channel, now, expect=expect)
    if file.state is None:
        retry(ws, file.id, now, trouble, progress)
    return file.id


def retry(
    ws: Workspace,
    file_id: str,
    now: datetime,
    trouble: Trouble = lambda finding: None,
    progress: Progress = lambda step: None,
) -> None:
    """Take a claimed file to its terminal state, however often that broke, and deliver its partner's answers."""
    outcome = finish(ws, file_id, progress, trouble)
    for finding in turns.waiting([outcome] if isinstance(outcome, Wait) else []):
        trouble(finding)
    progress("delivering")
    deliver_to(ws, now, [turns.file(ws, file_id).partner], trouble)


def resume(ws: Workspace, now: datetime, partner: str, trouble: Trouble = lambda finding: None) -> list[str]:
    """Finish the files that a stopped run left without a state, and return their ids.

    Deliver what their partners are owed, and what was left to `partner`; what others are owed is for the sweep.
    What broke is left to the sweep and to a person: it is no matter of whoever comes next. Doing so beside a run
    that is still alive is harmless: a file is one run's at a time.
    """
    turn = take_turns(ws, only=lambda file: not file.failure)
    for finding in turn.broken:
        trouble(finding)
    deliver_to(ws, now, [partner, *(turns.file(ws, file_id).partner for file_id in turn.done)], trouble)
    return turn.done


def deliver_to(ws: Workspace, now: datetime, partners: Iterable[str], trouble: Trouble) -> list[str]:
    """Publish what partners and we ourselves are owed; return where each document lies."""
    return deliver(ws, now, trouble=trouble, only={*partners, ""})


@dataclass(slots=True)
class Round:
    """What came of the files without a state: the ids of those that are done, what broke, and what waits."""

    done: list[str] = field(default_factory=list)
    broken: list[Finding] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """Everything that keeps a file."""
        return [*self.broken, *turns.waiting(self.waits)]


def take_turns(
    ws: Workspace,
    progress: Progress = lambda step: None,
    only: Callable[[ReceivedFile], bool] = lambda file: True,
) -> Round:
    """Work on the files without a state in the order of their receipt, each if it is its turn.

    One that breaks stops its partner's and its groups' later files, and nobody else's.
    """
    turn = Round()
    for file in filter(only, turns.unfinished(ws)):
        match turns.stuck(file) or _try(ws, file.id, progress):
            case FileState():
                turn.done.append(file.id)
            case Wait() as wait:
                turn.waits.append(wait)
            case finding:
                turn.broken.append(finding)
    return turn


def _try(ws: Workspace, file_id: str, progress: Progress) -> FileState | Wait | Finding:
    """Take a file to its terminal state; where that breaks, say so and let the others go on."""
    try:
        return work(ws, file_id, progress)
    except Exception as error:  # one file's breakage is not another's; `work` has recorded it in our words
        if troubles.everybodys(error):
            raise
        return turns.broken(ws, file_id)


def finish(
    ws: Workspace,
    file_id: str,
    progress: Progress = lambda step: None,
    trouble: Trouble = lambda finding: None,
) -> FileState | Wait:
    """Take a file to its terminal state, first those it waits for, and wait while other runs work on them.

    Return what it still waits for where an earlier file breaks: `trouble` hears of that one. Raises what the
    file's own work raises.
    """
    deadline = time.monotonic() + leases.LONGEST_WAIT
    while isinstance(outcome := work(ws, file_id, progress), Wait):
        if outcome.busy and time.monotonic() < deadline:
            time.sleep(_POLL)
        elif outcome.busy or not _finish_before(ws, outcome.before, progress, trouble):
            break
    return outcome


def _finish_before(ws: Workspace, file_id: str, progress: Progress, trouble: Trouble) -> bool:
    """Finish an earlier file on the way; False where it cannot be."""
    finding = turns.stuck(turns.file(ws, file_id))
    if finding is None:
        try:
            return not isinstance(finish(ws, file_id, progress, trouble), Wait)
        except Exception as error:  # as in _try
            if troubles.everybodys(error):
                raise
            finding = turns.broken(ws, file_id)
    trouble(finding)
    return False


def work(ws: Workspace, file_id: str, progress: Progress = lambda step: None) -> FileState | Wait:
    """Take a claimed file to its terminal state if it is its turn; its answers are owed in the outbox.

    Return what it waits for if it is not. An attempt is counted as it begins, and where it breaks the store knows
    in our words by what.
    """
    with turns.at_work(ws, file_id) as hold:
        if hold is None:
            return Wait(file_id, file_id)
        state = turns.file(ws, file_id).state
        if state:
            return state
        wait = turns.begin(ws, file_id)
        if wait:
            return wait
        try:
            progress("checking")
            judge(ws, file_id)
            wait = turns.wait_after_judge(ws, file_id)
            if wait:
                return wait
            progress("applying")
            apply(ws, file_id)
            progress("answering")
            return answer(ws, file_id)
        except Exception as error:
            turns.fail(ws, file_id, describe(error))
            error.add_note(f"file {file_id} is not done")
            raise


def apply(ws: Workspace, file_id: str, tell: Tell | None = None) -> None:
    """Apply each set of a judged file in its own transaction, in BGN order (docs/domain.md, Order).

    `tell` hears the effect of each set.
    """
    with ws.database.read() as conn:
        sets = files.sets_of(conn, file_id)
    waiting = [stored for stored in sets if stored.state is not SetState.REJECTED]
    for stored in sorted(waiting, key=lambda s: (str(s.set_date or ""), s.set_time, s.reference, s.id)):
        if stored.kind in KINDS:
            enroll.enroll(ws, stored.id, tell)
        elif stored.kind == "820":
            pay.take(ws, stored.id, tell)
        elif stored.kind == SELF_BILL:
            worksheet.take(ws, stored.id, tell)
        elif stored.kind == BANK:
            banked.take(ws, stored.id, tell)


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (apply,)
