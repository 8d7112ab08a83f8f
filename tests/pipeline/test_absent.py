"""Whom a full file omits: told one by one, in totals and to the desk; nothing ends by it (docs/domain.md,
Absence).
"""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from typing import Any

import pytest

from exchange import advice
from model.desk import Wanted
from pipeline.receive.deliver import deliver
from pipeline.receive.run import receive
from pipeline.runtime.workspace import Workspace
from pipeline.views import work
from store.received import files
from support import desk, values
from support.installation import GROUP, PARTNER, TERMS, load_terms

DAY = date(2026, 12, 5)
MEDICAL, DENTAL = "021 HLT GOLD FAM 2026-12-01", "021 DEN DENTAL FAM 2026-12-01"
ADA = {"who": "ada", "lines": [MEDICAL, DENTAL]}
BEA = {"who": "bea", "lines": ["021 HLT GOLD - 2026-12-01"]}
CY = {"who": "cy", "lines": ["021 HLT GOLD - 2026-12-01"]}
DAN = {"who": "dan", "subgroup": "200", "lines": ["021 HLT GOLD EMP 2027-01-01"]}
OMITTED, LINES = "ABSENT-FROM-FULL-FILE", "LINE-ABSENT-FROM-FULL-FILE"


def _send(ws: Workspace, number: int, *records: dict[str, Any], day: date = DAY, **more: Any) -> dict[str, Any]:
    data = desk.data(number, {"day": day, "records": records, **more})
    return values.file_value(ws, receive(ws, [data], f"{number}.edi", PARTNER, "test", ws.now(day)))


def _said(value: dict[str, Any]) -> list[str]:
    absent = [finding for finding in value["all_findings"] if finding["code"] in (OMITTED, LINES)]
    lines = [finding["message"].split(": ")[-1].split(". ")[0] for finding in absent]
    kinds = [finding["code"].split("-")[0] for finding in absent]
    return [f"{kind} {each['subject']}: {named}" for kind, each, named in zip(kinds, absent, lines, strict=True)]


def _open(ws: Workspace) -> list[str]:
    found = work.work_list(ws, ws.now(DAY), Wanted()).items
    return sorted(f"{item.label} {item.subgroup} {item.amount_cents} x{item.receipts}" for item in found)


@pytest.fixture
def known(ws: Workspace) -> Workspace:
    """A family of three over two lines, and an employee of another subgroup who begins later."""
    return _known(ws)


def _known(ws: Workspace) -> Workspace:
    load_terms(ws)
    assert _send(ws, 1, ADA, BEA, CY, DAN)["state"] == "APPLIED"
    return ws


def _as_audit(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "do": "030", "lines": [line.replace("021", "030", 1) for line in record["lines"]]}


ADA_ALONE = {"who": "ada", "do": "030", "lines": ["030 HLT GOLD FAM 2026-12-01"]}


def test_everybody_whom_a_full_file_omits_is_named(on_both: Workspace) -> None:
    """Subscribers and dependents, in force or ahead, and lines (docs/domain.md, Absence)."""
    known = _known(on_both)
    before = desk.spans(known)
    value = _send(known, 2, ADA_ALONE, action="RX")
    assert _said(value) == [
        "LINE subscriber E00000001 (member M000000001): dental",
        "ABSENT spouse of E00000001 (member M000000002): medical",
        "ABSENT child of E00000001 (member M000000003): medical",
        "ABSENT subscriber E00000002 (member M000000004): medical (begins on 2027-01-01)",
    ]
    assert desk.spans(known) == before, "absence ends nothing"


def test_a_verify_file_names_them_too_and_opens_no_work(known: Workspace) -> None:
    """It is only reported (docs/domain.md, The header)."""
    value = _send(known, 2, ADA_ALONE, action="4")
    assert len(_said(value)) == 4 and value["state"] == "REPORTED"
    assert _open(known) == []


def test_the_desk_has_an_item_for_each_with_what_a_month_is_billed(known: Workspace) -> None:
    _send(known, 2, ADA_ALONE, action="RX")
    assert _open(known) == [
        "child of E00000001 (member M000000003) 100 0 x1",
        "spouse of E00000001 (member M000000002) 100 0 x1",
        "subscriber E00000001 (member M000000001) 100 12000 x1",
        "subscriber E00000002 (member M000000004) 200 50000 x1",
    ]
    totals = work.work_list(known, known.now(DAY), Wanted(), most=1).omitted
    assert [(each.group, each.subgroup, each.code, each.members, each.amount_cents) for each in totals] == [
        (GROUP, "100", OMITTED, 2, 0),
        (GROUP, "100", LINES, 1, 12000),
        (GROUP, "200", OMITTED, 1, 50000),
    ]
    _send(known, 3, ADA_ALONE, BEA, action="RX", ref="AGAIN")
    assert _open(known) == [
        "child of E00000001 (member M000000003) 100 0 x2",
        "subscriber E00000001 (member M000000001) 100 12000 x2",
        "subscriber E00000002 (member M000000004) 200 50000 x2",
    ]


