"""Guards: the names under which writes of the same things follow one another (docs/design.md, Guards).

A guard is a row with a version that each write of what it names raises first. PostgreSQL's REPEATABLE READ shows a
write what was committed when it began; where another one raised the same row since then, it is told to begin
again, and so decides on what is there. A row that was only locked would tell nothing.

Every name is made here, so that two writes that touch the same thing cannot call it differently.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection

from sqlalchemy import Connection, select

from store import dialects
from store.bulk import among
from store.tables import billing_account, employer_group

CARRIER = "carrier"  # ourselves
OPERATORS = "operators"  # who may do what
BANK = "bank"  # what the bank sent
NIGHT = "night"  # which parts of which nights were done
STORE = "store"  # the store itself: its keys, and numbers that are raised after a restore
_LONGEST = 100  # characters of a name that is shown as it is


def group(number: str) -> str:
    """Name a group: its roster, its terms, its bills."""
    return _name("group", number)


def account(number: str) -> str:
    """Name a billing account: its money."""
    return _name("account", number)


def trace(number: str) -> str:
    """Name what papers of one trace number (TRN02) become: remittances and deposits find each other by it.

    The payer and the amount are left out on purpose: what almost matches is looked at, too.
    """
    return _name("trace", number.strip())


def partner(code: str) -> str:
    """Name what is agreed with a partner, and which of its interchanges were seen."""
    return _name("partner", code)


def inbox(code: str) -> str:
    """Name what a partner's channel brings. Apart from `partner`, so that no claim waits for a judge."""
    return _name("inbox", code)


def file(ident: str) -> str:
    """Name what a received file comes to: its state and its answers."""
    return _name("file", ident)


def item(ident: int) -> str:
    """Name one thing owed in the outbox."""
    return _name("item", str(ident))


def work(number: int) -> str:
    """Name one piece of open work."""
    return _name("work", str(number))


def _name(kind: str, text: str) -> str:
    """Return a guard's name; a sender's text may be anything, and is hashed where it does not fit."""
    if len(text) > _LONGEST or not text.isprintable():
        text = f"#{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"
    return f"{kind}:{text}"


def of_groups(conn: Connection, numbers: Collection[str]) -> set[str]:
    """Return the guards of groups' money: the groups, and every account that is or ever was theirs."""
    return {group(number) for number in numbers} | of_accounts(conn, numbers)


def of_accounts(conn: Connection, groups: Collection[str]) -> set[str]:
    """Return the guards of every account that is or ever was one of these groups'."""
    owned = select(billing_account.c.number).join(employer_group)
    return {account(number) for number in conn.scalars(owned.where(among(conn, employer_group.c.number, groups)))}


def bump(conn: Connection, names: Collection[str]) -> None:
    """Raise each guard's version, in name order, in one statement: the first of a write (Database.change)."""
    if names:
        conn.execute(dialects.of(conn).RAISE_GUARDS, {"names": json.dumps(sorted(names))})
