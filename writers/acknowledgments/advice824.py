"""The 824: what became of a received set when our application took it (005010X186A1; docs/domain.md, The 824).

Header: BGN, 1000A N1*41 with PER, 1000B N1*40; then one loop 2000 for the set (OTI), with a loop 2100 for each
thing to say (TED). RED, whose codes are X12's list of insurance process errors, is left out: our own codes and
words are in TED02. The 999 said what the syntax is; nothing of it is repeated here.
"""

from __future__ import annotations

from collections.abc import Iterator

from model.agreement.terms import Contact
from model.documents.acknowledgment import Advice824Statement, AdviceError
from model.documents.statement import Document
from model.trade.entities import EMAIL, TELEPHONE
from model.x12 import VERSION_824, clean
from writers.forms.x12 import COMPONENT, control, interchange, segment

_SET = "0001"  # the only set of the only group of the file
_REJECT, _ACCEPT = "U", "WQ"  # BGN08
_UNKNOWN = "NA"  # OTI03 of a set without a reference


def render(statement: Advice824Statement) -> Document:
    """Return the 824 as a file. BGN02 is made of its own control numbers: the same bytes each time."""
    envelope = statement.envelope
    group = str(statement.group_control % 10**9)
    day, time = envelope.at.strftime("%Y%m%d"), envelope.at.strftime("%H%M")
    identities = (clean(envelope.gs_sender, 15), clean(envelope.gs_receiver, 15))
    body = list(_body(statement, f"824-{control(envelope.control, 9)}", day, time))
    text = segment("GS", "AG", *identities, day, time, group, "X", VERSION_824)
    text += segment("ST", "824", _SET, VERSION_824) + "".join(body)
    text += segment("SE", str(len(body) + 2), _SET) + segment("GE", "1", group)
    return Document.of(f"824-{control(envelope.control, 9)}.edi", interchange(envelope, 1, text))


def _body(statement: Advice824Statement, reference: str, day: str, time: str) -> Iterator[str]:
    envelope = statement.envelope
    asked = clean(statement.reference, 50)
    action = _REJECT if statement.outcome == "TR" else _ACCEPT
    yield segment("BGN", "11", reference, day, time, "", asked, "", action)
    yield segment("N1", "41", clean(statement.carrier, 60), "46", clean(envelope.sender, 80))
    yield from _contact(statement.contact)
    yield segment("N1", "40", clean(statement.partner, 60), "46", clean(envelope.receiver, 80))
    at = (_digits(statement.group_date, 8, day), _digits(statement.group_time, 4, time))
    of_group = (*at, clean(statement.group, 9))
    of_set = (clean(statement.control, 9), clean(statement.kind, 3), clean(statement.version, 12))
    yield segment("OTI", statement.outcome, "TN", asked or _UNKNOWN, "", "", *of_group, *of_set)
    for error in statement.errors:
        yield _error(error)


def _digits(sent: str, shortest: int, own: str) -> str:
    """Return a date or time of up to eight digits as it was sent, or that of the receipt where it is none."""
    return sent if sent.isascii() and sent.isdigit() and shortest <= len(sent) <= 8 else own


def _contact(contact: Contact) -> Iterator[str]:
    """Name whom to ask: digits of the telephone, then the address for mail."""
    phone = "".join(filter(str.isdigit, contact.phone))[:256]
    ways = [way for way in ((TELEPHONE, phone), (EMAIL, clean(contact.email, 256))) if way[1]]
    if ways:
        yield segment("PER", "IC", clean(contact.name, 60), *(part for way in ways for part in way))


def _error(error: AdviceError) -> str:
    """Write a TED: the condition, our words, and the place where the set has it."""
    position = str(error.position) if error.position else ""
    at = f"{error.element}{COMPONENT}{error.component}" if error.component else str(error.element or "")
    name = error.segment_id if position else ""
    return segment("TED", error.condition, clean(error.message, 60), name, position, at, error.data_element)
