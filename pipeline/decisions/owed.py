"""Which documents a decision owes, and to whom."""

from __future__ import annotations

from exchange import advice
from model.agreement.answers import NEVER
from model.documents.keys import DocumentKind
from model.exchange import StoredSet
from store import agreements
from store.engine import Connection
from store.received import envelopes


def owed(conn: Connection, stored: StoredSet) -> list[str]:
    """Say which documents a decision on a set owes, and to whom."""
    documents = [f"{DocumentKind.SUPPLEMENT} to {stored.partner}"]
    partner = agreements.partner(conn, stored.partner)
    advised = partner is not None and partner.answers.advice824 != NEVER and stored.kind in advice.KINDS
    if advised and envelopes.let_in(conn, stored.id):
        documents.append(f"{DocumentKind.ADVICE824} to {stored.partner}, as agreed")
    return documents
