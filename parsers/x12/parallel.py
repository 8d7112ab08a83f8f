"""One large 834 judged by several processes: its body is cut at member loops, each process checks some of them.

The answer is that of `parsers.x12.judge.judge` without events, to the last finding. A file that is not of the
plain kind (one interchange at its beginning, one set with nearly all of the file, no odd bytes) is judged by one.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from model.finding import Finding, Where
from model.judged import Judged
from model.x12 import Delimiters, TransactionSet
from parsers.x12 import runs
from parsers.x12.conformance import Checker, Place
from parsers.x12.enrollment834 import LoopBound
from parsers.x12.envelope import MAX_FINDINGS
from parsers.x12.judge import FilePass, judge
from parsers.x12.runs import ALONE, Run, canonical
from parsers.x12.tokenizer import Tokenizer

if TYPE_CHECKING:
    from concurrent.futures import Future

BLOCK = 1 << 20  # bytes read at a time
CHUNK = 8 << 20  # bytes that a process checks at a time, at most
SMALL = 8 << 20  # bytes; below, starting a process costs more than it saves
# What an INS says of the member before it: the processes do not know that one.
_STRUCTURAL = frozenset({"SEGMENT-1", "SEGMENT-2", "SEGMENT-3", "SEGMENT-4", "SEGMENT-5", "SEGMENT-I4"})


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the body: the byte range [begin, end) begins with an INS and ends before the next."""

    path: Path
    begin: int
    end: int
    header: TransactionSet
    delimiters: Delimiters
    base: Where
    place: Place  # before the first INS of the set


@dataclass(frozen=True, slots=True)
class _Checked:
    """What a process says of a part, as if its first INS came right after the header of the set.

    Ordinals in findings count from the part's first segment as 1.
    """

    segments: int
    members: int
    findings: tuple[Finding, ...]
    place: Place  # at its end
    form: bytes  # of its segments, for the hash of the set's body


class _OddError(Exception):
    """The file is not of the plain kind."""


def judge_file(path: Path, processes: int) -> Iterator[Judged]:
    """Judge a file as `judge(chunks, events=False)` does, by up to `processes` processes. OSError: unreadable."""
    items = _by_several(path, processes) if processes > 1 and path.stat().st_size >= SMALL else None
    if items is not None:
        yield from items
        return
    with path.open("rb") as file:
        yield from judge(iter(lambda: file.read(BLOCK), b""), events=False)


def _by_several(path: Path, processes: int) -> list[Judged] | None:
    """Judge a file by several processes; None: it is not of the plain kind."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            return _judge(path, data, processes)
        except _OddError:
            return None


def _judge(path: Path, data: mmap.mmap, processes: int) -> list[Judged]:
    """Judge the head here, the members in other processes, the last member and the trailers here again."""
    from concurrent.futures import ProcessPoolExecutor  # small files need no processes

    gap, first, last = _members(data)
    head = Tokenizer([data[:first]])
    file = FilePass(head, events=False)
    items = [item for token in head for item in file.take(token)]
    opened, delimiters = file.set, file.delimiters
    if opened is None or opened.header.kind != "834" or opened.place is None or delimiters is None:
        raise _OddError
    size = max(BLOCK, min(CHUNK, (last - first) // (2 * processes)))
    ranges = list(_ranges(data, gap + b"INS" + data[3:4], first, last, size))
    mould = _Part(path, 0, 0, opened.header, delimiters, opened.base, opened.place)
    with ProcessPoolExecutor(processes) as pool:
        waiting = [pool.submit(_check, replace(mould, begin=begin, end=end)) for begin, end in ranges]
        try:
            begins = (begin for begin, _ in ranges)
            ordinal = _absorb(data, gap, file, zip(begins, waiting, strict=True), head.ordinal)
        except _OddError:
            pool.shutdown(cancel_futures=True)
            raise
    tail = Tokenizer(_blocks(data, last, len(data)), offset=last, ordinal=ordinal, within=delimiters)
    file.tokenizer = tail
    items += [item for token in tail for item in file.take(token)]
    return [*items, *file.finish()]


def _members(data: mmap.mmap) -> tuple[bytes, int, int]:
    """Return what stands between segments, and where the first and the last INS of the file begin."""
    if data[:3] != b"ISA" or data[105:106].isalnum():
        raise _OddError
    gap = runs.gap_after(data[:1024], 105, 1024)
    mark = gap + b"INS" + data[3:4]
    first, last = data.find(mark), data.rfind(mark)
    if first < 0 or first == last:
        raise _OddError
    return gap, first + len(gap), last + len(gap)


def _ranges(data: mmap.mmap, mark: bytes, first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield byte ranges of about this size, each from an INS up to another."""
    gap = len(mark) - 4
    while first < last:
        found = data.find(mark, first + size, last)
        end = found + gap if found >= 0 else last
        yield first, end
        first = end


