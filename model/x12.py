"""X12 envelope values, and text that an element of ours may hold.

Source: ASC X12 interchange control structure 00501 and X12.5; guides 005010X220A1 and X218, appendix C.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from model.finding import Finding, Where

# One segment as cut from the file: (ordinal from 1, byte offset of its first byte, elements). elements[0] is the
# segment ID, elements[n] the nth element, as text. Plain tuples: objects cost (docs/design.md, Objects cost).
Raw = tuple[int, int, list[str]]

# The segments that our guides have, and those of a 997. What else stands where an ID should may be anything.
_IDS = (
    "ACT ADX AK1 AK2 AK3 AK4 AK5 AK9 AMT BGN BPR COB CTX CUR DMG DSB DTM DTP EC ENT GE GS HD HLH ICM IDC IEA IK3 "
    "IK4 IK5 INS ISA IT1 LE LS LUI LX N1 N2 N3 N4 NM1 PER PLA QTY RDM REF RMR SAC SE SLN ST TA1 TRN"
)
SEGMENT_IDS = frozenset(_IDS.split())

VERSION_834 = "005010X220A1"
VERSION_820 = "005010X218"
VERSION_999 = "005010X231A1"
ACKNOWLEDGMENTS = "FA"  # GS01 of a 999
ACKNOWLEDGING = frozenset({"999", "997"})  # ST01 of what stands in such a group
ANSWERS = ACKNOWLEDGING | {"TA1"}  # what answers something that was sent
VERSION_824 = "005010X186A1"

ONE_SET = "0001"  # ST02 of the one set of the one group that each file of ours holds


def shown_id(name: str) -> str:
    """Return a segment ID as findings may show it: empty for one we do not know.

    Where a terminator stands inside a name or an SSN, the rest of it looks like a segment.
    """
    return name if name in SEGMENT_IDS else ""


def day_of(text: str) -> date | None:
    """Return the day that ISA09 says (YYMMDD, of this century); None where it is none."""
    if not (len(text) == 6 and text.isascii() and text.isdigit()):
        return None
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class AckError:
    """One thing wrong in a set, as a 999 says it. Positions count from 1 within the set (ST = 1)."""

    segment_id: str
    position: int
    loop: str
    segment_code: str  # IK304
    element: int = 0  # IK401-1; 0 = no IK4
    component: int = 0  # IK401-2
    data_element: str = ""  # IK402 reference number
    element_code: str = ""  # IK403
    bad_value: str = ""  # IK404: only where it is not a person's data
    repetition: int = 0  # IK401-3; 0 = the element is not repeated
    unit: tuple[str, str] = ("", "")  # CTX01: the business unit's name and value; empty where it is not known


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The four separators that the ISA declares, one character each."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"  # empty before version 00501, where ISA11 is not a separator
    segment: str = "~"


class Verdict(StrEnum):
    """Syntax verdicts with their TA104, IK501 and AK901 letters."""

    ACCEPTED = "A"
    ERRORS = "E"  # accepted, but errors were noted
    PARTIAL = "P"  # groups only: at least one set rejected, at least one accepted
    REJECTED = "R"


def counted_verdict(received: int, accepted: int, flagged: int) -> Verdict:
    """Return AK901 of a group that is good in itself: R for no accepted set, P for some, E if noted."""
    if received and not accepted:
        return Verdict.REJECTED
    if accepted < received:
        return Verdict.PARTIAL
    return Verdict.ERRORS if flagged else Verdict.ACCEPTED


@dataclass(frozen=True, slots=True)
class Interchange:
    """The header of one interchange (ISA), values without their padding. `start` is the ISA's byte offset."""

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    date: str  # YYMMDD as sent
    time: str  # HHMM as sent
    version: str  # ISA12
    control: str  # ISA13
    ack_requested: bool  # ISA14 = 1
    usage: str  # ISA15: P production, T test
    delimiters: Delimiters
    start: int
    segment: int  # ordinal of the ISA in the file


