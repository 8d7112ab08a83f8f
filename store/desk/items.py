"""Open work: opened, sent again and closed by the step that causes it (docs/design.md, Open work).

A step says what waits now within a scope (a group's members, an account, a paper of money); the difference to what
was open there is written, in the order in which the step tells it, so that a replay gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, not_, select, update

from model import desk
from model.desk import Closed, Figure, Item, ItemEvent, ItemKind, Key, Waiting, Wanted, What
from model.finding import Severity
from model.timeline import Then
from store import bulk, cells, counters
from store.dialects.base import AFTER_ALL
from store.tables import employer_group, item, item_event, set_group, tx
from store.tables.base import Id, fit, fit_rows
from store.then import recorded
from vault.fields import FieldCipher

COUNTER = "item"
_IS_OPEN = item.c.closed_tx.is_(None)
_COLUMNS = (
    *("id", "kind", "subject", "rule", "line", "label", "group_number", "subgroup", "partner", "file_id"),
    *("set_id", "member", "severity", "cents", "since", "due", "receipts", "opened_tx"),
)
_EVENT = ("item_id", "tx", "what", "file_id", "set_id", "member")
_AGAIN = (
    update(item)
    .where(item.c.id == bindparam("row"))
    .values(
        receipts=item.c.receipts + bindparam("more", type_=Id),
        rule=bindparam("code"),
        severity=bindparam("weighs"),
        cents=bindparam("costs"),
        file_id=bindparam("brought"),
        set_id=bindparam("within"),
        member=bindparam("place"),
    )
)
_NARROW = (
    update(item).where(item.c.id == bindparam("row")).values(line=bindparam("left"), cents=bindparam("costs"))
)


@dataclass(frozen=True, slots=True)
class Step:
    """A transaction that opens and closes items, and the plan's day on which it does."""

    tx: int
    today: date


@dataclass(frozen=True, slots=True)
class Scope:
    """What a step knows all about: of these kinds, and where given of these subjects, this group, this partner.

    `rules` narrows it to what some codes say.
    """

    kinds: tuple[ItemKind, ...]
    subjects: Collection[str] | None = None
    group: str | None = None
    partner: str | None = None
    rules: tuple[str, ...] = ()

    def where(self, conn: Connection) -> list[ColumnElement[bool]]:
        """Return the conditions on items."""
        conditions: list[ColumnElement[bool]] = [item.c.kind.in_([kind.value for kind in self.kinds])]
        if self.subjects is not None:
            conditions.append(bulk.among(conn, item.c.subject, sorted(self.subjects)))
        if self.group is not None:
            conditions.append(item.c.group_number == self.group)
        if self.partner is not None:
            conditions.append(item.c.partner == self.partner)
        if self.rules:
            conditions.append(item.c.rule.in_(self.rules))
        return conditions


# --- what a step writes ----------------------------------------------------------------------------------


def reconcile(conn: Connection, step: Step, scope: Scope, waiting: Iterable[Waiting]) -> None:
    """Write the difference between what is open within a scope and what waits there now, and number what is new.

    Among the last statements of its transaction: whoever else opens items waits from here to its end.
    """
    if differ(conn, step, scope, waiting):
        number(conn, step.tx)


def differ(conn: Connection, step: Step, scope: Scope, waiting: Iterable[Waiting]) -> bool:
    """Do as `reconcile`, but let the caller number what is new; say whether anything is."""
    there = opened(conn, scope)
    now: dict[Key, Waiting] = {}
    for each in waiting:
        now.setdefault(each.key, each)
    close(conn, step.tx, [known.id for key, known in there.items() if key not in now])
    again(conn, step, [(there[key], each) for key, each in now.items() if key in there])
    return bool(add(conn, step, [each for key, each in now.items() if key not in there]))


def opened(conn: Connection, scope: Scope) -> dict[Key, Item]:
    """Return what is open within a scope, by what it is about."""
    rows = conn.execute(select(item).where(_IS_OPEN, *scope.where(conn)).order_by(item.c.id))
    return {found.waiting.key: found for found in map(_item, rows)}


