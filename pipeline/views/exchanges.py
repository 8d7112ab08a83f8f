"""The ledger of exchanges as plain values: envelopes in and out, what was answered, what is outstanding."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from exchange import outstanding, sequence
from model.agreement.answers import USUAL
from model.agreement.terms import Partner
from model.documents.statement import Document
from model.exchange import Acknowledged, Exchange, ReceivedInterchange, SentDocument
from model.finding import Finding
from model.x12 import ONE_SET
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.files import finding_value
from store import agreements
from store.engine import Connection
from store.received import exchanges
from writers.forms import table

Value = dict[str, Any]
Said = Mapping[int, list[Finding]]  # findings by the row id of an interchange

_GROUPS = {"834": "BE", "820": "RA", "824": "AG"}  # GS01 of what we send


def ledger(
    ws: Workspace, now: datetime, partner: str | None = None, since: date | None = None, until: date | None = None
) -> list[Value]:
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


def find(ws: Workspace, now: datetime, text: str, partner: str | None = None) -> list[Value]:
    """Return everything about a file id, or about an interchange control number of theirs or ours."""
    number = text[:18] if text.isascii() and text.isdigit() else ""
    with ws.database.read() as conn:
        came, went = exchanges.numbered(conn, int(number), partner) if number else ([text.upper()], [])
        received = exchanges.received(conn, partner, ids=came)
        senders = {exchange.file.partner for exchange in received}
        only = senders.pop() if len(senders) == 1 else partner
        values = _values(conn, received, exchanges.sent(conn, partner, ids=went), only, now)
    return [value for value in values if not number or _about(value, number.zfill(9))]


def _about(value: Value, number: str) -> bool:
    """Say whether an interchange of a file, or an answer of ours to it, has this number."""
    numbers = [value["interchange"], *(answer["interchange"] for answer in value["answers"])]
    return number in [number.zfill(9) for number in numbers]


def _values(
    conn: Connection,
    came: Iterable[Exchange],
    went: Iterable[SentDocument],
    partner: str | None,
    now: datetime,
) -> list[Value]:
    partners = {partner.code: partner for partner in agreements.partners(conn)}
    notes: dict[int, list[Finding]] = defaultdict(list)
    profiles = {code: partner.profile for code, partner in partners.items()}
    for interchange_id, finding in sequence.findings(exchanges.sequence(conn, partner), profiles):
        notes[interchange_id].append(finding)
    inward = [
        value
        for exchange in came
        for value in _received(exchange, partners.get(exchange.file.partner), notes, now)
    ]
    values = [*inward, *(_sent(document, now) for document in went)]
    return sorted(values, key=lambda one: str(one["at"]))  # in order of receipt where the instant is the same


def _received(exchange: Exchange, partner: Partner | None, said: Said, now: datetime) -> Iterable[Value]:
    """Yield the values of one file: one for each interchange, one for a file without any."""
    wanted = partner.answers if partner else USUAL
    by_start = outstanding.answers_of(exchange)
    rest, whole = by_start.get(-1, ()), list(outstanding.unfinished(exchange))
    for interchange in exchange.interchanges:
        answers = by_start.get(interchange.start, ())
        findings = [*said.get(interchange.id, ()), *outstanding.received(exchange, interchange, answers, wanted)]
        findings += [*whole, *outstanding.undelivered((*answers, *rest), now)]
        findings += [finding for answer in answers for finding in outstanding.sent(answer, now)]
        yield _head(exchange) | _interchange(interchange) | _tail((*answers, *rest), findings)
        rest, whole = (), []  # what is of the file as a whole stands with its first interchange
    if not exchange.interchanges:
        yield _head(exchange) | _NO_INTERCHANGE | _tail(rest, (*whole, *outstanding.undelivered(rest, now)))


def _head(exchange: Exchange) -> Value:
    file = exchange.file
    return {
        "way": "in",
        "partner": file.partner,
        "at": file.received_at.isoformat(),
        "file": file.id,
        "name": file.name,
        "kind": file.kind,
        "state": file.state.value if file.state else "",
    }


_NO_INTERCHANGE: Value = {
    "interchange": "",
    "sender": "",
    "receiver": "",
    "usage": "",
    "verdict": "",
    "code": "",
    "groups": [],
    "group_count": 0,
    "sets": [],
    "set_count": 0,
    "states": {},
    "acknowledges": [],
}


def _interchange(one: ReceivedInterchange) -> Value:
    states: Counter[str] = Counter()
    for _, _, state, count in one.counts:
        states[state or "-"] += count
    return {
        "interchange": one.control,
        "sender": one.sender,
        "receiver": one.receiver,
        "usage": one.usage,
        "verdict": one.verdict,
        "code": one.code,
        "groups": [
            {"code": group.code, "control": group.control, "version": group.version, "verdict": group.verdict}
            for group in one.groups
        ],
        "group_count": sum(count for _, count in one.group_codes),
        "sets": [
            {
                "kind": each.kind,
                "control": each.control,
                "group": each.functional_group,
                "reference": each.reference,
                "verdict": each.verdict,
                "state": each.state,
                "reason": each.reason,
            }
            for each in one.sets
        ],
        "set_count": sum(states.values()),
        "states": dict(sorted(states.items())),
        "acknowledges": [_acknowledged(ack) for ack in one.said],
    }


def _tail(answers: Collection[SentDocument], findings: Iterable[Finding]) -> Value:
    return {
        "answers": [_document(answer) for answer in answers],
        "delivered_at": _delivered(answers),
        "acknowledged": [],
        "acknowledged_as": "",
        "findings": [finding_value(finding) for finding in findings],
    }


def _sent(one: SentDocument, now: datetime) -> Value:
    """Return the value of a document that we sent unasked."""
    verdict = outstanding.verdict(one)
    findings = [*outstanding.undelivered([one], now), *outstanding.sent(one, now)]
    x12 = one.interchange != 0  # anything else is here because it could not be made
    group = {"code": _GROUPS.get(one.kind, ""), "control": str(one.functional_group), "version": "", "verdict": ""}
    single = {"kind": one.kind, "control": ONE_SET, "group": str(one.functional_group)}
    return {
        "way": "out",
        "partner": one.partner,
        "at": one.owed_at.isoformat(),
        "file": "",
        "name": ", ".join(one.names) or one.key,
        "kind": one.kind,
        "state": "DELIVERED" if one.delivered_at else "OWED",
        **_NO_INTERCHANGE,
        "interchange": f"{one.interchange:09d}" if x12 else "",
        "groups": [group] if x12 else [],
        "group_count": int(x12),
        "sets": [single | dict.fromkeys(("reference", "verdict", "state", "reason"), "")] if x12 else [],
        "set_count": int(x12),
        **_tail((), findings),
        "delivered_at": _delivered([one]),
        "acknowledged": [_acknowledged(ack) for ack in one.acknowledgments],
        "acknowledged_as": f"{verdict.kind} {verdict.verdict} {verdict.codes}".strip() if verdict else "",
    }


def _document(one: SentDocument) -> Value:
    return {
        "kind": one.kind,
        "verdict": one.verdict,
        "answers": one.answers,
        "interchange": f"{one.interchange:09d}" if one.interchange else "",
        "group": str(one.functional_group) if one.functional_group else "",
        "documents": list(one.names),
        "delivered_at": _delivered([one]),
        "acknowledged": [_acknowledged(ack) for ack in one.acknowledgments],
    }


def _acknowledged(ack: Acknowledged) -> Value:
    return {
        "file": ack.file_id,
        "at": ack.at.isoformat(),
        "kind": ack.kind,
        "control": ack.control,
        "set": ack.set_control,
        "verdict": ack.verdict,
        "codes": ack.codes,
        "matched": bool(ack.document),
    }


def _delivered(documents: Collection[SentDocument]) -> str:
    """Return when the last of some documents left, empty while one is owed."""
    times = [document.delivered_at for document in documents]
    return "" if None in times or not times else max(time for time in times if time).isoformat()


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


def cells(value: Value, most: int = 3) -> dict[str, str]:
    """Return a value's cells by COLUMNS: of groups and sets `most` control numbers, of answers what they say."""
    groups = [group["control"] for group in value["groups"]]
    sets = [transaction_set["control"] for transaction_set in value["sets"]]
    more = {"groups": _some(groups, value["group_count"], most), "sets": _some(sets, value["set_count"], most)}
    own = {name: str(value[name]) for name in COLUMNS[:8]}
    return (
        own
        | more
        | {
            "set_count": str(value["set_count"] or ""),
            "answers": ", ".join(_answer(answer, value["code"]) for answer in value["answers"]),
            "delivered_at": value["delivered_at"],
            "acknowledged": value["acknowledged_as"],
            "findings": " ".join(sorted({finding["code"] for finding in value["findings"]})),
        }
    )


def _answer(value: Value, code: str) -> str:
    """Say in a few words what an answer of ours is: `TA1 R 025 000000007`, `999 A 000000008`, `report`."""
    said = f"{value['verdict']} {code}" if value["kind"] == "ta1" and value["verdict"] != "A" else value["verdict"]
    kind = value["kind"].upper() if value["interchange"] else value["kind"]
    return " ".join(part for part in (kind, said, value["interchange"]) if part)


def _some(texts: list[str], count: int, most: int) -> str:
    shown = " ".join(texts[:most])
    return f"{shown} +{count - most}" if count > most else shown


def csv(values: Iterable[Value]) -> Document:
    """Return the ledger as a CSV document, a row for each value."""
    rows = ([cells(value, 20)[name] for name in COLUMNS] for value in values)
    return table.csv_document("exchanges", [name.replace("_", " ") for name in COLUMNS], rows)