@dataclass(frozen=True, slots=True)
class FunctionalGroup:
    """The header of one functional group (GS)."""

    code: str  # GS01: BE enrollment, RA payment, FA acknowledgment
    sender: str
    receiver: str
    date: str
    time: str
    control: str  # GS06
    version: str  # GS08
    start: int
    segment: int


@dataclass(frozen=True, slots=True)
class TransactionSet:
    """The header of one transaction set (ST) with its place in the file."""

    kind: str  # ST01
    control: str  # ST02
    version: str  # ST03, or GS08 where ST03 is empty (version 00401)
    start: int  # byte offset of the ST
    segment: int  # ordinal of the ST in the file


@dataclass(frozen=True, slots=True)
class SetVerdict:
    """What the syntax check says of one set, given when its SE (or the lack of one) is reached."""

    set: TransactionSet
    verdict: Verdict
    codes: tuple[str, ...]  # IK502 ... codes, empty when accepted
    findings: tuple[Finding, ...]
    body_hash: str  # SHA-256 hex of ST..SE without ST02, SE02, BGN02 (docs/design.md, Identity)
    end: int  # byte offset just after the SE's terminator
    segments: int  # segments from ST to SE, both included
    members: int = 0  # loops that an INS opens


@dataclass(frozen=True, slots=True)
class FunctionalGroupVerdict:
    """What the syntax check says of one functional group (AK9)."""

    group: FunctionalGroup
    verdict: Verdict
    codes: tuple[str, ...]  # AK905 ... codes
    findings: tuple[Finding, ...]
    declared: int  # sets the GE declares (-1 when there is no GE)
    received: int
    accepted: int
    end: int


@dataclass(frozen=True, slots=True)
class InterchangeVerdict:
    """What the syntax check says of one interchange (TA1)."""

    interchange: Interchange
    verdict: Verdict
    code: str  # TA105: 000 no error, 001, 009, 021, 022, 023, 025 ...
    findings: tuple[Finding, ...]
    end: int


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The last item of a file: what was found outside any interchange, and the number of bytes read."""

    findings: tuple[Finding, ...]
    size: int


# What TA104, AK901 and IK501 say where they do not reject; nothing is said where an AK2 has no IK5.
UNREFUSED = ("", Verdict.ACCEPTED.value, Verdict.ERRORS.value)


@dataclass(frozen=True, slots=True)
class InboundAck:
    """A TA1 (interchange level) or one AK2 set response of a 999 that a partner sent us."""

    kind: str  # TA1 or 999
    control: str  # the interchange (TA101), or the group (AK102) of ours it answers
    set_control: str  # AK202, empty for TA1 and AK9
    verdict: str  # the letter sent
    codes: tuple[str, ...]
    where: Where = field(default_factory=Where)
    errors: tuple[AckError, ...] = ()  # what is wrong in the set, as far as it is listed


@dataclass(frozen=True, slots=True)
class ShownSegment:
    """A segment of a received file as a report shows it: everybody's data masked, the element at fault apart."""

    number: int  # its ordinal in the file
    before: str
    fault: str = ""  # the element that a finding points at
    after: str = ""
    here: bool = False  # the finding's own segment; its neighbours are context

    @property
    def text(self) -> str:
        """Return the segment in one piece."""
        return self.before + self.fault + self.after


# Text that an element of ours may hold: nothing in it that could break the document.
STANDARD = Delimiters()  # of what we send
_BREAKING = str.maketrans(
    {mark: " " for mark in (STANDARD.element, STANDARD.component, STANDARD.repetition, STANDARD.segment)}
)


def clean(text: str, longest: int = 0) -> str:
    """Return text fit for an element: printable ASCII, no separator, trimmed, cut to `longest` (0: any)."""
    plain = "".join(char if " " <= char <= "~" else " " for char in text).translate(_BREAKING).strip()
    return plain[:longest].rstrip() if longest else plain


def repeatable(text: str, shortest: int, longest: int) -> bool:
    """Say whether an answer can repeat what was sent: it is `clean`, and of a length that fits."""
    return shortest <= len(text) <= longest and clean(text) == text