def waited(conn: Connection, scope: Scope, then: Then) -> list[Item]:
    """Return what was open within a scope then, in the order of its opening; each as it was sent last."""
    closed = and_(item.c.closed_tx.is_not(None), recorded(item.c.closed_tx, then))
    mine = (recorded(item.c.opened_tx, then), not_(closed), *scope.where(conn))
    rows = conn.execute(select(item).where(*mine).order_by(item.c.id))
    return [replace(found, closed_tx=None, closed_how=None) for found in map(_item, rows)]


def of_groups(conn: Connection, set_ids: Collection[int], rules: Collection[str]) -> list[Item]:
    """Return what is open of members in the groups of these sets by some rules, in the order of its opening."""
    of_sets = select(employer_group.c.number).join(set_group, set_group.c.group_id == employer_group.c.id)
    groups = of_sets.where(set_group.c.set_id.in_(list(set_ids)))
    mine = (_IS_OPEN, item.c.kind == ItemKind.MEMBER.value, item.c.rule.in_(sorted(rules)))
    rows = conn.execute(select(item).where(*mine, item.c.group_number.in_(groups)).order_by(item.c.id))
    return [_item(row) for row in rows]


def add(conn: Connection, step: Step, waiting: Sequence[Waiting]) -> list[int]:
    """Open items, which get their numbers by `number`; return their row ids."""
    ids = list(bulk.reserve(conn, item, len(waiting)))
    rows = [
        (
            *(ident, each.kind.value, each.subject, each.rule, each.line, each.label, each.group, each.subgroup),
            *(each.partner, each.file, each.set, each.member, each.severity.value, each.cents),
            *(step.today, desk.due(step.today, each.severity), 1, step.tx),
        )
        for ident, each in zip(ids, waiting, strict=True)
    ]
    bulk.add(conn, item, _COLUMNS, fit_rows(item, _COLUMNS, rows))
    _tell(conn, step.tx, What.OPENED, zip(ids, (each.receipt for each in waiting), strict=True))
    return ids


def again(conn: Connection, step: Step, pairs: Iterable[tuple[Item, Waiting]]) -> None:
    """Record that items were sent again, where a file did; what they wait for and would cost now is kept."""
    rows, sent = [], []
    for known, now in pairs:
        fresh = bool(now.file) and now.receipt != known.waiting.receipt
        if fresh:
            sent.append((known.id, now.receipt))
        if fresh or now.cents != known.waiting.cents:
            file, set_id, member = now.receipt if fresh else known.waiting.receipt
            rows.append(
                {"row": known.id, "more": int(fresh), "brought": file, "within": set_id, "place": member}
                | {"code": now.rule, "weighs": now.severity.value, "costs": now.cents}
            )
    if rows:
        conn.execute(_AGAIN, rows)
    _tell(conn, step.tx, What.RECEIPT, sent)


def narrow(conn: Connection, narrowed: Iterable[Item]) -> None:
    """Let items be about the lines that they have now: the others were decided by what came later."""
    rows = [{"row": known.id, "left": known.waiting.line, "costs": known.waiting.cents} for known in narrowed]
    if rows:
        conn.execute(_NARROW, rows)


def resent(conn: Connection, tx: int, ids: Collection[int], by: tuple[str, int, int]) -> None:
    """Record that items were sent again by a file whose content stands for nothing by itself (a duplicate).

    They stay about the records that first brought them: those are what is decided.
    """
    if ids:
        which = bulk.among(conn, item.c.id, list(ids))
        conn.execute(update(item).where(which).values(receipts=item.c.receipts + 1))
        _tell(conn, tx, What.RECEIPT, ((ident, by) for ident in ids))


def close(
    conn: Connection,
    tx: int,
    ids: Collection[int],
    how: Closed = Closed.ITSELF,
    by: tuple[str, int, int] = ("", 0, 0),
) -> None:
    """Close open items by a step, or by a decision; `by`: the file that did, with its set and member line."""
    if not ids:
        return
    which = bulk.among(conn, item.c.id, list(ids))
    conn.execute(update(item).where(_IS_OPEN, which).values(closed_tx=tx, closed_how=how.value))
    _tell(conn, tx, What.CLOSED, ((ident, by) for ident in ids))


def done(conn: Connection, tx: int, kind: ItemKind, subject: str, how: Closed = Closed.ITSELF) -> None:
    """Close what is open of a subject, in as few statements as it takes to see that nothing is."""
    same = (_IS_OPEN, item.c.kind == kind.value, item.c.subject == subject)
    close(conn, tx, list(conn.scalars(select(item.c.id).where(*same))), how)


