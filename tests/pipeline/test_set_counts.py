"""What a set's header counts and where its plans ride, from the file to what the sender hears."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.receive.run import receive
from pipeline.runtime.workspace import Workspace
from support import desk, values
from support.installation import PARTNER, TERMS, load_terms

DAY = date(2026, 12, 5)
ADA = {"who": "ada", "lines": ["021 HLT GOLD FAM 2026-12-01"]}
BEA = {"who": "bea", "lines": ["021 HLT GOLD - 2026-12-01"]}
DAN = {"who": "dan", "lines": ["021 HLT GOLD EMP 2027-01-01"]}


def _send(ws: Workspace, number: int, *records: dict[str, Any], **more: Any) -> dict[str, Any]:
    data = desk.data(number, {"day": DAY, "records": records, **more})
    return values.file_value(ws, receive(ws, [data], f"{number}.edi", PARTNER, "test", ws.now(DAY)))


def _said(value: dict[str, Any], code: str) -> list[str]:
    return [finding["message"] for finding in value["all_findings"] if finding["code"] == code]


def _agree(ws: Workspace, *switches: str) -> None:
    text = TERMS.read_text("utf-8")
    load_terms(ws, text.replace("[partner.profile]", "\n".join(["[partner.profile]", *switches]), 1))


@pytest.mark.parametrize("action", ["2", "RX"])
def test_a_total_that_is_not_what_was_sent_holds_the_set(ws: Workspace, action: str) -> None:
    load_terms(ws)
    value = _send(ws, 1, ADA, BEA, action=action, instead=[["QTY*DT*1", "QTY*DT*2"]])
    assert [each["state"] for each in value["sets"]] == ["HELD"]
    (message,) = _said(value, "SET-TOTALS")
    assert message == "The header says 2 dependents (QTY*DT), and the set holds 1 such records."
    assert not desk.spans(ws)


def test_totals_that_agree_hold_nothing(ws: Workspace) -> None:
    load_terms(ws)
    value = _send(ws, 1, ADA, BEA, instead=[["QTY*TO*2", "QTY*TO*2.0"]])
    assert (value["state"], _said(value, "SET-TOTALS")) == ("APPLIED", [])


def test_a_profile_may_let_totals_warn(ws: Workspace) -> None:
    _agree(ws, 'control_totals = "warn"')
    value = _send(ws, 1, ADA, BEA, instead=[["QTY*TO*2", "QTY*TO*1.5"]])
    assert value["state"] == "APPLIED" and len(desk.spans(ws)) == 2
    assert _said(value, "SET-TOTALS") == [
        "The header says no whole number members (QTY*TO), and the set holds 2 such records."
    ]


def test_totals_of_the_roster_are_compared_once_the_set_is_applied(ws: Workspace) -> None:
    """A change of one employee whose sender counts all whom it covers: two families, of whom one begins later."""
    _agree(ws, 'control_totals_count = "roster"')
    whole = [["QTY*ET*1", "QTY*ET*1"]]
    assert _send(ws, 1, ADA, BEA, instead=whole)["state"] == "APPLIED"
    right = _send(
        ws, 2, DAN, instead=[["QTY*ET*1", "QTY*ET*2"], ["QTY*DT*0", "QTY*DT*1"], ["QTY*TO*1", "QTY*TO*3"]]
    )
    assert right["state"] == "APPLIED", right["all_findings"]
    before = desk.spans(ws)
    again = {"who": "dan", "do": "024", "lines": ["024 HLT GOLD EMP - 2026-12-31"]}
    wrong = _send(ws, 3, again)
    assert [each["state"] for each in wrong["sets"]] == ["HELD"]
    assert sorted(_said(wrong, "SET-TOTALS")) == [
        "The header says 0 dependents (QTY*DT), and 1 are covered, then or later, once the set is applied.",
        "The header says 1 members (QTY*TO), and 2 are covered, then or later, once the set is applied.",
    ]
    assert desk.spans(ws) == before, "nothing of it was applied"
    _release(ws, wrong)
    assert desk.spans(ws) == [text for text in before if "M000000003" not in text]


def _release(ws: Workspace, value: dict[str, Any]) -> None:
    set_id = desk.set_of(ws, value["file_id"])
    looked = desk.decide(ws, set_id, {"kind": "release", "day": DAY})
    assert looked.effect is not None
    assert desk.decide(ws, set_id, {"kind": "release", "day": DAY, "two": True}, looked.effect.digest).done


def _with_references(*texts: str) -> list[list[str]]:
    """Put a REF*1L behind the HD of each of two records."""
    first, last = (f"\nREF*1L*{text}~\n" for text in texts)
    return [
        ["DTP*348*D8*20261201~\nINS", f"DTP*348*D8*20261201~{first}INS"],
        ["DTP*348*D8*20270101~\nSE*", f"DTP*348*D8*20270101~{last}SE*"],
        ["SE*34", "SE*36"],
    ]


def test_plans_are_read_where_the_profile_says(ws: Workspace) -> None:
    records = ({**ADA, "lines": ["021 HLT X FAM 2026-12-01"]}, {**DAN, "lines": ["021 HLT X EMP 2027-01-01"]})
    load_terms(ws)
    held = _send(ws, 1, *records, instead=_with_references("GOLD", "BRONZE"))
    assert [each["state"] for each in held["sets"]] == ["HELD"] and not desk.spans(ws)
    (message,) = _said(held, "SET-PLANS")
    assert message.startswith("One plan of HD*HLT (HD04) goes with 2 values of REF*1L under HD")
    _agree(ws, 'plan_from = "1L"')
    _release(ws, held)
    assert [text.split()[2] for text in desk.spans(ws)] == ["GOLD", "BRONZE"]
    bad = _send(ws, 3, *records, ref="BAD", instead=_with_references("GOLD", "COPPER"))
    (finding,) = [each for each in bad["all_findings"] if each["code"] == "PLAN-UNKNOWN"]
    assert finding["where"]["segment_id"] == "REF" and finding["where"]["loop"] == "2300"


def test_a_set_that_the_999_rejects_says_how_many_members_were_not_applied(ws: Workspace) -> None:
    load_terms(ws)
    value = _send(ws, 1, ADA, BEA, instead=[["DMG*D8*19840330*F", "DMG*D8*19840330*Q"]])
    assert [each["state"] for each in value["sets"]] == ["REJECTED"]
    (message,) = _said(value, "MEMBERS-NOT-APPLIED")
    assert message == ("The transaction set is rejected, and with it 2 member records: none of them was applied.")
