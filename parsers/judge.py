"""One streaming pass over a file: headers when they open, what their sets say, verdicts when they close.

Envelope, conformance and event readers see each segment once, side by side; memory is one member loop and the
findings. Nothing is judged that needs the store (DESIGN.md 4): known sender, right receiver, duplicates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from model.codes import found
from model.enrollment import EnrollmentEvent, SetHeader
from model.finding import Where
from model.remittance import Remittance
from model.x12 import (
    Delimiters,
    FileVerdict,
    FunctionalGroup,
    GroupVerdict,
    InboundAck,
    Interchange,
    InterchangeVerdict,
    Raw,
    SetVerdict,
    TransactionSet,
    Verdict,
)
from parsers import acks, envelope
from parsers.conformance import Checker
from parsers.enrollment834 import Reader834
from parsers.envelope import Findings, at, part
from parsers.remittance820 import Reader820
from parsers.runs import ALONE, Run, canonical
from parsers.tokenizer import Head, Notice, Token, Tokenizer

Judged = (
    Interchange
    | FunctionalGroup
    | TransactionSet
    | SetHeader
    | EnrollmentEvent
    | Remittance
    | InboundAck
    | SetVerdict
    | GroupVerdict
    | InterchangeVerdict
    | FileVerdict
)


def judge(chunks: Iterable[bytes]) -> Iterator[Judged]:
    """Judge a file given as chunks of any sizes; the chunking changes nothing in what comes out.

    Yields each header when it opens, members, remittances and inbound answers as they are complete, each verdict
    when its level closes (missing trailers close too, with a finding), and one FileVerdict at the very end. Never
    raises on any bytes: bad data are findings. A verdict covers its own level only: a set found good may stand in
    a group or interchange that is rejected at its end, and then counts for nothing.
    """
    tokenizer = Tokenizer(chunks)
    file = _File(tokenizer)
    for token in tokenizer:
        yield from file.take(token)
    yield from file.finish()


def _opening(base: Where, name: str, header: Interchange | FunctionalGroup | TransactionSet) -> Where:
    """Return the position of the segment that opened a level: where a missing trailer is reported."""
    return Where(base.interchange, base.group, base.set, header.segment, name, 0, 0, header.start)


class _Set:
    """One open transaction set."""

    def __init__(self, raw: Raw, header: TransactionSet, delimiters: Delimiters, owner: _Group) -> None:
        self.header = header
        self.base = Where(owner.base.interchange, owner.base.group, header.control)
        self.findings = Findings()
        self.count = 0
        self._delimiters = delimiters
        self._hash = hashlib.sha256()
        for finding in envelope.check_set(raw, header, owner.header, self.base):
            self.findings.add(finding)
        if header.control in owner.controls:
            self.findings.add(found("SET-23", at(self.base, raw, 2)))
        owner.controls.add(header.control)
        readable = not {"SET-1", "SET-6", "SET-18", "SET-I6"} & self.findings.marks.keys()
        self._checker = Checker(header.kind, header.version, delimiters, self.base) if readable else None
        self._members = Reader834(self.base) if readable and header.kind == "834" else None
        self._payment = Reader820(self.base) if readable and header.kind == "820" else None
        self._answers: list[Raw] | None = [] if owner.header.code == "FA" else None

    def push(self, raw: Raw) -> Iterator[Judged]:
        """Take the next segment, ST and SE included; yield what it completes."""
        self.count += 1
        self._hash.update(self._canonical(raw[2]))
        if self._checker:
            for finding in self._checker.push(raw):
                self.findings.add(finding)
        if self._members and (done := self._members.push(raw)):
            yield done
        elif self._payment:
            self._payment.push(raw)
        elif self._answers is not None and raw[2][0] in acks.READ:
            self._answers.append(raw)

    def close(self, end: int, trailer: Raw | None) -> Iterator[Judged]:
        """End the set at its SE, or without one; yield what is left of it and its verdict."""
        if trailer is None:
            self.findings.add(found("SET-2", _opening(self.base, "ST", self.header)))
        else:
            for finding in envelope.check_trailer(
                trailer, ("SET-4", "SET-3"), self.count, self.header.control, self.base
            ):
                self.findings.add(finding)
        reader = self._members or self._payment
        if reader and (done := reader.finish(end)):
            yield done
        yield from acks.read(self._answers or (), self.base)
        verdict, codes = envelope.set_verdict(self.findings)
        yield SetVerdict(self.header, verdict, codes, self.findings.all(), self._hash.hexdigest(), end, self.count)

    def body(self, run: Run, begin: int) -> tuple[int, Iterator[Judged]]:
        """Take a run from one segment on; return the index of the next that stands alone, and what is done."""
        end = run.body_end(begin) if self._checker is None else begin
        if self._checker:
            end, findings = self._checker.run(run, begin)
            for finding in findings:
                self.findings.add(finding)
        self.count += end - begin
        self._hash.update(run.canonical(begin, end))
        return end, self._read(run, begin, end)

    def _read(self, run: Run, begin: int, end: int) -> Iterator[Judged]:
        """Let the readers take part of a run; yield the members that it completes."""
        if self._members:
            yield from filter(None, map(self._members.push, run.raws(begin, end)))
        elif self._payment:
            for raw in run.raws(begin, end):
                self._payment.push(raw)
        elif self._answers is not None:
            self._answers += (raw for raw in run.raws(begin, end) if raw[2][0] in acks.READ)

    def _canonical(self, elements: list[str]) -> bytes:
        """Return a segment for the hash: without ST02, SE02 and BGN02, whatever the separators (DESIGN.md 5)."""
        if elements[0] in ("ST", "SE", "BGN"):
            elements = [*elements[:2], "", *elements[3:]]
        return canonical(elements, self._delimiters)


class _Group:
    """One open functional group."""

    def __init__(self, raw: Raw, owner: _Interchange) -> None:
        self.header = envelope.group(raw)
        self.base = Where(owner.header.control, self.header.control)
        self.findings = Findings()
        self.controls: set[str] = set()
        self.received = self.accepted = self.flagged = 0
        for finding in envelope.check_group(raw, self.header, self.base):
            self.findings.add(finding)
        if self.header.control in owner.controls:
            self.findings.add(found("GS-REPEATED", at(self.base, raw, 6)))
        owner.controls.add(self.header.control)

    def count(self, verdict: Verdict) -> None:
        """Count a set that was closed."""
        self.received += 1
        self.accepted += verdict is not Verdict.REJECTED
        self.flagged += verdict is Verdict.ERRORS

    def close(self, end: int, trailer: Raw | None) -> GroupVerdict:
        """End the group at its GE, or without one."""
        declared = -1
        if trailer is None:
            self.findings.add(found("GE-MISSING", _opening(self.base, "GS", self.header)))
        else:
            declared = envelope.number(part(trailer, 1))
            for finding in envelope.check_trailer(
                trailer, ("GE-COUNT", "GE-CONTROL"), self.received, self.header.control, self.base
            ):
                self.findings.add(finding)
        if not self.received:
            self.findings.add(found("GROUP-EMPTY", _opening(self.base, "GS", self.header)))
        verdict = envelope.group_verdict(self.findings, self.received, self.accepted, self.flagged)
        accepted = 0 if verdict is Verdict.REJECTED else self.accepted
        codes = tuple(self.findings.noted("ak905")[:5])
        return GroupVerdict(
            self.header, verdict, codes, self.findings.all(), declared, self.received, accepted, end
        )


class _Interchange:
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
            self.findings.add(found(fault, _opening(self.base, "ISA", self.header)))
        else:
            for finding in envelope.check_trailer(
                trailer, ("IEA-COUNT", "IEA-CONTROL"), self.groups, self.header.control, self.base
            ):
                self.findings.add(finding)
        if not self.groups and not self.answers:
            self.findings.add(found("INTERCHANGE-EMPTY", _opening(self.base, "ISA", self.header)))
        verdict, code = envelope.interchange_verdict(self.findings)
        return InterchangeVerdict(self.header, verdict, code, self.findings.all(), end)


class _File:
    """What is open at each level, and the rules of what may stand in what."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._findings = Findings()
        self._interchange: _Interchange | None = None
        self._group: _Group | None = None
        self._set: _Set | None = None
        self._seen: set[tuple[str, ...]] = set()
        self._end = 0  # offset just after the segment in hand
        self._handlers = {"GS": self._gs, "GE": self._ge, "ST": self._st, "SE": self._se, "IEA": self._iea}

    def take(self, token: Token) -> Iterator[Judged]:
        """Take the next token of the file."""
        if isinstance(token, Run):
            yield from self._run(token)
        elif isinstance(token, tuple):
            self._end = self._tokenizer.end
            yield from self._segment(token)
        elif isinstance(token, Head):
            self._end = self._tokenizer.end
            yield from self._isa(token)
        else:
            self._notice(token)

    def _run(self, run: Run) -> Iterator[Judged]:
        """Take a run: what stands alone segment by segment, the bodies of sets in one stroke each."""
        at = 0
        while at < len(run):
            if self._set and run.elements[at][0] not in ALONE:
                at, done = self._set.body(run, at)
                yield from done
            else:
                self._end = run.end(at)
                yield from self._segment(run.raw(at))
                at += 1

    def _segment(self, raw: Raw) -> Iterator[Judged]:
        """Take one segment: header and trailers open and close levels, all else belongs to the open set."""
        handler = self._handlers.get(raw[2][0])
        if handler:
            yield from handler(raw)
        elif self._set:
            yield from self._set.push(raw)
        else:
            yield from self._stray(raw)

    def finish(self) -> Iterator[Judged]:
        """End the file: close what is open, then the file itself."""
        size = self._tokenizer.end
        yield from self._close_interchange(size, None, "IEA-MISSING")
        if not self._seen and "FILE-UTF16" not in self._findings.marks:
            self._findings.add(found("FILE-NOT-X12" if size else "FILE-EMPTY", Where()))
        yield FileVerdict(self._findings.all(), size)

    def _isa(self, head: Head) -> Iterator[Judged]:
        yield from self._close_interchange(head.offset, None, "ISA-NESTED")
        opened = self._interchange = _Interchange(head)
        header = opened.header
        key = (
            header.sender_qualifier,
            header.sender,
            header.receiver_qualifier,
            header.receiver,
            header.control,
        )
        if key in self._seen:
            opened.findings.add(
                found("ISA-REPEATED", at(opened.base, (head.ordinal, head.offset, head.elements), 13))
            )
        self._seen.add(key)
        yield header

    def _gs(self, raw: Raw) -> Iterator[Judged]:
        yield from self._close_group(raw[1], None)
        if self._interchange:
            self._group = _Group(raw, self._interchange)
            yield self._group.header

    def _st(self, raw: Raw) -> Iterator[Judged]:
        yield from self._close_set(raw[1], None)
        if not self._group or not self._interchange:
            yield from self._stray(raw)
            return
        header = envelope.transaction_set(raw, self._group.header)
        self._set = _Set(raw, header, self._interchange.header.delimiters, self._group)
        yield header
        yield from self._set.push(raw)

    def _se(self, raw: Raw) -> Iterator[Judged]:
        if self._set:
            yield from self._set.push(raw)
            yield from self._close_set(self._end, raw)
        else:
            yield from self._stray(raw)

    def _ge(self, raw: Raw) -> Iterator[Judged]:
        if self._group:
            yield from self._close_set(raw[1], None)
            yield from self._close_group(self._end, raw)
        else:
            yield from self._stray(raw)

    def _iea(self, raw: Raw) -> Iterator[Judged]:
        yield from self._close_group(raw[1], None)
        yield from self._close_interchange(self._end, raw, "")

    def _stray(self, raw: Raw) -> Iterator[Judged]:
        """Take a segment outside any set: a TA1 right inside the interchange, or an error."""
        if self._interchange is None:
            return  # the tokenizer yields nothing outside an interchange
        if raw[2][0] == "TA1" and self._group is None:
            self._interchange.answers += 1
            yield from acks.read([raw], self._interchange.base)
        else:
            base = self._group.base if self._group else self._interchange.base
            self._interchange.findings.add(found("SEGMENT-STRAY", at(base, raw)))

    def _notice(self, notice: Notice) -> None:
        """File what the tokenizer noticed under the innermost level that is open."""
        level = self._set or self._group or self._interchange
        findings = level.findings if level else self._findings
        base = level.base if level else Where()
        where = Where(
            base.interchange, base.group, base.set, notice.ordinal, notice.segment_id, 0, 0, notice.offset
        )
        finding = found(notice.code, where)
        if notice.code == "NOT-ASCII":
            findings.once(finding)
        elif notice.code == "SEGMENT-EMPTY":
            findings.add(found(notice.code, where, f"{finding.message[:-1]}: {notice.size}."))
        elif notice.ordinal == 0:
            span = f"({notice.size} bytes from byte {notice.offset})"
            findings.add(found(notice.code, where, f"{finding.message[:-1]} {span}."))
        else:
            findings.add(finding)

    def _close_set(self, end: int, trailer: Raw | None) -> Iterator[Judged]:
        if self._set and self._group:
            closing, self._set = self._set, None
            for item in closing.close(end, trailer):
                if isinstance(item, SetVerdict):
                    self._group.count(item.verdict)
                yield item

    def _close_group(self, end: int, trailer: Raw | None) -> Iterator[Judged]:
        if self._group and self._interchange:
            yield from self._close_set(end, None)
            closing, self._group = self._group, None
            self._interchange.groups += 1
            yield closing.close(end, trailer)

    def _close_interchange(self, end: int, trailer: Raw | None, fault: str) -> Iterator[Judged]:
        if self._interchange:
            yield from self._close_group(end, None)
            closing, self._interchange = self._interchange, None
            yield closing.close(end, trailer, fault)
