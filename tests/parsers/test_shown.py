"""What a report shows of a received segment: enough to find the mistake, nothing about a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.finding import Where
from model.x12 import Delimiters, ShownSegment
from parsers.x12.shown import HIDDEN, masked, neighbourhood

DATA = b"REF*0F*E1001~\r\nDMG*D8*19800229*F~\r\nHD*021**HLT*GOLD*IND~\r\nDTP*348*D8*20270101~\r\n"
HD = DATA.index(b"HD*")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("INS*Y*18*021*28*A*E**AC***D8*20261224*R", "INS*Y*18*021*28*A*•••**AC***•••*•••*R"),
        ("NM1*IL*1*DOE*JANE*Q***34*900112233", "NM1*IL*1*•••*•••*•••***34*•••"),
        ("DMG*D8*19800229*F*M", "DMG*D8*•••*F*•••"),
        ("N3*1 ELM STREET", "N3*•••"),
        ("N4*HARTFORD*CT*06103", "N4*•••*CT*•••"),
        ("PER*IP**TE*8605550142", "PER*IP**TE*•••"),
        ("REF*0F*900112233", "REF*0F*•••"),
        ("REF*SY*900112233", "REF*SY*•••"),
        ("REF*1L*HM4100", "REF*1L*HM4100"),
        ("REF*1L*900-11-2233", "REF*1L*•••"),
        ("DTP*348*D8*20270101", "DTP*348*D8*20270101"),
        ("DTP*360*D8*20270101", "DTP*360*•••*•••"),
        ("HLH*T*70*180", "HLH*•••*•••*•••"),
        ("DSB*1", "DSB*•••"),
        ("HD*021**HLT*GOLD*FAM", "HD*021**HLT*GOLD*FAM"),
        ("HD*021**HLT*900112233*FAM", "HD*021**HLT*•••*FAM"),
        ("AMT*P3*512.3", "AMT*P3*512.3"),
        ("AMT*R*90", "AMT*R*•••"),
        ("RMR*IK*100001*PI*500*500", "RMR*IK*100001*PI*500*500"),
        ("RMR*AZ*900112233*PI*500*500", "RMR*AZ*•••*PI*500*500"),
        ("GE*1*900112233", "GE*1*900112233"),
        ("JANE DOE", "•••"),
        ("ZZZ*900112233*JANE", "ZZZ*•••*•••"),
        ("", "•••"),
    ],
)
def test_what_is_shown_of_a_segment(sent: str, shown: str) -> None:
    assert "*".join(masked(sent.split("*"))) == shown


@given(
    st.sampled_from(["NM1", "N3", "PER", "REF", "DMG", "HLH", "DSB", "QQQ", "doe", "COB", "LUI", "INS"]),
    st.lists(st.sampled_from(["", "IL", "0F", "34", "D8"]), max_size=3),
    st.integers(0, 6),
)
def test_a_name_or_ssn_is_shown_nowhere_in_a_persons_segment(name: str, codes: list[str], empty: int) -> None:
    sent = [name, *codes, *[""] * max(2, empty), "CANARY", "900112233", "900-11-2233"]
    text = "*".join(masked(sent))
    assert "CANARY" not in text and "900" not in text


def test_a_finding_is_shown_between_its_neighbours() -> None:
    where = Where(segment=12, segment_id="HD", element=5, offset=HD)
    assert neighbourhood(DATA, 0, HD, Delimiters(), where) == (
        ShownSegment(11, f"DMG*D8*{HIDDEN}*F"),
        ShownSegment(12, "HD*021**HLT*GOLD*", "IND", "", here=True),
        ShownSegment(13, "DTP*348*D8*20270101"),
    )


def test_a_piece_of_the_file_shows_only_whole_neighbours() -> None:
    cut = DATA[HD - 4 : HD + 30]  # the one before is cut, and so is the one after
    where = Where(segment=12, segment_id="HD", element=3, offset=HD)
    assert neighbourhood(cut, HD - 4, HD, Delimiters(), where) == (
        ShownSegment(12, "HD*021**", "HLT", "*GOLD*IND", here=True),
    )


def test_an_element_that_was_not_sent_marks_the_whole_segment() -> None:
    where = Where(segment=12, segment_id="HD", element=9, offset=HD)
    own = next(line for line in neighbourhood(DATA, 0, HD, Delimiters(), where) if line.here)
    assert (own.fault, own.text) == ("", "HD*021**HLT*GOLD*IND")


def test_nothing_is_shown_where_no_segment_ends() -> None:
    assert neighbourhood(b"HD*021", 0, 0, Delimiters(), Where(segment=1, offset=0)) == ()
    assert neighbourhood(DATA, 100, 10, Delimiters(), Where(segment=1, offset=10)) == ()
