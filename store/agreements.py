"""What is agreed: ourselves, partners, each group's terms; and the group and account rows that work locks.

Agreements are data with recorded time (docs/design.md, Terms are data; docs/design.md, Two times): saving one
closes the earlier one, nothing is lost.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, func, or_, select, text, update

from model.agreement.terms import Carrier, Partner, Terms
from model.journal import Purpose
from model.timeline import Then
from store import chain
from store.bulk import add_row, among
from store.jsonvalue import dump, load
from store.tables import agreement, billing_account, employer_group, input, step, tx
from store.then import known

CARRIER, PARTNER, TERMS = "carrier", "partner", "terms"

_OF_CODE = select(agreement.c.id, agreement.c.body, agreement.c.source, agreement.c.tx_from).where(
    agreement.c.kind == bindparam("kind"), agreement.c.code == bindparam("code")
)
_IN_FORCE = _OF_CODE.where(known(agreement))
_ADD_GROUP = text("INSERT INTO employer_group (number) VALUES (:number) ON CONFLICT (number) DO NOTHING")
_ADD_ACCOUNT = text(
    "INSERT INTO billing_account (number, group_id, subgroup, held_by) "
    "VALUES (:number, :group_id, :subgroup, :held_by) "
    "ON CONFLICT (number) DO UPDATE SET subgroup = excluded.subgroup"
)
_ADD_FORMER = text(
    "INSERT INTO billing_account (number, group_id, subgroup, held_by) "
    "VALUES (:number, :group_id, :subgroup, :held_by) ON CONFLICT (number) DO NOTHING"
)


def save(conn: Connection, tx: int, value: Carrier | Partner | Terms, source: str = "") -> bool:
    """Make this the agreement from now on; `source` is the TOML it came from. False: nothing was new.

    Terms also get their employer_group and billing_account rows. Raises ValueError when an account is
    another group's (ask `taken_accounts` first, to answer with a finding).
    """
    kind, code = _identity(value)
    body = dump(value)
    current = _current(conn, kind, code)
    if isinstance(value, Terms):
        _add_rows(conn, value)
    if current and (current.body, current.source) == (body, source):
        return False
    if current:
        conn.execute(update(agreement).where(agreement.c.id == current.id).values(tx_to=tx))
        chain.of(conn).close(agreement, [current.id])
    add_row(conn, agreement, {"kind": kind, "code": code, "source": source, "body": body, "tx_from": tx})
    chain.of(conn).terms = True
    return True


def carrier(conn: Connection, then: Then | None = None) -> Carrier | None:
    """Return ourselves; None before the first terms are loaded."""
    row = _current(conn, CARRIER, "", then)
    return _carrier(row.body) if row else None


def partner(conn: Connection, code: str, then: Then | None = None) -> Partner | None:
    """Return a partner, None for one we do not know."""
    row = _current(conn, PARTNER, code, then)
    return _partner(row.body) if row else None


def partner_judged(conn: Connection, code: str, file_id: str) -> Partner | None:
    """Return a partner as it was agreed when a file of its was judged; as it is now where that is not known."""
    judged = select(func.min(tx.c.id)).join_from(tx, input, input.c.id == tx.c.input_id)
    at = conn.scalar(judged.where(input.c.key == file_id, tx.c.what == Purpose.JUDGE.value))
    then = and_(agreement.c.tx_from <= at, or_(agreement.c.tx_to.is_(None), agreement.c.tx_to > at))
    mine = select(agreement.c.body).where(agreement.c.kind == PARTNER, agreement.c.code == code, then)
    body = conn.scalar(mine) if at else None
    return _partner(body) if body else partner(conn, code)


def partners(conn: Connection, then: Then | None = None) -> list[Partner]:
    """Return every partner, by code."""
    return [_partner(row.body) for row in _all(conn, PARTNER, then=then)]


def partner_codes(conn: Connection) -> list[str]:
    """Return every partner's code, in order."""
    return sorted(conn.scalars(select(agreement.c.code).where(agreement.c.kind == PARTNER, known(agreement))))


def partners_ever(conn: Connection) -> dict[str, list[tuple[datetime, Partner]]]:
    """Return every agreement with each partner, oldest first, with the instant from which on it stood."""
    rows = select(agreement.c.code, agreement.c.body, tx.c.at).join_from(
        agreement, tx, tx.c.id == agreement.c.tx_from
    )
    found: dict[str, list[tuple[datetime, Partner]]] = {}
    for row in conn.execute(rows.where(agreement.c.kind == PARTNER).order_by(agreement.c.id)):
        found.setdefault(row.code, []).append((row.at, _partner(row.body)))
    return found


def terms(conn: Connection, number: str, then: Then | None = None) -> Terms | None:
    """Return a group's terms, None for a group we do not know."""
    row = _current(conn, TERMS, number, then)
    return _terms(row.body) if row else None


def all_terms(conn: Connection) -> dict[str, Terms]:
    """Return every group's terms by group number."""
    return {row.code: _terms(row.body) for row in _all(conn, TERMS)}


def granted(conn: Connection, partner: Partner) -> dict[str, Terms]:
    """Return the terms of the groups that a partner was ever granted anything of, by group number."""
    named = among(conn, agreement.c.code, {grant.group for grant in partner.grants})
    return {row.code: _terms(row.body) for row in _all(conn, TERMS, named)}


def terms_ever(conn: Connection, number: str) -> list[tuple[datetime, Terms]]:
    """Return every agreement with a group, oldest first, each with the instant from which on it stood."""
    rows = select(agreement.c.body, tx.c.at).join_from(agreement, tx, tx.c.id == agreement.c.tx_from)
    mine = rows.where(agreement.c.kind == TERMS, agreement.c.code == number).order_by(agreement.c.id)
    return [(row.at, _terms(row.body)) for row in conn.execute(mine)]


