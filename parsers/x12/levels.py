"""What is open while a file is read: a transaction set, a functional group, an interchange, and their verdicts.

Each level gathers its findings and closes with its verdict, at its trailer or without one (X12.5; docs/domain.md,
The envelope).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from model.codes import found
from model.enrollment.events import EnrollmentEvent, SetHeader
from model.finding import Finding, Where
from model.money.remittance import Remittance
from model.x12 import (
    ACKNOWLEDGMENTS,
    Delimiters,
    FunctionalGroup,
    FunctionalGroupVerdict,
    InboundAck,
    Interchange,
    InterchangeVerdict,
    Raw,
    SetVerdict,
    TransactionSet,
    Verdict,
)
from parsers.x12 import acks, envelope
from parsers.x12.conformance import Checker, Place
from parsers.x12.enrollment834 import LoopBound, Reader834
from parsers.x12.envelope import Findings, at, part
from parsers.x12.heads import Head
from parsers.x12.remittance820 import Reader820
from parsers.x12.runs import Run, canonical

Read = SetHeader | EnrollmentEvent | Remittance | InboundAck | SetVerdict


def opening(base: Where, name: str, header: Interchange | FunctionalGroup | TransactionSet) -> Where:
    """Return the position of the segment that opened a level: where a missing trailer is reported."""
    return Where(base.interchange, base.group, base.set, header.segment, name, 0, 0, header.start)


class OpenSet:
    """One open transaction set."""

    def __init__(
        self, raw: Raw, header: TransactionSet, delimiters: Delimiters, owner: OpenFunctionalGroup, events: bool
    ) -> None:
        """Open a set at its ST; without `events` its members are counted and judged, its header alone is read."""
        self.header = header
        self.base = Where(owner.base.interchange, owner.base.group, header.control)
        self.findings = Findings()
        self.count = 0
        self.members = 0  # loops that an INS opens
        self.passed_over = 0  # ordinal of a segment of which only the name was kept: there is nothing to check
        self._delimiters = delimiters
        self._hash = hashlib.sha256()
        for finding in envelope.check_set(raw, header, owner.header, self.base):
            self.findings.add(finding)
        if header.control in owner.controls:
            self.findings.add(found("SET-23", at(self.base, raw, 2)))
        owner.controls.add(header.control)
        # The guide that the set itself names is asked, whatever its group says: one round tells all faults.
        guide = envelope.guide_of(header, owner.header)
        readable = bool(guide)
        self._checker = Checker(header.kind, guide, delimiters, self.base) if readable else None
        enrolls = readable and header.kind == "834"
        self._bound = LoopBound() if enrolls else None
        self._members = Reader834(self.base) if enrolls else None
        self._events = events
        self._payment = Reader820(self.base) if readable and header.kind == "820" else None
        answers = ACKNOWLEDGMENTS in (owner.header.code, envelope.group_of(header.kind))
        self._answers = acks.Reader(self.base, delimiters.component) if answers else None

    def push(self, raw: Raw) -> Iterator[Read]:
        """Take the next segment, ST and SE included; yield what it completes."""
        self.count += 1
        self.members += raw[2][0] == "INS"
        self._hash.update(self._canonical(raw[2]))
        if self._bound:
            self._bound.push(raw)
        if self._checker and raw[0] != self.passed_over:
            for finding in self._checker.push(raw):
                if not self._is_said(finding):
                    self.findings.add(finding)
        if self._members and (done := self._members.push(raw)):
            yield done
            self._members = self._members if self._events else None
        elif self._payment:
            self._payment.push(raw)
        elif self._answers:
            yield from self._answers.push(raw)

    def _is_said(self, finding: Finding) -> bool:
        """Say whether a finding is about the ST03 that the envelope objects to already."""
        where = finding.where
        return (where.segment_id, where.element) == ("ST", 3) and "SET-I6" in self.findings.marks

    def close(self, end: int, trailer: Raw | None) -> Iterator[Read]:
        """End the set at its SE, or without one; yield what is left of it and its verdict."""
        if trailer is None:
            self.findings.add(found("SET-2", opening(self.base, "ST", self.header)))
        else:
            for finding in envelope.check_trailer(
                trailer, ("SET-4", "SET-3"), self.count, self.header.control, self.base
            ):
                self.findings.add(finding)
        reader = self._members or self._payment
        if reader and (done := reader.finish(end)):
            yield done
        if self._bound and self._bound.exceeded:
            self.findings.add(found("MEMBER-TOO-LONG", opening(self.base, "ST", self.header)))
        if self._answers:
            yield from self._answers.finish()
        verdict, codes = envelope.set_verdict(self.findings)
        body_hash = self._hash.hexdigest()
        yield SetVerdict(
            self.header, verdict, codes, self.findings.all(), body_hash, end, self.count, self.members
        )

    def body(self, run: Run, begin: int) -> tuple[int, Iterator[Read]]:
        """Take a run from one segment on; return the index of the next that stands alone, and what is done."""
        if self._checker:
            end, findings = self._checker.run(run, begin)
            for finding in findings:
                self.findings.add(finding)
        else:
            end = run.body_end(begin)
        self.count += end - begin
        self.members += run.count("INS", begin, end)
        self._hash.update(run.canonical(begin, end))
        if self._bound:
            self._bound.run(run, begin, end)
        return end, self._read(run, begin, end)

    @property
    def place(self) -> Place | None:
        """Return where the check of the body stands, for one that goes on elsewhere; None: it is not checked."""
        return self._checker.place if self._checker else None

    def absorb(self, count: int, members: int, findings: Iterable[Finding], place: Place, form: bytes) -> None:
        """Take a part of the body that was checked elsewhere: how much, findings, last place, canonical form."""
        self.count += count
        self.members += members
        for finding in findings:
            self.findings.add(finding)
        self._hash.update(form)
        if self._checker:
            self._checker.resume(place)

    def _read(self, run: Run, begin: int, end: int) -> Iterator[Read]:
        """Let the readers take part of a run; yield the members that it completes."""
        if self._members and self._events:
            yield from filter(None, map(self._members.push, run.raws(begin, end)))
        elif self._members:
            yield from self._header(self._members, run.raws(begin, end))
        elif self._payment:
            for raw in run.raws(begin, end):
                self._payment.push(raw)
        elif self._answers:
            for raw in run.raws(begin, end):
                yield from self._answers.push(raw)

    def _header(self, reader: Reader834, raws: Iterable[Raw]) -> Iterator[Read]:
        """Let a reader take segments until it has read the set's header: nobody asks for members."""
        for raw in raws:
            if done := reader.push(raw):
                self._members = None
                yield done
                return

    def _canonical(self, elements: list[str]) -> bytes:
        """Return a segment for the hash: without ST02, SE02 and BGN02, whatever the separators.

        See docs/design.md, Identity.
        """
        if elements[0] in ("ST", "SE", "BGN"):
            elements = [*elements[:2], "", *elements[3:]]
        return canonical(elements, self._delimiters)