@pytest.mark.parametrize("action", ["RX", "4"])
def test_who_is_in_a_full_file_is_not_omitted_whatever_becomes_of_the_record(
    known: Workspace, action: str
) -> None:
    """A rejected record counts as present, a pended one too; and an unknown one for anybody of its kind."""
    records = (
        {"who": "ada", "do": "030", "lines": ["030 HLT NOPLAN FAM 2026-12-01", "030 DEN DENTAL FAM 2026-12-01"]},
        {"who": "bea", "do": "030", "lines": ["030 XX GOLD - 2026-12-01"]},
        {"who": "zoe", "do": "030", "lines": ["030 HLT GOLD - 2026-12-01"]},  # Cy's SSN, another name: waits
        {"who": "dan", "do": "030", "subgroup": "999", "lines": ["030 HLT GOLD EMP 2027-01-01"]},
    )
    value = _send(known, 2, *records, action=action)
    assert _said(value) == []


EVE = {"who": "eve", "do": "030", "lines": ["030 HLT GOLD - 2026-12-01"]}  # nobody's child yet


ROADS = [("RX", []), ("4", []), ("RX", [["QTY*TO*4", "QTY*TO*5"]])]  # applied, only compared, held


@pytest.mark.parametrize(("action", "more"), ROADS)
def test_a_record_that_waits_without_a_line_counts_for_all_lines(
    known: Workspace, action: str, more: list[list[str]]
) -> None:
    """Nobody knows which it is about, whether the file is applied, only compared or held."""
    declines = {"who": "bea", "do": "030", "reason": "26"}
    records = (_as_audit(ADA), declines, _as_audit(CY), _as_audit(DAN))
    assert _said(_send(known, 2, *records, action=action, instead=more)) == []


@pytest.mark.parametrize(("action", "more"), ROADS)
def test_who_would_be_added_is_nobody_who_is_omitted(known: Workspace, action: str, more: list[list[str]]) -> None:
    """Whether the file is applied, only compared or held: somebody new stands for nobody on file."""
    records = (_as_audit(ADA), _as_audit(BEA), EVE, _as_audit(DAN))
    value = _send(known, 2, *records, action=action, instead=more)
    assert _said(value) == ["ABSENT child of E00000001 (member M000000003): medical"]


@pytest.mark.parametrize("action", ["RX", "4"])
def test_a_family_that_comes_under_a_new_number_is_named(known: Workspace, action: str) -> None:
    """Its subscriber's record waits, and its dependents' with it; they are in the file, and nobody omits them."""
    data = desk.data(2, {"day": DAY, "records": [*map(_as_audit, (ADA, BEA, CY, DAN))], "action": action}).decode()
    data = data.replace("REF*0F*E00000001~", "REF*0F*E00000009~\nREF*Q4*E00000001~")
    body = data[data.index("ST*") : data.index("SE*")]
    data = re.sub(r"SE\*\d+", f"SE*{body.count('~') + 1}", data)
    value = values.file_value(known, receive(known, [data.encode()], "2.edi", PARTNER, "test", known.now(DAY)))
    assert "NUMBER-CHANGED" in {finding["code"] for finding in value["all_findings"]}
    assert _said(value) == []


def test_an_unchanged_family_is_named(known: Workspace) -> None:
    whole = [
        {**each, "do": "030", "lines": [line.replace("021", "030") for line in each["lines"]]}
        for each in (ADA, BEA, CY)
    ]
    for number in (2, 3):
        assert _said(_send(known, number, *whole, action="RX", ref=f"FULL{number}")) == [
            "ABSENT subscriber E00000002 (member M000000004): medical (begins on 2027-01-01)"
        ]


def _report(ws: Workspace, value: dict[str, Any]) -> tuple[list[str], str]:
    """Return the totals in a file's CSV, and its page."""
    deliver(ws, ws.now(DAY))
    (table,) = (ws.outbox / PARTNER).rglob(f"report-{value['file_id']}.csv")
    with table.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row["What is wrong"] for row in csv.DictReader(lines) if row["Severity"] == "Note"]
    return [row for row in rows if row.startswith("Absent")], table.with_suffix(".html").read_text("utf-8")


