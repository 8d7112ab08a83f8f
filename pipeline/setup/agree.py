"""Agree: add partners, draft terms from a file that came, show what is agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from intake.folder import read_chunks
from model import naming
from model.agreement.terms import Partner, Terms
from parsers.terms import draft as drafting
from parsers.x12 import judge as parse
from pipeline.runtime.workspace import Workspace
from store import agreements, guards, journal
from store.engine import Connection


def keeping_grants(before: Partner | None, after: Partner) -> Partner:
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
        merged = keeping_grants(before, partner)
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
