"""pyx12's whole machine is the oracle of our use of its parts: damaged sets are accepted and rejected alike."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from model.x12 import SetVerdict, Verdict
from parsers.judge import judge

_CASES = Path(__file__).parents[1] / "cases" / "x12" / "envelope.yaml"
_BASE: str = yaml.safe_load(_CASES.read_text("utf-8"))["base"]
_HEAD, _REST = _BASE.split("ST*834*0001", 1)
_BODY = _REST[: _REST.index("SE*11")].split("\n")[1:-1]
_VALUES = ["", "X", "A" * 70, "20270230", "ZZ", "1:2", "-1", "20270101-20270131", "024", "18", "A ", "\t"]
_EDIT = st.tuples(
    st.sampled_from(["drop", "double", "swap", "change"]),
    st.integers(0, 50),
    st.integers(0, 50),
    st.sampled_from(_VALUES),
)


def _damage(edits: list[tuple[str, int, int, str]]) -> str:
    body = list(_BODY)
    for what, first, second, value in edits:
        at, other = first % len(body), second % len(body)
        if what == "drop" and len(body) > 1:
            del body[at]
        elif what == "double":
            body.insert(other, body[at])
        elif what == "swap":
            body[at], body[other] = body[other], body[at]
        elif what == "change":
            elements = body[at].rstrip("~").split("*")
            elements[1 + second % (len(elements) - 1)] = value
            body[at] = "*".join(elements) + "~"
    lines = ["ST*834*0001*005010X220A1~", *body, f"SE*{len(body) + 2}*0001~", "GE*1*7~", "IEA*1*000000101~", ""]
    return _HEAD + "\n".join(lines)


def _oracle(text: str) -> bool:
    from pyx12.params import ParamsBase
    from pyx12.x12n_document import x12n_document

    logging.disable(logging.CRITICAL)
    try:
        return x12n_document(ParamsBase(), io.StringIO(text), None, None)
    finally:
        logging.disable(logging.NOTSET)


@settings(max_examples=60, deadline=None)
@given(st.lists(_EDIT, max_size=3))
def test_same_verdict_as_pyx12(edits: list[tuple[str, int, int, str]]) -> None:
    text = _damage(edits)
    verdict = next(item.verdict for item in judge([text.encode()]) if isinstance(item, SetVerdict))
    assert (verdict is not Verdict.REJECTED) == _oracle(text)
