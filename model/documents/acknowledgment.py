"""Finished acknowledgments: what we answer an interchange (TA1), a group (999) and a set (824).

Source: docs/domain.md, Acknowledgments.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from model.agreement.terms import Contact
from model.x12 import AckError


@dataclass(frozen=True, slots=True)
class AckSet:
    """One AK2 loop of a 999."""

    kind: str
    control: str
    version: str
    verdict: str  # IK501
    codes: tuple[str, ...]  # IK502 ...
    errors: tuple[AckError, ...]


@dataclass(frozen=True, slots=True)
class AckEnvelope:
    """Who answers whom: the identities of the answered interchange, turned round."""

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    gs_sender: str
    gs_receiver: str
    control: int  # ISA13 of the answer, from the store's counter
    at: datetime  # the plan's local time of the claim
    usage: str


@dataclass(frozen=True, slots=True)
class Ta1Statement:
    """A TA1: the answer to one interchange."""

    envelope: AckEnvelope
    control: str  # TA101: ISA13 answered
    date: str  # TA102: ISA09 answered
    time: str  # TA103
    verdict: str  # TA104
    code: str  # TA105


@dataclass(frozen=True, slots=True)
class Ack999Statement:
    """A 999: the answer to one functional group."""

    envelope: AckEnvelope
    group_control: int  # GS06 of the answer
    code: str  # AK101
    control: str  # AK102
    version: str  # AK103
    sets: tuple[AckSet, ...]
    verdict: str  # AK901
    declared: int
    received: int
    accepted: int
    codes: tuple[str, ...]  # AK905 ...


@dataclass(frozen=True, slots=True)
class AdviceError:
    """One thing that our application has to say of a set (loop 2100). Positions count as in AckError."""

    condition: str  # TED01
    message: str  # TED02; our finding's code and text, nobody's data
    segment_id: str = ""
    position: int = 0  # TED04; 0 = the set as a whole
    element: int = 0  # TED05-1
    component: int = 0  # TED05-2
    data_element: str = ""  # TED06-1


@dataclass(frozen=True, slots=True)
class Advice824Statement:
    """An 824: what became of one received set when it was applied."""

    envelope: AckEnvelope
    group_control: int  # GS06 of the answer
    carrier: str  # 1000A, with the identity of envelope.sender
    contact: Contact
    partner: str  # 1000B, with the identity of envelope.receiver
    outcome: str  # OTI01: TA accepted, TE accepted with errors, TP in part, TR rejected
    reference: str  # OTI03: BGN02 or TRN02 of the set, empty where it has none
    group_date: str  # OTI06: GS04 of the group that brought the set
    group_time: str  # OTI07: GS05
    group: str  # OTI08: GS06
    control: str  # OTI09: ST02
    kind: str  # OTI10: ST01
    version: str  # OTI11: ST03
    errors: tuple[AdviceError, ...]
