"""Owe a group's partners the notice of coverage that ends by itself (docs/domain.md, The end of an agreement)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import count

from model.agreement.terms import Terms
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.notice import Notice, NoticeOf, NoticeRow
from pipeline.runtime.workspace import Workspace
from pipeline.views.agreed import receivers
from store import agreements
from store.engine import Connection
from store.received import outbox, statement_rows


def readers(conn: Connection, group: str, today: date, subgroup: str) -> list[str]:
    """Return which partners hear of a subgroup, or ("") of the whole group; nobody may."""
    return [code for code in receivers(agreements.partners(conn), group, today, subgroup or None) if code]


def owe(
    ws: Workspace, conn: Connection, tx: int, terms: Terms, about: NoticeOf, today: date, rows: Iterable[NoticeRow]
) -> list[str]:
    """Owe the notice of these ends to whoever may read the subgroups they are of; return these partners.

    Of a subgroup that nobody may read nobody hears.
    """
    partners = agreements.partners(conn)
    by_subgroup: dict[str, list[NoticeRow]] = defaultdict(list)
    for row in rows:
        by_subgroup[row.subgroup].append(row)
    theirs: dict[str, list[NoticeRow]] = defaultdict(list)
    for subgroup, ends in by_subgroup.items():
        for code in receivers(partners, terms.group, today, subgroup or None):
            theirs[code].extend(ends)
    carrier = agreements.carrier(conn)
    assert carrier is not None, "terms are loaded after ourselves"
    for code in sorted(set(theirs) - {""}):
        parts = (about, terms.group, today, code)
        number = next(each for each in count(1) if not outbox.is_owed(conn, str(keys.notice(*parts, each))))
        key = str(keys.notice(*parts, number))
        placed = ((0, 0, number, row) for number, row in enumerate(theirs[code], 1))
        statement_rows.keep(conn, key, DocumentKind.NOTICE, placed, ws.vault.fields)
        contact = terms.whom_to_ask(carrier)
        told = Notice(carrier.name, contact, code, terms.group, terms.name, about, today, number=number)
        outbox.put(conn, tx, key, code, DocumentKind.NOTICE, told, None, ws.vault.fields)
    return sorted(set(theirs) - {""})
