"""CSV cells are inert, file names harmless."""

from __future__ import annotations

import pytest

from writers.forms.spreadsheet import csv_document, file_name, safe


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1 (860) 555-0142",
        "-2+3",
        "@SUM(A1)",
        " =1",
        "\t=1",
        "\r\n=1",
        "＝1",
        "－2+3",
        "-",
        "--1",
        "=",
        "+1",
    ],
)
def test_a_formula_becomes_text(text):
    assert safe(text).startswith("'")


@pytest.mark.parametrize("text", ["-12.50", "0.00", "1234", "Alvarez, Ada", "***-**-0117", "a=b", "", "3-4"])
def test_plain_text_and_numbers_stay(text):
    assert safe(text) == text


def test_a_cell_is_one_line():
    assert safe("one\r\ntwo\x00three\u2028four") == "one two three four"


def test_a_document_opens_in_a_spreadsheet():
    made = csv_document("x", ("A", "B"), lambda: [("Łucja", 'say "hi", =x')])
    assert made.name == "x.csv"
    assert made.data == b"\xef\xbb\xbfA,B\r\n" + 'Łucja,"say ""hi"", =x"\r\n'.encode()


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("invoice", "100012"), "invoice-100012"),
        (("trial", "../../etc/passwd"), "trial-etc-passwd"),
        (("a b", "", "c:d\\e"), "a-b-c-d-e"),
        (("report", "Ł"), "report"),
    ],
)
def test_file_names_take_letters_and_digits_only(parts, name):
    assert file_name(*parts) == name
