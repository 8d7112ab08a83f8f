"""Who writes to whom: why an interchange or a functional group is not ours to take, whatever its syntax.

The channel says who the partner is; ISA and GS must agree with it (docs/design.md, The channel). Pure: whether an
interchange came before is told by who knows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from model.agreement.terms import Carrier, Partner
from model.codes import found
from model.finding import Finding, Where
from model.x12 import FunctionalGroup, Interchange


@dataclass(frozen=True, slots=True)
class Parties:
    """Between whom an interchange goes: we, and the partner of the channel that brought it, as agreed.

    `at` is the plan's local time of its receipt; `before` the file in which it came before, empty: in none.
    """

    carrier: Carrier | None
    partner: Partner
    at: datetime
    before: str = ""


def interchange(item: Interchange, parties: Parties) -> Finding | None:
    """Say why an interchange is not taken: it is not to us, or not from this partner, or came before."""
    where = Where(interchange=item.control, segment=item.segment, segment_id="ISA", offset=item.start)
    ours = parties.carrier.isa_ids if parties.carrier else ()
    if (item.receiver_qualifier, item.receiver) not in ours:
        return found("RECEIVER-NOT-US", replace(where, element=8))
    if (item.sender_qualifier, item.sender) not in parties.partner.isa_ids:
        return found("SENDER-NOT-PARTNER", replace(where, element=6))
    if parties.before:
        message = f"Interchange {item.control} has been received before, in file {parties.before}."
        return found("INTERCHANGE-SEEN", replace(where, element=13), message)
    return None


def functional_group(item: FunctionalGroup, parties: Parties) -> Finding | None:
    """Say why a functional group is not taken: its application identities were not agreed."""
    carrier, partner = parties.carrier, parties.partner
    where = Where(group=item.control, segment=item.segment, segment_id="GS", offset=item.start)
    if partner.gs_ids and item.sender not in partner.gs_ids:
        return found("GROUP-NOT-OURS", replace(where, element=2))
    if carrier and carrier.gs_ids and item.receiver not in carrier.gs_ids:
        return found("GROUP-NOT-OURS", replace(where, element=3))
    return None
