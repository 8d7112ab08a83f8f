"""Money in suspense line by line, with what each line names and how old it is (FAQ 32)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.money.remittance import Remittance
from model.trade.payment import SSN
from pipeline.runtime.workspace import Workspace
from pipeline.views.payments import HeldLineView
from store import agreements
from store.engine import Connection
from store.money import cash, deposits, unplaced
from vault.ssn import mask_key, mask_said


def held_lines(ws: Workspace, conn: Connection, today: date) -> Iterator[HeldLineView]:
    """Yield what lies in suspense, by partner, remittance and line; each paper is read once."""
    held = unplaced.suspended(conn, agreements.partner_codes(conn))
    papers = cash.some(conn, {each.remittance for each in held} - {0})
    banked = {each.remittance: each.received for each in deposits.behind(conn, (), list(papers))}
    bodies = {ident: cash.remittance(conn, ident, ws.vault.fields) for ident in papers}
    for each in held:
        since = banked.get(each.remittance) or papers[each.remittance].effective
        age = max(0, (today - since).days) if since else 0
        names = _names(bodies[each.remittance], each.line)
        payment = f"R{each.remittance}"
        yield HeldLineView(payment, each.line, each.partner, each.group, names, each.cents, since, age)


def _names(body: Remittance, number: int) -> str:
    line = next((line for line in body.lines if line.number == number), None)
    if line is None:
        return "the payment as a whole"
    said = mask_said(line.person_id, ssn=line.person_qualifier == SSN) if line.person_id else ""
    return " ".join(filter(None, (line.qualifier, mask_key(line.reference), said)))
