"""Advise: the 824 owed for each set that our application took, once it is decided (docs/domain.md, The 824).

What is owed and said is exchange.advice's to say; here it is asked of what the store holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from exchange import advice
from exchange.agreed import Parties
from model.agreement.answers import NEVER
from model.documents import keys
from model.documents.keys import DocumentKind
from model.exchange import ReceivedFile, StoredSet
from model.finding import Finding
from parsers.x12.conformance import data_element
from pipeline.answer import acknowledgments
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection
from store.money import cash
from store.received import envelopes, files, outbox
from store.received.outbox import Owed


def owe(ws: Workspace, conn: Connection, tx: int, file: ReceivedFile) -> None:
    """Put the 824s of a file into the outbox, as its partner agreed; what is owed already is not owed again."""
    partner = agreements.partner(conn, file.partner)
    if partner is None or partner.answers.advice824 == NEVER:
        return
    found: dict[int | None, list[Finding]] = {}
    for set_id, _, finding in files.findings_of(conn, file.id):
        found.setdefault(set_id, []).append(finding)
    parties = acknowledgments.parties(file, agreements.carrier(conn), partner)
    decided = [stored for stored in files.sets_of(conn, file.id) if stored.kind in advice.KINDS and stored.state]
    advices = [
        _owed(conn, parties, stored, found.get(stored.id, ()))
        for stored in decided
        if envelopes.let_in(conn, stored.id)
    ]
    outbox.owe(conn, tx, [each for each in advices if each], ws.vault.fields)


def _owed(conn: Connection, parties: Parties, stored: StoredSet, findings: Sequence[Finding]) -> Owed | None:
    told = advice.told(findings)
    if stored.kind == "820":
        paper = cash.of_set(conn, stored.id)
        outcome = advice.outcome(stored, told, payment=paper.state if paper else None)
    else:
        dispositions = {row.disposition for row in files.dispositions_of(conn, stored.id)}
        outcome = advice.outcome(stored, told, dispositions=dispositions)
    if not advice.is_owed(parties, outcome):
        return None
    errors = advice.errors(told, stored.kind, stored.version, stored.segment, data_element)
    statement = advice.statement(parties, envelopes.of_set(conn, stored.id), stored, outcome, errors)
    key = str(keys.advice824(stored.id, stored.state))
    return Owed(key, parties.partner.code, DocumentKind.ADVICE824, statement, stored.file_id)
