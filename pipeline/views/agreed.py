"""What is agreed, with groups and with partners, and who gets what by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from model.agreement.grants import READ
from model.agreement.terms import Partner, Terms
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from store import agreements


def terms(ws: Workspace, group: str) -> Terms | None:
    """Return a group's terms as loaded last."""
    with ws.database.read() as conn:
        return agreements.terms(conn, group)


def terms_source(ws: Workspace, group: str) -> str:
    """Return the TOML a group's terms were loaded from; empty when there is none."""
    with ws.database.read() as conn:
        return agreements.source(conn, "terms", group) or ""


def partner(ws: Workspace, code: str) -> Partner | None:
    """Return one partner."""
    with ws.database.read() as conn:
        return agreements.partner(conn, code)


def receivers(partners: Iterable[Partner], group: str, today: date, subgroup: str | None = None) -> list[str]:
    """Return who gets a subgroup's bill, or (None) what is about the whole group; [""] when nobody does.

    Of those who may read all that it is about on that day: the employers, else all of them.
    """
    reaches = [(partner, partner.reach(READ, group, today)) for partner in partners]
    granted: Mapping[str, Partner] = {
        partner.code: partner
        for partner, reach in reaches
        if (reach.whole if subgroup is None else reach.covers(subgroup))
    }
    employers = [code for code, partner in granted.items() if partner.kind == "employer"]
    return employers or list(granted) or [""]


def receiver(ws: Workspace, group: str, code: str, now: datetime) -> Partner | None:
    """Return the partner named, or else the one who gets the group's bills; None when there is none."""
    with ws.database.read() as conn:
        carrier = agreements.carrier(conn)
        assert carrier is not None, "the caller names a group that was loaded"
        today = clock.local_date(now, carrier.time_zone)
        return agreements.partner(conn, code or receivers(agreements.partners(conn), group, today)[0])


def may_read(ws: Workspace, group: str, partner: Partner, now: datetime) -> bool:
    """Say whether the partner may be handed any of the group's roster today."""
    return partner.may(READ, group, clock.local_date(now, ws.zone()))
