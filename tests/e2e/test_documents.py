"""The documents of the demo, as their readers get them: sums agree, and nobody's data is in a segment."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from support.demo import Told
from support.installation import ROOT


@pytest.fixture(scope="module")
def outbox(told: Told) -> Path:
    """The outbox of one demo."""
    return told.home / "outbox"


def sheet(path: Path, name: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())).get_sheet_by_name(name).to_python()


def test_a_consolidated_invoice_totals_the_invoices_beside_it(outbox: Path) -> None:
    covers = sorted(outbox.glob("*/consolidated-*.xlsx"))
    assert covers
    for path in covers:
        rows = sheet(path, "Accounts")
        head = next(row for row in rows if row[0] == "Account")
        bills = rows[rows.index(head) + 1 : -1]
        assert len(bills) >= 2
        due = 0
        for bill in bills:
            (single,) = path.parent.glob(f"invoice-{bill[head.index('Invoice')]}.xlsx")
            owed = sheet(single, "Summary")[-1]
            assert owed == ["Total due", bill[head.index("Total due")]]
            due += round(float(str(owed[1])) * 100)
        assert due == round(float(str(rows[-1][head.index("Total due")])) * 100)


def test_segments_are_shown_and_nobodys_data_in_them(outbox: Path) -> None:
    shown = "".join(
        part
        for path in outbox.glob("*/report-*.html")
        for part in re.findall(r"<pre>(.*?)</pre>", path.read_text(), re.S)
    )
    assert "<mark>" in shown and "HD*021**HLT*" in shown
    assert not re.search(r"\d{3}-?\d{2}-?\d{4}", re.sub(r"<.*?>", " ", shown))
    sent = (ROOT / "sample_files" / "demo" / "01-adds.edi").read_text()
    names = {part for line in re.findall(r"NM1\*IL\*1\*([^*]+)\*([^*~]+)", sent) for part in line}
    births = set(re.findall(r"DMG\*D8\*(\d{8})", sent))
    assert len(names) > 50 and len(births) > 50
    assert not {name for name in names | births if name in shown}
