"""NOT-KEPT."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from validators.base import Context, Subject, objection


def not_kept(subject: Subject, context: Context) -> Iterator[Objection]:
    """What a record tells of a member beside identity and coverage is kept, or named here as not kept.

    Facts are kept whole, up to 16,000 characters of one kind. Nothing else of the record waits for it.
    """
    unkept = [name for name, _ in subject.event.unkept]
    if unkept:
        yield objection("NOT-KEPT", subject, None, unkept[0], f"Not kept: {', '.join(unkept)}.")
