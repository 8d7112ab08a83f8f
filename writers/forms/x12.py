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


def interchange(envelope: AckEnvelope, groups: int, body: str, marks: Delimiters = STANDARD) -> bytes:
    """Return a whole interchange: ISA (106 characters), the body written with the same marks, IEA.

    `groups` is the number of functional groups in `body`. ISA14 is 0: an answer asks for no answer.
    """
    number = control(envelope.control, 9)
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
        number,
        "0",
        clean(envelope.usage, 1) or "P",
        marks.component,
    )
    return (segment(*head, marks=marks) + body + segment("IEA", str(groups), number, marks=marks)).encode("ascii")
