"""Checks of the store's own books: schema, triggers, counters, and the database's own checks of its pages."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, cast, func, select

from model.documents.keys import DocumentKey, DocumentKind
from model.verification import Fault
from store import dialects
from store.checks.ask import Ask
from store.received.outbox import NUMBERS
from store.tables import (
    APPEND_ONLY,
    bank_return,
    counter,
    deposit,
    file,
    invoice,
    item,
    memo,
    metadata,
    outbox,
    person,
    refund,
    remittance,
    transfer,
)


@dataclass(frozen=True, slots=True)
class Used:
    """The highest number that was given under a counter's name, and how a reader sees it."""

    counter: str
    shown: str
    highest: Select[Any]


def _digits(column: Any, start: int) -> Any:  # noqa: ANN401  SQLAlchemy's own types say less than they are
    return func.max(cast(func.substr(column, start), Integer))


_PARTNERS = outbox.c.partner != ""  # what stays ours has no numbers
USED = (
    Used("file", "file F{:06d}", select(_digits(file.c.id, 2))),
    Used("member", "member M{:09d}", select(_digits(person.c.member_id, 2))),
    Used("invoice", "invoice {}", select(_digits(invoice.c.number, 1))),
    Used("receipt", "receipt {}", select(func.max(remittance.c.receipt))),
    Used("deposit", "deposit {}", select(func.max(deposit.c.id))),
    Used("memo", "debit memo D{}", select(_digits(memo.c.number, 2))),
    Used("return", "return {} of the bank", select(func.max(bank_return.c.id))),
    Used("item", "open work {}", select(func.max(item.c.number))),
    Used("remittance", "remittance {}", select(func.max(remittance.c.id))),
    Used("refund", "refund C{}", select(_digits(refund.c.number, 2))),
    Used("isa13", "interchange {}", select(func.max(outbox.c.interchange)).where(_PARTNERS)),
    Used("gs06", "functional group {}", select(func.max(outbox.c.functional_group)).where(_PARTNERS)),
)
_PREFIXED = {  # the number stands in the outbox key alone
    DocumentKind.CONSOLIDATED: "consolidated invoice {}",
    DocumentKind.REFUNDS: "check register {}",
}


def schema(ask: Ask) -> Iterator[Fault]:
    """The tables are those that this release knows, with every constraint."""
    from alembic.autogenerate import compare_metadata  # a third of a second, for this question alone
    from alembic.migration import MigrationContext

    ask.rows += len(metadata.tables)
    with (
        warnings.catch_warnings()
    ):  # SQLite does not tell of what is computed in an index, and each time it is said
        warnings.filterwarnings("ignore", message=".*expression-based index")
        differences = list(compare_metadata(MigrationContext.configure(ask.conn), metadata))
    for difference in differences:
        for change in difference if isinstance(difference, list) else [difference]:
            yield Fault(_named(change), f"the schema differs here ({change[0].replace('_', ' ')} would mend it)")


def triggers(ask: Ask) -> Iterator[Fault]:
    """The triggers are there that keep what happened from being changed, and credit from going below zero."""
    dialect = dialects.of(ask.conn)
    there = dialect.triggers(ask.conn)
    names = [(table, name) for table in APPEND_ONLY for name in dialect.append_only_triggers(table)]
    names += [(transfer.name, name) for name in dialect.CREDIT_TRIGGERS]
    for table, name in names:
        ask.rows += 1
        if name not in there:
            yield Fault(f"table {table}", f"the trigger {name} is not there or is switched off")


def pages(ask: Ask) -> Iterator[Fault]:
    """The database finds its own pages and foreign keys whole. PostgreSQL holds them by itself."""
    dialect = dialects.of(ask.conn)
    ask.rows += dialect.pages(ask.conn)
    for found in dialect.damage(ask.conn):
        yield Fault("the database's file", found)
    for table, row, parent in dialect.orphans(ask.conn):
        yield Fault(f"{table}, row {row}", f"it names a row of {parent} that is not there")


def numbers(ask: Ask) -> Iterator[Fault]:
    """No counter stands below a number that was given."""
    stands = {row.name: row.value for row in ask.conn.execute(select(counter))}
    given = ask.conn.execute(_highest()).one()
    for used, highest in zip(USED, given, strict=True):
        yield from _below(ask, used.counter, used.shown, stands, int(highest or 0))
    for kind, shown in _PREFIXED.items():
        keys = select(outbox.c.key).where(outbox.c.kind == kind.value)
        highest = max((DocumentKey.read(key).number or 0 for key in ask.conn.scalars(keys)), default=0)
        yield from _below(ask, kind, shown, stands, highest)


@cache
def _highest() -> Select[Any]:
    return select(*(used.highest.scalar_subquery() for used in USED))


def names(ask: Ask) -> Iterator[Fault]:
    """What was delivered names its documents, and no name stands for two different ones."""
    seen: dict[tuple[str, str], str] = {}
    query = select(outbox.c.id, outbox.c.partner, outbox.c.names).where(outbox.c.delivered_at.is_not(None))
    for row in ask.each(query.order_by(outbox.c.id)):
        documents = json.loads(row.names or "[]")
        ask.rows += len(documents)
        if not documents:
            yield Fault(f"outbox item {row.id}", "it was delivered, and names no document")
        for name, sha256 in documents:
            if seen.setdefault((row.partner, name), sha256) != sha256:
                yield Fault(f"document {name}", "it was published twice, with different bytes")


def _below(ask: Ask, name: str, shown: str, stands: dict[str, int], highest: int) -> Iterator[Fault]:
    ask.rows += 1
    value = stands.get(name, 0)
    if value < highest and value < NUMBERS:  # control numbers start over
        yield Fault(f"counter {name}", f"it stands at {value}, and {shown.format(highest)} was given")


def _named(difference: tuple[Any, ...]) -> str:
    """Name what a difference of Alembic's is about: its first part is the verb, some part a thing with a name."""
    words = [part for part in difference[1:] if isinstance(part, str)]
    things = [name for part in difference[1:] if isinstance(name := getattr(part, "name", None), str)]
    return "table " + ".".join(dict.fromkeys([*words, *things]))
