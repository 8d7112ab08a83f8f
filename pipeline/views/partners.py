"""Partners as they are shown: identities, grants, and the switches that are theirs.

The tables of switches (profile, channel, answers) are shown as they are declared in model.agreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from model.agreement.answers import Answers
from model.agreement.channel import Channel
from model.agreement.profile import PartnerProfile
from model.agreement.terms import Partner
from pipeline.runtime.workspace import Workspace
from pipeline.views.plain import ContactView, SpanView, of_fields
from store import agreements


@dataclass(frozen=True, slots=True)
class GrantView:
    """What a partner may do for a group, or for some `subgroups` (empty: all), in this span, inclusive."""

    group: str
    span: SpanView
    subgroups: tuple[str, ...]
    actions: tuple[Literal["enroll", "pay", "read"], ...]


@dataclass(frozen=True, slots=True)
class PartnerView:
    """A trading partner. `isa_ids` are pairs of ISA05 and ISA06, `gs_ids` GS02 values, empty: any.

    `companies` are the identifiers under which it pays (BPR10).
    """

    code: str
    name: str
    kind: str
    isa_ids: tuple[tuple[str, str], ...]
    gs_ids: tuple[str, ...]
    contact: ContactView
    grants: tuple[GrantView, ...]
    profile: PartnerProfile
    channel: Channel
    answers: Answers
    companies: tuple[str, ...]


def partner_list(ws: Workspace) -> list[PartnerView]:
    """Return all partners, by code."""
    with ws.database.read() as conn:
        return [partner_view(partner) for partner in agreements.partners(conn)]


def partner_value(ws: Workspace, code: str) -> PartnerView | None:
    """Return one partner; None for one we do not know."""
    with ws.database.read() as conn:
        partner = agreements.partner(conn, code)
    return partner_view(partner) if partner else None


def partner_view(partner: Partner) -> PartnerView:
    """Return a partner as it is shown."""
    grants = tuple(of_fields(GrantView, grant, span=SpanView.of(grant.span)) for grant in partner.grants)
    return of_fields(PartnerView, partner, contact=of_fields(ContactView, partner.contact), grants=grants)
