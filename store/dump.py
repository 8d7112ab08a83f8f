"""The canonical dump: how two stores are compared (docs/design.md, The canonical dump).

What is known now, as sorted JSON lines. Rows are named by group, subscriber number, relationship, birth and
first name instead of their ids; invoices by account and month, papers of money by trace. No id, no transaction,
no clock; SSNs and subscriber numbers in clear, so it stays in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Table, and_, select

from store import cells, tables
from store.people import facts, numbers
from store.people import told as facts_told
from store.tables import contract, coverage, employer_group, enrollee, person_facts, person_ssn
from store.then import known

if TYPE_CHECKING:
    from vault.box import Vault
    from vault.fields import Cell

Key = dict[str, str]
# Ids, numbers from counters, transactions, sealed bodies; a remittance's reason may name an invoice by number.
_LEFT_OUT = {
    *("id", "number", "tx", "cause_tx", "statement", "body", "set_id", "receipt"),
    *("remittance.reason", "bank_line.text", "bank_file.findings"),
}
_TOLD = {
    "void_tx": "voided",
    "placed_tx": "placed",
    "paid_tx": "paid",
    "returned_tx": "returned",
    "register": "registered",
}
_MONEY = (
    *(tables.transfer, tables.invoice, tables.charge, tables.deposit, tables.remittance, tables.memo),
    *(tables.bank_file, tables.bank_line, tables.bank_return, tables.reversal, tables.refund, tables.self_bill),
)
_MEMBER = ("group", "subscriber", "relationship", "birth", "first")


def canonical(conn: Connection, vault: Vault) -> list[str]:
    """Return roster and money of a store as sorted JSON lines; equal stores give equal lists."""
    kinds = (roster, earlier_numbers, cobra, end_reasons, told, money)
    return sorted(line for kind in kinds for line in kind(conn, vault))


def roster(conn: Connection, vault: Vault) -> list[str]:
    """Return people, places and coverages as sorted JSON lines: what a full 834 can carry to another store."""
    families = _families(conn, vault)
    enrollees = list(_enrollees(conn, families))
    members = {row.id: key for row, key in enrollees}
    persons: dict[int, list[str]] = {}
    for row, key in enrollees:
        persons.setdefault(row.person_id, []).append("|".join(key.values()))
    lines = [_line("contract", key) for key in families.values()]
    for row, key in enrollees:
        told = {
            "person": min(persons[row.person_id]),  # shows one person in two contracts
            "facts": asdict(facts.demographics(row)),
            "ssn": vault.fields.open(row.cipher or "", cells.ssn(row.person_id)),
        }
        lines.append(_line("member", key, told))
    lines += _spans(conn, coverage, "enrollee_id", members, "line", "plan", "tier")
    lines += _spans(conn, tables.assignment, "contract_id", families, "subgroup")
    return sorted(lines)


def earlier_numbers(conn: Connection, vault: Vault) -> list[str]:
    """Return the subscriber numbers that families had before as JSON lines; a full 834 does not carry them."""
    first, later = _first_numbers(conn, vault), numbers.clear(conn, vault)
    names = _families(conn, vault)
    had = ((ident, number) for ident, now in later.items() for number in (first[ident]["subscriber"], *now[:-1]))
    return sorted(_line("number", names[ident], {"had": number}) for ident, number in had)


def cobra(conn: Connection, vault: Vault) -> list[str]:
    """Return what is known of families' COBRA as sorted JSON lines; a full 834 does not carry it."""
    families = _families(conn, vault)
    members = {row.person_id: key for row, key in _enrollees(conn, families)}
    fact = tables.cobra
    lines = []
    for row in conn.execute(select(fact).where(known(fact))):
        who = members.get(row.person_id, {}) | families[row.contract_id]  # one person, any contract
        lines.append(
            _line("cobra", who, {"event": row.event, "begin_date": row.begin_date, "end_date": row.end_date})
        )
    return sorted(lines)


def end_reasons(conn: Connection, vault: Vault) -> list[str]:
    """Return why coverage ended, where that is known, as sorted JSON lines; a full 834 does not carry it."""
    members = {row.id: key for row, key in _enrollees(conn, _families(conn, vault))}
    ended = select(coverage).where(known(coverage), coverage.c.end_reason != "")
    return sorted(
        _line("ended", members[row.enrollee_id], {"line": row.line, "day": row.end_date, "by": row.end_reason})
        for row in conn.execute(ended)
    )


