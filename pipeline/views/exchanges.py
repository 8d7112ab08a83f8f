"""The ledger of exchanges as plain values: envelopes in and out, what was answered, what is outstanding."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from exchange import outstanding, sequence
from model.agreement.answers import Answers
from model.documents.statement import Document
from model.exchange import Acknowledged, Exchange, ReceivedInterchange, SentDocument
from model.finding import Finding
from model.x12 import ONE_SET, UNREFUSED
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.exchanged import AcknowledgedView, AnswerView, ExchangedGroup, ExchangedSet, ExchangeView
from pipeline.views.findings import finding_values
from pipeline.views.plain import PAGE, Counts
from store import agreements
from store.engine import Connection
from store.received import exchanges
from writers.forms import spreadsheet

Said = Mapping[int, list[Finding]]  # findings by the row id of an interchange

_GROUPS = {"834": "BE", "820": "RA", "824": "AG"}  # GS01 of what we send


def ledger(
    ws: Workspace, now: datetime, partner: str | None = None, since: date | None = None, until: date | None = None
) -> list[ExchangeView]:
    """Return what came and what we sent unasked, oldest first, each interchange a value of its own.

    `since` and `until` are days in the plan's zone, both inclusive; `now` decides what is overdue.
    """
    zone = ws.zone()
    first = clock.begins(since, zone) if since else None
    end = clock.begins(until + timedelta(days=1), zone) if until else None
    with ws.database.read() as conn:
        came = exchanges.received(conn, partner, since=first, until=end)
        went = exchanges.sent(conn, partner, since=first, until=end)
        return _values(conn, came, went, partner, now)


def find(ws: Workspace, now: datetime, text: str, partner: str | None = None) -> list[ExchangeView]:
    """Return everything about a file id, or about an interchange control number of theirs or ours."""
    number = text[:18] if text.isascii() and text.isdigit() else ""
    with ws.database.read() as conn:
        came, went = exchanges.numbered(conn, int(number), partner) if number else ([text.upper()], [])
        received = exchanges.received(conn, partner, ids=came)
        senders = {exchange.file.partner for exchange in received}
        only = senders.pop() if len(senders) == 1 else partner
        values = _values(conn, received, exchanges.sent(conn, partner, ids=went), only, now)
    return [value for value in values if not number or _about(value, number.zfill(9))]


def _about(value: ExchangeView, number: str) -> bool:
    """Say whether an interchange of a file, or an answer of ours to it, has this number."""
    numbers = [value.interchange, *(answer.interchange for answer in value.answers)]
    return number in [number.zfill(9) for number in numbers]


def _values(
    conn: Connection,
    came: Iterable[Exchange],
    went: Iterable[SentDocument],
    partner: str | None,
    now: datetime,
) -> list[ExchangeView]:
    ever = agreements.partners_ever(conn)
    notes: dict[int, list[Finding]] = defaultdict(list)
    profiles = {code: stood[-1][1].profile for code, stood in ever.items()}
    for interchange_id, finding in sequence.findings(exchanges.sequence(conn, partner), profiles):
        notes[interchange_id].append(finding)
    inward = [
        value
        for exchange in came
        for value in _received(
            exchange,
            outstanding.agreed(ever.get(exchange.file.partner, ()), exchange.file.received_at),
            notes,
            now,
        )
    ]
    values = [*inward, *(_sent(document, now) for document in went)]
    return sorted(values, key=lambda value: value.at)  # in order of receipt where the instant is the same


def _received(exchange: Exchange, wanted: Answers, said: Said, now: datetime) -> Iterable[ExchangeView]:
    """Yield the values of one file: one for each interchange, one for a file without any."""
    by_start = outstanding.answers_of(exchange)
    rest, whole = by_start.get(-1, ()), list(outstanding.unfinished(exchange))
    head = _head(exchange)
    for interchange in exchange.interchanges:
        answers = by_start.get(interchange.start, ())
        findings = [*said.get(interchange.id, ()), *outstanding.received(exchange, interchange, answers, wanted)]
        findings += [*whole, *outstanding.undelivered((*answers, *rest), now)]
        findings += [finding for answer in answers for finding in outstanding.sent(answer, now)]
        yield _answered(_with_interchange(head, interchange), (*answers, *rest), findings)
        rest, whole = (), []  # what is of the file as a whole stands with its first interchange
    if not exchange.interchanges:
        yield _answered(head, rest, (*whole, *outstanding.undelivered(rest, now)))


def _head(exchange: Exchange) -> ExchangeView:
    file = exchange.file
    return ExchangeView(
        way="in",
        partner=file.partner,
        at=file.received_at,
        file_id=file.id,
        name=file.name,
        kind=file.kind,
        state=file.state.value if file.state else "",
    )


def _with_interchange(head: ExchangeView, interchange: ReceivedInterchange) -> ExchangeView:
    states: Counter[str] = Counter()
    for _, _, state, count in interchange.counts:
        states[state or "-"] += count
    return replace(
        head,
        interchange=interchange.control,
        sender=interchange.sender,
        receiver=interchange.receiver,
        usage=interchange.usage,
        verdict=interchange.verdict,
        code=interchange.code,
        groups=tuple(
            ExchangedGroup(group.code, group.control, group.version, group.verdict) for group in interchange.groups
        ),
        group_count=sum(count for _, count in interchange.group_codes),
        sets=tuple(
            ExchangedSet(
                kind=each.kind,
                control=each.control,
                group=each.functional_group,
                reference=each.reference,
                verdict=each.verdict,
                state=each.state,
                reason=each.reason,
            )
            for each in interchange.sets
        ),
        set_count=sum(states.values()),
        states=Counts.of(sorted(states.items())),
        acknowledges=tuple(map(_acknowledged, interchange.said)),
    )


def _answered(value: ExchangeView, answers: Sequence[SentDocument], findings: Sequence[Finding]) -> ExchangeView:
    return replace(
        value,
        answers=tuple(map(_document, answers[:PAGE])),
        answer_count=len(answers),
        delivered_at=_delivered(answers),
        findings=finding_values(findings[:PAGE]),
        finding_count=len(findings),
    )


def _sent(document: SentDocument, now: datetime) -> ExchangeView:
    """Return the value of a document that we sent unasked."""
    verdict = outstanding.verdict(document)
    findings = finding_values([*outstanding.undelivered([document], now), *outstanding.sent(document, now)])
    x12 = document.interchange != 0  # anything else is here because it could not be made
    number = str(document.functional_group)
    group = ExchangedGroup(_GROUPS.get(document.kind, ""), number, "", "")
    single = ExchangedSet(document.kind, ONE_SET, number, "", "", "", "")
    return ExchangeView(
        way="out",
        partner=document.partner,
        at=document.owed_at,
        file_id="",
        name=", ".join(document.names) or document.key,
        kind=document.kind,
        state=_state(document, verdict),
        interchange=f"{document.interchange:09d}" if x12 else "",
        groups=(group,) if x12 else (),
        group_count=int(x12),
        sets=(single,) if x12 else (),
        set_count=int(x12),
        delivered_at=_delivered([document]),
        acknowledged=tuple(map(_acknowledged, document.acknowledgments)),
        acknowledged_as=f"{verdict.kind} {verdict.verdict} {verdict.codes}".strip() if verdict else "",
        findings=findings,
        finding_count=len(findings),
    )


def _state(document: SentDocument, verdict: Acknowledged | None) -> str:
    if verdict and verdict.verdict not in UNREFUSED:
        return "REJECTED"
    return "DELIVERED" if document.delivered_at else "OWED"


def _document(document: SentDocument) -> AnswerView:
    return AnswerView(
        kind=document.kind,
        verdict=document.verdict,
        answers=document.answers,
        interchange=f"{document.interchange:09d}" if document.interchange else "",
        group=str(document.functional_group) if document.functional_group else "",
        documents=tuple(document.names),
        delivered_at=_delivered([document]),
        acknowledged=tuple(map(_acknowledged, document.acknowledgments)),
    )


def _acknowledged(ack: Acknowledged) -> AcknowledgedView:
    return AcknowledgedView(
        file_id=ack.file_id,
        at=ack.at,
        kind=ack.kind,
        control=ack.control,
        set=ack.set_control,
        verdict=ack.verdict,
        codes=ack.codes,
        matched=bool(ack.document),
    )


def _delivered(documents: Collection[SentDocument]) -> datetime | None:
    """Return when the last of some documents left, None while one is owed."""
    times = [document.delivered_at for document in documents]
    return None if None in times else max((time for time in times if time), default=None)


# --- as a table --------------------------------------------------------------------------------------------

COLUMNS = (
    "way",
    "at",
    "partner",
    "file",
    "name",
    "kind",
    "state",
    "interchange",
    "groups",
    "sets",
    "set_count",
    "answers",
    "delivered_at",
    "acknowledged",
    "findings",
)


def cells(value: ExchangeView, most: int = 3) -> dict[str, str]:
    """Return a value's cells by COLUMNS: of groups and sets `most` control numbers, of answers what they say."""
    groups, sets = [group.control for group in value.groups], [each.control for each in value.sets]
    return {
        "way": value.way,
        "at": value.at.isoformat(),
        "partner": value.partner,
        "file": value.file_id,
        "name": value.name,
        "kind": value.kind,
        "state": value.state,
        "interchange": value.interchange,
        "groups": _some(groups, value.group_count, most),
        "sets": _some(sets, value.set_count, most),
        "set_count": str(value.set_count or ""),
        "answers": ", ".join(_answer(answer, value.code) for answer in value.answers),
        "delivered_at": value.delivered_at.isoformat() if value.delivered_at else "",
        "acknowledged": value.acknowledged_as,
        "findings": " ".join(sorted({finding.code for finding in value.findings})),
    }


def _answer(answer: AnswerView, code: str) -> str:
    """Say in a few words what an answer of ours is: `TA1 R 025 000000007`, `999 A 000000008`, `report`."""
    said = f"{answer.verdict} {code}" if answer.kind == "ta1" and answer.verdict != "A" else answer.verdict
    kind = answer.kind.upper() if answer.interchange else answer.kind
    return " ".join(part for part in (kind, said, answer.interchange) if part)


def _some(texts: list[str], count: int, most: int) -> str:
    shown = " ".join(texts[:most])
    return f"{shown} +{count - most}" if count > most else shown


def csv(values: Iterable[ExchangeView]) -> Document:
    """Return the ledger as a CSV document, a row for each value."""
    rows = [[cells(value, 20)[name] for name in COLUMNS] for value in values]
    return spreadsheet.csv_document("exchanges", [name.replace("_", " ") for name in COLUMNS], lambda: rows)