def rename(conn: Connection, tx: int, groups: Iterable[str], before: str, after: str) -> None:
    """Let what is open of a member in some groups be another one's; what is open of that one, too, is closed."""
    for group in groups:
        there = opened(conn, Scope(tuple(ItemKind), group=group))
        for known in there.values():
            if known.waiting.whom != f"{group}/{before}":
                continue
            told = replace(known.waiting, subject=known.waiting.subject.replace(before, after))
            if told.key in there:
                close(conn, tx, [known.id])
                continue
            named = {"subject": told.subject, "label": told.label.replace(before, after)}
            conn.execute(update(item).where(item.c.id == known.id).values(fit(item, named)))


def decided(
    conn: Connection,
    tx: int,
    set_id: int,
    member: int = 0,
    kind: ItemKind | None = None,
    how: Closed = Closed.DECISION,
    rule: str = "",
) -> None:
    """Close what waited for a decision on a member line of a set; 0: on the set itself, which was held.

    `kind`: of another kind than these two; `rule`: only by what this code says.
    """
    kind = kind or (ItemKind.MEMBER if member else ItemKind.SET)
    mine = select(item.c.id).where(_IS_OPEN, item.c.kind == kind.value, item.c.set_id == set_id)
    mine = mine.where(item.c.rule == rule) if rule else mine
    close(conn, tx, list(conn.scalars(mine.where(item.c.member == member).order_by(item.c.id))), how)


def number(conn: Connection, tx: int) -> None:
    """Give the items that a transaction opened their numbers, in the order in which it did: without holes."""
    mine = (item.c.opened_tx == tx, item.c.number.is_(None))
    count = conn.scalar(select(func.count()).select_from(item).where(*mine)) or 0
    if not count:
        return
    before = counters.take(conn, COUNTER, count) - 1
    place = (
        select(item.c.id, (func.row_number().over(order_by=item.c.id) + before).label("number"))
        .where(*mine)
        .subquery()
    )
    conn.execute(update(item).where(item.c.id == place.c.id).values(number=place.c.number))


def _tell(conn: Connection, tx: int, what: What, told: Iterable[tuple[int, tuple[str, int, int]]]) -> None:
    rows = [(ident, tx, what.value, *receipt) for ident, receipt in told]
    bulk.add(conn, item_event, _EVENT, fit_rows(item_event, _EVENT, rows))


# --- what people write -----------------------------------------------------------------------------------


def assign(conn: Connection, tx: int, known: Item, owner: str, actor: str, cipher: FieldCipher) -> None:
    """Give an item to an operator, or with an empty name to nobody."""
    conn.execute(update(item).where(item.c.id == known.id).values(fit(item, {"owner": owner})))
    write(conn, tx, known, What.ASSIGNED, owner, actor, cipher)


def request(conn: Connection, tx: int, known: Item, kind: str, text: str, actor: str, cipher: FieldCipher) -> None:
    """Record what somebody asks to be decided, in the place of what was asked before; the text is sealed."""
    asked = fit(item, {"requested": kind, "requested_by": actor})
    conn.execute(update(item).where(item.c.id == known.id).values(asked))
    write(conn, tx, known, What.REQUESTED, text, actor, cipher)


def write(conn: Connection, tx: int, known: Item, what: What, text: str, actor: str, cipher: FieldCipher) -> None:
    """Write down what somebody did about an item, once a transaction; the text is sealed."""
    sealed = cipher.seal(text, cells.item_event(known.id, tx, what))
    event = {"item_id": known.id, "tx": tx, "what": what.value, "actor": actor, "text": sealed}
    bulk.add_row(conn, item_event, fit(item_event, event))


# --- what is read ----------------------------------------------------------------------------------------


def _wanted(wanted: Wanted) -> list[ColumnElement[bool]]:
    same = {"kind": wanted.kind, "group_number": wanted.group, "owner": wanted.owner}
    conditions = [_IS_OPEN, *(item.c[name] == value for name, value in same.items() if value)]
    if wanted.to_confirm:
        conditions += [item.c.requested != "", item.c.requested_by != wanted.to_confirm]
    return [*conditions, item.c.due <= wanted.due] if wanted.due else conditions


