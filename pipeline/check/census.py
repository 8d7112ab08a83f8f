"""A census under the sender's check: its cells as read, and with terms the rules that need no roster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from intake.channel import up_to
from model.agreement.columns import AS_KNOWN
from model.codes import for_census
from model.documents.check import CheckedFile, Outcome
from model.enrollment.census import CensusFile, CensusRow
from model.finding import Finding, Severity
from parsers import worksheet
from parsers.census import sheet as parse
from parsers.census.marked import unseen
from pipeline.check.kept import Kept, Twice

if TYPE_CHECKING:
    from pipeline.check.rules import Agreed

Chunks = Callable[[], Iterable[bytes]]


def is_census(chunks: Chunks) -> bool:
    """Say from a file's first bytes whether it is a spreadsheet."""
    return parse.recognise(up_to(chunks(), parse.HEAD)[: parse.HEAD])


def check(name: str, chunks: Chunks, agreed: Agreed | None, partner: str, today: date) -> CheckedFile:
    """Check a census. Without terms: only what its cells say; plans and groups are not known then."""
    data = up_to(chunks(), parse.MAX_BYTES)
    if len(data) <= parse.MAX_BYTES and worksheet.recognise(data):
        return _worksheet(name, data)
    read = (
        parse.too_large(len(data))
        if len(data) > parse.MAX_BYTES
        else parse.read(data, today, agreed.named(partner).census if agreed else AS_KNOWN, unseen)
    )
    kept, refused = Kept(), 0
    kept.add(read.findings)
    kept.add(_columns(read, agreed, partner))
    for findings in _by_row(read, agreed, partner, today):
        kept.add(findings)
        refused += any(finding.severity is Severity.ERROR for finding in findings)
    outcome = Outcome.PARTIAL if refused or kept.counts[Severity.ERROR] else Outcome.ACCEPTED
    if outcome is Outcome.ACCEPTED and kept.counts[Severity.PEND]:
        outcome = Outcome.WAITING
    if not read.rows:
        outcome = Outcome.UNREADABLE
    elif refused == len(read.rows):
        outcome = Outcome.REJECTED
    return kept.result(name, read.kind, len(data), outcome, rows=len(read.rows))


def _worksheet(name: str, data: bytes) -> CheckedFile:
    """Check a self bill's worksheet: what its cells say; whose its rows are, only a receipt knows."""
    read, kept = worksheet.read(data), Kept()
    kept.add(read.findings)
    outcome = Outcome.REJECTED if kept.counts[Severity.ERROR] else Outcome.ACCEPTED
    if not read.rows:
        outcome = Outcome.UNREADABLE
    return kept.result(name, read.kind, len(data), outcome, rows=len(read.rows))


def _columns(read: CensusFile, agreed: Agreed | None, partner: str) -> Iterator[Finding]:
    """Yield what is said of columns: those that are missing, and those that are not read."""
    from enrollment.census_columns import lacking, told

    terms = None
    if agreed and agreed.terms:
        granted = {grant.group for grant in agreed.named(partner).grants}
        terms = [terms for number, terms in agreed.terms.items() if number in granted]
    yield from lacking(read.sheets)
    yield from told(read.unread, terms)


def _by_row(read: CensusFile, agreed: Agreed | None, partner: str, today: date) -> Iterator[list[Finding]]:
    if read.rows:
        from pipeline.check.rules import Agreed

        yield from _decided(read.rows, agreed or Agreed(None, (), {}), partner, today)


def _decided(rows: tuple[CensusRow, ...], agreed: Agreed, partner: str, today: date) -> Iterator[list[Finding]]:
    """Yield for each row what the reading says, and the rules where the row is not settled by it.

    Without terms the rules that need none are asked.
    """
    from enrollment import census as reading
    from enrollment.census_families import households
    from pipeline.check.rules import member
    from validators.base import Context

    sender = agreed.named(partner)
    found = reading.members(households(rows), sender, agreed.terms, today)
    context = Context(reading.HEADER, reading.as_sender(sender), agreed.terms, today, agreed.tokens)
    twice = Twice()
    for row in found:
        twice.see(row.event)
    shared = twice.found.get(0, {})
    for row in found:
        own = list(row.findings)
        if row.settled is None:
            key = hash(row.event.ssn)
            _, asked = member(row.event, context, shared=shared.get(key), rows=twice.rows.get(key, ()))
            own += [for_census(each.finding) for each in asked]
        yield own
