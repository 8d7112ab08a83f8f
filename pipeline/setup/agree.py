"""Agree: add partners, and change them; grants that a new word does not speak of stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from model import naming
from model.agreement.terms import Partner
from model.journal import Act, InputKind, Purpose
from pipeline.runtime import channels
from pipeline.runtime.workspace import Workspace
from store import agreements, guards, journal, jsonvalue
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
    """Add a partner, or change the one of this code (its earlier grants and channel stay); make its folders.

    Raises model.naming.NotAName for codes that are none, of the partner or its groups.
    """
    for code in (partner.code, *(grant.group for grant in partner.grants)):
        naming.code(code)

    def work(conn: Connection) -> Partner:
        tx = ws.step(conn, Purpose.ADD_PARTNER, ws.asked(InputKind.TERMS, now, partner=jsonvalue.dump(partner)))
        before = agreements.partner(conn, partner.code)
        merged = keeping_grants(before, partner)
        if before:  # the command line says nothing of channels, and perhaps nothing of companies
            merged = replace(merged, channel=before.channel, companies=merged.companies or before.companies)
        agreements.save(conn, tx, merged, "")
        journal.audit(conn, tx, Act.PARTNER_SAVED, partner.code, f"{len(merged.grants)} grants")
        return merged

    saved = ws.database.change(lambda conn: {guards.partner(partner.code)}, work)
    channels.furnish(ws, saved)
    return saved
