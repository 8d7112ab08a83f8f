"""The 999: our answer to one functional group. One AK2 loop for each set received.

AK1 and AK2 repeat what was sent as far as the guide lets them. In place of what they cannot repeat stands what
means nothing (0, 0000, 005010): the 999 itself must be readable, and must not seem to answer something else.

Source: 005010X231A1; docs/domain.md, The 999.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from model.documents.acknowledgment import Ack999Statement, AckSet
from model.documents.statement import Document
from model.x12 import VERSION_999, AckError, clean, repeatable
from writers.forms.x12 import COMPONENT, control, interchange, segment

_SET = "0001"  # the only set of the only group of the file
# What AK101 may say by the guide, and the sets of such a group, which AK201 may say.
_KINDS = {
    "BE": "834",
    "HB": "271",
    "HC": "837",
    "HI": "278",
    "HN": "277",
    "HP": "835",
    "HR": "276",
    "HS": "270",
    "RA": "820",
}
_GROUPS = {kind: code for code, kind in _KINDS.items()}
_NO_GROUP, _NO_SET, _NO_VERSION = "0", "0000", "005010"  # AK102, AK202, AK103


def render(statement: Ack999Statement) -> Document:
    """Return the 999 as a file. Where there was no GE01, AK902 repeats the number received."""
    envelope = statement.envelope
    group = str(statement.group_control % 10**9)
    body = list(_body(statement))
    text = segment(
        "GS",
        "FA",
        clean(envelope.gs_sender, 15),
        clean(envelope.gs_receiver, 15),
        envelope.at.strftime("%Y%m%d"),
        envelope.at.strftime("%H%M"),
        group,
        "X",
        VERSION_999,
    )
    text += segment("ST", "999", _SET, VERSION_999) + "".join(body)
    text += segment("SE", str(len(body) + 2), _SET) + segment("GE", "1", group)
    return Document.of(f"999-{control(envelope.control, 9)}.edi", interchange(envelope, 1, text))


def _body(statement: Ack999Statement) -> Iterator[str]:
    code = _code(statement)
    version = statement.version if repeatable(statement.version, 1, 12) else _NO_VERSION
    yield segment("AK1", code, _number(statement.control), version)
    for answered in statement.sets:
        yield from _set(answered, _KINDS[code])
    declared = statement.declared if statement.declared >= 0 else statement.received
    counts = (str(declared), str(statement.received), str(statement.accepted))
    yield segment("AK9", statement.verdict, *counts, *statement.codes[:5])


def _code(statement: Ack999Statement) -> str:
    """Return AK101: GS01 where the guide lists it, else what its sets belong to, else BE; AK905 says 1."""
    kinds = (_GROUPS[verdict.kind] for verdict in statement.sets if verdict.kind in _GROUPS)
    return statement.code if statement.code in _KINDS else next(kinds, "BE")


def _number(sent: str) -> str:
    """Return AK102: one to nine digits. What is none cannot be repeated, and a part of it could be another's."""
    return sent if sent.isascii() and sent.isdigit() and len(sent) <= 9 else _NO_GROUP


def _set(answered: AckSet, kind: str) -> Iterator[str]:
    """Write a set's AK2 loop. `kind` is what the group holds, for a set that does not say it."""
    control = answered.control.zfill(4) if answered.control.isdigit() else answered.control
    yield segment(
        "AK2",
        answered.kind if answered.kind in _GROUPS else kind,
        control if repeatable(control, 4, 9) else _NO_SET,
        answered.version if repeatable(answered.version, 1, 35) else "",
    )
    for (segment_id, position, loop, code), errors in groupby(answered.errors, _segment_of):
        of_segment = tuple(errors)
        yield segment("IK3", segment_id, str(position), loop, code)
        yield from _context(of_segment[0].unit)
        yield from (_element(error) for error in of_segment if error.element_code)
    yield segment("IK5", answered.verdict, *answered.codes[:5])


def _segment_of(error: AckError) -> tuple[str, int, str, str]:
    """Return what one IK3 says. IK303 holds four characters: loop 2100A is named 2100."""
    return error.segment_id, error.position, clean(error.loop, 4), error.segment_code


def _context(unit: tuple[str, str]) -> Iterator[str]:
    """Name the business unit (loop 2100, CTX): the subscriber of an 834, the entity of an 820."""
    name, value = unit[0], clean(unit[1], 35)
    if value:
        yield segment("CTX", f"{name}{COMPONENT}{value}")


def _element(error: AckError) -> str:
    """Say what is wrong with an element (loop 2110). IK401 counts the element, its component, its repetition."""
    places = [str(place or "") for place in (error.element, error.component, error.repetition)]
    at = COMPONENT.join(places).rstrip(COMPONENT)
    return segment("IK4", at, error.data_element, error.element_code, clean(error.bad_value, 99))
