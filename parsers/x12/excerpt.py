"""A received file as a person may read it: masked segments, the elements at fault marked, folds between."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from model.documents.check import Fold, ShownLine
from model.finding import Finding
from parsers.x12.heads import Head
from parsers.x12.runs import Run
from parsers.x12.shown import masked
from parsers.x12.tokenizer import Tokenizer

AROUND = 3  # segments shown before and after one with a finding
_MOST_ELEMENTS = 60  # shown of a segment; the guides' longest has 26


def excerpt(chunks: Iterable[bytes], findings: Sequence[Finding], *, whole: bool) -> Iterator[ShownLine | Fold]:
    """Yield the file's segments in order: all of them, or those around findings with folds between.

    `findings` are the file's, and lines name them by their index. Memory is one segment.
    """
    at: dict[int, list[int]] = {}
    for index, finding in enumerate(findings):
        if finding.where.segment and finding.where.segment_id not in ("row", "line"):
            at.setdefault(finding.where.segment, []).append(index)
    numbers = sorted(at)
    folded = first = 0
    for number, elements, mark in _segments(chunks):
        near = _near(number, numbers)
        if near or whole:
            if folded:
                yield Fold(first, folded)
                folded = 0
            yield _line(number, elements, mark, at.get(number, ()), findings, near)
        else:
            first = first if folded else number
            folded += 1
    if folded:
        yield Fold(first, folded)


def _segments(chunks: Iterable[bytes]) -> Iterator[tuple[int, list[str], str]]:
    """Yield each segment's ordinal and elements, with the interchange's element separator."""
    mark = "*"
    for token in Tokenizer(chunks):
        if isinstance(token, Head):
            mark = token.delimiters.element
            yield token.ordinal, token.elements, mark
        elif isinstance(token, Run):
            for number, elements in enumerate(token.elements, token.ordinal):
                yield number, elements, mark
        elif isinstance(token, tuple):
            yield token[0], token[2], mark


def _near(number: int, numbers: Sequence[int]) -> bool:
    place = bisect_left(numbers, number - AROUND)
    return place < len(numbers) and numbers[place] <= number + AROUND


def _line(
    number: int, elements: list[str], mark: str, indexes: Sequence[int], findings: Sequence[Finding], near: bool
) -> ShownLine:
    texts = masked(elements[:_MOST_ELEMENTS])
    faults = {findings[index].where.element for index in indexes} - {0}
    pieces: list[tuple[str, bool]] = []
    text = ""
    for place, element in enumerate(texts):
        text += mark if place else ""
        if place in faults:
            pieces += [(text, False), (element, True)]
            text = ""
        else:
            text += element
    text += "\N{HORIZONTAL ELLIPSIS}" if len(elements) > _MOST_ELEMENTS else ""
    pieces.append((text, False))
    return ShownLine(number, texts[0], tuple(p for p in pieces if p[0] or p[1]), tuple(indexes), near)


__all__ = ["AROUND", "excerpt"]
