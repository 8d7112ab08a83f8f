"""Between whom a file to be checked would go: as the terms say, and where they do not, as the file itself does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from exchange.agreed import Parties
from model.agreement.terms import Carrier, Partner
from model.x12 import Interchange

if TYPE_CHECKING:
    from pipeline.check.rules import Agreed  # with the keys that a check without terms does not need


def parties(header: Interchange, agreed: Agreed | None, code: str, at: datetime) -> Parties:
    """Return between whom an interchange would go; `code` names one of the terms' partners, empty: as ISA06 says.

    Terms without a carrier do not say who we are, and without partners not who may send: then whom the interchange
    names is.
    """
    receiver = ((header.receiver_qualifier, header.receiver),)
    sender = ((header.sender_qualifier, header.sender),)
    if agreed is None:
        return Parties(Carrier("", receiver, ()), Partner("", "", isa_ids=sender), at)
    carrier, partner = agreed.carrier or Carrier("", receiver, ()), agreed.sender(header, code)
    if not agreed.partners:
        carrier, partner = replace(carrier, isa_ids=receiver), replace(partner, isa_ids=sender)
    return Parties(carrier, partner, at)
