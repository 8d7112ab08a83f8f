"""Bytes into segments: delimiters, damage, bounds."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import chain

import pytest

from model.x12 import Delimiters, Raw
from parsers.x12 import tokenizer
from parsers.x12.heads import Head
from parsers.x12.runs import Run
from parsers.x12.tokenizer import Notice, Token, Tokenizer, segments

ISA = b"ISA*00*          *00*          *ZZ*ACME           *ZZ*NORTHWIND      *270105*0930*^*00501*000000101*1*P*:~"
IEA = b"IEA*0*000000101~"


def _flat(tokens: Iterable[Token]) -> Iterator[Raw | Head | Notice]:
    """Yield the segments of runs one by one: where a run ends is the reader's business."""
    for token in tokens:
        if isinstance(token, Run):
            yield from token.raws()
        else:
            yield token


def _tokens(data: bytes, size: int = 0) -> list[Raw | Head | Notice]:
    chunks = [data[at : at + size] for at in range(0, len(data), size)] if size else [data]
    return list(_flat(Tokenizer(chunks)))


def _notices(data: bytes) -> list[tuple[str, int, int]]:
    return [(token.code, token.offset, token.size) for token in _tokens(data) if isinstance(token, Notice)]


def _names(data: bytes) -> list[str]:
    return [token[2][0] for token in _tokens(data) if isinstance(token, tuple)]


def test_a_segment_carries_ordinal_offset_and_elements() -> None:
    head, group, trailer = _tokens(ISA + b"\r\n  GS*BE~\t\n" + IEA)
    assert isinstance(head, Head) and head.elements[6] == "ACME           "
    assert group == (2, 110, ["GS", "BE"])
    assert trailer == (3, 118, ["IEA", "0", "000000101"])


def test_delimiters_come_from_the_isa() -> None:
    data = ISA.replace(b"*", b"|").replace(b":~", b"\x1f\x1c").replace(b"^", b"!") + b"GS|B*~\x1c"
    head, group = _tokens(data)
    assert isinstance(head, Head) and head.delimiters == Delimiters("|", "\x1f", "!", "\x1c")
    assert group == (2, 106, ["GS", "B*~"])


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_line_ends_as_terminator(ending: bytes) -> None:
    data = ISA.replace(b"~", ending) + ending.join((b"GS*BE", b"GE*1", b"", b"IEA*0*000000101", b""))
    assert _names(data) == ["GS", "GE", "IEA"]
    assert _notices(data) == []


def test_every_interchange_has_its_own_delimiters() -> None:
    second = (ISA + b"GS*B|E~" + IEA).replace(b"*", b"|").replace(b"~", b"'")
    data = ISA + b"GS*B|E~" + IEA + b"\n" + second
    groups = [token[2] for token in _tokens(data) if isinstance(token, tuple) and token[2][0] == "GS"]
    assert groups == [["GS", "B|E"], ["GS", "B", "E"]]


def test_reading_a_range_again_gives_the_same_segments() -> None:
    body = "GS*BE~\n\n ST*834~~INS*Y*Ä~\nSE*2~".encode()
    raws = [token for token in _tokens(ISA + body + IEA) if isinstance(token, tuple)][:-1]
    for first, raw in enumerate(raws):
        again = segments((ISA + body)[raw[1] :], Delimiters(), start=raw[1], ordinal=raw[0])
        assert list(again) == raws[first:]


def test_bom_and_utf16() -> None:
    assert _notices(b"\xef\xbb\xbf" + ISA + IEA) == [("FILE-BOM", 0, 3)]
    for data in (ISA.decode().encode("utf-16"), ISA.decode().encode("utf-16-be")):
        assert _notices(data) == [("FILE-UTF16", 0, len(data))]


def test_empty_segments_are_counted_once_a_run() -> None:
    assert _notices(ISA + b"~" * 100_000 + b"GS*BE~~ ~" + IEA) == [
        ("SEGMENT-EMPTY", 106, 100_000),
        ("SEGMENT-EMPTY", 106 + 100_000 + 6, 2),
    ]


def test_a_segment_without_end_costs_no_memory() -> None:
    chunks = (part for part in [[ISA, b"INS*"], (b"x" * 50_000 + b"%d" % n for n in range(200)), [b"~", IEA]])
    tracemalloc.start()
    try:
        names = [token[2] for token in _flat(Tokenizer(chain.from_iterable(chunks))) if isinstance(token, tuple)]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert names == [["INS"], ["IEA", "0", "000000101"]]
    assert most < 8 * tokenizer.MAX_SEGMENT  # of ten megabytes


def test_the_longest_segment_allowed_is_read() -> None:
    limit = tokenizer.MAX_SEGMENT
    assert _notices(ISA + b"N" * limit + b"~" + IEA) == []
    assert _notices(ISA + b"N" * (limit + 1) + b"~" + IEA) == [("SEGMENT-TOO-LONG", 106, limit + 2)]


def test_text_that_mentions_isa_is_text() -> None:
    assert _notices(b"VISA*1 ISA ISABEL\n" + ISA + IEA) == [("TEXT-OUTSIDE", 0, 18)]


def test_letters_as_separators_are_read_and_named() -> None:
    data = ISA.replace(b"*", b"x").replace(b":~", b"7q")
    (head,) = _tokens(data)
    assert isinstance(head, Head)
    assert head.problems == ("SEPARATOR-ELEMENT", "SEPARATOR-COMPONENT", "SEPARATOR-SEGMENT")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 105, 106, 107])
def test_an_isa_across_read_buffers(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"page\n" + ISA + b"GS*BE~" + IEA + b"\nend"
    whole = _tokens(data)
    monkeypatch.setattr(tokenizer, "BLOCK", 1)
    assert _tokens(data, size) == whole


def test_segments_hide_behind_no_length_of_text() -> None:
    hidden = b"page of text, " * 1000 + b"GS*BE~ST*834*1~"
    assert [code for code, _, _ in _notices(ISA + IEA + b"\n" + hidden)] == ["SEGMENTS-OUTSIDE"]
    for size in (1, 7, 4096):
        assert _tokens(ISA + IEA + b"\n" + hidden, size) == _tokens(ISA + IEA + b"\n" + hidden)


@pytest.mark.parametrize("before", [b"x", b"x" * 5000, b"\xef\xbb\xbf", b"IEA*0*000000101"])
def test_a_whole_isa_is_found_wherever_it_stands(before: bytes) -> None:
    for data in (ISA + IEA + b"\n" + before + ISA + IEA, ISA + b"GS*BE~\n" + before + ISA + IEA):
        assert sum(isinstance(token, Head) for token in _tokens(data)) == 2
        for size in (1, 105, 4096):
            assert _tokens(data, size) == _tokens(data)


def test_an_isa_is_found_in_a_segment_too_long_to_hold() -> None:
    data = ISA + b"GS*" + b"x" * (tokenizer.MAX_SEGMENT + 50) + ISA + IEA
    assert sum(isinstance(token, Head) for token in _tokens(data)) == 2
    for size in (1000, 65536, 100_000):
        assert _tokens(data, size) == _tokens(data)
