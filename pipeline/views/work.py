"""Open work as it is shown: what waits, why, since when, by when, and who may decide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from model import desk
from model.codes import CODES
from model.desk import Item, Wanted
from model.money.cents import Cents
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.asked import AskedView
from pipeline.views.decided import DecisionEffectView
from pipeline.views.findings import FindingView
from store.desk import items

_PAGE = 100  # items that a person is shown at once
Place = tuple[date, int]  # after which a page begins: due day and number


@dataclass(frozen=True, slots=True)
class WorkItemView:
    """One piece of open work.

    `label` is masked; `code` is a finding's, `why` what it means; `age` is in days; `receipts` counts how often it
    was sent; `amount_cents` are a month's where it is about coverage, else the amount; `role` may decide, `people`
    of them together; `closed` is "" while it is open, else itself or decision.
    """

    number: int
    kind: str
    label: str
    line: str
    code: str
    why: str
    severity: str
    group: str
    subgroup: str
    partner: str
    file_id: str
    since: date
    age: int
    receipts: int
    due: date
    past_due: bool
    amount_cents: Cents
    owner: str
    role: str
    people: int
    closed: str
    requested: str  # the decision that somebody asked for, and another person confirms
    requested_by: str


@dataclass(frozen=True, slots=True)
class OmittedView:
    """How many members of a subgroup full files do not name, or not with each line (`code`); a month of that."""

    group: str
    subgroup: str
    code: str
    members: int
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class WorkListView:
    """A page of open work, the first due first; `total` are open, `past_due` of them late; `next` "" ends it.

    `omitted` is of all that is asked for, not of the page.
    """

    items: tuple[WorkItemView, ...]
    next: str
    total: int
    past_due: int
    omitted: tuple[OmittedView, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkEventView:
    """One thing that happened to an item: `at` (an instant), `what`, who did it, "" for a step by itself.

    `step` is what the transaction was for, `file_id` and `member` what was sent, `text` what somebody wrote.
    """

    at: datetime
    what: str
    step: str
    actor: str
    text: str
    file_id: str
    member: int


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment of the file, masked; `here` is the one that a finding is about."""

    number: int
    text: str
    here: bool


@dataclass(frozen=True, slots=True)
class FamilyLineView:
    """What one person of the family has in one line, today or from a later day on; both days are covered."""

    member: str
    relationship: str
    subgroup: str
    line: str
    plan: str
    tier: str
    begin: date
    end: date


@dataclass(frozen=True, slots=True)
class ToldView:
    """What the sender was told of the file: a document's kind and key, and when it left, null not yet."""

    kind: str
    key: str
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChargedView:
    """What an account was charged for the family in a month, corrections included. Cents."""

    account: str
    month: str
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class WorkShownView:
    """One piece of open work whole. `rule` is the text of the rule that raised it, "" where none did.

    `ways` are the commands that end it; `effect` is what carrying out what was sent would do, `lacks` what that
    takes beside people and a reason.
    """

    item: WorkItemView
    rule: str
    fix: str
    events: tuple[WorkEventView, ...]
    findings: tuple[FindingView, ...]
    segments: tuple[SegmentView, ...]
    family: tuple[FamilyLineView, ...]
    charged: tuple[ChargedView, ...]
    told: tuple[ToldView, ...]
    earlier: tuple[WorkItemView, ...]
    ways: tuple[str, ...] = ()
    effect: DecisionEffectView | None = None
    lacks: str = ""
    asked: AskedView | None = None  # of a request, what is asked for


@dataclass(frozen=True, slots=True)
class DeskRow:
    """How many items of a kind and a code are open: how many past due, the oldest one's days, the sum of cents."""

    kind: str
    code: str
    count: int
    past_due: int
    oldest: int
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class DeskView:
    """Open work in figures, safe to show anywhere: kinds, codes, counts and ages."""

    rows: tuple[DeskRow, ...]

    @property
    def total(self) -> int:
        """Return how many are open."""
        return sum(row.count for row in self.rows)


def place(text: str) -> Place | None:
    """Read `next` of the page before; "" is the first page. Raises ValueError for anything else."""
    if not text:
        return None
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.(\d{1,18})", text)
    if found is None:
        raise ValueError(f"{text!r} is not where a page begins")
    return date.fromisoformat(found[1]), int(found[2])


def work_list(
    ws: Workspace, now: datetime, wanted: Wanted, after: Place | None = None, most: int = _PAGE
) -> WorkListView:
    """Return a page of what is open, of at most so many items (>= 1)."""
    with ws.database.read() as conn:
        today = clock.local_day(conn, now)
        total, past_due = items.counted(conn, wanted, today)
        found = items.page(conn, wanted, after, most + 1)
        omitted = items.omitted(conn, wanted)
    return WorkListView(
        items=tuple(item_view(item, today) for item in found[:most]),
        next=f"{found[most - 1].due}.{found[most - 1].number}" if len(found) > most else "",
        total=total,
        past_due=past_due,
        omitted=tuple(OmittedView(*row) for row in omitted),
    )


def every(ws: Workspace, now: datetime, wanted: Wanted) -> Iterator[WorkItemView]:
    """Yield all that is open, page by page, each read by itself."""
    following: Place | None = None
    while True:
        page = work_list(ws, now, wanted, following)
        yield from page.items
        following = place(page.next)
        if following is None:
            return


def item_view(item: Item, today: date) -> WorkItemView:
    """Return one item as it is shown on a day."""
    waiting = item.waiting
    who = desk.decider(waiting.kind, waiting.rule, waiting.subject)
    return WorkItemView(
        number=item.number,
        kind=waiting.kind.value,
        label=waiting.label,
        line=waiting.line,
        code=waiting.rule,
        why=CODES[waiting.rule].meaning,
        severity=waiting.severity.value,
        group=waiting.group,
        subgroup=waiting.subgroup,
        partner=waiting.partner,
        file_id=waiting.file,
        since=item.since,
        age=(today - item.since).days,
        receipts=item.receipts,
        due=item.due,
        past_due=item.closed_how is None and item.due < today,
        amount_cents=waiting.cents,
        owner=item.owner,
        role=who.role.value,
        people=who.people,
        closed=item.closed_how.value if item.closed_how else "",
        requested=item.requested,
        requested_by=item.requested_by,
    )
