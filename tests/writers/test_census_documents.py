"""The census template, and that the reader knows it."""

import io
from datetime import date, datetime

import pandas
import pytest

from model.enrollment.census import CensusReturn, ReturnedSheet, RowAnswer
from parsers.census import sheet as census
from parsers.census.columns import field_of
from parsers.terms.text import load
from support.installation import TERMS
from writers.reports.census import render as give_back
from writers.reports.census_template import columns, render

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def terms():
    return load(TERMS.read_text("utf-8"))[0].terms


def test_every_heading_is_known(terms):
    for table in (columns(), columns(terms)):
        fields = [field_of(column.heading) for column in table]
        assert "" not in fields and len(set(fields)) == len(fields)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_empty_template_is_asked_to_be_filled_in(form, terms):
    document = render(form, terms)
    assert document.data == render(form, terms).data
    read = census.read(document.data, TODAY)
    (finding,) = read.findings
    assert finding.code == "CENSUS-HEADERS" and "no rows" in finding.message


def test_a_filled_template_is_read(terms):
    values = {"Employee ID": "007", "Relationship": "Employee", "Last Name": "Vale", "First Name": "Robin",
              "SSN": "011-22-3344", "Birth Date": "1984-05-06", "ZIP": "06099", "Medical Plan": "GOLD",
              "Medical Tier": "Employee + Children",
              "Dental Plan": "Waive", "Coverage Start": "2027-01-01"}  # fmt: skip
    head = render("csv", terms).data.decode("utf-8-sig")
    cells = [values.get(column.heading, "") for column in columns(terms)]
    (row,) = census.read((head + ",".join(cells)).encode(), TODAY).rows
    assert row.findings == () and row.subscriber_number == "007" and row.ssn == "011223344"
    assert [(election.line, election.plan, election.tier, election.waived) for election in row.elections] == [
        ("medical", "GOLD", "ECH", False), ("dental", "", "", True)]  # fmt: skip


@pytest.mark.parametrize("form", ["CSV", "XLSX"])
def test_no_cell_that_goes_back_is_a_formula(form):
    """Neither a sender's cells, titles and sheet names, nor an answer."""
    nasty = ("=1+1", "+cmd", "@x", "-2+3", "\t=1", "x" * 40_000)
    sheet = ReturnedSheet(
        "=a/b" * 20, (nasty, ("Last Name",), nasty), 2, 1, (RowAnswer(3, "REJECTED", "=1", "@"),)
    )
    made = CensusReturn("F000001", form, datetime(2026, 11, 23), (sheet, sheet))
    data = give_back(made).data
    assert data == give_back(made).data
    if form == "CSV":
        cells = [cell for line in data.decode("utf-8-sig").splitlines() for cell in line.split(",")]
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "-")]
        return
    frames = pandas.read_excel(io.BytesIO(data), sheet_name=None, header=None, dtype=str, keep_default_na=False,
                               engine="calamine")  # fmt: skip
    assert len(frames) == 2
    cells = [cell for frame in frames.values() for row in frame.to_numpy().tolist() for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "-")]
