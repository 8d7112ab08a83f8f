"""What is stored sealed, page by page: a transaction for each page, so that nobody waits for a long look."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, func, select

from model.documents.statement import InvoiceStatement, Statement
from model.enrollment.census import HousedRow
from store import cells
from store.bulk import among
from store.engine import Database
from store.money import invoices as issued
from store.received import census_rows as as_read
from store.received import outbox as owed
from store.received import statement_rows as beside
from store.tables import (
    bank_file,
    bank_line,
    billing_account,
    census_rows,
    contract,
    contract_number,
    file,
    invoice,
    item_event,
    member_facts,
    outbox,
    person_ssn,
    statement_rows,
    unchanged,
)
from vault.fields import FieldCipher
from vault.tokens import Tokens

_PAGE = 500  # rows
_AT_ONCE = 16_000_000  # characters of sealed statements in memory at once, and one statement more


def pages(database: Database, table: Table, *columns: ColumnElement[Any]) -> Iterator[Row[Any]]:
    """Yield columns of all rows of a table by id, with the id first."""
    last = 0
    while True:
        query = select(table.c.id, *columns).where(table.c.id > last).order_by(table.c.id).limit(_PAGE)
        with database.read() as conn:
            rows = conn.execute(query).all()
        yield from rows
        if len(rows) < _PAGE:
            return
        last = rows[-1].id


def invoices(database: Database) -> Iterator[Row[Any]]:
    """Yield each invoice in the order issued: number, account, month, due, total, and its sealed statement."""
    names = ("number", "account", "month", "issued", "due", "total", "statement", "void_tx")
    return pages(database, invoice, *(invoice.c[name] for name in names))


def statements(database: Database) -> Iterator[Row[Any]]:
    """Yield what is or was owed to partners: key, kind, sealed statement. Few at a time: some are large."""
    ids: list[int] = []
    size = 0
    for row in pages(database, outbox, func.length(outbox.c.statement).label("length")):
        ids.append(row.id)
        size += row.length
        if size > _AT_ONCE:
            yield from _statements(database, ids)
            ids, size = [], 0
    yield from _statements(database, ids)


def _statements(database: Database, ids: list[int]) -> Sequence[Row[Any]]:
    columns = (outbox.c.key, outbox.c.kind, outbox.c.statement, outbox.c.delivered_at)
    with database.read() as conn:
        return conn.execute(select(*columns).where(among(conn, outbox.c.id, ids)).order_by(outbox.c.id)).all()


def statement_pieces(database: Database) -> Iterator[Row[Any]]:
    """Yield the pieces of rows that lie beside statements: where each belongs, and the rows, sealed."""
    names = ("key", "kind", "rank", "part", "first", "rows")
    return pages(database, statement_rows, *(statement_rows.c[name] for name in names))


def census_pieces(database: Database) -> Iterator[Row[Any]]:
    """Yield the pieces of censuses' rows that nobody has answered yet: where each belongs."""
    return pages(database, census_rows, census_rows.c.set_id, census_rows.c.first)


def answers(database: Database) -> Iterator[Row[Any]]:
    """Yield what unchanged families come to, sealed, with the token it is found by."""
    return pages(database, unchanged, unchanged.c.contract_id, unchanged.c.key, unchanged.c.answer)


def item_events(database: Database) -> Iterator[Row[Any]]:
    """Yield what people wrote beside open work, sealed."""
    names = ("item_id", "tx", "what", "text")
    return pages(database, item_event, *(item_event.c[name] for name in names))


def bank_files(database: Database) -> Iterator[Row[Any]]:
    """Yield what was found in each file of the bank's, sealed."""
    return pages(database, bank_file, bank_file.c.sha256, bank_file.c.findings)


def bank_lines(database: Database) -> Iterator[Row[Any]]:
    """Yield what the bank wrote beside each of its lines, sealed."""
    return pages(database, bank_line, bank_line.c.key, bank_line.c.text)


def ssns(database: Database) -> Iterator[Row[Any]]:
    """Yield each stored SSN, sealed, with the tokens it is found by."""
    names = ("person_id", "cipher", "token", "last4_token")
    return pages(database, person_ssn, *(person_ssn.c[name] for name in names))


def told(database: Database) -> Iterator[Row[Any]]:
    """Yield what was told of each enrollee, what tells of people sealed."""
    names = ("enrollee_id", "plain", "cipher")
    return pages(database, member_facts, *(member_facts.c[name] for name in names))


def contracts(database: Database) -> Iterator[Row[Any]]:
    """Yield each subscriber number, sealed, with the token it is found by."""
    return pages(database, contract, contract.c.number_cipher, contract.c.group_id, contract.c.number_token)


