"""Who or what brought something, as an explanation says it: a record of a file, or a step of ours."""

from __future__ import annotations

from datetime import date

from model.explained import Said, Says, said
from model.timeline import OPEN
from pipeline.explain.facts import MemberFacts, Origin, Record

NO_SEGMENT = 0


def of_record(origin: Origin) -> Said:
    """Say where a record stands: its file, segment or row, and when it was received; another sender's without."""
    if origin.other:
        return said(Says.BY_OTHER, at=origin.received_at)
    kind = Says.BY_ROW if origin.is_row else Says.BY_FILE
    return said(kind, file=origin.file, segment=origin.segment, at=origin.received_at)


def of_tx(facts: MemberFacts, tx: int) -> Said:
    """Say what a transaction was: by which record, else of which file as a whole, else which step of ours."""
    record = facts.record_of(tx)
    if record:
        return of_record(record.origin)
    step = facts.behind.get(tx)
    if step is None:
        return said(Says.BY_STEP, purpose="", at=facts.now)
    if step.file and facts.partner and step.partner != facts.partner:
        return said(Says.BY_OTHER, at=step.at)
    if step.file:
        return said(Says.BY_WHOLE_FILE, file=step.file, at=step.at)
    return said(Says.BY_STEP, purpose=step.what, at=step.at)


def last_day(day: date) -> str:
    """Return a last covered day, "" where there is none."""
    return "" if day == OPEN else day.isoformat()


def newest(records: list[Record]) -> Record:
    """Return the record that was received last."""
    return max(records, key=lambda record: (record.origin.received_at, record.origin.set, record.origin.number))
