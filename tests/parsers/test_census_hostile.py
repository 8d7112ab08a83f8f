"""Workbooks and tables that mean harm, or are broken: refused with a word, in little time and memory."""

import io
import re
import struct
import tracemalloc
import zipfile
from datetime import date

import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from parsers.census import sheet as census
from parsers.census import table, zip_bounds
from support.census import workbook
from support.tries import tries

TODAY = date(2026, 11, 23)
ROWS = [
    ["Family ID", "Relationship", "Last Name", "First Name", "DOB"],
    ["1", "EE", "Vale", "Robin", "1984-05-06"],
]
GOOD = workbook(("Members", ROWS))


def codes(data):
    read = census.read(data, TODAY)
    assert census.recognise(data[: census.HEAD])
    return [finding.code for finding in read.findings], len(read.rows)


def repacked(change=lambda name, data: data, extra=(), drop=()):
    """Return the good workbook with its members changed, some added, some dropped."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in book.namelist():
            if name not in drop:
                made.writestr(name, change(name, book.read(name)))
        for name, data in extra:
            made.writestr(name, data)
    return out.getvalue()


def in_sheet(old, new):
    return repacked(lambda name, data: data.replace(old, new) if name.startswith("xl/worksheets/") else data)


def test_the_good_one_is_good():
    assert codes(GOOD) == ([], 1)
    assert codes(repacked()) == ([], 1)


def test_macros():
    assert codes(repacked(extra=[("xl/vbaProject.bin", b"x")])) == (["CENSUS-MACROS"], 0)
    assert codes(repacked(extra=[("xl/macrosheets/sheet1.xml", b"x")])) == (["CENSUS-MACROS"], 0)
    enabled = repacked(lambda name, data: data.replace(b"sheet.main", b"sheet.macroEnabled.main"))
    assert codes(enabled) == (["CENSUS-MACROS"], 0)


def test_an_archive_bomb_is_not_unpacked():
    """Two hundred megabytes of blanks in a file of two hundred kilobytes."""
    bomb = repacked(extra=[(f"xl/media/{n}.bin", bytes(50 << 20)) for n in range(4)])
    assert len(bomb) < 1 << 20
    assert codes(bomb) == (["CENSUS-TOO-LARGE"], 0)


def test_a_directory_that_lies_about_sizes():
    """The directory says one kilobyte, the data unpack to more: measured, not believed."""
    data = bytearray(repacked(extra=[("xl/media/a.bin", bytes(1 << 20))]))
    at = data.rindex(b"xl/media/a.bin") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<I", data, at + 24, 1024)
    assert codes(bytes(data)) == (["CENSUS-DAMAGED"], 0)


def test_rows_and_dimensions_that_lie():
    assert codes(in_sheet(b'ref="A1:E2"', b'ref="A1:XFD1048576"')) == ([], 1)
    assert codes(in_sheet(b'r="E2"', b'r="XFD1048576"')) == (["CENSUS-TOO-LARGE"], 0)
    assert codes(in_sheet(b'r="E2"', b'r="ZZZZ999999999"')) == (["CENSUS-TOO-LARGE"], 0)


def test_one_long_text_in_every_cell():
    cells = b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % row for row in range(3, 20_000))
    data = repacked(
        lambda name, data: (
            data.replace(b"</sheetData>", b"<row>" + cells + b"</row></sheetData>")
            if name.startswith("xl/worksheets/")
            else re.sub(rb"<si><t>Family ID", b"<si><t>" + b"x" * (1 << 20), data)
        )
    )
    assert codes(data) == (["CENSUS-TOO-LARGE"], 0)


def test_entities_are_not_expanded():
    lol = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    data = repacked(lambda name, data: data.replace(b"?>\n", b"?>\n" + lol, 1).replace(b"Vale", b"&b;"))
    found, rows = codes(data)
    assert rows <= 1 and set(found) <= {"CENSUS-DAMAGED"}
    assert "aaaa" not in str(census.read(data, TODAY).sheets)


def test_what_is_no_workbook():
    assert codes(b"PK\x03\x04 and nothing more")[0] == ["CENSUS-DAMAGED"]
    assert codes(GOOD[: len(GOOD) // 2])[0] == ["CENSUS-DAMAGED"]
    assert codes(b"\xd0\xcf\x11\xe0" + bytes(600))[0] == ["CENSUS-DAMAGED"]
    assert codes(repacked(drop=["xl/workbook.xml"]))[0] == ["CENSUS-DAMAGED"]
    assert codes(repacked(lambda name, data: b"<broken" if "sheet1" in name else data))[0] == ["CENSUS-DAMAGED"]
    assert codes(repacked(lambda name, data: b"<x/>" if "sheet1" in name else data))[0] in (
        ["CENSUS-DAMAGED"], ["CENSUS-HEADERS"])  # fmt: skip


def test_too_many_bytes_rows_or_columns(monkeypatch):
    assert census.too_large(1 << 30).findings[0].code == "CENSUS-TOO-LARGE"
    monkeypatch.setattr(table, "MAX_ROWS", 2)
    assert codes(b"Last Name,First Name,DOB\na,b,1984-05-06\na,b,1984-05-06\n")[0] == ["CENSUS-TOO-LARGE"]
    monkeypatch.setattr(table, "MAX_COLUMNS", 2)
    assert codes(b"Last Name,First Name,DOB\n")[0] == ["CENSUS-TOO-LARGE"]
    monkeypatch.setattr(zip_bounds, "MAX_ENTRIES", 2)
    assert codes(GOOD)[0] == ["CENSUS-DAMAGED"]


def test_formatted_blank_rows_and_formulas_in_cells():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    form = book.add_format({"bg_color": "#FFFF00"})
    for index, row in enumerate(ROWS):
        sheet.write_row(index, 0, row)
    for index in range(2, 500):
        sheet.write_blank(index, 0, None, form)
    sheet.write_row(500, 0, ["2", "EE", "=1+1", "Kim", "1984-05-06"])  # a live formula: its value counts
    book.close()
    read = census.read(out.getvalue(), TODAY)
    assert [row.row for row in read.rows] == [2, 501]


def test_text_tables_that_are_broken():
    head = b"Last Name,First Name,DOB\n"
    assert codes(head + b'"Vale,Robin,1984-05-06\n' * 3)[1] >= 1
    assert codes(head + b'"' + b"x" * 200_000 + b'",b,c\n')[0] == ["CENSUS-DAMAGED"]
    assert codes(head.replace(b"\n", b"\r") + b"Vale,Robin,1984-05-06\r") == ([], 1)
    assert codes(head + b"Va\x00le,Robin,1984-05-06\n") == ([], 1)


def _damaged(data, at, value):
    return data[:at] + bytes([value]) + data[at + 1 :]


@tries(150)
@given(at=st.integers(0, len(GOOD) - 1), value=st.integers(0, 255))
def test_a_workbook_with_any_byte_changed_never_breaks_the_reader(at, value):
    read = census.read(_damaged(GOOD, at, value), TODAY)
    assert read.rows or read.findings


@tries(150)
@given(st.binary(max_size=300), st.sampled_from([b"", b"Last Name,First Name,DOB,SSN\n", b"PK\x03\x04"]))
def test_any_bytes_never_break_the_reader(data, head):
    census.recognise(head + data)
    read = census.read(head + data, TODAY)
    assert all(finding.fix for finding in read.findings)


def test_deflate_that_never_ends_is_cut_off(monkeypatch):
    """What unpacks to more than the bound is not unpacked further."""
    bomb = repacked(extra=[("xl/media/a.bin", bytes(64 << 20))])
    monkeypatch.setattr(zip_bounds, "MAX_PART", 100_000)
    tracemalloc.start()
    try:
        refusal = zip_bounds.look(bomb).refusal
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refusal is not None and refusal.code == "CENSUS-TOO-LARGE"
    assert most < 4 << 20
