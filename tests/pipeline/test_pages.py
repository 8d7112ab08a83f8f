"""What is shown of a file comes in pages: together they are the whole, and each reads no more than it shows."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

import cli.exchange
import cli.reconcile
from cli.session import Failure
from model.agreement.answers import ALWAYS
from pipeline.receive.run import receive
from pipeline.runtime.workspace import Workspace
from pipeline.views import exchanges, months
from pipeline.views.files import Place
from sample_files import edi
from support import values
from support.installation import GROUP, PARTNER, TERMS, load_terms, run

DAY = date(2026, 11, 23)
FAMILIES = (3, 0, 1, 4)  # of each set; in a set without any nobody is right


def family(ident: int, *, known: bool = True) -> edi.Family:
    """Return a subscriber and a spouse; with a plan that nobody knows they are rejected."""
    cover = (edi.Coverage("HLT", "GOLD" if known else "NONE", "ESP", date(2026, 12, 1)),)
    people = tuple(
        edi.Person(relation, f"SAMPLE{ident}", name, date(year, 3, 30), "F", f"9{ident:06d}{relation}")
        for relation, name, year in (("18", "ADA", 1984), ("01", "BEA", 1985))
    )
    home = ("1 MAIN ST", "HARTFORD", "CT", "06101")
    return edi.Family(f"E{ident:08d}", "100", people, cover, date(2022, 3, 1), home)


def file_of_sets() -> bytes:
    """Return an 834 of several sets."""
    sets, ident = [], 1
    for number, count in enumerate(FAMILIES, 1):
        families = [family(ident + place, known=count > 0) for place in range(count or 2)]
        ident += len(families)
        sets.append(edi.enrollment_set(edi.members(families), DAY, f"B{number}", control=f"{number:04d}"))
    return edi.interchange(sets, DAY, 7).encode()


def taken(ws: Workspace) -> Workspace:
    """Receive the file of sets from a partner that gets an 824 for each."""
    terms = TERMS.read_text("utf-8")
    load_terms(ws, f'{terms}\n[partner.acknowledgments]\nadvice824 = "{ALWAYS}"\n')
    receive(ws, [file_of_sets()], "sets.edi", PARTNER, "test", ws.now(DAY))
    return ws


@pytest.fixture
def received(on_both: Workspace) -> Workspace:
    """An installation that has received it."""
    return taken(on_both)


def pages(ws: Workspace, most: int) -> list[dict[str, Any]]:
    """Return the pages of the file, one after the other."""
    found, begin = [], ""
    while not found or begin:
        found.append(values.file_value(ws, "F000001", Place.read(begin), most))
        begin = found[-1]["next"]
    return found


def members_of(page: dict[str, Any]) -> list[tuple[str, int]]:
    return [(part["control"], member["number"]) for part in page["sets"] for member in part["members"]]


@pytest.mark.parametrize("most", [1, 2, 3, 4, 7, 20])
def test_pages_are_the_whole_and_no_longer_than_asked_for(received: Workspace, most: int) -> None:
    whole = values.file_value(received, "F000001")
    assert whole["next"] == "" and len(whole["sets"]) == len(FAMILIES)
    walked = pages(received, most)
    assert [line for page in walked for line in members_of(page)] == members_of(whole)
    assert list(dict.fromkeys(part["control"] for page in walked for part in page["sets"])) == [
        part["control"] for part in whole["sets"]
    ]
    for page in walked:
        assert 0 < len(members_of(page)) <= most
        assert max(len(page[name]) for name in ("sets", "all_findings", "acks")) <= most
        for name in ("counts", "set_counts", "finding_counts", "answer_count"):
            assert page[name] == whole[name], "counted of the whole file"
    (part,) = [part for part in walked[0]["sets"] if part["control"] == whole["sets"][0]["control"]]
    assert part["counts"] == whole["sets"][0]["counts"] == {"APPLIED": 6}


def test_what_is_counted_is_what_is_there(received: Workspace) -> None:
    whole = values.file_value(received, "F000001")
    dispositions = [
        line["disposition"] for part in whole["sets"] for member in part["members"] for line in member["lines"]
    ]
    assert whole["counts"] == {kind: dispositions.count(kind) for kind in dict.fromkeys(dispositions)}
    assert sum(whole["set_counts"].values()) == len(whole["sets"])
    assert sum(whole["finding_counts"].values()) == len(whole["all_findings"]) > 1
    assert whole["answer_count"] == len(whole["acks"]) + 1, "the report is no acknowledgment"


def test_of_findings_the_most_severe_are_shown_and_of_answers_the_advice_comes_last(received: Workspace) -> None:
    whole, page = (values.file_value(received, "F000001", most=most) for most in (500, 3))
    rank = ["error", "pend", "warning", "info"].index
    severe = sorted((finding["severity"] for finding in whole["all_findings"]), key=rank)
    assert sorted((finding["severity"] for finding in page["all_findings"]), key=rank) == severe[:3]
    assert [finding for finding in whole["all_findings"] if finding in page["all_findings"]] == page[
        "all_findings"
    ]
    assert "824" not in [ack["kind"] for ack in page["acks"]]
    assert [place for place in page["documents"] if "report" in place], "the report is among the first"


def test_a_page_costs_the_same_wherever_it_lies_and_however_large_its_set(ws: Workspace) -> None:
    """Every look at lines and findings goes from one number to another; a set is read whole only to be counted."""
    received = taken(ws)
    statements: list[tuple[str, Any]] = []
    event.listen(received.database.engine, "before_cursor_execute", lambda *args: statements.append(args[2:4]))
    values.file_value(received, "F000001", most=2)
    asked = [each for each in statements if re.search(r"FROM (disposition|finding)\b", each[0])]
    with received.database.read() as conn:
        plans = [
            (text, row[-1])
            for text, given in asked
            for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given).all()
            if re.match(r"(SEARCH|SCAN) (disposition|finding)", row[-1])
        ]
    rows = [plan for text, plan in plans if "GROUP BY" not in text and "ORDER BY CASE" not in text]
    counts = [plan for text, plan in plans if "GROUP BY" in text or "ORDER BY CASE" in text]
    assert len(rows) >= 5 and len(counts) >= 3
    assert [plan for plan in rows if not re.search(r"number[>=]|rowid=", plan)] == []
    assert [plan for plan in counts if not plan.startswith("SEARCH")] == [], "counted by their sets"


def test_the_command_says_what_it_leaves_out_and_where_to_go_on(ws: Workspace) -> None:
    taken(ws)
    page = run("file", "show", "F000001", "--limit", 2, "--json").json
    shown = run("file", "show", "F000001", "--limit", 2).out
    assert f"--from {page['next']}" in shown and "sets 3 APPLIED, 1 REJECTED" in shown
    assert "findings 6 error." in shown and f"2 of {page['answer_count']} answers" in shown
    following = run("file", "show", "F000001", "--from", page["next"], "--json").json
    assert members_of(following)[0] not in members_of(page) and following["next"] == ""
    assert "--from" not in run("file", "show", "F000001").out
    with pytest.raises(Failure, match="where a page begins"):
        run("file", "show", "F000001", "--from", "x")


def test_of_an_exchange_the_first_answers_are_shown_and_all_are_counted(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(ws)
    (whole,) = run("exchange", "show", "F000001", "--json").json
    assert whole["answer_count"] == len(whole["answers"]) == 7
    monkeypatch.setattr(exchanges, "PAGE", 2)
    monkeypatch.setattr(cli.exchange, "SHOWN", 1)
    (page,) = run("exchange", "show", "F000001", "--json").json
    assert page["answers"] == whole["answers"][:2] and page["answer_count"] == 7
    assert page["finding_count"] == whole["finding_count"] and page["delivered_at"] == whole["delivered_at"]
    shown = run("exchange", "show", "F000001").out
    assert "7 answers in all" in shown and "4 sets in all" in shown


def test_of_a_reconciliation_the_first_accounts_are_shown_and_all_are_counted(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_terms(ws)
    asked = ("reconcile", "--month", "2027-01", "--group", GROUP, "--today", "2026-12-28")
    whole = run(*asked, "--json").json
    assert whole["account_count"] == len(whole["accounts"]) > 1
    monkeypatch.setattr(months, "PAGE", 1)
    monkeypatch.setattr(cli.reconcile, "SHOWN", 1)
    page = run(*asked, "--json").json
    assert page["accounts"] == whole["accounts"][:1] and page["account_count"] == whole["account_count"]
    assert page["breaks"] == whole["breaks"], "counted of all"
    assert f"{whole['account_count']} accounts in all" in run(*asked).out
