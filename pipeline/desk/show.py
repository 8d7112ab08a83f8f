"""One item of open work whole: what was sent and said, who is covered, what was charged, what waited before.

See docs/desk.md.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from inspect import cleandoc

from model.asking import Kept
from model.codes import CODES
from model.desk import Item, ItemEvent, ItemKind, What
from model.finding import Finding
from model.timeline import Month
from pipeline.desk import asked
from pipeline.reread.sets import Surroundings
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.asked import asked_view
from pipeline.views.findings import finding_values
from pipeline.views.plain import of_fields
from pipeline.views.work import (
    ChargedView,
    FamilyLineView,
    SegmentView,
    ToldView,
    WorkEventView,
    WorkShownView,
    item_view,
)
from store.desk import items
from store.engine import Connection
from store.money import accounts, invoices
from store.people import places, roster
from store.received import exchanges, files, pages
from validators.registry import RULES

MOST = 50  # of what one item has of a kind
_LATEST = Month(9999, 12)


def show(ws: Workspace, number: int, now: datetime) -> WorkShownView | None:
    """Return an item whole, None when there is none of this number."""
    with ws.database.read() as conn:
        item = items.find(conn, number)
        if item is None:
            return None
        waiting, today = item.waiting, local_day(conn, now)
        findings, events = _findings(conn, item), items.events(conn, item, ws.vault.fields)
        family = _contracts(conn, item)
        return WorkShownView(
            item=item_view(item, today),
            rule=_rule(waiting.rule),
            fix=CODES[waiting.rule].fix,
            events=tuple(map(_event, events)),
            findings=finding_values(findings),
            segments=_segments(ws, conn, item, findings),
            family=_family(conn, waiting.group, family, today),
            charged=_charged(conn, waiting.group, family),
            told=_told(conn, waiting.file),
            earlier=tuple(item_view(each, today) for each in items.earlier(conn, item, MOST)),
            asked=asked_view(asked.last(Kept, events), item.since) if waiting.kind is ItemKind.REQUEST else None,
        )


def _rule(code: str) -> str:
    """Return the text of the rule that raises a code."""
    docs = (rule.check.__doc__ for rule in RULES if rule.id == code)
    return cleandoc(next(docs, "") or "")


def _event(event: ItemEvent) -> WorkEventView:
    if event.what is What.REQUESTED:
        event = replace(event, text=json.loads(event.text)["reason"])
    return of_fields(WorkEventView, event, what=event.what.value, file_id=event.file)


def _findings(conn: Connection, item: Item) -> list[Finding]:
    """Return what was said of the line, or of the set or paper, at the latest receipt."""
    waiting = item.waiting
    if not waiting.set:
        return []
    if waiting.member:
        numbers = (waiting.member, waiting.member)
        return pages.line_findings(conn, waiting.file, waiting.set, numbers).get(waiting.member, [])[:MOST]
    whole = files.whole_findings(conn, waiting.file, waiting.set)
    return [finding for finding in whole if finding.code == waiting.rule][:MOST]


def _segments(ws: Workspace, conn: Connection, item: Item, findings: list[Finding]) -> tuple[SegmentView, ...]:
    """Return the segment that the item's finding is about between its neighbours, masked as reports have them."""
    waiting = item.waiting
    mine = next((finding for finding in findings if finding.code == waiting.rule), None)
    file = files.find_file(conn, waiting.file) if waiting.file else None
    if mine is None or file is None:
        return ()
    around = Surroundings(ws.vault.archive, file)
    shown = around.of(mine, files.stored_set(conn, waiting.set).delimiters)
    return tuple(SegmentView(segment.number, segment.text, segment.here) for segment in shown)


def _contracts(conn: Connection, item: Item) -> list[int]:
    """Return the contracts of whom an item is about: by member ID, or by the token of the subscriber number."""
    group, named = item.waiting.whom.partition("/")[0], item.waiting.person
    if not (named.member or named.token) or group != item.waiting.group:
        return []
    return places.contracts_of(conn, group, named.member, named.token)


def _family(conn: Connection, group: str, contracts: list[int], today: date) -> tuple[FamilyLineView, ...]:
    """Return who of the family is covered today or will be, without names."""
    lines = roster.flat(roster.billable(conn, group, contracts)) if contracts else []
    return tuple(
        of_fields(FamilyLineView, line, member=line.member_id, begin=line.span.begin, end=line.span.end)
        for line in lines
        if line.span.end >= today
    )[:MOST]


def _charged(conn: Connection, group: str, contracts: list[int]) -> tuple[ChargedView, ...]:
    """Return what was charged for the family, the latest months last."""
    if not contracts:
        return ()
    numbers = [account.number for account in accounts.of_groups(conn, [group])]
    sums: Counter[tuple[str, str]] = Counter()
    for charge in invoices.posted(conn, numbers, _LATEST, contracts=contracts):
        sums[str(charge.month), charge.account] += charge.cents
    return tuple(ChargedView(account, month, cents) for (month, account), cents in sorted(sums.items()))[-MOST:]


def _told(conn: Connection, file_id: str) -> tuple[ToldView, ...]:
    """Return what the sender was told of the file."""
    answers = exchanges.answers(conn, file_id) if file_id else []
    return tuple(ToldView(answer.kind, answer.key, answer.delivered_at) for answer in answers[:MOST])