def told(conn: Connection, vault: Vault) -> list[str]:
    """Return what was told of members beside identity and coverage; a full 834 carries some of it."""
    members = {row.id: key for row, key in _enrollees(conn, _families(conn, vault))}
    rows = conn.execute(select(tables.member_facts).where(known(tables.member_facts)))
    return sorted(_line("told", members[row.enrollee_id], {"facts": _facts(row, vault)}) for row in rows)


def _facts(row: Row[Any], vault: Vault) -> list[Any]:
    return [[fact.kind, fact.about, fact.value] for fact in facts_told.opened(row, vault.fields)]


def _families(conn: Connection, vault: Vault) -> dict[int, Key]:
    """Return what names each contract: its group and its newest subscriber number."""
    newest = {ident: now[-1] for ident, now in numbers.clear(conn, vault).items()}
    first = _first_numbers(conn, vault)
    return {ident: key | {"subscriber": newest.get(ident) or key["subscriber"]} for ident, key in first.items()}


def _first_numbers(conn: Connection, vault: Vault) -> dict[int, Key]:
    query = select(contract, employer_group.c.number).join(employer_group)
    return {
        row.id: {"group": row.number, "subscriber": vault.fields.open(row.number_cipher, _cell(row))}
        for row in conn.execute(query)
    }


def _cell(row: Row[Any]) -> Cell:
    return cells.subscriber(row.group_id, row.number_token)


def _enrollees(conn: Connection, families: Mapping[int, Key]) -> Iterator[tuple[Row[Any], Key]]:
    mine = enrollee.c.person_id
    query = (
        select(enrollee, person_ssn.c.cipher, *facts.COLUMNS)
        .join_from(enrollee, person_facts, and_(person_facts.c.person_id == mine, known(person_facts)))
        .outerjoin(person_ssn, and_(person_ssn.c.person_id == mine, known(person_ssn)))
        .where(known(enrollee))
    )
    for row in conn.execute(query):
        own = (row.relationship, str(row.birth or ""), row.first)
        yield row, families[row.contract_id] | dict(zip(_MEMBER[2:], own, strict=True))


def _spans(conn: Connection, table: Table, owner: str, names: Mapping[int, Key], *columns: str) -> Iterator[str]:
    query = select(
        table.c[owner].label("owner"), *(table.c[name] for name in (*columns, "begin_date", "end_date"))
    )
    for row in conn.execute(query.where(known(table))).mappings():
        told = {name: value for name, value in row.items() if name != "owner"}
        yield _line(table.name, names[row["owner"]], told)


def money(conn: Connection, vault: Vault) -> list[str]:
    """Return ledger, invoices, charges and papers of cash as sorted JSON lines, duplicates kept."""
    names: dict[str, dict[Any, str]] = {
        "contract_id": {row_id: "|".join(key.values()) for row_id, key in _families(conn, vault).items()},
        "invoice_id": _named(conn, tables.invoice, "id", "account", "month"),
        "invoice": _named(conn, tables.invoice, "number", "account", "month")
        | _named(conn, tables.memo, "number", "account", "kind", "issued"),
        "deposit_id": _named(conn, tables.deposit, "id", "trace", "company", "cents", "date"),
        "remittance_id": _named(conn, tables.remittance, "id", "trace", "company", "cents", "date"),
        "bank_file_id": _named(conn, tables.bank_file, "id", "sha256"),
        "of_line": _named(conn, tables.bank_line, "id", "key"),
        "refund_id": _named(conn, tables.refund, "id", "account", "cents", "issued"),
    }
    lines = []
    for table in _MONEY:
        columns = [column for column in table.c if column.name not in _LEFT_OUT and str(column) not in _LEFT_OUT]
        for row in conn.execute(select(*columns)).mappings():
            lines.append(_line(table.name, {name: _shown(names, name, value) for name, value in row.items()}))
    return sorted(lines)


def _shown(names: Mapping[str, Mapping[Any, str]], column: str, value: Any) -> Any:  # noqa: ANN401  a cell
    if column in _TOLD:
        return _TOLD[column] if value else ""
    return names[column].get(value, "") if column in names else value


def _named(conn: Connection, table: Table, key: str, *columns: str) -> dict[Any, str]:
    rows = conn.execute(select(table.c[key], *(table.c[name] for name in columns)))
    return {row[0]: "|".join(str(value) for value in row[1:]) for row in rows}


def _line(kind: str, *parts: Mapping[str, Any]) -> str:
    told: dict[str, Any] = {"kind": kind}
    for part in parts:
        told |= part
    return json.dumps(told, default=date.isoformat)
