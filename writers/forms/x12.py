"""X12 text out: segments, and the envelope around them (X12.5)."""

from __future__ import annotations

from model.documents.acknowledgment import AckEnvelope
from model.x12 import STANDARD, Delimiters, clean

COMPONENT, REPETITION = STANDARD.component, STANDARD.repetition


def segment(*elements: str, marks: Delimiters = STANDARD) -> str:
    """Return one segment with its terminator and a line break; trailing empty elements are left out.

    Elements go in as they are: what comes from outside must have passed `clean` first, or hold none of `marks`.
    """
    last = len(elements)
    while last > 1 and not elements[last - 1]:
        last -= 1
    return marks.element.join(elements[:last]) + marks.segment + "\n"


def control(number: int, digits: int) -> str:
    """Return a control number of a fixed number of digits, starting over when the counter outgrows them."""
    return f"{number % 10**digits:0{digits}d}"


def interchange(envelope: AckEnvelope, groups: int, body: str) -> bytes:
    """Return a whole interchange around a body of so many functional groups."""
    return (opening(envelope) + body + closing(envelope, groups)).encode("ascii")


def opening(envelope: AckEnvelope, marks: Delimiters = STANDARD) -> str:
    """Return the ISA (106 characters), which says with what marks all else is written.

    ISA14 is 0: an answer asks for no answer.
    """
    head = (
        "ISA",
        "00",
        " " * 10,
        "00",
        " " * 10,
        clean(envelope.sender_qualifier, 2).ljust(2),
        clean(envelope.sender, 15).ljust(15),
        clean(envelope.receiver_qualifier, 2).ljust(2),
        clean(envelope.receiver, 15).ljust(15),
        envelope.at.strftime("%y%m%d"),
        envelope.at.strftime("%H%M"),
        marks.repetition,
        "00501",
        control(envelope.control, 9),
        "0",
        clean(envelope.usage, 1) or "P",
        marks.component,
    )
    return segment(*head, marks=marks)


def closing(envelope: AckEnvelope, groups: int, marks: Delimiters = STANDARD) -> str:
    """Return the IEA of an interchange of so many functional groups."""
    return segment("IEA", str(groups), control(envelope.control, 9), marks=marks)
