"""What became of files, invoices and reconciliations, in a few words; and the page of everything produced."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from intake.folder import write
from model.agreement.terms import Contact
from model.documents import keys
from model.documents.chronicle import Chronicle, Happening
from model.documents.keys import DocumentKind
from model.documents.statement import ConsolidatedInvoice, Reconciliation
from model.exchange import BANK
from model.money.cents import format_dollars
from model.timeline import Month
from pipeline.runtime.workspace import Workspace
from pipeline.views.decided import WorkDecisionView
from pipeline.views.received import FileView, PaymentSetView
from store import agreements
from store.money import invoices
from store.received import outbox
from writers.reports import chronicle


def file(value: FileView) -> str:
    """Say what became of a file."""
    words = [f"{count} {kind.lower()}" for kind, count in value.counts.pairs]
    paid = [each.remittance for each in value.sets if isinstance(each, PaymentSetView) and each.remittance]
    words += [f"{format_dollars(remittance.amount_cents)} {remittance.state.lower()}" for remittance in paid]
    words += [each.reason for each in value.sets if each.kind == BANK]
    return f"{value.state}: {', '.join(words)}" if words else value.state


def decided(value: WorkDecisionView) -> str:
    """Say what a decision came to."""
    effect = value.effect
    counts = ", ".join(f"{count} {kind.lower()}" for kind, count in effect.counts) if effect else ""
    months = ", ".join(f"{m.month} {format_dollars(m.change_cents)}" for m in effect.months) if effect else ""
    told = [
        f"decision {value.decision}, {value.kind}",
        counts,
        f"the next invoice corrects {months}" if months else "",
    ]
    return "; ".join(filter(None, told))


def bills(ws: Workspace, group: str, month: Month) -> list[tuple[str, str, str]]:
    """Return a group's invoices for a month and their covers: what, how much, number."""
    with ws.database.read() as conn:
        issued = [
            found
            for invoice in invoices.listing(conn, group=group, month=month)
            if (found := invoices.find(conn, invoice.number, ws.vault.fields))
        ]
        items = outbox.of_kind(conn, DocumentKind.CONSOLIDATED, ws.vault.fields)
    rows = []
    for invoice in issued:
        retro = f" ({format_dollars(invoice.retro)} for earlier months)" if invoice.retro else ""
        people = f"{invoice.subscribers} subscriber{'s' if invoice.subscribers != 1 else ''}"
        outcome = f"{people}, {format_dollars(invoice.total_due)} due {invoice.due}{retro}"
        rows.append((f"invoice {invoice.number} for {month}, {invoice.subgroup_name}", outcome, invoice.number))
    covers = [item.statement for item in items if isinstance(item.statement, ConsolidatedInvoice)]
    for cover in covers:
        if (cover.group, cover.month) == (group, str(month)):
            outcome = f"{len(cover.bills)} bills, {format_dollars(cover.total_due)} due {cover.due}"
            rows.append((f"consolidated invoice {cover.number} for {month}", outcome, cover.number))
    return rows


def reconciled(ws: Workspace, group: str, month: Month) -> list[tuple[str, str]]:
    """Return a group's accounts, and what they came to when the month was last reconciled."""
    told = []
    for account in _reconciliation(ws, group, month).accounts:
        billed, paid, still = map(format_dollars, (account.billed, account.paid, account.open))
        told.append((f"account {account.account}", f"billed {billed}, paid {paid}, open {still}"))
    return told


def breaks(ws: Workspace, group: str, month: Month) -> str:
    """Say what did not agree when the month was last reconciled."""
    found = _reconciliation(ws, group, month).breaks
    return ", ".join(f"{count} {kind}" for kind, count in found) or "no breaks"


def _reconciliation(ws: Workspace, group: str, month: Month) -> Reconciliation:
    with ws.database.read() as conn:
        items = outbox.starting(conn, keys.reconciliation(group, month), ws.vault.fields)
    found = [item.statement for item in items if isinstance(item.statement, Reconciliation)]
    return found[-1]


def write_page(ws: Workspace, title: str, happenings: Sequence[Happening]) -> Path:
    """Write the page that lists all of it into the installation's folder; its links are relative to it."""
    with ws.database.read() as conn:
        carrier, known = agreements.carrier(conn), agreements.partners(conn)
    first, last = min(happening.day for happening in happenings), max(happening.day for happening in happenings)
    partners = {happening.partner for happening in happenings}
    page = chronicle.render(
        Chronicle(
            carrier=carrier.name if carrier else "",
            contact=carrier.contact if carrier else Contact(),
            title=title,
            subtitle=f"{first} to {last}",
            partners=tuple((partner.code, partner.name) for partner in known if partner.code in partners),
            happenings=tuple(happenings),
        )
    )
    return write(ws.settings.home, page.name, page.pieces())