def later_numbers(database: Database) -> Iterator[Row[Any]]:
    """Yield each number that a family answers to since a person said so, sealed, with its token."""
    names = ("contract_id", "group_id", "number_cipher", "number_token")
    return pages(database, contract_number, *(contract_number.c[name] for name in names))


def invoice_statement(row: Row[Any], cipher: FieldCipher) -> InvoiceStatement:
    """Open an invoice's statement. Raises one of vault.fields.UNREADABLE."""
    return issued.opened(row.statement, row.number, cipher)


def outbox_statement(row: Row[Any], cipher: FieldCipher) -> Statement | None:
    """Open what is owed; None where it was pruned. Raises one of vault.fields.UNREADABLE."""
    return owed.opened(row, cipher)


def piece(row: Row[Any], cipher: FieldCipher) -> Sequence[tuple[int, Any]]:
    """Open a piece of rows. Raises one of vault.fields.UNREADABLE."""
    return beside.opened(row, cipher)


def census_piece(database: Database, row: Row[Any], cipher: FieldCipher) -> Sequence[HousedRow]:
    """Open a piece of a census's rows. Raises one of vault.fields.UNREADABLE."""
    with database.read() as conn:
        return list(as_read.opened(conn, row.set_id, row.first, cipher))


def rows_of(database: Database, key: str, cipher: FieldCipher) -> Iterator[Any]:
    """Yield the rows that lie under a key. Raises one of vault.fields.UNREADABLE."""
    return beside.read(database, cipher, key)


def item_text(row: Row[Any], cipher: FieldCipher) -> str:
    """Open what somebody wrote. Raises one of vault.fields.UNREADABLE."""
    return cipher.open(row.text, cells.item_event(row.item_id, row.tx, row.what))


def answer(row: Row[Any], cipher: FieldCipher) -> bytes:
    """Open what an unchanged family comes to. Raises one of vault.fields.UNREADABLE."""
    return cipher.open_bytes(row.answer, cells.unchanged(row.key))


def ssn(row: Row[Any], cipher: FieldCipher) -> str:
    """Open an SSN. Raises one of vault.fields.UNREADABLE."""
    return cipher.open(row.cipher, cells.ssn(row.person_id))


def subscriber_number(row: Row[Any], cipher: FieldCipher) -> str:
    """Open a contract's subscriber number. Raises one of vault.fields.UNREADABLE."""
    return cipher.open(row.number_cipher, cells.subscriber(row.group_id, row.number_token))


def later_number(row: Row[Any], cipher: FieldCipher) -> str:
    """Open a number that followed a contract's first one. Raises one of vault.fields.UNREADABLE."""
    return cipher.open(row.number_cipher, cells.later_number(row.group_id, row.number_token))


def finds_ssn(row: Row[Any], value: str, tokens: Tokens) -> bool:
    """Say whether an SSN is found by its row's tokens."""
    return not value or (row.token in tokens.ssn(value) and row.last4_token in tokens.last4(value))


def finds_number(row: Row[Any], value: str, tokens: Tokens) -> bool:
    """Say whether a subscriber number is found by its row's token."""
    return row.number_token in tokens.family(value)


def files(database: Database) -> list[tuple[str, str, int]]:
    """Return each received file: id, SHA-256, size."""
    with database.read() as conn:
        query = select(file.c.id, file.c.sha256, file.c.size).order_by(file.c.id)
        return [(row.id, row.sha256, row.size) for row in conn.execute(query)]


def documents(database: Database) -> Iterator[tuple[str, str, str]]:
    """Yield each document that was delivered: whose it is, its name and SHA-256."""
    for row in pages(database, outbox, outbox.c.partner, outbox.c.names):
        yield from ((row.partner, name, sha256) for name, sha256 in json.loads(row.names or "[]"))


def holders(database: Database) -> dict[str, str]:
    """Return who holds each billing account's books."""
    with database.read() as conn:
        return {row.number: row.held_by for row in conn.execute(select(billing_account))}


def bank_text(row: Row[Any], cipher: FieldCipher) -> str:
    """Open what the bank wrote beside a line. Raises one of vault.fields.UNREADABLE."""
    return cipher.open(row.text, cells.bank_line(row.key)) if row.text else ""


def bank_findings(row: Row[Any], cipher: FieldCipher) -> str:
    """Open what was found in a bank's file. Raises one of vault.fields.UNREADABLE."""
    return cipher.open(row.findings, cells.bank_file(row.sha256)) if row.findings else ""
