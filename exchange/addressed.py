"""Who writes to whom: why an interchange or a functional group is not ours to take, whatever its syntax.

The channel says who the partner is; ISA and GS must agree with it (docs/design.md, The channel). Pure: what came
before is not asked here.
"""

from __future__ import annotations

from dataclasses import replace

from model.agreement.terms import Carrier, Partner
from model.codes import found
from model.finding import Finding, Where
from model.x12 import FunctionalGroup, Interchange


def interchange(item: Interchange, carrier: Carrier | None, partner: Partner) -> Finding | None:
    """Say why an interchange is not taken: it is not to us, or not from this partner."""
    where = Where(interchange=item.control, segment=item.segment, segment_id="ISA", offset=item.start)
    ours = carrier.isa_ids if carrier else ()
    if (item.receiver_qualifier, item.receiver) not in ours:
        return found("RECEIVER-NOT-US", replace(where, element=8))
    if (item.sender_qualifier, item.sender) not in partner.isa_ids:
        return found("SENDER-NOT-PARTNER", replace(where, element=6))
    return None


def group(item: FunctionalGroup, carrier: Carrier | None, partner: Partner) -> Finding | None:
    """Say why a functional group is not taken: its application identities were not agreed."""
    where = Where(group=item.control, segment=item.segment, segment_id="GS", offset=item.start)
    if partner.gs_ids and item.sender not in partner.gs_ids:
        return found("GROUP-NOT-OURS", replace(where, element=2))
    if carrier and carrier.gs_ids and item.receiver not in carrier.gs_ids:
        return found("GROUP-NOT-OURS", replace(where, element=3))
    return None
