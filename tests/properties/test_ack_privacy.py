"""Damage any place of a set: the 999 about it is right by our maps and pyx12's, and shows nobody's data."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from model.documents.acknowledgment import Ack999Statement, AckEnvelope, AckSet
from model.x12 import FunctionalGroupVerdict, Interchange, SetVerdict
from parsers.x12.ackerrors import errors
from parsers.x12.judge import judge
from parsers.x12.tokenizer import segments
from support.acks import checked
from support.matrix import BASE
from support.tries import tries
from writers.acknowledgments import ack999

_ENVELOPE = AckEnvelope("ZZ", "NORTHWIND", "ZZ", "ACME", "NORTHWIND", "ACME", 41, datetime(2027, 1, 5, 9, 31), "P")
_BEGIN, _END = BASE.index("BGN*"), BASE.index("SE*14")
_CANARIES = ("QUIGLEY", "IVAN", "901410001", "19830412")
_EDITS = st.lists(
    st.tuples(
        st.integers(_BEGIN, _END - 1),
        st.integers(0, 2),
        st.sampled_from(["", "*", "**", ":", "^", "~", "Z", "9", " ", "20270230", "XX*1~", "X" * 60]),
    ),
    min_size=1,
    max_size=4,
)


def _statement(data: bytes) -> Ack999Statement:
    """Answer the first set of a file as the pipeline does."""
    items = list(judge([data]))
    interchange = next(item for item in items if isinstance(item, Interchange))
    one = next(item for item in items if isinstance(item, SetVerdict))
    group = next(item for item in items if isinstance(item, FunctionalGroupVerdict)).group
    marks = interchange.delimiters
    again = segments(data[one.set.start : one.end], marks, start=one.set.start, ordinal=1)
    answered = AckSet(
        one.set.kind, one.set.control, one.set.version, one.verdict.value, one.codes, errors(one, again, marks)
    )
    accepted = int(one.verdict.value != "R")
    said = (one.verdict.value, 1, 1, accepted, ())
    return Ack999Statement(_ENVELOPE, 9, group.code, group.control, group.version, (answered,), *said)


@tries(100)
@given(_EDITS)
def test_a_999_is_right_and_shows_nobodys_data(edits: list[tuple[int, int, str]]) -> None:
    text = BASE
    for at, cut, piece in edits:
        text = text[:at] + piece + text[at + cut :]
    document = ack999.render(_statement(text.encode()))
    checked(document.data)
    answered = document.data.decode("ascii")
    assert [canary for canary in _CANARIES if canary in answered] == []
