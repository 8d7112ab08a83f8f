"""Our answers as finished statements, still without control numbers: the answered identities turned round.

In place of what was left out, or cannot be repeated, stands what was agreed: our answer must be readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from exchange.agreed import Parties
from model.documents.acknowledgment import Ack999Statement, AckEnvelope, AckSet, Ta1Statement
from model.x12 import FunctionalGroup, FunctionalGroupVerdict, Interchange, InterchangeVerdict, repeatable

QUALIFIERS = frozenset({"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"})  # ISA05 and ISA07 (X12.5)
NOBODY = "UNKNOWN"


def envelope(parties: Parties, interchange: Interchange, group: FunctionalGroup | None) -> AckEnvelope:
    """Turn the identities of what is answered round; the number comes when it is owed (0 until then)."""
    carrier, partner = parties.carrier, parties.partner
    our_ids, our_names = (carrier.isa_ids, carrier.gs_ids) if carrier else ((), ())
    own = _identity((interchange.receiver_qualifier, interchange.receiver), our_ids)
    theirs = _identity((interchange.sender_qualifier, interchange.sender), partner.isa_ids)
    return AckEnvelope(
        *own,
        *theirs,
        gs_sender=_application(group.receiver if group else "", (*our_names, own[1])),
        gs_receiver=_application(group.sender if group else "", (*partner.gs_ids, theirs[1])),
        control=0,
        at=parties.at,
        usage=interchange.usage if interchange.usage in ("P", "T") else "P",
    )


def ta1(parties: Parties, verdict: InterchangeVerdict) -> Ta1Statement:
    """Return the TA1 to an interchange."""
    interchange = verdict.interchange
    return Ta1Statement(
        envelope=envelope(parties, interchange, None),
        control=interchange.control,
        date=interchange.date,
        time=interchange.time,
        verdict=verdict.verdict.value,
        code=verdict.code,
    )


def ack999(
    parties: Parties, interchange: Interchange, verdict: FunctionalGroupVerdict, sets: Sequence[AckSet]
) -> Ack999Statement:
    """Return the 999 to a functional group, with these of its sets named."""
    group = verdict.group
    return Ack999Statement(
        envelope=envelope(parties, interchange, group),
        group_control=0,
        code=group.code,
        control=group.control,
        version=group.version,
        sets=tuple(sets),
        verdict=verdict.verdict.value,
        declared=verdict.declared,
        received=verdict.received,
        accepted=verdict.accepted,
        codes=verdict.codes,
    )


def _identity(sent: tuple[str, str], agreed: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return a qualifier and identity for an ISA: as sent, else the first agreed."""
    known = (pair for pair in (sent, *agreed) if pair[0] in QUALIFIERS and repeatable(pair[1], 1, 15))
    return next(known, ("ZZ", NOBODY))


def _application(sent: str, agreed: Iterable[str]) -> str:
    """Return an identity for GS02 or GS03 (AN 2/15): as sent, else the first agreed, else that of the ISA."""
    return next((name for name in (sent, *agreed) if repeatable(name, 2, 15)), NOBODY)
