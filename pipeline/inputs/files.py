"""Files in and documents out, as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.runtime.collector import expect_many

if TYPE_CHECKING:
    from model.enrollment.decision import FileState
    from model.finding import Finding
    from pipeline.runtime.workspace import Workspace
    from pipeline.views import received
    from pipeline.views.outcomes import RetriedView
    from pipeline.views.previewed import PreviewView

Progress = Callable[[str], None]
Trouble = Callable[["Finding"], None]
SETTLE = 5.0  # seconds between a sweep's two looks: an entry that stayed the same has arrived


def _step(step: str) -> None:
    """Hear of a step and tell nobody."""


def _finding(finding: Finding) -> None:
    """Hear of a trouble and tell nobody: it stays known to the store, and the next sweep tells it."""


def receive(
    ws: Workspace,
    chunks: Iterable[bytes],
    name: str,
    partner: str,
    channel: str,
    now: datetime,
    progress: Progress = _step,
    trouble: Trouble = _finding,
) -> str:
    """Take one file to its terminal state and deliver its answers; return its file id (pipeline.receive.run)."""
    from pipeline.receive import run

    expect_many()
    return run.receive(ws, chunks, name, partner, channel, now, progress, trouble)


def receive_expected(
    ws: Workspace,
    chunks: Callable[[], Iterable[bytes]],
    name: str,
    partner: str,
    channel: str,
    now: datetime,
    digest: str,
    progress: Progress = _step,
    trouble: Trouble = _finding,
) -> tuple[str, PreviewView]:
    """Take a file as `receive` does if it still comes to the preview of a digest; return its id and that preview.

    Without an id nothing was received: it would come to what the preview shows. What changes while it is taken
    holds the sets that it changes. `chunks` gives the file's bytes, each time anew.
    """
    from model.enrollment.effect import is_named
    from pipeline.preview import run as previewing
    from pipeline.receive import run
    from pipeline.views.previewed import preview_view

    expect_many()
    preview = previewing.of_file(ws, chunks, name, partner, now)
    if not is_named(preview, digest):
        return "", preview_view(preview)
    made = run.receive(ws, chunks(), name, partner, channel, now, progress, trouble, preview.expect)
    return made, preview_view(preview)


def retry(ws: Workspace, file_id: str, now: datetime, trouble: Trouble = _finding) -> None:
    """Work again on a file that broke, however often it did, and deliver what is owed then."""
    from pipeline.receive import run

    expect_many()
    run.retry(ws, file_id, now, trouble)


def resume(ws: Workspace, now: datetime, partner: str, trouble: Trouble = _finding) -> list[str]:
    """Finish what stopped runs left, of any partner's files and `partner`'s deliveries; return the files' ids."""
    from pipeline.receive import run

    expect_many()
    return run.resume(ws, now, partner, trouble)


def sweep(
    ws: Workspace,
    now: datetime,
    partner: str | None = None,
    settle: float = SETTLE,
    progress: Progress = _step,
) -> tuple[received.SweptView, ...]:
    """Fetch from every channel, or one partner's, receive each file, deliver; `settle` is in seconds."""
    from pipeline.receive import sweep as sweeping

    expect_many()
    return sweeping.sweep(ws, now, partner, progress, settle=settle)


def fetch(
    ws: Workspace, now: datetime, partner: str | None = None, settle: float = SETTLE
) -> tuple[received.SweptView, ...]:
    """Claim what lies in the channels; the files are not worked on yet. `settle` is in seconds."""
    from pipeline.receive import sweep as sweeping

    return sweeping.fetch(ws, now, partner, settle=settle)


def judge(ws: Workspace, file_id: str) -> None:
    """Check a claimed file and owe its TA1 and 999: the first step of a receive run that is a flow's."""
    from pipeline.receive import judge as judging

    expect_many()
    judging.judge(ws, file_id)


def apply(ws: Workspace, file_id: str) -> None:
    """Apply each set of a judged file in its own transaction: the second step."""
    from pipeline.receive import run

    expect_many()
    run.apply(ws, file_id)


def answer(ws: Workspace, file_id: str) -> FileState:
    """Bring an applied file to its terminal state and owe its report: the last step. Return that state."""
    from pipeline.receive import answered

    expect_many()
    return answered.answer(ws, file_id)


def deliver(ws: Workspace, now: datetime, trouble: Trouble = _finding) -> list[str]:
    """Publish everything owed; return where each document lies. What a channel refuses stays owed."""
    from pipeline.receive import deliver as delivering

    return delivering.deliver(ws, now, trouble=trouble)


def deliver_answers(ws: Workspace, file_id: str, now: datetime, trouble: Trouble = _finding) -> list[str]:
    """Publish what the partner of a file is owed, as `deliver` does."""
    from pipeline.receive import run
    from pipeline.runtime import turns

    return run.deliver_to(ws, now, [turns.file(ws, file_id).partner], trouble)


def deliver_again(ws: Workspace, key: str, now: datetime, trouble: Trouble = _finding) -> RetriedView | None:
    """Try a document again that was held. None: nothing is owed under this key any more."""
    from pipeline.receive import deliver as delivering
    from pipeline.views.outcomes import RetriedView

    written = delivering.again(ws, key, now, trouble)
    return None if written is None else RetriedView(key, tuple(written))
