"""What is outstanding between a partner and us: sets without an answer, documents that did not leave, and what
the partner has not acknowledged or did not take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from exchange.agreed import owes_999, owes_ta1
from model.agreement.answers import USUAL, Answers
from model.agreement.terms import Partner
from model.codes import found
from model.documents.keys import DocumentKey, DocumentKind
from model.enrollment.decision import FileState, SetState
from model.exchange import Acknowledged, Exchange, ReceivedInterchange, SentDocument
from model.finding import Finding, Where
from model.x12 import ACKNOWLEDGMENTS, UNREFUSED, Verdict

ACKNOWLEDGED_WITHIN = timedelta(days=2)  # a 999 follows within a business day; a weekend may lie between


def answers_of(exchange: Exchange) -> Mapping[int, tuple[SentDocument, ...]]:
    """Return our TA1, 999 and 824 to each interchange of a file, by the ISA's byte offset; the rest under -1.

    The key under which a TA1 or a 999 is owed says it; an 824 names the group of its set.
    """
    by_start: dict[int, list[SentDocument]] = defaultdict(list)
    starts = {interchange.start for interchange in exchange.interchanges}
    groups = {
        group.control: interchange.start for interchange in exchange.interchanges for group in interchange.groups
    }
    for answer in exchange.answers:
        place: int = -1
        if answer.kind == DocumentKind.ADVICE824:
            place = groups.get(answer.answered_group, -1)
        elif (start := DocumentKey.read(answer.key).interchange_start) in starts:
            place = start
        by_start[place].append(answer)
    return {start: tuple(answers) for start, answers in by_start.items()}


def agreed(ever: Sequence[tuple[datetime, Partner]], received_at: datetime) -> Answers:
    """Return what was agreed about answers when a file was received, as usual where nothing was.

    `ever` are a partner's agreements, oldest first, with the instants from which on they stood.
    """
    stood = [partner.answers for since, partner in ever if since <= received_at]
    return stood[-1] if stood else USUAL


def unfinished(exchange: Exchange) -> Iterator[Finding]:
    """Yield a finding for a file that has no state yet: a run stopped, or is still at it."""
    if exchange.file.state is None:
        message = "The file is not worked on to its end yet."
        yield found("EXCHANGE-UNANSWERED", Where(), message, subject=f"file {exchange.file.id}")


def received(
    exchange: Exchange, interchange: ReceivedInterchange, answers: Sequence[SentDocument], wanted: Answers
) -> Iterator[Finding]:
    """Yield what is open in a received interchange. `answers` are ours to it, `wanted` what was agreed."""
    where = Where(interchange=interchange.control)
    subject = f"file {exchange.file.id}"
    if exchange.file.state is None:
        return  # `unfinished` says it
    missing = _missing(interchange, answers, wanted) if interchange.answerable else ()
    if missing and interchange.control and exchange.file.state is not FileState.REFUSED:
        message = f"Interchange {interchange.control} has no {' and no '.join(missing)} from us."
        yield found("EXCHANGE-UNANSWERED", where, message, subject=subject)
    again = sum(count for _, _, state, count in interchange.counts if state == SetState.DUPLICATE)
    if again and interchange.verdict != Verdict.REJECTED:
        message = f"{again} set(s) of interchange {interchange.control} had been received before."
        yield found("EXCHANGE-DUPLICATE", where, message, subject=subject)


def _missing(interchange: ReceivedInterchange, answers: Sequence[SentDocument], wanted: Answers) -> list[str]:
    """Return the kinds of acknowledgment that are owed and not there."""
    kinds = [answer.kind for answer in answers]
    missing = []
    if owes_ta1(wanted, interchange.verdict, requested=interchange.ack_requested):
        missing += [] if DocumentKind.TA1 in kinds else ["TA1"]
    answered = [answer.answers for answer in answers if answer.kind == DocumentKind.ACK999]
    groups = [group for group in interchange.groups if group.code != ACKNOWLEDGMENTS]
    due = [group for group in groups if owes_999(wanted, interchange.verdict, group.verdict)]
    if any(group.control not in answered for group in due):
        missing.append("999")
    return missing


def undelivered(documents: Sequence[SentDocument], now: datetime) -> Iterator[Finding]:
    """Yield a finding for each document that could not be made, and one for all others owed before `now`."""
    there = [document for document in documents if document.delivered_at is None]
    for document in there:
        if document.failure:
            yield (held if document.held_at else failed)(document.key, document.failure)
    waiting = [document for document in there if not document.failure and document.owed_at < now]
    if waiting:
        names = ", ".join(sorted({document.kind for document in waiting}))
        message = f"{len(waiting)} document(s) have not been delivered: {names}."
        first = waiting[0]
        subject = f"file {first.file_id}" if first.file_id else f"interchange {first.interchange:09d} of ours"
        yield found("EXCHANGE-UNDELIVERED", Where(), message, subject=subject)


def failed(key: str, why: str) -> Finding:
    """Return the finding on a document that could not be made. `key` is the outbox's, `why` in our words."""
    return found("DOCUMENT-FAILED", Where(), f"The document could not be made: {why}.", subject=key)


def held(key: str, why: str) -> Finding:
    """Return the finding on a document that does not fit and is not tried again, as `failed` does."""
    return found("DOCUMENT-HELD", Where(), f"The document is held: {why}.", subject=key)


def sent(document: SentDocument, now: datetime) -> Iterator[Finding]:
    """Yield what is open about a document of ours: not taken by the partner, or not acknowledged in time.

    Only what we sent unasked is missed; our answers need none, but an 824 may be rejected too.
    """
    subject = f"interchange {document.interchange:09d} of ours"
    name = f"The {document.kind.upper()} in interchange {document.interchange:09d}"
    last = verdict(document)
    if last is None:
        at = document.delivered_at
        if at and at + ACKNOWLEDGED_WITHIN <= now and not document.file_id:
            message = f"{name}, delivered {at:%Y-%m-%d}, has not been acknowledged."
            yield found("EXCHANGE-UNACKNOWLEDGED", Where(), message, subject=subject)
    elif last.verdict == Verdict.ERRORS:
        yield found(
            "ACK-ERRORS", Where(), f"{name}: the {last.kind} in file {last.file_id} says E.", subject=subject
        )
    elif last.verdict not in UNREFUSED:
        codes = f", codes {last.codes}" if last.codes else ""
        message = f"{name}: the {last.kind} in file {last.file_id} says {last.verdict}{codes}."
        yield found("ACK-REJECTED", Where(), message, subject=subject)


def verdict(document: SentDocument) -> Acknowledged | None:
    """Return the answer that counts, None without any: the newest 999's, for its set before for its group; else
    the newest TA1's, which only says whether the interchange could be opened."""
    answers = [acknowledgment for acknowledgment in document.acknowledgments if acknowledgment.kind != "TA1"]
    if not answers:
        return document.acknowledgments[-1] if document.acknowledgments else None
    newest = answers[-1].file_id
    return min(
        (acknowledgment for acknowledgment in answers if acknowledgment.file_id == newest),
        key=lambda one: not one.set_control,
    )
