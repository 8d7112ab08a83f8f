"""Interchange, group and set headers and trailers: values out of segments, and what is wrong with them (X12.5).

Pure functions over one segment each; who is inside what is the judge's business. Syntax only: whether we know the
sender, are the receiver, or had the interchange before, is decided by the pipeline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from model.codes import CODES, found
from model.finding import Finding, Severity, Where
from model.x12 import (
    FunctionalGroup,
    Interchange,
    Raw,
    TransactionSet,
    Verdict,
    counted_verdict,
    shown_id,
)
from parsers.x12.conformance import GUIDES
from parsers.x12.heads import Head

# What each kind of group may hold. 997 answers are read like 999s, though no guide of ours checks them.
KINDS = {"BE": ("834",), "RA": ("820",), "FA": ("999", "997")}
_GROUPS = {kind: group for group, kinds in KINDS.items() for kind in kinds}
_GROUP_VERSIONS = {(group, version) for (_, version), (group, _) in GUIDES.items()}
_CONTROL_VERSIONS = ("00401", "00501")
_COUNT_DIGITS = {"SE": 10, "GE": 6, "IEA": 5}  # how long a trailer's count may be (X12.5)
BLANKS = " \t\r\n"  # what may pad an element; other control characters may be separators, and are never taken away
MAX_FINDINGS = 1000  # listed per set, group, interchange or file; the verdict counts all


class Findings:
    """The findings of one level. Bounded: what is beyond the limit still counts towards the verdict."""

    __slots__ = ("errors", "listed", "marks", "more")

    def __init__(self) -> None:
        self.listed: list[Finding] = []
        self.marks: dict[str, Severity] = {}  # every code seen, with its worst severity
        self.more = False

    def add(self, finding: Finding) -> None:
        """Take a finding; beyond the limit only its code."""
        if self.marks.get(finding.code) is not Severity.ERROR:
            self.marks[finding.code] = finding.severity
        if len(self.listed) < MAX_FINDINGS:
            self.listed.append(finding)
        elif not self.more:
            self.more = True
            self.listed.append(found("FINDINGS-MORE", finding.where))

    def once(self, finding: Finding) -> None:
        """Take a finding unless one of its code is there: for what repeats with every segment."""
        if finding.code not in self.marks:
            self.add(finding)

    def noted(self, kind: str, severity: Severity = Severity.ERROR) -> list[str]:
        """Return the acknowledgment codes of one kind (ta105, ak905, ik502 ...) of the findings, each once."""
        codes = [getattr(CODES[code], kind) for code, worst in self.marks.items() if worst is severity]
        return list(dict.fromkeys(code for code in codes if code))

    @property
    def rejecting(self) -> bool:
        """Say whether any finding is an error."""
        return Severity.ERROR in self.marks.values()

    def all(self) -> tuple[Finding, ...]:
        """Return the listed findings, in file order of their discovery."""
        return tuple(self.listed)


def part(raw: Raw, element: int) -> str:
    """Return an element of a control segment, trimmed; empty when it was not sent."""
    return raw[2][element].strip(BLANKS) if element < len(raw[2]) else ""


def at(base: Where, raw: Raw, element: int = 0) -> Where:
    """Return the position of a control segment or one of its elements."""
    return Where(base.interchange, base.group, base.set, raw[0], shown_id(raw[2][0]), element, 0, raw[1])


def interchange(head: Head) -> Interchange:
    """Read an ISA. Values lose their padding; nothing is judged."""
    values = [value.strip(BLANKS) for value in head.elements]
    return Interchange(
        sender_qualifier=values[5],
        sender=values[6],
        receiver_qualifier=values[7],
        receiver=values[8],
        date=values[9],
        time=values[10],
        version=values[12],
        control=values[13],
        ack_requested=values[14] != "0",  # in doubt we answer: the TA1 then says what is wrong with ISA14
        usage=values[15],
        delimiters=head.delimiters,
        start=head.offset,
        segment=head.ordinal,
    )


def check_interchange(head: Head, header: Interchange) -> Iterator[Finding]:
    """Judge an ISA by itself (TA105 003 to 027)."""
    raw = (head.ordinal, head.offset, head.elements)
    base = Where(header.control)
    for code in head.problems:
        yield found(code, at(base, raw))
    checks = (
        (header.version in _CONTROL_VERSIONS, "ISA-VERSION", 12),
        (header.sender, "ISA-SENDER", 6),
        (header.receiver, "ISA-RECEIVER", 8),
        (_is_time(header.date, "%y%m%d", 6), "ISA-DATE", 9),
        (_is_time(header.time, "%H%M", 4), "ISA-TIME", 10),
        (_digits(header.control, 9, 9), "ISA-CONTROL", 13),
        (head.elements[14].strip(BLANKS) in ("0", "1"), "ISA-ACK", 14),
        (header.usage in ("P", "T"), "ISA-USAGE", 15),
    )
    for good, code, element in checks:
        if not good:
            yield found(code, at(base, raw, element))


def functional_group(raw: Raw) -> FunctionalGroup:
    """Read a GS; nothing is judged."""
    return FunctionalGroup(
        code=part(raw, 1),
        sender=part(raw, 2),
        receiver=part(raw, 3),
        date=part(raw, 4),
        time=part(raw, 5),
        control=part(raw, 6),
        version=part(raw, 8),
        start=raw[1],
        segment=raw[0],
    )


def check_functional_group(raw: Raw, header: FunctionalGroup, base: Where) -> Iterator[Finding]:
    """Judge a GS by itself (AK905 1, 2, 6). Date, time and agency have no code there: they are only noted."""
    if header.code not in KINDS:
        yield found("GROUP-KIND", at(base, raw, 1))
    elif (header.code, header.version) not in _GROUP_VERSIONS:
        yield found("GROUP-VERSION", at(base, raw, 8))
    if not _digits(header.control, 1, 9):
        yield found("GS-CONTROL", at(base, raw, 6))
    if header.code not in KINDS:
        return
    noted = (
        (_is_time(header.date, "%Y%m%d", 8), "GS-DATE", 4),
        (_is_time(header.time[:4], "%H%M", 4) and _digits(header.time, 4, 8), "GS-TIME", 5),
        (part(raw, 7) == "X", "GS-AGENCY", 7),
    )
    for good, code, element in noted:
        if not good:
            yield found(code, at(base, raw, element))


def group_of(kind: str) -> str:
    """Return the GS01 of the groups that hold sets of a kind (ST01); empty for one that is not taken."""
    return _GROUPS.get(kind, "")


def guide_of(header: TransactionSet, owner: FunctionalGroup) -> str:
    """Return the guide that a set's body is held against, empty where none of ours is named.

    It is what ST03 names, whatever GS01 and GS08 say: a fault of the group keeps nobody from hearing all others.
    Where ST03 lacks its addenda, it is what GS08 names of the same guide.
    """
    same = header.version.partition("A")[0] == owner.version.partition("A")[0]
    named = (header.version, owner.version if same else "")
    return next((version for version in named if (header.kind, version) in GUIDES), "")


def transaction_set(raw: Raw, header: FunctionalGroup) -> TransactionSet:
    """Read an ST; its version is ST03, or GS08 where ST03 is empty (version 00401)."""
    return TransactionSet(part(raw, 1), part(raw, 2), part(raw, 3) or header.version, raw[1], raw[0])


def check_set(raw: Raw, header: TransactionSet, owner: FunctionalGroup, base: Where) -> Iterator[Finding]:
    """Judge an ST by itself (IK502 1, 6, 7, 18, I6). A bad ST03 is the set's error, not the group's."""
    if not re.fullmatch(r"\d{3}", header.kind):
        yield found("SET-6", at(base, raw, 1))
    elif not any(header.kind in kinds for kinds in KINDS.values()):
        yield found("SET-1", at(base, raw, 1), f"Transaction sets {header.kind} are not taken here.")
    elif header.kind not in KINDS.get(owner.code, ()):
        yield found("SET-18", at(base, raw, 1))
    elif (header.kind, header.version) not in GUIDES or header.version != owner.version:
        element = 3 if part(raw, 3) else 0
        yield found("SET-I6", at(base, raw, element))
    if not re.fullmatch(r"[A-Za-z0-9]{4,9}", header.control):
        yield found("SET-7", at(base, raw, 2))


def check_trailer(raw: Raw, codes: tuple[str, str], count: int, control: str, base: Where) -> Iterator[Finding]:
    """Judge an SE, GE or IEA: its count in element 1, the header's control number in element 2."""
    if number(part(raw, 1), _COUNT_DIGITS[raw[2][0]]) != count:
        yield found(codes[0], at(base, raw, 1), f"{CODES[codes[0]].meaning[:-1]}: {count} received.")
    if part(raw, 2) != control:
        yield found(codes[1], at(base, raw, 2))


