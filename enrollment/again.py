"""Would the same events again change nothing? Where they would not, what a record says does not hold together."""

from __future__ import annotations

from collections import Counter

from enrollment.checks import blame
from enrollment.draft import Draft, Forced
from enrollment.spans import same
from enrollment.work import Family, spans_of
from model.enrollment.decision import Cause, Disposition
from validators.reading import Record

_APPLIED = Disposition.APPLIED


def doubtful(drafts: list[Draft]) -> bool:
    """Say whether a family has to be read twice, once it is known what came of it.

    So it is when two records are about one person or two HDs about one line, when a record knew nobody whom a
    later one may have added, and when what ended comes back. Of all else the second time leaves nothing to do.
    """
    if not any(draft.line(line.line, _APPLIED) for draft in drafts for line in draft.lines):
        return False
    sent = [draft for draft in drafts if draft.cause is Cause.SENT]
    said = Counter((d.enrollee, line.line) for d in sent for line in d.lines if line.coverage)
    said += Counter((d.enrollee, "") for d in sent)
    return max(said.values(), default=0) > 1 or any(not d.enrollee or _brings_back(d.subject.record) for d in sent)


def _brings_back(record: Record) -> bool:
    return record.reinstates or any(reading.reinstates for reading in record.readings)


def unsettled(drafts: list[Draft], again: Family) -> Forced:
    """Return the lines that have to wait, because the same events changed them `again` after the first `drafts`.

    (event number, coverage number) -> objection. Empty: nothing changed. Where no record of the person did
    anything to the line before, something else opened the way, and all that its records do to lines waits.
    """
    changed = _changed(again)
    forced: Forced = {}
    for enrollee, line in changed:
        forced |= _unclear(drafts, enrollee, line)
    if (changed and not forced) or _moved(again):
        for draft in drafts:
            for line in dict.fromkeys(line.line for line in draft.lines):
                forced |= _unclear(drafts, draft.enrollee, line)
    return forced


def _changed(family: Family) -> list[tuple[int, str]]:
    """Return whose coverage of which line is another than before."""
    before, after = family.before, family.contract
    everybody = after.enrollees if after else ()
    lines = dict.fromkeys(
        (e.id, c.line) for e in (*(before.enrollees if before else ()), *everybody) for c in e.coverages
    )
    return [line for line in lines if not same(spans_of(before, *line), spans_of(after, *line))]


def _moved(family: Family) -> bool:
    before, after = (contract.assignments if contract else () for contract in (family.before, family.contract))
    return [(a.subgroup, a.span) for a in before] != [(a.subgroup, a.span) for a in after]


def _unclear(drafts: list[Draft], enrollee: int, line: str) -> Forced:
    return blame(drafts, enrollee, line, "LINE-UNCLEAR", "read again, the record would change the line once more")