def page(conn: Connection, wanted: Wanted, after: tuple[date, int] | None, most: int) -> list[Item]:
    """Return open items, the first due first, from after (due, number) on; at most so many."""
    rows = select(item).where(*_wanted(wanted), item.c.number.is_not(None))
    if after is not None:
        day, last = after
        rows = rows.where(item.c.due >= day, (item.c.due > day) | (item.c.number > last))
    return [_item(row) for row in conn.execute(rows.order_by(item.c.due, item.c.number).limit(most))]


def counted(conn: Connection, wanted: Wanted, today: date) -> tuple[int, int]:
    """Return how many items are open, and how many of them past due."""
    late = func.count().filter(item.c.due < today)
    total, past = conn.execute(select(func.count(), late).select_from(item).where(*_wanted(wanted))).one()
    return total, past


def figures(conn: Connection, today: date) -> list[Figure]:
    """Return open work in figures, by kind and rule."""
    late = func.count().filter(item.c.due < today)
    sums = (func.count(), late, func.min(item.c.since), func.sum(item.c.cents))
    rows = select(item.c.kind, item.c.rule, *sums).where(_IS_OPEN).group_by(item.c.kind, item.c.rule)
    found = conn.execute(rows.order_by(item.c.kind, item.c.rule))
    return [Figure(kind, rule, count, past, since, int(cents)) for kind, rule, count, past, since, cents in found]


def omitted(conn: Connection, wanted: Wanted) -> list[tuple[str, str, str, int, int]]:
    """Return what full files do not name among open items, by group and subgroup, code, count and cents."""
    by = (item.c.group_number, item.c.subgroup, item.c.rule)
    mine = (*_wanted(wanted), item.c.kind == ItemKind.OMITTED)
    rows = select(*by, func.count(), func.sum(item.c.cents)).where(*mine)
    found = conn.execute(rows.group_by(*by).order_by(*by))
    return [(group, subgroup, rule, count, int(cents)) for group, subgroup, rule, count, cents in found]


def find(conn: Connection, number: int) -> Item | None:
    """Return an item, None when there is none of this number."""
    row = conn.execute(select(item).where(item.c.number == number)).one_or_none()
    return _item(row) if row else None


def events(conn: Connection, known: Item, cipher: FieldCipher) -> list[ItemEvent]:
    """Return what happened to an item, in its order."""
    rows = conn.execute(
        select(item_event, tx.c.at, tx.c.what.label("step"))
        .join(tx, tx.c.id == item_event.c.tx)
        .where(item_event.c.item_id == known.id)
        .order_by(item_event.c.id)
    )
    return [
        ItemEvent(
            row.tx,
            row.at,
            row.step,
            What(row.what),
            row.actor,
            cipher.open(row.text, cells.item_event(row.item_id, row.tx, row.what)),
            row.file_id,
            row.set_id,
            row.member,
        )
        for row in rows
    ]


def subjects(conn: Connection, kind: ItemKind, beginning: str) -> list[str]:
    """Return the subjects of open items of a kind that begin so."""
    begins = func.substr(item.c.subject, 1, len(beginning)) == beginning
    near = (item.c.subject >= beginning, item.c.subject < beginning + AFTER_ALL)
    return list(conn.scalars(select(item.c.subject).where(_IS_OPEN, item.c.kind == kind.value, begins, *near)))


def earlier(conn: Connection, known: Item, most: int) -> list[Item]:
    """Return other items of the same subject, open or closed, the newest first."""
    same = select(item).where(item.c.subject == known.waiting.subject, item.c.id != known.id)
    return [_item(row) for row in conn.execute(same.order_by(item.c.id.desc()).limit(most))]


def _item(row: Row[Any]) -> Item:
    return Item(
        id=row.id,
        number=row.number or 0,
        waiting=Waiting(
            kind=ItemKind(row.kind),
            subject=row.subject,
            rule=row.rule,
            label=row.label,
            severity=Severity(row.severity),
            line=row.line,
            group=row.group_number,
            subgroup=row.subgroup,
            partner=row.partner,
            file=row.file_id,
            set=row.set_id,
            member=row.member,
            cents=row.cents,
        ),
        since=row.since,
        due=row.due,
        receipts=row.receipts,
        owner=row.owner,
        opened_tx=row.opened_tx,
        closed_tx=row.closed_tx,
        closed_how=Closed(row.closed_how) if row.closed_how else None,
        requested=row.requested,
        requested_by=row.requested_by,
    )
