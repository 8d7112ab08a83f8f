"""A received file explained, as a whole or one of its lines: where it stands, what was said and came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from model.codes import CODES
from model.desk import Item, ItemKind
from model.enrollment.decision import Disposition
from model.exchange import ReceivedFile, StoredSet
from model.explained import Explanation, Said, Says, Step, Told, said
from model.finding import Finding, Severity
from pipeline.explain import chronicle, gather
from pipeline.explain.facts import MemberFacts, Record
from pipeline.explain.gather import waits_of
from pipeline.explain.member import opened
from pipeline.explain.origins import Origins
from pipeline.runtime import turns
from pipeline.runtime.workspace import Workspace
from store import behind
from store.desk import decisions, items
from store.desk.decisions import Stored
from store.received import exchanges, files, pages
from validators.registry import RULES
from writers.words import file_state

_MOST = 50  # sets, findings and answers that are told of one file
_WORST = (Disposition.HELD, Disposition.REJECTED, Disposition.PENDED, Disposition.REPORTED, Disposition.APPLIED)


def whole(ws: Workspace, file_id: str, partner: str) -> Explanation | None:
    """Explain a file; None where there is none that may be seen."""
    with ws.database.read() as conn:
        file = files.find_file(conn, file_id)
        if file is None or (partner and file.partner != partner):
            return None
        sets = files.sets_of(conn, file_id, most=_MOST)
        counted = pages.kinds_by_set(conn, file_id)
        findings = pages.most_severe(conn, file_id, _MOST)
        told = exchanges.answers(conn, file_id)[:_MOST]
        made = decisions.of_file(conn, file_id, ws.vault.fields)
        steps_of = behind.of(conn, {each.tx for each in made})
        wait = turns.wait(conn, file)
        anything = items.opened(conn, items.Scope(tuple(ItemKind))).values()
        waiting = [each for each in anything if each.waiting.file == file_id]
    steps = [_received(file)]
    steps += [_found(findings, file.received_at)] if findings else []
    steps += [_set(stored, counted.get(stored.id, {}), file.received_at) for stored in sets]
    steps += [Step(steps_of[each.tx].known, chronicle.decided(each, partner), (_about(each),)) for each in made]
    steps += [_answered(each.kind, each.key, each.owed_at, each.delivered_at) for each in told]
    return Explanation(
        about=file.id,
        title=file.name,
        answer=(_answer(file, wait.words if wait else ""),),
        steps=tuple(steps),
        open=tuple(opened(waits_of(each), partner) for each in waiting),
        next=tuple(dict.fromkeys(_next(findings, waiting, partner))),
    )


def _answer(file: ReceivedFile, waits: str) -> Said:
    common: dict[str, Told] = {"file": file.id, "partner": file.partner, "at": file.received_at}
    if file.state is None:
        return said(Says.FILE_WAITS, **common, why=waits or file.failure or "it is being worked on")
    return said(Says.FILE_STATE, **common, state=file.state.value, why=file_state(file.state.value, file.kind))


def _received(file: ReceivedFile) -> Step:
    what = said(Says.RECEIVED, file=file.id, size=file.size, sha256=file.sha256, channel=file.channel)
    return Step(file.received_at, what, file=file.id)


def _found(findings: list[Finding], at: datetime) -> Step:
    told = {(each.code, str(each.severity), each.message): None for each in findings}
    more = tuple(said(Says.SAID, code=code, severity=severity, why=why) for code, severity, why in told)
    return Step(at, said(Says.FOUND, count=len(findings)), more)


def _next(findings: list[Finding], waiting: list[Item], partner: str) -> Iterator[Said]:
    for each in waiting:
        fix = CODES[each.waiting.rule].fix
        yield said(Says.ASK_SENDER, fix=fix) if partner else said(Says.DECIDE, item=each.number)
    yield from (said(Says.SEND_AGAIN, fix=f.fix) for f in findings if f.severity is Severity.ERROR)


def _set(stored: StoredSet, counted: dict[Disposition, int], at: datetime) -> Step:
    control = "/".join(filter(None, (stored.interchange, stored.functional_group, stored.control)))
    what = said(
        Says.ENVELOPE,
        control=control,
        kind=stored.kind,
        start=stored.start,
        end=stored.end,
        verdict=stored.verdict,
        state=stored.state.value if stored.state else "not decided",
        why=stored.reason,
    )
    more = tuple(said(Says.COUNTED, count=count, what=kind.value) for kind, count in counted.items())
    return Step(at, what, more, file=stored.file_id)


def _about(made: Stored) -> Said:
    return said(Says.DECIDED_ABOUT, line=made.member_line)


def _answered(kind: str, key: str, owed: datetime, delivered: datetime | None) -> Step:
    at = f"{delivered:%Y-%m-%d %H:%M} UTC" if delivered else ""
    return Step(owed, said(Says.ANSWERED, kind=kind, key=key, at=at))


# --- one line --------------------------------------------------------------------------------------------


def line(
    ws: Workspace, file_id: str, number: int, day: date, now: datetime, partner: str
) -> tuple[Explanation | None, tuple[str, ...]]:
    """Explain a member line of a file, in each of its sets that has one; with the members whom it shows."""
    with ws.database.read() as conn:
        file = files.find_file(conn, file_id)
        if file is None or (partner and file.partner != partner):
            return None, ()
        origins = Origins(ws, conn, partner)
        sets = files.sets_of(conn, file_id)
        records = [record for stored in sets if (record := origins.record(stored.id, number))]
        txs = {came.tx for record in records for came in record.came}
        txs |= {each.tx for record in records for each in record.decisions}
        steps_of = behind.of(conn, txs)
    if not records:
        return None, ()
    answer: list[Said] = []
    steps: list[Step] = []
    members: list[str] = []
    for record in records:
        named = next((came.member for came in record.came if came.member), "")
        known = gather.member(ws, named, day, now, partner=partner) if named else None
        if known and not known.families:
            known = None
        facts = known or MemberFacts(
            named, "", (), day, now, "", (), (record,), steps_of, rules=len(RULES), partner=partner
        )
        mine = [each for each in facts.records if _same(each, record)] or [record]
        facts = replace(facts, records=tuple(mine))
        answer.append(_came(facts, record))
        steps += chronicle.of_records(facts)
        members += [named] if named else []
    waits = tuple(dict.fromkeys(_waits(records)))
    return Explanation(f"{file_id} line {number}", file.name, tuple(answer), tuple(steps), (), waits), tuple(
        members
    )


def _same(one: Record, other: Record) -> bool:
    return (one.origin.set, one.origin.number) == (other.origin.set, other.origin.number)


def _came(facts: MemberFacts, record: Record) -> Said:
    """Say what a line came to at worst, and of the first that stands in its way why."""
    stands = facts.came(record)
    kinds = {each.disposition for each in stands}
    state = next((kind.value for kind in _WORST if kind.value in kinds), "")
    if not stands:
        why = record.reason
        state = str(record.set_state or record.file_state or "nothing yet")
    elif state in (Disposition.APPLIED, ""):
        why = ""
    else:
        why = next((each.message for each in record.findings if each.severity in ("error", "pend")), record.reason)
    lines = tuple(dict.fromkeys(each.line for each in stands if each.line))
    origin = record.origin
    return said(
        Says.LINE_CAME, number=origin.number, file=origin.file, lines=lines, disposition=state or "NOOP", why=why
    )


def _waits(records: list[Record]) -> Iterator[Said]:
    for record in records:
        for each in record.findings:
            if each.severity is Severity.ERROR:
                yield said(Says.SEND_AGAIN, fix=each.fix)