class OpenFunctionalGroup:
    """One open functional group."""

    def __init__(self, raw: Raw, owner: OpenInterchange) -> None:
        self.header = envelope.functional_group(raw)
        self.base = Where(owner.header.control, self.header.control)
        self.findings = Findings()
        self.controls: set[str] = set()
        self.received = self.accepted = self.flagged = 0
        for finding in envelope.check_functional_group(raw, self.header, self.base):
            self.findings.add(finding)
        if self.header.control in owner.controls:
            self.findings.add(found("GS-REPEATED", at(self.base, raw, 6)))
        owner.controls.add(self.header.control)

    def count(self, verdict: Verdict) -> None:
        """Count a set that was closed."""
        self.received += 1
        self.accepted += verdict is not Verdict.REJECTED
        self.flagged += verdict is Verdict.ERRORS

    def close(self, end: int, trailer: Raw | None) -> FunctionalGroupVerdict:
        """End the group at its GE, or without one."""
        declared = -1
        if trailer is None:
            self.findings.add(found("GE-MISSING", opening(self.base, "GS", self.header)))
        else:
            declared = envelope.number(part(trailer, 1))
            for finding in envelope.check_trailer(
                trailer, ("GE-COUNT", "GE-CONTROL"), self.received, self.header.control, self.base
            ):
                self.findings.add(finding)
        if not self.received:
            self.findings.add(found("GROUP-EMPTY", opening(self.base, "GS", self.header)))
        verdict = envelope.functional_group_verdict(self.findings, self.received, self.accepted, self.flagged)
        accepted = 0 if verdict is Verdict.REJECTED else self.accepted
        codes = tuple(self.findings.noted("ak905")[:5])
        return FunctionalGroupVerdict(
            self.header, verdict, codes, self.findings.all(), declared, self.received, accepted, end
        )


class OpenInterchange:
    """One open interchange."""

    def __init__(self, head: Head) -> None:
        self.header = envelope.interchange(head)
        self.base = Where(self.header.control)
        self.findings = Findings()
        self.controls: set[str] = set()  # GS06
        self.groups = self.answers = 0
        for finding in envelope.check_interchange(head, self.header):
            self.findings.add(finding)

    def close(self, end: int, trailer: Raw | None, fault: str) -> InterchangeVerdict:
        """End the interchange at its IEA, or without one for the reason that `fault` names."""
        if trailer is None:
            self.findings.add(found(fault, opening(self.base, "ISA", self.header)))
        else:
            for finding in envelope.check_trailer(
                trailer, ("IEA-COUNT", "IEA-CONTROL"), self.groups, self.header.control, self.base
            ):
                self.findings.add(finding)
        if not self.groups and not self.answers:
            self.findings.add(found("INTERCHANGE-EMPTY", opening(self.base, "ISA", self.header)))
        verdict, code = envelope.interchange_verdict(self.findings)
        return InterchangeVerdict(self.header, verdict, code, self.findings.all(), end)
