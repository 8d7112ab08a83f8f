"""The page of a sender's check: findings at their segments, items that filters choose among, text as text."""

from __future__ import annotations

import re
from datetime import date

from model.agreement.terms import Contact
from model.codes import found
from model.documents.check import CheckedFile, CheckReport, Fold, Outcome, ShownLine
from model.finding import Finding, Severity, Where
from writers.reports.check_page import render

ERROR = found("ELEMENT-7", Where(segment=5, segment_id="INS", element=2), "INS02: <not> a code.")
NOTE = found("FILE-BOM", Where())
WARNING = found("SEGMENT-EMPTY", Where(segment=7, segment_id="REF"))


def line(number: int, text: str, *findings: int, near: bool = True) -> ShownLine:
    return ShownLine(number, text.split("*", 1)[0], ((text, False),), findings, near)


def page(*lines: ShownLine | Fold, findings: tuple[Finding, ...] = (NOTE, ERROR, WARNING), left: int = 0) -> str:
    counts = tuple((kind, sum(finding.severity is kind for finding in findings)) for kind in Severity)
    one = CheckedFile("a<b>.edi", "X12", 10, Outcome.PARTIAL, (), findings, counts, 0, left, lines)
    report = CheckReport((one,), date(2026, 11, 23), (), "Northwind", Contact())
    return render(report).data.decode()


def items(text: str) -> list[tuple[str, str]]:
    """Return each item's kinds and its text without markup."""
    found = re.findall(r'<div class="item listing[^"]*" data-kind="([^"]*)">(.*?)</div>\n', text, re.DOTALL)
    return [(kinds, re.sub(r"<[^>]+>", " ", inside)) for kinds, inside in found]


def test_each_finding_stands_at_its_segment() -> None:
    text = page(
        Fold(1, 3), line(4, "GS*BE"), line(5, "INS*Y", 1), line(6, "REF*0F"), line(7, "REF*1L", 2),
        line(8, "DTP*336"), line(9, "SE*9", near=False),
    )  # fmt: skip
    kinds = [kind for kind, _ in items(text)]
    assert kinds == ["found u3", "", "found u0", "found u2", ""]
    texts = [inside for _, inside in items(text)]
    assert "byte order mark" in texts[0]
    assert "segments 1 to 3: 3 segments without findings" in texts[1]
    assert texts[2].index("INS*Y") < texts[2].index("&lt;not&gt; a code.") < texts[2].index("REF*0F")
    assert "REF*1L" in texts[3] and "Empty segments" in texts[3]
    assert [choice for choice in ("found", "u0", "u2", "u3", "") if f'data-choose="{choice}"' in text] == [
        "found", "u0", "u2", "u3", "",
    ]  # fmt: skip
    assert "u1" not in re.findall(r'data-choose="(\w*)"', text)


def test_text_is_text_and_nothing_is_fetched() -> None:
    text = page(line(5, "INS*<script>", 1))
    assert "<b>.edi" not in text and "a&lt;b&gt;.edi" in text
    assert "INS*&lt;script&gt;" in text
    assert "default-src 'none'" in text
    assert not re.search(r"(?:src|href)=", text)


def test_what_is_left_out_is_said() -> None:
    assert "12 more findings could not be shown here." in page(line(5, "INS*Y", 1), left=12)


def test_a_file_without_segments_has_its_findings_all_the_same() -> None:
    text = page()
    assert "<h2>Findings</h2>" in text
    assert [kinds for kinds, _ in items(text)] == ["found u3", "found u0", "found u2"]