def number(text: str, longest: int = 6) -> int:
    """Return a count of at most `longest` digits (GE01 and AK902: 6), -1 for anything that is not one."""
    return int(text) if _digits(text, 1, longest) else -1


def set_verdict(findings: Findings) -> tuple[Verdict, tuple[str, ...]]:
    """Return IK501 and IK502: 5 for segments in error, I5 where only limits of the guide are broken."""
    if not findings.rejecting:
        noted = findings.noted("ik304", Severity.WARNING) or findings.noted("ik502", Severity.WARNING)
        return (Verdict.ERRORS if noted else Verdict.ACCEPTED), ()
    codes = findings.noted("ik502")
    kinds = {CODES[code].ik403 or CODES[code].ik304 for code, worst in findings.marks.items() if worst == "error"}
    kinds.discard("")
    if any(not kind.startswith("I") for kind in kinds):
        codes.append("5")
    elif kinds:
        codes.append("I5")
    return Verdict.REJECTED, tuple(dict.fromkeys(codes))[:5]


def functional_group_verdict(findings: Findings, received: int, accepted: int, flagged: int) -> Verdict:
    """Return AK901: R for a bad group or no accepted set, P for some, E where accepted sets have notes."""
    return Verdict.REJECTED if findings.rejecting else counted_verdict(received, accepted, flagged)


def interchange_verdict(findings: Findings) -> tuple[Verdict, str]:
    """Return TA104 and TA105: the first error's code, else the first note's, else 000."""
    if findings.rejecting:
        return Verdict.REJECTED, (findings.noted("ta105") or ["024"])[0]
    noted = findings.noted("ta105", Severity.WARNING)
    return (Verdict.ERRORS, noted[0]) if noted else (Verdict.ACCEPTED, "000")


def _digits(text: str, shortest: int, longest: int) -> bool:
    return text.isascii() and text.isdigit() and shortest <= len(text) <= longest


def _is_time(text: str, layout: str, length: int) -> bool:
    if not _digits(text, length, length):
        return False
    try:
        datetime.strptime(text, layout)  # noqa: DTZ007 - only whether it is one
    except ValueError:
        return False
    return True
