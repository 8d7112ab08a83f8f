"""What is agreed, with groups and with partners, and who gets what by it; terms drafted from a file that came."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from intake.folder import read_chunks
from model.agreement.grants import READ
from model.agreement.terms import Partner, Terms
from parsers.census import sheet
from parsers.terms import census_map as mapping
from parsers.terms import draft as drafting
from parsers.terms import draft_sheet
from parsers.x12 import judge as parse
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from store import agreements


def draft_terms(path: Path, today: date, partner: str = "") -> str:
    """Draft the terms that a file seems to follow, for an analyst to edit. Reads nothing but the file."""
    data = next(iter(read_chunks(path)), b"")
    if sheet.recognise(data[: sheet.HEAD]):
        return draft_sheet.draft(b"".join(read_chunks(path)), today, partner)
    return drafting.draft(parse.judge(read_chunks(path)), partner)


def is_empty(draft: str) -> bool:
    """Say whether a draft has neither a group nor who sends, since nothing of its file shows one."""
    shown = tomllib.loads(draft)
    return "group" not in shown and not any(partner.get("isa_ids") for partner in shown.get("partner", ()))


def census_map(path: Path, today: date) -> str:
    """Return what the headings of a spreadsheet seem to mean, as [partner.census]. Reads nothing but the file."""
    return mapping.written(b"".join(read_chunks(path)), today)


def cautions(draft: str) -> list[str]:
    """Return what a draft says loudly: what an analyst must see before it is loaded."""
    return [line.removeprefix("# ") for line in draft.splitlines() if line.startswith("# !!!")]


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
