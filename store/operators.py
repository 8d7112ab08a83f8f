"""The people who work with the installation, with recorded time: a change closes the earlier row."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from model.people import Operator, folded
from store import chain
from store.bulk import add_row
from store.jsonvalue import dump, load
from store.tables import operator


def known(conn: Connection) -> tuple[Operator, ...]:
    """Return everybody who is known now, disabled or not, by name."""
    rows = conn.execute(select(operator.c.name, operator.c.body).where(operator.c.tx_to.is_(None)))
    return tuple(load(Operator, row.body) for row in sorted(rows.all(), key=lambda row: row.name))


def by_login(conn: Connection, login: str) -> Operator | None:
    """Return who works under a login, disabled or not; None: nobody does."""
    return next((each for each in known(conn) if login in each.logins), None)


def save(conn: Connection, tx: int, value: Operator) -> bool:
    """Make this what is known of a person from now on. False: nothing was new.

    Whether anybody may is model.rights' to say, under the guard `operators`.
    """
    name, body = folded(value.name), dump(value)
    current = conn.execute(
        select(operator.c.id, operator.c.body).where(operator.c.name == name, operator.c.tx_to.is_(None))
    ).one_or_none()
    if current and current.body == body:
        return False
    if current:
        conn.execute(update(operator).where(operator.c.id == current.id).values(tx_to=tx))
        chain.of(conn).close(operator, [current.id])
    add_row(conn, operator, {"name": name, "body": body, "tx_from": tx})
    return True
