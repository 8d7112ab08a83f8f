"""Preview: a file is received, open work decided or terms are loaded, in a trial of which nothing stays.

See docs/design.md, Trials.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from model.documents.preview import Preview
from model.enrollment.decision import SetState
from model.enrollment.effect import Effect
from model.exchange import StoredSet
from pipeline.decisions import sets
from pipeline.preview import tried
from pipeline.preview.tried import FileTold, Tried
from pipeline.receive import run
from pipeline.receive.answered import answer
from pipeline.receive.claim import claim
from pipeline.receive.judge import judge
from pipeline.runtime import trials, turns
from pipeline.runtime.workspace import Workspace
from store.received import files

NOT_DONE = "File {} came before and is not done yet: this is as if it had not come."
RELEASED = "Set {} would be held. The figures show what releasing it would do."


@dataclass(slots=True)
class _Heard:
    """The effects of a file's sets, in the order in which they were taken."""

    digests: dict[int, str] = field(default_factory=dict)  # by set

    def tell(self, stored: StoredSet, effect: Effect) -> None:
        self.digests[stored.id] = effect.digest


def of_file(
    ws: Workspace, chunks: Callable[[], Iterable[bytes]], name: str, partner: str, now: datetime
) -> Preview:
    """Return what would become of a file that a partner sends now; `chunks` gives its bytes, each time anew."""
    return trials.tried(ws, lambda there: _of_file(there, chunks(), name, partner, now))


def _of_file(ws: Workspace, chunks: Iterable[bytes], name: str, partner: str, now: datetime) -> Preview:
    since, heard = tried.since(ws), _Heard()
    file = claim(ws, chunks, name, partner, "preview", now)
    if file.state is None:
        judge(ws, file.id)
        run.apply(ws, file.id, heard.tell)
        answer(ws, file.id)
    with ws.database.read() as conn:
        stored, received = files.sets_of(conn, file.id), tried.of_file(conn, file.id)
        notes = tuple(NOT_DONE.format(before) for before in files.earlier(conn, file.id))
    digest = _digest(file.sha256, received, stored, heard)
    notes += tuple(_released(ws, stored, now))
    what = Tried(name, digest, received, [each.id for each in stored], notes=notes)
    return tried.told(ws, what, since, now)


def _released(ws: Workspace, stored: Iterable[StoredSet], now: datetime) -> Iterator[str]:
    """Release what is held, so that a reader sees what that would do; yield that it was."""
    for each in stored:
        held = each.state is SetState.HELD and each.kind in turns.KINDS
        if held and sets.release(ws, each.id, now).done:
            yield RELEASED.format(each.control)


def _digest(sha256: str, received: FileTold, stored: Sequence[StoredSet], heard: _Heard) -> str:
    """Return the digest of what would become of a file: of its bytes, its state, and each set's effect."""
    effects = [(received.sets[at].state, heard.digests.get(each.id, "")) for at, each in enumerate(stored)]
    text = json.dumps([sha256, received.state, effects])
    return hashlib.sha256(text.encode()).hexdigest()
