"""Agree: load terms and partners, draft them from a file that came, record them with their time and actor."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from intake.folder import read_chunks
from model import naming
from model.codes import found
from model.finding import Finding, Severity, Where
from model.terms import Partner, Terms, TermsFile
from parsers import draft as drafting
from parsers import judge as parse
from parsers import terms as reading
from pipeline.workspace import Workspace
from store import agreements, guards, journal
from store.engine import Connection


def load_terms(ws: Workspace, text: str, now: datetime) -> tuple[TermsFile | None, tuple[Finding, ...]]:
    """Load a terms file: ourselves, partners, a group. Nothing is stored when it holds an error."""
    loaded, findings = reading.load(text)
    if loaded is None or any(finding.severity is Severity.ERROR for finding in findings):
        return None, findings
    refused = ws.database.change(partial(_touched, loaded=loaded), lambda conn: _load(ws, conn, loaded, text, now))
    return (None, (*findings, *refused)) if refused else (loaded, findings)


def _touched(conn: Connection, loaded: TermsFile) -> set[str]:
    """Return the guards of what a terms file speaks of: ourselves, partners, the group and its accounts."""
    names = {guards.partner(one.code) for one in loaded.partners} | ({guards.CARRIER} if loaded.carrier else set())
    if loaded.terms:
        names |= guards.of_groups(conn, [loaded.terms.group])
        names |= {guards.account(subgroup.account) for subgroup in loaded.terms.subgroups}
    return names


def _load(ws: Workspace, conn: Connection, loaded: TermsFile, text: str, now: datetime) -> list[Finding]:
    """Store what a terms file says; return why it was not."""
    taken = agreements.taken_accounts(conn, loaded.terms) if loaded.terms else {}
    if taken:
        return [_taken(account, owner) for account, owner in taken.items()]
    tx = journal.open_tx(conn, now, ws.actor, "load terms")
    if loaded.carrier:
        agreements.save(conn, tx, loaded.carrier, text)
    if loaded.terms:
        agreements.save(conn, tx, loaded.terms, text)
    for partner in loaded.partners:
        before = agreements.partner(conn, partner.code)
        agreements.save(conn, tx, _keeping_grants(before, partner), text)
    names = [loaded.terms.group] if loaded.terms else []
    names += [partner.code for partner in loaded.partners]
    journal.audit(conn, tx, "terms loaded", ", ".join(names), f"{len(text)} characters of TOML")
    return []


def _taken(account: str, owner: str) -> Finding:
    return found("ACCOUNT-TAKEN", Where(), f"Billing account {account} belongs to group {owner}.")


def _keeping_grants(before: Partner | None, after: Partner) -> Partner:
    """Keep grants of groups that this file does not speak of: one partner may serve many groups (FAQ 12).

    A profile with group_from = "only" says that there is one group, so that nothing is kept beside it.
    """
    if before is None or (after.profile.group_from == "only" and after.grants):
        return after
    named = {grant.group for grant in after.grants}
    kept = tuple(grant for grant in before.grants if grant.group not in named)
    return replace(after, grants=(*after.grants, *kept))


def add_partner(ws: Workspace, partner: Partner, now: datetime) -> Partner:
    """Add a partner, or change the one of this code; its earlier grants and its channel stay.

    Raises model.naming.NotAName for codes that are none, of the partner or its groups.
    """
    for code in (partner.code, *(grant.group for grant in partner.grants)):
        naming.code(code)

    def work(conn: Connection) -> Partner:
        tx = journal.open_tx(conn, now, ws.actor, "add partner")
        before = agreements.partner(conn, partner.code)
        merged = _keeping_grants(before, partner)
        if before:  # the command line says nothing of channels, and perhaps nothing of companies
            merged = replace(merged, channel=before.channel, companies=merged.companies or before.companies)
        agreements.save(conn, tx, merged, "")
        journal.audit(conn, tx, "partner saved", partner.code, f"{len(merged.grants)} grants")
        return merged

    return ws.database.change(lambda conn: {guards.partner(partner.code)}, work)


def draft_terms(path: Path, partner: str = "") -> str:
    """Draft the terms that a file seems to follow, for an analyst to edit. Reads nothing but the file."""
    return drafting.draft(parse.judge(read_chunks(path)), partner)


def terms(ws: Workspace, group: str) -> Terms | None:
    """Return a group's terms as loaded last."""
    with ws.database.read() as conn:
        return agreements.terms(conn, group)


def terms_source(ws: Workspace, group: str) -> str:
    """Return the TOML a group's terms were loaded from; empty when there is none."""
    with ws.database.read() as conn:
        return agreements.source(conn, "terms", group) or ""


def partners(ws: Workspace) -> list[Partner]:
    """Return all partners, by code."""
    with ws.database.read() as conn:
        return agreements.partners(conn)


def partner(ws: Workspace, code: str) -> Partner | None:
    """Return one partner."""
    with ws.database.read() as conn:
        return agreements.partner(conn, code)