@pytest.mark.parametrize("rights", [["enroll", "pay", "read"], ["enroll", "pay"], ["enroll", "read"], ["enroll"]])
def test_the_report_has_totals_and_money_for_who_pays_or_reads(ws: Workspace, rights: list[str]) -> None:
    """What a month costs is for who may pay or read (docs/domain.md, Absence)."""
    text = TERMS.read_text("utf-8")
    grant = f'group = "{GROUP}"'
    assert text.count(grant) == 1
    load_terms(ws, text.replace(grant, f"{grant}\nactions = {json.dumps(rights)}"))
    _send(ws, 1, ADA, BEA, CY, DAN)
    told, page = _report(ws, _send(ws, 2, ADA_ALONE, action="RX"))
    first, second = ("; $120.00 a month", "; $500.00 a month") if len(rights) > 1 else ("", "")
    assert told == [
        "Absent from the full file, HM4100 100: 0 of 1 subscribers, 2 of 2 dependents, 3 of 4 lines of coverage"
        f"{first}.",
        f"Absent from the full file, HM4100 200: 1 of 1 subscribers, 0 of 0 dependents, 1 of 1 lines of coverage"
        f"{second}.",
    ]
    for each in told:
        assert each.split(": ")[1].rstrip(".") in page


def test_a_held_full_file_tells_it_at_once_and_opens_the_work_when_it_is_released(known: Workspace) -> None:
    value = _send(known, 2, ADA_ALONE, action="RX", instead=[["QTY*TO*1", "QTY*TO*4"]])
    assert [each["state"] for each in value["sets"]] == ["HELD"] and len(_said(value)) == 4
    assert [item.split()[0] for item in _open(known)] == ["set"]
    set_id = desk.set_of(known, value["file_id"])
    looked = desk.decide(known, set_id, {"kind": "release", "day": DAY})
    assert looked.effect is not None
    assert desk.decide(known, set_id, {"kind": "release", "day": DAY, "two": True}, looked.effect.digest).done
    assert len(_open(known)) == 4
    with known.database.read() as conn:
        told = [found.code for found in files.whole_findings(conn, value["file_id"], set_id)]
    assert told.count(OMITTED) == 3, "they are told once"


def test_a_termination_in_a_full_file_names_every_line_that_it_ends(known: Workspace) -> None:
    """Full files also carry terminations since the last one: 357 without HD is of every line."""
    ended = {"who": "ada", "do": "024", "dates": {357: date(2026, 12, 31)}}
    for number in (2, 3):
        value = _send(known, number, ended, _as_audit(DAN), action="RX", ref=f"FULL{number}")
        assert [text for text in _said(value) if "M000000001" in text] == []


@pytest.mark.parametrize("action", ["RX", "4"])
def test_a_line_that_ends_already_is_named_by_the_end_of_all(ws: Workspace, action: str) -> None:
    """357 speaks of every line; of one that ends by then nothing comes, and it is in the file."""
    load_terms(ws)
    over = {**CY, "lines": [*CY["lines"], "021 DEN DENTAL - 2026-12-01 2026-12-31"]}
    _send(ws, 1, ADA, BEA, over, DAN)
    ended = {"who": "cy", "do": "024", "dates": {357: date(2026, 12, 31)}}
    assert _said(_send(ws, 2, *map(_as_audit, (ADA, BEA, DAN)), ended, action=action)) == []


def test_only_what_the_profile_says_that_it_holds_is_missed_in_a_full_file(ws: Workspace) -> None:
    scope = '[partner.profile.full_file]\nlines = ["dental"]\n\n[group]'
    load_terms(ws, TERMS.read_text("utf-8").replace("\n[group]", f"\n{scope}", 1))
    _send(ws, 1, ADA, BEA, CY, DAN)
    assert _said(_send(ws, 2, ADA_ALONE, action="RX")) == ["LINE subscriber E00000001 (member M000000001): dental"]
    assert _said(_send(ws, 3, _as_audit(DAN), action="RX", ref="OTHER")) == [
        "ABSENT subscriber E00000001 (member M000000001): dental"
    ]


def test_the_824_says_nothing_of_the_absent(known: Workspace) -> None:
    value = _send(known, 2, ADA_ALONE, action="RX")
    with known.database.read() as conn:
        found = files.whole_findings(conn, value["file_id"], desk.set_of(known, value["file_id"]))
    assert len(found) == 4 and advice.told(found) == []
