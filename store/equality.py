"""What two stores must have in common to be equal: all that inputs brought about (docs/design.md, Replay).

Lines of JSON in no order, each with what it is about; rows are named by what people call them. Outside are
ciphertext, nonces, tokens, ids of rows, bytes of documents, and what serves the work alone: leases, guards,
attempts, what is remembered of a channel or of unchanged families. SSNs and subscriber numbers are in clear: none
of a line may be shown or kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, Table, select

from store import cells, dump, tables
from store.people import told as facts_told
from store.received import statement_rows
from store.tables import outbox, step, transaction_set, tx

if TYPE_CHECKING:
    from vault.box import Vault

_PAGE = {"yield_per": 1_000}
_IDS = frozenset({"contract", "person", "tx", "set", "id"})  # of rows, within a statement
_WITH_HOLES = frozenset({"member", "remittance"})  # counters whose numbers are reserved, and lost with an attempt
_MODULUS = 1 << 256

Line = tuple[str, str]  # what it is about, and the line


@dataclass(slots=True)
class Summary:
    """How many lines there are of a kind, and the sum of their digests, which needs no order."""

    lines: int = 0
    total: int = 0

    def add(self, line: str) -> None:
        """Take a line in."""
        self.lines += 1
        digest = hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=32).digest()
        self.total = (self.total + int.from_bytes(digest, "big")) % _MODULUS


def summaries(conn: Connection, vault: Vault) -> dict[str, Summary]:
    """Return the summary of each kind of line of a store; equal stores have equal ones."""
    found: dict[str, Summary] = {}
    for kind, line in lines(conn, vault):
        found.setdefault(kind, Summary()).add(line)
    return found


def lines(conn: Connection, vault: Vault) -> Iterator[Line]:
    """Yield every line of a store."""
    beside = (*dump.cobra(conn, vault), *dump.end_reasons(conn, vault), *dump.told(conn, vault))
    for text in (*dump.roster(conn, vault), *beside):
        yield "roster", text
    for text in dump.money(conn, vault):
        yield "money", text
    names = _Names.of(conn)
    yield from _history(conn, names)
    yield from _told(conn, vault, names)
    yield from _received(conn, names)
    yield from _owed(conn, vault, names)
    yield from _desk(conn, vault, names)
    yield from _books(conn)


@dataclass(slots=True)
class _Names:
    """What stands for ids of rows."""

    sets: Mapping[int, str]  # file and place
    steps: Mapping[int, int]  # tx -> its step
    groups: Mapping[int, str]
    documents: Mapping[int, str] = field(default_factory=dict)  # outbox id -> key

    @classmethod
    def of(cls, conn: Connection) -> _Names:
        sets: dict[int, str] = {}
        places: dict[str, int] = {}
        rows = select(transaction_set.c.id, transaction_set.c.file_id).order_by(transaction_set.c.id)
        for ident, file_id in conn.execute(rows):
            places[file_id] = places.get(file_id, 0) + 1
            sets[ident] = f"{file_id}/{places[file_id]}"
        return cls(
            sets,
            dict(conn.execute(select(step.c.tx, step.c.seq)).tuples().all()),
            dict(conn.execute(select(tables.employer_group.c.id, tables.employer_group.c.number)).tuples().all()),
            dict(conn.execute(select(outbox.c.id, outbox.c.key)).tuples().all()),
        )

    def shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row with its references named, and without its own id."""
        told: dict[str, Any] = {}
        for name, value in row.items():
            match name:
                case "set_id":
                    told["set"] = self.sets.get(value or 0, "")
                case "tx" | "tx_from" | "tx_to" | "void_tx" | "opened_tx" | "closed_tx":
                    told[name] = self.steps.get(value or 0, 0)
                case "group_id":
                    told["group"] = self.groups.get(value, "")
                case "outbox_id":
                    told["document"] = self.documents.get(value or 0, "")
                case _:
                    told[name] = value
        return told


def _lines(conn: Connection, kind: str, query: Select[Any], names: _Names, about: str = "") -> Iterator[Line]:
    for row in conn.execute(query, execution_options=_PAGE).mappings():
        yield kind, json.dumps([about or kind, names.shown(dict(row))], default=str, sort_keys=True)


def _all_but(table: Table, *left_out: str) -> Select[Any]:
    return select(*(column for column in table.c if column.name not in left_out))