def _absorb(
    data: mmap.mmap,
    gap: bytes,
    file: FilePass,
    parts: Iterator[tuple[int, Future[_Checked | None]]],
    ordinal: int,
) -> int:
    """Add what the processes say to the open set, in file order; return the ordinal of the last segment.

    Where two parts meet, the first INS of the one is put after the end of the other here.
    """
    opened, delimiters = file.set, file.delimiters
    if opened is None or delimiters is None or opened.place is None:
        raise _OddError
    checker = Checker(opened.header.kind, opened.header.version, delimiters, opened.base)
    place = head = opened.place
    for begin, future in parts:
        checked = future.result()
        if checked is None:
            raise _OddError
        ins = data[begin : data.find(gap[:1], begin)].decode("ascii").split(delimiters.element)
        checker.resume(head)
        checker.push((1, begin, ins))
        assumed = checker.place
        checker.resume(place)
        findings = [finding for finding in checker.push((1, begin, ins)) if finding.code in _STRUCTURAL]
        if checker.place != assumed:
            raise _OddError
        place = checked.place
        findings += (
            finding for finding in checked.findings if finding.where.segment > 1 or finding.code not in _STRUCTURAL
        )
        shifted = [
            finding.at(replace(finding.where, segment=finding.where.segment + ordinal)) for finding in findings
        ]
        opened.absorb(checked.segments, checked.members, shifted, place, checked.form)
        ordinal += checked.segments
    return ordinal


def _check(part: _Part) -> _Checked | None:
    """Check a part, in a process of its own; None: it holds what only the judge of the whole file can take."""
    checker = Checker(part.header.kind, part.header.version, part.delimiters, part.base)
    checker.resume(part.place)
    findings: list[Finding] = []
    forms: list[bytes] = []
    bound = LoopBound()
    count = members = 0
    for token in Tokenizer(_read(part), offset=part.begin, within=part.delimiters):
        if isinstance(token, Run):
            end, said = checker.run(token, 0)
            if end < len(token):
                return None
            findings += said
            bound.run(token, 0, end)
            forms.append(token.canonical(0, end))
            count += end
            members += token.count("INS", 0, end)
        elif isinstance(token, tuple) and token[2][0] not in ALONE:
            findings += checker.push(token)
            bound.push(token)
            forms.append(canonical(token[2], part.delimiters))
            count += 1
            members += token[2][0] == "INS"
        else:
            return None
        if len(findings) > MAX_FINDINGS or bound.exceeded:
            return None
    return _Checked(count, members, tuple(findings), checker.place, b"".join(forms))


def _read(part: _Part) -> Iterator[bytes]:
    with part.path.open("rb") as file:
        file.seek(part.begin)
        left = part.end - part.begin
        while left and (block := file.read(min(left, BLOCK))):
            left -= len(block)
            yield block


def _blocks(data: mmap.mmap, begin: int, end: int) -> Iterator[bytes]:
    for at in range(begin, end, BLOCK):
        yield data[at : min(at + BLOCK, end)]
