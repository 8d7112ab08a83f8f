"""Which acknowledgments are owed for a verdict, as the partner agreed: asked here and nowhere else.

Two limits to what may be agreed (docs/domain.md, Acknowledgments): a TA1 that rejects is always owed, since
nothing else would tell the sender, and nothing that only answers us is answered, since two systems could go on for
ever.
"""

from __future__ import annotations

from model.agreement.answers import Answers, due
from model.x12 import Verdict


def answerable(*, heard: bool, groups: int) -> bool:
    """Say whether an interchange is answered at all: not if it only answers us.

    `heard`: there are acknowledgments in it; `groups`: how many functional groups of anything else.
    """
    return groups > 0 or not heard


def ta1(wanted: Answers, verdict: str, *, requested: bool) -> bool:
    """Say whether a TA1 is owed. `verdict` is TA104; `requested`: ISA14 asks for it."""
    rejected = verdict == Verdict.REJECTED
    return rejected or due(wanted.ta1, good=verdict == Verdict.ACCEPTED, requested=requested)


def ack999(wanted: Answers, interchange: str, group: str) -> bool:
    """Say whether a 999 is owed for a group: AK901 is `group`; TA104 of its interchange, which is not rejected."""
    return interchange != Verdict.REJECTED and due(wanted.ack999, good=group == Verdict.ACCEPTED)


def advice824(wanted: Answers, *, good: bool) -> bool:
    """Say whether an 824 is owed for a set that was decided. `good`: all of it was taken."""
    return due(wanted.advice824, good=good)
