"""What every acknowledgment that a test makes must pass: our own maps, pyx12's reading, and counts that add up."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from pathlib import Path

from model.x12 import FileVerdict, FunctionalGroupVerdict, InboundAck, InterchangeVerdict, SetVerdict, Verdict
from parsers.x12.judge import judge


def checked(data: bytes) -> list[InboundAck]:
    """Return what a TA1 or 999 of ours says, read back; AssertionError where anybody could object to it."""
    text = data.decode("ascii")
    items = list(judge([data]))
    verdicts = [
        item for item in items if isinstance(item, SetVerdict | FunctionalGroupVerdict | InterchangeVerdict)
    ]
    assert verdicts, text
    assert [found for item in verdicts for found in item.findings] == [], text
    assert {item.verdict for item in verdicts} == {Verdict.ACCEPTED}, text
    assert pyx12_accepts(text), text
    assert [item.findings for item in items if isinstance(item, FileVerdict)] == [()], text
    heard = [item for item in items if isinstance(item, InboundAck)]
    _add_up([line.split("*") for line in text.split("~\n")])
    return heard


def pyx12_accepts(text: str) -> bool:
    """Say whether pyx12 accepts a whole file."""
    from support import pyx12_maps  # a second to load, and most tests need none of it

    return pyx12_maps.accepts(io.StringIO(text))


def _add_up(lines: list[list[str]]) -> None:
    """Compare AK9 with the sets above it: received and accepted are theirs, the letter follows from them."""
    for ak9 in (line for line in lines if line[0] == "AK9"):
        letter, received, accepted = ak9[1], int(ak9[3]), int(ak9[4])
        said = [line[1] for line in lines if line[0] == "IK5"]
        assert set(said) <= {"A", "E", "R"}
        assert accepted <= received
        if letter == "R":
            assert accepted == 0
        else:
            assert (len(said), len(said) - said.count("R")) == (received, accepted)
            wanted = "P" if "R" in said else "E" if "E" in said else "A"
            assert letter == wanted
    for number, line in enumerate(lines):
        if line[0] == "IK4":
            before = [line[0] for line in lines[:number]]
            assert before[-1] in ("IK3", "CTX", "IK4"), "an element error stands below its segment's"


# The 824 (005010X186A1), segment by segment in the guide's order. pyx12 has no map of it.
_ADVICE = re.compile(
    "".join(
        (
            r"ST\*824\*\d{4,9}\*005010X186A1~\n",
            r"BGN\*11\*[^*~]{1,50}\*\d{8}\*\d{4}\*\*[^*~]{0,50}\*\*(?:WQ|U)~\n",
            r"N1\*41\*[^*~]{1,60}\*46\*[^*~]{2,80}~\n",
            r"(?:PER\*IC\*[^*~]{0,60}(?:\*TE\*\d{1,256})?(?:\*EM\*[^*~]{1,256})?~\n)?",
            r"N1\*40\*[^*~]{1,60}\*46\*[^*~]{2,80}~\n",
            r"OTI\*T[AEPR]\*TN\*[^*~]{1,50}\*\*\*\d{8}\*\d{4,8}\*\d{1,9}\*[^*~]{4,9}\*\d{3}\*[^*~]{1,12}~\n",
            r"(?:TED\*\d{3}\*[^*~]{1,60}(?:\*[A-Z][A-Z0-9]{1,2}\*\d{1,10}(?:\*\d{1,2}(?::\d{1,2})?(?:\*\d{1,4})?)?)?~\n)*",
            r"SE\*\d+\*\d{4,9}~\n",
        )
    )
)


def checked_824(data: bytes) -> list[list[str]]:
    """Return the segments of an 824 of ours; AssertionError where it is not as the guide has it."""
    from pyx12.x12file import X12Reader

    text = data.decode("ascii")
    start, end = text.index("ST*824"), text.index("GE*")
    assert _ADVICE.fullmatch(text[start:end]), text
    reader = X12Reader(io.StringIO(text))
    faults = [fault for _ in reader for fault in reader.pop_errors()] + reader.pop_errors()
    assert faults == [], text
    assert "GS*AG*" in text and "*X*005010X186A1~" in text, text
    segments = [line.split("*") for line in text.split("~\n")[:-1]]
    oti, bgn = next(s for s in segments if s[0] == "OTI"), next(s for s in segments if s[0] == "BGN")
    teds = [s for s in segments if s[0] == "TED"]
    assert (oti[1] == "TR") == (bgn[8] == "U"), text
    assert oti[1] != "TA" or not teds, text
    return segments


def check_published(places: Iterable[str]) -> None:
    """Check every acknowledgment among published documents, where they lie in a folder of ours."""
    for place in map(Path, places):
        if place.name.startswith(("ta1-", "999-", "824-")) and place.is_file():
            (checked_824 if place.name.startswith("824-") else checked)(place.read_bytes())