def _history(conn: Connection, names: _Names) -> Iterator[Line]:
    """Yield what was known from which step to which: the roster by member ID."""
    person, contract, enrollee = tables.person, tables.contract, tables.enrollee
    who = (person.c.member_id, contract.c.group_id)
    own = enrollee.c.relationship, enrollee.c.tx_from, enrollee.c.tx_to
    members = select(*who, *own).select_from(enrollee).join(person).join(contract)
    yield from _lines(conn, "history", members, names, "enrollee")
    spans = tables.coverage
    covered = (
        select(*who, *(c for c in spans.c if c.name not in ("id", "enrollee_id")))
        .select_from(spans)
        .join(enrollee, enrollee.c.id == spans.c.enrollee_id)
        .join(person, person.c.id == enrollee.c.person_id)
        .join(contract, contract.c.id == enrollee.c.contract_id)
    )
    yield from _lines(conn, "history", covered, names, "coverage")
    for table in (tables.assignment, tables.cobra):
        placed = select(
            contract.c.group_id, *(c for c in table.c if c.name not in ("id", "contract_id", "person_id"))
        )
        query = placed.select_from(table)
        query = query.join(contract, contract.c.id == table.c.contract_id)
        yield from _lines(conn, "history", query, names, table.name)
    for table in (tables.payer_rule, tables.delinquency):
        family = (contract.c.masked.label("family"),) if "contract_id" in table.c else ()
        known = select(*(c for c in table.c if c.name not in ("id", "contract_id", "said", "token")), *family)
        joined = known.select_from(table)
        if family:
            joined = joined.outerjoin(contract, contract.c.id == table.c.contract_id)
        yield from _lines(conn, "history", joined, names, table.name)
    back = tables.undone
    taken = select(contract.c.group_id, contract.c.masked, back.c.tx, back.c.of_tx.label("tx_from"))
    yield from _lines(conn, "history", taken.select_from(back).join(contract), names, "undone")
    later = tables.contract_number
    answers = select(contract.c.masked, *(later.c[name] for name in ("group_id", "masked", "tx_from", "tx_to")))
    query = answers.select_from(later).join(contract, contract.c.id == later.c.contract_id)
    yield from _lines(conn, "history", query, names, "number")
    facts = tables.person_facts
    told = select(person.c.member_id, *(c for c in facts.c if c.name not in ("id", "person_id")))
    yield from _lines(conn, "history", told.select_from(facts).join(person), names, "facts")
    alias = tables.person_alias
    meant = select(alias.c.member_id, person.c.member_id.label("person"), alias.c.tx_from, alias.c.tx_to)
    yield from _lines(conn, "history", meant.select_from(alias).join(person), names, "alias")


def _told(conn: Connection, vault: Vault, names: _Names) -> Iterator[Line]:
    """Yield what was told of members from which step to which."""
    told, own = tables.member_facts, (tables.person.c.member_id, tables.contract.c.group_id)
    query = select(told, *own).join(tables.enrollee, tables.enrollee.c.id == told.c.enrollee_id)
    query = query.join(tables.person, tables.person.c.id == tables.enrollee.c.person_id)
    query = query.join(tables.contract, tables.contract.c.id == tables.enrollee.c.contract_id)
    for row in conn.execute(query, execution_options=_PAGE):
        told_here = {name: getattr(row, name) for name in ("member_id", "group_id", "tx_from", "tx_to")}
        facts = [[fact.kind, fact.about, fact.value] for fact in facts_told.opened(row, vault.fields)]
        yield "history", json.dumps(["told", names.shown(told_here), facts], default=str, sort_keys=True)


def _received(conn: Connection, names: _Names) -> Iterator[Line]:
    yield from _lines(conn, "files", _all_but(tables.file, "attempts", "failure"), names)
    yield from _lines(conn, "envelopes", _all_but(tables.interchange, "id"), names, "interchange")
    group, interchange = tables.functional_group, tables.interchange
    inside = select(interchange.c.file_id, *(c for c in group.c if c.name not in ("id", "interchange_id")))
    yield from _lines(conn, "envelopes", inside.select_from(group).join(interchange), names, "functional group")
    sets = select(
        transaction_set.c.id.label("set_id"),
        *(c for c in transaction_set.c if c.name not in ("id", "functional_group_id")),
    )
    yield from _lines(conn, "sets", sets, names)
    yield from _lines(conn, "sets", _all_but(tables.set_group), names, "version")
    yield from _lines(conn, "sets", _all_but(tables.omitted), names, "omitted")
    yield from _lines(conn, "dispositions", _all_but(tables.disposition, "id"), names)
    yield from _lines(conn, "findings", _all_but(tables.finding, "id"), names)
    answers, came = tables.acknowledgment, tables.interchange
    told = select(came.c.file_id, *(c for c in answers.c if c.name not in ("id", "interchange_id")))
    yield from _lines(conn, "answers", told.select_from(answers).join(came), names)


