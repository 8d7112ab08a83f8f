"""Whatever text arrives, a CSV of ours reads back as one inert cell."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from writers.forms.spreadsheet import csv_document, safe

TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@\t\r\n\"', ＝"), max_size=30)


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_cells_read_back_as_made_safe(cells):
    made = csv_document("x", ["h"] * len(cells), lambda: [cells]).data.decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(made, newline=""))
    assert row == [safe(cell) for cell in cells]


@given(TEXT)
def test_no_cell_is_a_formula(cell):
    made = safe(cell)
    assert made[:1] not in tuple("=+@＝＋－＠\t\r") or not made
    assert safe(made) == made
    if made.startswith("-"):
        float(made)  # a negative number, nothing else
