"""Standing rules of payers: to which account money belongs that comes with the same words.

Dated by what was known: a rule that was ended stays, with when. The words are found by token; what people read of
them is masked and sealed. Source: docs/domain.md, Suspense.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select, update

from model.timeline import Then
from store import cells, chain, counters
from store.bulk import add_row, among
from store.tables import payer_rule, tx
from store.then import known, recorded
from vault.fields import FieldCipher

COUNTER = "payer-rule"


@dataclass(frozen=True, slots=True)
class PayerRule:
    """One rule: `said` is what is written, masked; `made_at` and `ended_at` (UTC) are when it was so."""

    number: int
    partner: str
    said: str
    account: str
    made_at: datetime
    ended_at: datetime | None = None


def add(
    conn: Connection, tx_id: int, partner: str, token: str, said: str, account: str, cipher: FieldCipher
) -> int:
    """Keep a rule of a partner; return its number. Among the last statements of its transaction: it takes one.

    The database refuses a second one for the same words.
    """
    number = counters.take(conn, COUNTER)
    row = {"id": number, "partner": partner, "token": token, "account": account, "tx_from": tx_id}
    return add_row(conn, payer_rule, {**row, "said": cipher.seal(said, cells.payer_rule(number))})


def end(conn: Connection, tx_id: int, number: int) -> None:
    """End a rule. Raises LookupError where there is none of this number, or it was ended."""
    mine = (payer_rule.c.id == number, known(payer_rule))
    if conn.execute(update(payer_rule).where(*mine).values(tx_to=tx_id)).rowcount != 1:
        raise LookupError(f"there is no rule {number}")
    chain.of(conn).close(payer_rule, [number])


def meant(conn: Connection, partner: str, tokens: Collection[str]) -> Mapping[str, tuple[int, str]]:
    """Return a partner's rules among some tokens, by token: number and account."""
    if not tokens:
        return {}
    rows = select(payer_rule.c.token, payer_rule.c.id, payer_rule.c.account)
    mine = (payer_rule.c.partner == partner, among(conn, payer_rule.c.token, tokens), known(payer_rule))
    return {row.token: (row.id, row.account) for row in conn.execute(rows.where(*mine))}


def find(conn: Connection, number: int, cipher: FieldCipher) -> PayerRule | None:
    """Return the rule of a number, ended or not; None for none."""
    return next(iter(_read(conn, cipher, payer_rule.c.id == number)), None)


def listing(
    conn: Connection, cipher: FieldCipher, partner: str = "", then: Then | None = None, *, ended: bool = False
) -> list[PayerRule]:
    """Return the rules that stand, or stood then, of a partner or of all, by number; with those that had ended."""
    which = [recorded(payer_rule.c.tx_from, then) if ended else known(payer_rule, then)]
    which += [payer_rule.c.partner == partner] if partner else []
    return _read(conn, cipher, *which, then=then)


def _read(
    conn: Connection, cipher: FieldCipher, *which: ColumnElement[bool], then: Then | None = None
) -> list[PayerRule]:
    began, ended = tx.alias("began"), tx.alias("ended")
    query = (
        select(payer_rule, began.c.at.label("made_at"), ended.c.at.label("ended_at"))
        .join(began, began.c.id == payer_rule.c.tx_from)
        .outerjoin(ended, and_(ended.c.id == payer_rule.c.tx_to, recorded(payer_rule.c.tx_to, then)))
        .where(*which)
        .order_by(payer_rule.c.id)
    )
    return [
        PayerRule(
            row.id,
            row.partner,
            cipher.open(row.said, cells.payer_rule(row.id)),
            row.account,
            row.made_at,
            row.ended_at,
        )
        for row in conn.execute(query)
    ]
