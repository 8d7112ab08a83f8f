"""One streaming pass over a file: headers when they open, what their sets say, verdicts when they close.

Envelope, conformance and event readers see each segment once, side by side; memory is one member loop and the
findings. Nothing is judged that needs the store (docs/design.md, Four steps): known sender, right receiver,
duplicates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from model.codes import found
from model.finding import Where
from model.judged import Judged
from model.x12 import (
    Delimiters,
    FileVerdict,
    Interchange,
    Raw,
    SetVerdict,
    Verdict,
    shown_id,
)
from parsers.x12 import acks, envelope
from parsers.x12.envelope import Findings, at
from parsers.x12.heads import Head
from parsers.x12.levels import OpenFunctionalGroup, OpenInterchange, OpenSet
from parsers.x12.runs import ALONE, Run
from parsers.x12.tokenizer import Notice, Token, Tokenizer


def judge(chunks: Iterable[bytes], *, events: bool = True) -> Iterator[Judged]:
    """Judge a file given as chunks of any sizes; the chunking changes nothing in what comes out.

    Yields each header when it opens, members, remittances and inbound answers as they are complete, each verdict
    when its level closes (missing trailers close too, with a finding), and one FileVerdict at the very end. Never
    raises on any bytes: bad data are findings. A verdict covers its own level only: a set found good may stand in
    a group or interchange that is rejected at its end, and then counts for nothing. Without `events` members are
    judged and counted, but not read; headers are.
    """
    tokenizer = Tokenizer(chunks)
    file = FilePass(tokenizer, events=events)
    for token in tokenizer:
        yield from file.take(token)
    yield from file.finish()


class FilePass:
    """What is open at each level of one file, and the rules of what may stand in what."""

    def __init__(self, tokenizer: Tokenizer, *, events: bool) -> None:
        """Start a file whose tokens the tokenizer gives."""
        self.tokenizer = tokenizer
        self._events = events
        self._findings = Findings()
        self._interchange: OpenInterchange | None = None
        self._group: OpenFunctionalGroup | None = None
        self.set: OpenSet | None = None
        self._taken: set[tuple[str, ...]] = set()  # identities of the interchanges that were not rejected
        self._any = False  # any interchange was there
        self._end = 0  # offset just after the segment in hand
        self._handlers = {"GS": self._gs, "GE": self._ge, "ST": self._st, "SE": self._se, "IEA": self._iea}

    @property
    def delimiters(self) -> Delimiters | None:
        """Return the separators of the open interchange."""
        return self._interchange.header.delimiters if self._interchange else None

    def take(self, token: Token) -> Iterator[Judged]:
        """Take the next token of the file."""
        if isinstance(token, Run):
            yield from self._run(token)
        elif isinstance(token, tuple):
            self._end = self.tokenizer.end
            yield from self._segment(token)
        elif isinstance(token, Head):
            self._end = self.tokenizer.end
            yield from self._isa(token)
        else:
            self._notice(token)

    def _run(self, run: Run) -> Iterator[Judged]:
        """Take a run: what stands alone segment by segment, the bodies of sets in one stroke each."""
        at = 0
        while at < len(run):
            if self.set and run.elements[at][0] not in ALONE:
                at, done = self.set.body(run, at)
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
        elif self.set:
            yield from self.set.push(raw)
        else:
            yield from self._stray(raw)

    def finish(self) -> Iterator[Judged]:
        """End the file: close what is open, then the file itself."""
        size = self.tokenizer.end
        yield from self._close_interchange(size, None, "IEA-MISSING")
        if not self._any and "FILE-UTF16" not in self._findings.marks:
            self._findings.add(found("FILE-NOT-X12" if size else "FILE-EMPTY", Where()))
        yield FileVerdict(self._findings.all(), size)

    def _isa(self, head: Head) -> Iterator[Judged]:
        yield from self._close_interchange(head.offset, None, "ISA-NESTED")
        opened = self._interchange = OpenInterchange(head)
        self._any = True
        header = opened.header
        key = _identity(header)
        if key in self._taken:
            opened.findings.add(
                found("ISA-REPEATED", at(opened.base, (head.ordinal, head.offset, head.elements), 13))
            )
        yield header

    def _gs(self, raw: Raw) -> Iterator[Judged]:
        yield from self._close_group(raw[1], None)
        if self._interchange:
            self._group = OpenFunctionalGroup(raw, self._interchange)
            yield self._group.header

    def _st(self, raw: Raw) -> Iterator[Judged]:
        yield from self._close_set(raw[1], None)
        if not self._group or not self._interchange:
            yield from self._stray(raw)
            return
        header = envelope.transaction_set(raw, self._group.header)
        self.set = OpenSet(raw, header, self._interchange.header.delimiters, self._group, self._events)
        yield header
        yield from self.set.push(raw)

    def _se(self, raw: Raw) -> Iterator[Judged]:
        if self.set:
            yield from self.set.push(raw)
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
        """Take a segment outside any set: a TA1 right inside the interchange, or an error.

        What a TA1 says is heard where it should not stand, too: a rejection is not lost over its place.
        """
        if self._interchange is None:
            return  # the tokenizer yields nothing outside an interchange
        if raw[2][0] == "TA1":
            self._interchange.answers += 1
            yield from acks.read([raw], self._interchange.base)
        if raw[2][0] != "TA1" or self._group:
            base = self._group.base if self._group else self._interchange.base
            self._interchange.findings.add(found("SEGMENT-STRAY", at(base, raw)))

    def _notice(self, notice: Notice) -> None:
        """File what the tokenizer noticed under the innermost level that is open."""
        level = self.set or self._group or self._interchange
        findings = level.findings if level else self._findings
        base = level.base if level else Where()
        where = Where(
            base.interchange,
            base.group,
            base.set,
            notice.ordinal,
            shown_id(notice.segment_id),
            0,
            0,
            notice.offset,
        )
        if notice.code == "SEGMENT-TOO-LONG" and self.set:
            self.set.passed_over = notice.ordinal
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
        if self.set and self._group:
            closing, self.set = self.set, None
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
            verdict = closing.close(end, trailer, fault)
            if verdict.verdict is not Verdict.REJECTED:
                self._taken.add(_identity(closing.header))
            yield verdict


def _identity(header: Interchange) -> tuple[str, ...]:
    """Return what an interchange is known by: the same again is a duplicate of one taken before.

    See docs/design.md, Identity.
    """
    parties = (header.sender_qualifier, header.sender, header.receiver_qualifier, header.receiver)
    return (*parties, header.control)
