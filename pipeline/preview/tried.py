"""What was tried, read from the store as it would be: every preview is collected here, whatever was tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from enrollment import previewed
from model.agreement.terms import Contact
from model.documents.preview import MOST, Preview, SetPreview
from model.documents.report import Omitted
from model.enrollment.effect import EntryTold
from model.exchange import StoredSet
from model.finding import Finding
from model.money.ledger import LedgerAccount
from pipeline.preview import bills
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection, Trial
from store.money import accounts, cash, ledger
from store.people import changed
from store.received import exchanges, files, omitted, pages

FINDINGS = 50  # of a file, the most severe


@dataclass(frozen=True, slots=True)
class FileTold:
    """What became of a file: its state and its sets', what is said of it, what is owed for it."""

    partner: str
    kind: str
    state: str
    sets: tuple[SetPreview, ...]
    findings: tuple[Finding, ...]
    severities: tuple[tuple[str, int], ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried, and by which digest it is named: a file, sets of one, or neither of them."""

    about: str
    digest: str
    file: FileTold | None = None
    set_ids: Sequence[int] = ()
    groups: frozenset[str] = frozenset()  # whose invoices it may change beside those that are seen
    documents: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def since(ws: Workspace) -> int:
    """Return the transaction after which everything is tried: to be asked before anything is."""
    with ws.database.read() as conn:
        return changed.newest(conn)


def told(ws: Workspace, tried: Tried, since: int, now: datetime) -> Preview:
    """Return the preview of what was tried in a trial, which is forgotten then."""
    with ws.database.read() as conn:
        preview, groups = _coverage(conn, tried, since, now)
        came = list(pages.came(conn, tried.set_ids, since))
        entries, paid = _payments(conn, tried.set_ids)
        preview = replace(
            preview,
            places=previewed.by_place(came),
            omitted=[each for each in omitted.of_sets(conn, tried.set_ids) if _lacks(each)],
            entries=entries,
        )
    touched = {*tried.groups, *groups, *paid, *(group for (group, *_), *_ in came if group)}
    then = bills.made(ws, touched, now, {})
    store = ws.database
    assert isinstance(store, Trial), "a preview is made of a trial"
    store.forget()
    invoices, retro = bills.compared(bills.made(ws, touched, now, then.months), then)
    return replace(preview, invoices=invoices, retro=retro)


def of_file(conn: Connection, file_id: str) -> FileTold:
    """Return what became of a file."""
    file = files.file(conn, file_id)
    owed = Counter((sent.kind, sent.partner) for sent in exchanges.answers(conn, file_id))
    return FileTold(
        file.partner,
        file.kind,
        file.state.value if file.state else "",
        tuple(_set(stored) for stored in files.sets_of(conn, file_id)),
        tuple(pages.most_severe(conn, file_id, FINDINGS)),
        tuple((kind.value, count) for kind, count in files.severities(conn, file_id).items()),
        tuple(_document(kind, partner, count) for (kind, partner), count in sorted(owed.items())),
    )


def _set(stored: StoredSet) -> SetPreview:
    return SetPreview(stored.control, stored.kind, stored.state.value if stored.state else "", stored.reason)


def _document(kind: str, partner: str, count: int) -> str:
    times = f"{count:,} x " if count > 1 else ""
    return f"{times}{kind} to {partner or 'us'}"


def _coverage(conn: Connection, tried: Tried, since: int, now: datetime) -> tuple[Preview, set[str]]:
    """Begin a preview with what of coverage has changed; return it with the groups whose coverage has."""
    carrier, file = agreements.carrier(conn), tried.file
    spans = list(changed.spans(conn, since))
    losses, tiers = previewed.losses(spans), list(previewed.tiers(spans))
    preview = Preview(
        about=tried.about,
        partner=file.partner if file else "",
        kind=file.kind if file else "",
        state=file.state if file else "",
        on=local_day(conn, now),
        carrier=carrier.name if carrier else "Rollbook",
        contact=carrier.contact if carrier else Contact(),
        digest=tried.digest,
        sets=file.sets if file else (),
        losses=losses[:MOST],
        lost=len(losses),
        tiers=sorted(tiers)[:MOST],
        levels=len(tiers),
        findings=file.findings if file else (),
        severities=file.severities if file else (),
        documents=file.documents if file else tried.documents,
        changes=tried.changes,
        uncovered=tried.uncovered,
        notes=tried.notes,
    )
    return preview, {span.group for span in spans}


def _lacks(each: Omitted) -> bool:
    return bool(each.subscribers or each.dependents or each.lines)


def _payments(conn: Connection, set_ids: Sequence[int]) -> tuple[list[EntryTold], set[str]]:
    """Return what payments post, the first MOST, and the groups whose accounts they touch."""
    papers = [paper for ident in set_ids if (paper := cash.of_set(conn, ident))]
    posted = [entry for paper in papers for entry in ledger.of_remittance(conn, paper.id)]
    owners = {LedgerAccount.read(side).owner for entry in posted for side in (entry.debit, entry.credit)}
    groups = {account.group for owner in owners if owner and (account := accounts.find(conn, owner))}
    return [EntryTold(t.debit, t.credit, t.cents, t.invoice) for t in posted[:MOST]], groups
