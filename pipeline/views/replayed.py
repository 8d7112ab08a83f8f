"""What a replay of the journal came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoppedView:
    """The step at which a replay stopped or first differs, its input, and why; nothing of anybody."""

    seq: int
    what: str
    input: str  # a file's id, else the input's key
    why: str


@dataclass(frozen=True, slots=True)
class ReplayView:
    """From after which step to which was replayed, and what is not equal.

    `differs`: kinds of lines (store.equality). `releases`: others than ours, under which steps were recorded; the
    code may be why something differs.
    """

    first: int
    last: int
    equal: bool
    stopped: StoppedView | None = None
    differs: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
