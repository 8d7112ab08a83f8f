"""COBRA-MEANT."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.maintenance import CONTINUES, Verb
from validators.base import Context, Subject, objection
from validators.standing import asked


def cobra_meant(subject: Subject, context: Context) -> Iterator[Objection]:
    """A record that opens coverage on account of COBRA (INS04 = 09, 10) is of COBRA (INS05 = C), or it waits."""
    if subject.event.reason in CONTINUES and not subject.record.cobra:
        for line in asked(subject, Verb.OPEN):
            yield objection("COBRA-MEANT", subject, line.coverage, "reason")
