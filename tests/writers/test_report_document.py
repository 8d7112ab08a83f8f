"""The business report leads with what somebody has to do."""

from __future__ import annotations

import csv
from dataclasses import replace

from writers.reports.report import render


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(data.decode("utf-8-sig").splitlines()))


def test_table_and_print_are_as_reviewed(report, golden, pdf_pages):
    table, _, _, print_ = render(report)
    assert (table.name, print_.name) == ("report-F000007.csv", "report-F000007.pdf")
    golden(table.name, table.data)
    golden("report-F000007.txt", "\f".join(pdf_pages(print_.data)).encode())


def test_urgent_rows_come_first_and_none_is_lost(report):
    made = rows(render(report)[0].data)
    assert [row["To do"] for row in made] == (
        ["Correct and resend"] * 2 + ["Waiting for our review", "Please check"] + ["Done"] * 3
    )
    assert made[0]["Where in the file"] == "the file"  # the file before its members
    assert [row["Segment"] for row in made if row["To do"] == "Done"] == ["9", "9", "57"]


def test_every_urgent_row_prints_what_where_and_fix(report, pdf_pages):
    text = " ".join(" ".join(pdf_pages(render(report)[-1].data)).split())
    for row in report.rows:
        if row.severity:
            assert all(words in text for words in (row.message, row.where, row.code, row.fix))


def test_a_file_without_findings_says_that_nothing_is_to_do(report, pdf_pages):
    fine = replace(report, state="APPLIED", rows=report.rows[:2], counts=(("APPLIED", 2),))
    (page,) = pdf_pages(render(fine)[-1].data)
    assert "Everything in this file was applied" in page
    assert "Done" in page


def test_a_file_of_errors_prints_the_first_and_keeps_all_in_the_table(report, pdf_pages):
    wrong = next(row for row in report.rows if row.code == "PLAN-NOT-OFFERED")
    many = replace(report, rows=tuple(replace(wrong, segment=n, subscriber=f"E{n}") for n in range(1, 1001)))
    table, _, _, print_ = render(many)
    text = "\n".join(pdf_pages(print_.data))
    assert "The 200 most urgent rows are shown" in text
    assert "E200" in text
    assert "E201" not in text
    assert len(rows(table.data)) == 1000


def test_an_unknown_state_or_code_stands_for_itself(report, pdf_pages):
    odd = replace(report, state="SOMETHING", kind="850", counts=(("LATER", 1),), rows=())
    (page,) = pdf_pages(render(odd)[-1].data)
    assert all(word in page for word in ("SOMETHING", "850", "LATER"))