def _owed(conn: Connection, vault: Vault, names: _Names) -> Iterator[Line]:
    """Yield what is or was owed: its row, its statement and the rows beside it."""
    for row in conn.execute(_all_but(outbox, "id", "names"), execution_options=_PAGE).mappings():
        told = names.shown(dict(row))
        opened = vault.fields.open(told.pop("statement"), cells.outbox(row["key"]))
        told["statement"] = without_ids(json.loads(opened)) if opened else None
        yield "documents", json.dumps(told, default=str, sort_keys=True)
    for piece in conn.execute(select(tables.statement_rows), execution_options=_PAGE):
        part = names.sets.get(piece.part, "") if piece.part else ""
        for number, value in statement_rows.plain(piece, vault.fields):
            place = [piece.key, piece.kind, piece.rank, part, number, without_ids(value)]
            yield "documents", json.dumps(place, default=str, sort_keys=True)


def without_ids(value: Any) -> Any:  # noqa: ANN401  JSON
    """Return JSON without the ids of rows in it; no document shows them."""
    if isinstance(value, dict):
        kept = ((name, item) for name, item in value.items() if not (name in _IDS and isinstance(item, int)))
        return {name: without_ids(item) for name, item in kept}
    return [without_ids(item) for item in value] if isinstance(value, list) else value


def _desk(conn: Connection, vault: Vault, names: _Names) -> Iterator[Line]:
    """Yield open work and what happened to it, and what was decided."""
    for row in conn.execute(select(tables.decision), execution_options=_PAGE):
        made = row._asdict()
        made |= {
            name: vault.fields.open(made[name], cells.decision(row.number, name)) for name in ("reason", "answer")
        }
        yield "work", json.dumps(["decision", names.shown(made)], default=str, sort_keys=True)
    linked, person = tables.linked, tables.person
    links = select(person.c.member_id, linked.c.group_id, linked.c.tx).select_from(linked).outerjoin(person)
    yield from _lines(conn, "work", links, names, "linked")
    item, event = tables.item, tables.item_event
    yield from _lines(conn, "work", _all_but(item, "id"), names, "item")
    told = select(item.c.number, *event.c).select_from(event).join(item, item.c.id == event.c.item_id)
    for row in conn.execute(told, execution_options=_PAGE):
        own = {name: value for name, value in row._asdict().items() if name not in ("id", "item_id")}
        own["text"] = vault.fields.open(row.text, cells.item_event(row.item_id, row.tx, row.what))
        yield "work", json.dumps(["event", names.shown(own)], default=str, sort_keys=True)


def _books(conn: Connection) -> Iterator[Line]:
    """Yield what is agreed, who works here, the audit trail, the numbers that were given, and the steps."""
    names = _Names({}, {}, {})
    for table in (tables.agreement, tables.operator):
        in_force = _all_but(table, "id", "tx_from", "tx_to").where(table.c.tx_to.is_(None))
        yield from _lines(conn, "agreements", in_force, names, table.name)
    yield from _lines(conn, "audit", _all_but(tables.audit, "id", "tx"), names)
    counter = tables.counter
    yield from _lines(conn, "numbers", select(counter).where(counter.c.name.not_in(_WITH_HOLES)), names)
    done = select(step.c.seq, step.c.terms, tx.c.at, tx.c.recorded_at, tx.c.actor, tx.c.what, tx.c.args)
    yield from _lines(conn, "steps", done.join_from(step, tx, tx.c.id == step.c.tx), names)


def differing(ours: Mapping[str, Summary], theirs: Mapping[str, Summary]) -> Iterable[str]:
    """Return the kinds of lines in which two stores differ, in order."""
    return sorted(kind for kind in ours.keys() | theirs.keys() if ours.get(kind) != theirs.get(kind))
