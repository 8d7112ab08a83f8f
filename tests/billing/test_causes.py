"""The cause of a correction is the last transaction that changed its month, and no other."""

from datetime import date

from billing.causes import with_causes
from model.enrollment.history import SpanVersion
from model.money.ledger import Charge, ChargeKind
from model.timeline import OPEN, Month, Span
from support import reasons

CASES = "causes.yaml"


def version(text):
    who, line, what, begin, end, opened, closed = text.split()
    relationship, _, person = who.partition("/")
    until = OPEN if end == "open" else date.fromisoformat(end)
    span = Span(date.fromisoformat(begin), until)
    relationship, line = ("", "") if line == "place" else (relationship, line)
    return SpanVersion(
        1, int(person or 0), relationship, line, what, span, int(opened), int(closed.strip("-") or 0) or None
    )


def test_cause(case):
    versions = [version(text) for text in case["known"]]
    for text, tx in case["expect"].items():
        month, line, person, reason = text.split(maxsplit=3)
        kind = ChargeKind.CURRENT if reason == "current" else ChargeKind.RETRO
        why = reasons.of("" if kind is ChargeKind.CURRENT else reason)
        charge = Charge("A-100", 1, line, "P", "EMP", Month.parse(month), 100, kind, why, person=int(person))
        (told,) = with_causes([charge], versions, 99)
        assert told.cause_tx == tx, text
