"""Preview: a file is received, open work decided or terms are loaded, in a trial of which nothing stays.

See docs/design.md, Trials.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from billing.terms_effect import Uncovered
from model.desk import ItemKind
from model.documents.preview import Preview
from model.enrollment.decision import SetState
from model.enrollment.effect import Effect
from model.enrollment.grounds import Claim
from model.enrollment.ruling import Answer, Kind, Wish
from model.exchange import StoredSet
from pipeline.decisions import sets, work
from pipeline.desk import hands
from pipeline.preview import tried
from pipeline.preview.tried import Tried
from pipeline.receive import run
from pipeline.receive.answered import answer
from pipeline.receive.claim import claim
from pipeline.receive.judge import judge
from pipeline.runtime import expected, trials, turns
from pipeline.runtime.workspace import Workspace
from pipeline.setup.load_terms import load_terms
from store.received import files

NOT_DONE = "File {} came before and is not done yet: this is as if it had not come."
RELEASED = "Set {} would be held. The figures show what releasing it would do."

_CARRIED_OUT = {ItemKind.MEMBER: "approval of", ItemKind.SET: "release of"}
# As if it were named: what an approval does is the same on every ground.
_ON_A_GROUND = Answer(Kind.APPROVE, Claim("administrative", no_contribution=True))


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
    expect = [
        expected.text(received.sets[at].state, heard.digests.get(each.id, "")) for at, each in enumerate(stored)
    ]
    digest = _digest(file.sha256, received.state, expect)
    notes += tuple(_released(ws, stored, now))
    what = Tried(name, digest, received, [each.id for each in stored], notes=notes)
    return replace(tried.told(ws, what, since, now), expect=expect)


def _released(ws: Workspace, stored: Iterable[StoredSet], now: datetime) -> Iterator[str]:
    """Release what is held, so that a reader sees what that would do; yield that it was."""
    for each in stored:
        held = each.state is SetState.HELD and each.kind in turns.KINDS
        if held and sets.release(ws, each.id, now).done:
            yield RELEASED.format(each.control)


def _digest(sha256: str, state: str, expect: Sequence[str]) -> str:
    """Return the digest of what would become of a file: of its bytes, its state, and what its sets come to."""
    return hashlib.sha256(json.dumps([sha256, state, *expect]).encode()).hexdigest()


# --- open work, and terms ----------------------------------------------------------------------------------


def of_work(ws: Workspace, number: int, now: datetime) -> Preview:
    """Return what carrying out an item of open work would do. Raises ValueError where there is nothing to do."""
    return trials.tried(ws, lambda there: _of_work(there, number, now))


def _of_work(ws: Workspace, number: int, now: datetime) -> Preview:
    since = tried.since(ws)
    with ws.database.read() as conn:
        waiting = hands.found(conn, number).waiting
    if waiting.kind not in _CARRIED_OUT:
        raise ValueError(f"item {number} is nothing that is carried out: see `rollbook work show {number}`")
    answers = [Answer(Kind.RELEASE)] if waiting.kind is ItemKind.SET else [Answer(Kind.APPROVE), _ON_A_GROUND]
    made = None
    for each in answers:  # where no ground is needed, none is claimed
        made = work.decide(ws, number, Wish(each), now)
        if made.done:
            break
    assert made is not None, "there is an answer"
    if not made.done or not made.effect:
        raise ValueError(f"item {number} cannot be carried out: {made.problem}")
    what = Tried(
        f"{_CARRIED_OUT[waiting.kind]} item {number}",
        made.effect.digest,
        set_ids=[waiting.set],
        documents=made.effect.documents,
    )
    return tried.told(ws, what, since, now)


def of_terms(ws: Workspace, name: str, text: str, now: datetime) -> Preview:
    """Return what loading a terms file would do. Raises ValueError with what speaks against it."""
    return trials.tried(ws, lambda there: _of_terms(there, name, text, now))


def _of_terms(ws: Workspace, name: str, text: str, now: datetime) -> Preview:
    since = tried.since(ws)
    loaded = load_terms(ws, text, now)
    if not loaded.stored or loaded.file is None:
        raise ValueError("; ".join(finding.message for finding in loaded.findings))
    group = loaded.file.terms.group if loaded.file.terms else ""
    what = Tried(
        name,
        hashlib.sha256(text.encode()).hexdigest(),
        groups=frozenset([group] if group else ()),
        changes=tuple(loaded.effect.words),
        uncovered=tuple(_uncovered(loss) for loss in loaded.effect.uncovered),
    )
    return tried.told(ws, what, since, now)


def _uncovered(loss: Uncovered) -> str:
    when = ", also on days that have been" if loss.past else ""
    count = "1 member is" if loss.people == 1 else f"{loss.people} members are"
    return f"{loss.what}: {count} covered beyond that{when}."