def terms_through(conn: Connection, numbers: Collection[str], then: Then) -> list[tuple[int, Terms]]:
    """Return every agreement with some groups that was known by then, oldest first, each with its step."""
    rows = select(agreement.c.body, step.c.seq).join_from(agreement, step, step.c.tx == agreement.c.tx_from)
    rows = rows.where(agreement.c.kind == TERMS, among(conn, agreement.c.code, numbers), step.c.seq <= then.step)
    return [(row.seq, _terms(row.body)) for row in conn.execute(rows.order_by(step.c.seq))]


def groups(conn: Connection) -> list[str]:
    """Return the number of every group with terms, in order."""
    agreed = select(agreement.c.code).where(agreement.c.kind == TERMS, known(agreement))
    return sorted(conn.scalars(agreed))


def source(conn: Connection, kind: str, code: str) -> str:
    """Return the TOML an agreement (carrier, partner, terms) was loaded from; empty when there is none."""
    row = _current(conn, kind, code)
    return row.source if row else ""


def loaded_tx(conn: Connection, kind: str, code: str) -> int:
    """Return the transaction that loaded the agreement in force; 0 when there is none."""
    row = _current(conn, kind, code)
    return row.tx_from if row else 0


def loaded(conn: Connection, partner: str, groups: Collection[str]) -> list[tuple[str, str, int]]:
    """Return kind, code and row id of the agreements in force with a partner and with groups."""
    query = select(agreement.c.kind, agreement.c.code, agreement.c.id).where(agreement.c.tx_to.is_(None))
    mine = and_(agreement.c.kind == PARTNER, agreement.c.code == partner)
    theirs = and_(agreement.c.kind == TERMS, among(conn, agreement.c.code, groups))
    return sorted((row.kind, row.code, row.id) for row in conn.execute(query.where(or_(mine, theirs))))


def taken_accounts(conn: Connection, value: Terms) -> dict[str, str]:
    """Return those account numbers of these terms that are another group's, with that group's number."""
    numbers = [number for subgroup in value.subgroups for number in subgroup.accounts]
    owner = select(billing_account.c.number, employer_group.c.number.label("owner")).join(employer_group)
    rows = conn.execute(owner.where(among(conn, billing_account.c.number, numbers)))
    return dict(sorted((row.number, row.owner) for row in rows if row.owner != value.group))


def group_ids(conn: Connection, numbers: Collection[str]) -> dict[str, int]:
    """Return the row ids of the known groups among these, by number."""
    return _ids(conn.execute(_groups(conn, numbers)).all())


def bump_groups(conn: Connection, ids: Collection[int]) -> dict[int, int]:
    """Raise each group's version, as every commit to it does; return the new versions by id.

    See docs/design.md, Two databases.
    """
    raised = update(employer_group).where(among(conn, employer_group.c.id, ids))
    raised = raised.values(version=employer_group.c.version + 1)
    rows = conn.execute(raised.returning(employer_group.c.id, employer_group.c.version))
    return {row.id: row.version for row in rows}


def versions(conn: Connection, ids: Collection[int]) -> dict[int, int]:
    """Return the versions of groups by id: unchanged since means nothing was applied to them since."""
    rows = select(employer_group.c.id, employer_group.c.version).where(among(conn, employer_group.c.id, ids))
    return {row.id: row.version for row in conn.execute(rows)}


def _identity(value: Carrier | Partner | Terms) -> tuple[str, str]:
    if isinstance(value, Carrier):
        return CARRIER, ""
    return (PARTNER, value.code) if isinstance(value, Partner) else (TERMS, value.group)


def _current(
    conn: Connection, kind: str, code: str, then: Then | None = None
) -> Row[tuple[int, str, str, int]] | None:
    query = _IN_FORCE if then is None else _OF_CODE.where(known(agreement, then))
    return conn.execute(query, {"kind": kind, "code": code}).one_or_none()


def _all(
    conn: Connection, kind: str, *which: ColumnElement[bool], then: Then | None = None
) -> list[Row[tuple[str, str]]]:
    mine = select(agreement.c.code, agreement.c.body).where(agreement.c.kind == kind, known(agreement, then))
    rows = conn.execute(mine.where(*which))
    return sorted(rows.all(), key=lambda row: row.code)  # not the database's collation


# The same text is read once: nobody changes an agreement that was read.


@lru_cache(maxsize=16)
def _carrier(body: str) -> Carrier:
    return load(Carrier, body)


@lru_cache(maxsize=256)
def _partner(body: str) -> Partner:
    return load(Partner, body)


@lru_cache(maxsize=256)
def _terms(body: str) -> Terms:
    return load(Terms, body)


def _add_rows(conn: Connection, value: Terms) -> None:
    conn.execute(_ADD_GROUP, {"number": value.group})
    if taken := taken_accounts(conn, value):
        account, owner = next(iter(taken.items()))
        raise ValueError(f"account {account} belongs to group {owner}")
    group = group_ids(conn, [value.group])[value.group]
    for subgroup in value.subgroups:
        row = {"group_id": group, "subgroup": subgroup.code, "held_by": subgroup.account}
        for former in subgroup.former:  # it keeps its own books until they move
            conn.execute(_ADD_FORMER, row | {"number": former.number})
        conn.execute(_ADD_ACCOUNT, row | {"number": subgroup.account})


def _groups(conn: Connection, numbers: Collection[str]) -> Select[tuple[str, int]]:
    rows = select(employer_group.c.number, employer_group.c.id).order_by(employer_group.c.id)
    return rows.where(among(conn, employer_group.c.number, numbers))


def _ids(rows: Collection[Row[tuple[str, int]]]) -> dict[str, int]:
    return {row.number: row.id for row in rows}
