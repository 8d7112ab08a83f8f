"""A set read again from the archive is cut as it was the first time, however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from model.x12 import Interchange, Raw, SetVerdict
from parsers.x12.ackerrors import SetsOf
from parsers.x12.judge import judge
from pipeline.runtime.workspace import Workspace
from support.matrix import BASE

_MEMBER = BASE[BASE.index("INS*") : BASE.index("SE*14")]


def _sets(data: bytes) -> Iterator[list[Raw]]:
    """Yield the segments of each set as plain splitting has them, numbered from its ST."""
    mark, star = ("!!", "|") if b"!!" in data else ("~", "*")
    found: list[Raw] = []
    for text in data.decode().split(mark):
        elements = text.strip().split(star)
        found = [] if elements[0] == "ST" else found
        found.append((len(found) + 1, 0, elements))
        if elements[0] == "SE":
            yield list(found)


def _again(ws: Workspace, data: bytes) -> list[list[Raw]]:
    sha256, _ = ws.vault.archive.put([data])
    items = list(judge([data]))
    (interchange,) = [item for item in items if isinstance(item, Interchange)]
    sets = SetsOf(partial(ws.vault.archive.read_range, sha256), interchange)
    verdicts = [item for item in items if isinstance(item, SetVerdict)]
    return [[(raw[0], 0, raw[2]) for raw in sets.segments(verdict)] for verdict in verdicts]


def test_small_sets_and_one_of_several_blocks(ws: Workspace) -> None:
    long = BASE.replace(_MEMBER, _MEMBER * 9_000, 1).replace("SE*14", "SE*72006", 1)
    assert len(long) > 1 << 20
    data = long.encode()
    assert _again(ws, data) == list(_sets(data))


def test_other_separators_blanks_and_empty_segments(ws: Workspace) -> None:
    text = BASE.replace("~\n", "!!\r\n").replace("*", "|")
    data = ("\ufefftext before it " + text).encode()
    outcomes = _again(ws, data)
    assert outcomes == list(_sets(data))
    assert [len(outcome) for outcome in outcomes] == [14, 14]
