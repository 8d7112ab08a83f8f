"""The chain: a keyed digest of every row that a step wrote, and of the step before (docs/design.md, The chain).

A step's digest is a sum over its rows, so that their order does not matter, which no database promises. Whoever
changes, removes or adds a row below the triggers would need the key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Integer, LargeBinary, Table, event

from store.dialects.base import Rows

if TYPE_CHECKING:
    from vault.keys import Keyring

_BYTES = 32
MODULUS = 1 << 8 * _BYTES
_NOTED = "rollbook_chain"  # Connection.info: the Noted of its transaction

# The tables whose rows are noted; by which column a row names its transaction; and what of it is recorded later.
LINKED: Mapping[str, tuple[str, frozenset[str]]] = {
    **dict.fromkeys(
        (
            *("audit", "charge", "consolidated", "decision", "disposition", "item_event", "linked", "transfer"),
            *("bank_file", "bank_return", "memo", "reversal", "self_bill", "undone"),
        ),
        ("tx", frozenset()),
    ),
    "bank_line": (
        "tx",
        frozenset({"of_line", "deposit_id", "remittance_id", "refund_id", "returned", "void_tx"}),
    ),
    "deposit": ("tx", frozenset({"remittance_id", "placed_tx", "void_tx"})),
    "refund": ("tx", frozenset({"register", "paid_tx", "returned_tx"})),
    "invoice": ("tx", frozenset({"void_tx"})),
    **dict.fromkeys(("person", "contract"), ("tx_from", frozenset())),
    **dict.fromkeys(
        (
            *("agreement", "operator", "contract_number", "member_facts"),
            *("person_alias", "person_facts", "person_ssn"),
            *("enrollee", "assignment", "coverage", "cobra"),
            *("payer_rule", "delinquency"),
        ),
        ("tx_from", frozenset({"tx_to"})),
    ),
}
_UNNAMED = frozenset(
    {
        *("audit", "charge", "consolidated", "disposition", "item_event", "linked", "memo", "reversal"),
        *("self_bill", "transfer", "undone"),
    }
)  # nobody refers to their ids
UNCHAINED = frozenset({"NOOP"})  # dispositions that may be pruned


@dataclass(frozen=True, slots=True)
class ChainKeys:
    """The secrets of steps' digests by key id; new steps are made under `current`."""

    current: str = ""
    secrets: Mapping[str, bytes] = field(default_factory=lambda: {"": b"no keys"}, repr=False)

    @classmethod
    def of(cls, ring: Keyring) -> ChainKeys:
        """Derive the secrets of a ring."""
        return cls(ring.current.id, {key.id: key.derive("chain") for key in ring.keys})


Mark = tuple[int, tuple[Any, ...], bool]  # what a savepoint goes back to: the sum, the row of tx, the agreements


@dataclass(slots=True)
class Noted:
    """What the open transaction has written so far; it has no values of the rows."""

    secret: bytes = field(repr=False)
    total: int = 0
    opened: tuple[Any, ...] = ()  # the row of tx that it opened; empty: none
    terms: bool = False  # agreements changed
    numbers: list[int] = field(default_factory=list)  # first of each block of numbers that it reserved
    given: list[int] = field(default_factory=list)  # those that it is to reserve, where it is a replay
    marks: list[Mark] = field(default_factory=list)  # of each open savepoint, the innermost last

    def add(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        """Note rows in the form of `columns`."""
        self.total = (self.total + sum_of(self.secret, table.name, rows)) % MODULUS

    def close(self, table: Table, idents: Iterable[int]) -> None:
        """Note that rows stopped being known, or that a deposit was voided."""
        self.total = (self.total + sum_of(self.secret, f"{table.name} ends", ([i] for i in idents))) % MODULUS


def begin(conn: Connection, keys: ChainKeys, given: Iterable[int] = ()) -> Noted:
    """Begin to note what a transaction writes."""
    noted = Noted(keys.secrets[keys.current], given=list(given))
    conn.info[_NOTED] = noted
    return noted


def of(conn: Connection) -> Noted:
    """Return what the open transaction has noted."""
    noted: Noted = conn.info[_NOTED]
    return noted


def follow_savepoints(engine: Engine) -> None:
    """Forget what a transaction takes back to a savepoint."""
    event.listen(engine, "savepoint", _mark)
    event.listen(engine, "rollback_savepoint", _go_back)
    event.listen(engine, "release_savepoint", _go_on)


def _mark(conn: Connection, name: str | None) -> None:
    if noted := conn.info.get(_NOTED):
        noted.marks.append((noted.total, noted.opened, noted.terms))  # SQLAlchemy has not named it yet


def _go_back(conn: Connection, name: str, context: object) -> None:
    if noted := conn.info.get(_NOTED):
        noted.total, noted.opened, noted.terms = noted.marks.pop()


def _go_on(conn: Connection, name: str, context: object) -> None:
    if noted := conn.info.get(_NOTED):
        noted.marks.pop()


def columns(table: Table) -> tuple[str, ...]:
    """Return the columns of a linked table that never change, in their order."""
    later = LINKED[table.name][1] if table.name in LINKED else frozenset()
    return tuple(c.name for c in table.c if c.name not in later and (c.name != "id" or table.name not in _UNNAMED))


def note(conn: Connection, table: Table, names: Sequence[str], rows: Rows) -> None:
    """Note rows of these columns, if the table is linked; the other columns have their defaults."""
    if table.name not in LINKED and table.name != "input":
        return
    if table.name == "disposition":
        kind = names.index("disposition")
        rows = [row for row in rows if row[kind] not in UNCHAINED]
    if rows:
        of(conn).add(table, map(_arranged(table, tuple(names)), rows))


def _arranged(table: Table, names: tuple[str, ...]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Return what brings a row of these columns into the form of `columns`."""
    wanted = columns(table)
    if wanted == names:
        return tuple
    places = {name: place for place, name in enumerate(names)}
    if places.keys() >= set(wanted) and len(wanted) > 1:
        return itemgetter(*(places[name] for name in wanted))
    sources = [(places.get(name), _default(table, name)) for name in wanted]
    return lambda row: [default if place is None else row[place] for place, default in sources]


def _default(table: Table, name: str) -> Any:  # noqa: ANN401
    column = table.c[name]
    if column.nullable:
        return None
    return 0 if isinstance(column.type, Integer) else b"" if isinstance(column.type, LargeBinary) else ""


def sum_of(secret: bytes, kind: str, rows: Iterable[Sequence[Any]]) -> int:
    """Return the sum of the rows' digests, whatever their order."""
    total = 0
    for row in rows:
        text = _written([kind, *row])
        made = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=secret, digest_size=_BYTES).digest()
        total += int.from_bytes(made, "big")
    return total % MODULUS


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    assert isinstance(value, bytes)
    return value.hex()


_written = json.JSONEncoder(default=_plain, ensure_ascii=False).encode  # json.dumps makes one for each row


def text(total: int) -> str:
    """Return a sum as it is stored, 64 hex digits."""
    return f"{total:0{2 * _BYTES}x}"


def link(secret: bytes, before: str, cells: Sequence[Any]) -> str:
    """Return the hash of a step: over the hash of the step before, its rows in tx and step, and its digest."""
    told = json.dumps([before, *cells], default=_plain)
    return hmac.digest(secret, told.encode(), "sha256").hex()
