"""The ledger of exchanges: everything that came and went, and what is outstanding between a partner and us."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

import pipeline.receive.judge
from intake.channel import ChannelError
from pipeline.receive import claim, deliver
from pipeline.roster import export
from pipeline.runtime import channels
from pipeline.runtime.workspace import Workspace
from pipeline.views import agreed, exchanges
from support import envelopes as written
from support import values
from support.installation import GROUP, PARTNER, SAMPLES, TERMS, load_terms, take, take_bytes

MONDAY = date(2026, 11, 23)
FAMILY = SAMPLES / "valid" / "01-add-family.edi"
BAD_SET = SAMPLES / "broken" / "one-bad-set-of-two" / "two-sets.edi"


@pytest.fixture
def loaded(on_both: Workspace) -> Workspace:
    load_terms(on_both)
    return on_both


def listed(ws: Workspace, today: date = MONDAY, **more: Any) -> list[dict[str, Any]]:
    return values.ledger(ws, ws.now(today), **more)


def codes(values: Iterable[dict[str, Any]]) -> list[str]:
    return [finding["code"] for value in values for finding in value["findings"]]


def send(ws: Workspace, control: int, *parts: str, today: date = MONDAY) -> dict[str, Any]:
    return take_bytes(ws, written.interchange(control, *(parts or (written.enrollment(control),))), "a.edi", today)


def acknowledging(options: str) -> str:
    """Return the samples' terms with these lines of [partner.acknowledgments]."""
    table = f"[partner.acknowledgments]\n{options}\n[partner.profile]\n"
    return TERMS.read_text(encoding="utf-8").replace("[partner.profile]\n", table)


def export_834(ws: Workspace, today: date) -> None:
    made = export.export(ws, GROUP, "834", agreed.partner(ws, PARTNER), ws.now(today), on=None, deliver=True)
    assert made.key
    deliver.deliver(ws, ws.now(today))


def test_what_came_and_what_was_answered(loaded: Workspace) -> None:
    take(loaded, BAD_SET, MONDAY)
    (value,) = listed(loaded)
    assert (value["way"], value["partner"], value["file_id"], value["kind"]) == ("in", PARTNER, "F000001", "834")
    assert (value["interchange"], value["sender"]) == ("000000312", "ZZ:HARBORMILLS")
    assert [(group["code"], group["control"], group["verdict"]) for group in value["groups"]] == [
        ("BE", "312", "P")
    ]
    assert [
        (transaction_set["control"], transaction_set["verdict"], transaction_set["state"])
        for transaction_set in value["sets"]
    ] == [
        ("0001", "R", "REJECTED"),
        ("0002", "A", "APPLIED"),
    ]
    ta1, ack, report = value["answers"]
    assert (ta1["kind"], ta1["verdict"], ta1["answers"], ta1["interchange"]) == (
        "ta1",
        "A",
        "000000312",
        "000000001",
    )
    assert (ack["kind"], ack["verdict"], ack["answers"], ack["group"]) == ("999", "P", "312", "1")
    assert (report["kind"], report["interchange"]) == ("report", "")
    assert {answer["delivered_at"] for answer in value["answers"]} == {value["delivered_at"]} == {value["at"]}
    assert value["findings"] == []


def test_nothing_is_missed_where_a_refused_interchange_only_answers_us(loaded: Workspace) -> None:
    """Nobody answers an answer, whoever it is from; what it says is not recorded, but that it is one is known."""
    data = written.interchange(903, "TA1*000000001*261122*0600*A*000~", sender=("ZZ", "SOMEBODYELSE"))
    assert take_bytes(loaded, data, "a.edi", MONDAY)["acks"] == []
    assert "EXCHANGE-UNANSWERED" not in codes(listed(loaded))


def test_nor_where_others_of_its_file_are_answered(loaded: Workspace) -> None:
    said = written.interchange(903, "TA1*000000001*261122*0600*A*000~", sender=("ZZ", "SOMEBODYELSE"))
    data = said + written.interchange(904, written.enrollment(904))
    assert [ack["control"] for ack in take_bytes(loaded, data, "a.edi", MONDAY)["acks"]] == ["000000904", "904"]
    assert codes(listed(loaded)) == []


def test_an_interchange_that_is_refused(loaded: Workspace) -> None:
    take(loaded, FAMILY, MONDAY)
    take(loaded, FAMILY, MONDAY)
    _, again = listed(loaded)
    (shown,) = exchanges.find(loaded, loaded.now(MONDAY), again["file_id"])
    assert exchanges.cells(shown)["answers"] == "TA1 R 025 000000003, report"
    assert codes([again]) == ["EXCHANGE-REPEATED"]
    assert "file F000001" in again["findings"][0]["message"]


def test_the_same_content_under_a_new_number(loaded: Workspace) -> None:
    take(loaded, FAMILY, MONDAY)
    text = FAMILY.read_bytes().replace(b"000000201", b"000000202")
    take_bytes(loaded, text, "again.edi", MONDAY)
    assert codes(listed(loaded)) == ["EXCHANGE-DUPLICATE"]


def test_numbers_that_are_missing_and_late(loaded: Workspace) -> None:
    for control in (5, 9, 7):
        send(loaded, control)
    values = listed(loaded)
    assert [codes([value]) for value in values] == [[], ["EXCHANGE-GAP"] * 2, ["EXCHANGE-LATE"]]
    assert [value["message"][:33] for value in values[1]["findings"]] == [
        "Interchange 000000006 has not com",
        "Interchange 000000008 has not com",
    ]


def test_two_interchanges_of_a_file_each_have_their_own_answers(loaded: Workspace) -> None:
    take(loaded, SAMPLES / "valid" / "07-two-interchanges.edi", MONDAY)
    first, second = listed(loaded)
    kinds = [[answer["kind"] for answer in value["answers"]] for value in (first, second)]
    assert kinds == [["ta1", "999", "report"], ["ta1", "999"]]
    assert first["answers"][0]["answers"] == first["interchange"] != second["interchange"]


def test_what_has_no_interchange_is_listed_too(loaded: Workspace) -> None:
    take_bytes(loaded, b"hello", "text.txt", MONDAY)
    take(loaded, FAMILY, MONDAY, "nobody")
    unreadable, refused = listed(loaded)
    assert (unreadable["state"], unreadable["interchange"], unreadable["sets"]) == ("UNREADABLE", "", [])
    assert (refused["state"], refused["answers"], refused["findings"]) == ("REFUSED", [], [])


@pytest.mark.leaves("files")
def test_a_stopped_run_leaves_sets_without_an_answer(loaded: Workspace) -> None:
    claim.claim(loaded, [FAMILY.read_bytes()], "a.edi", PARTNER, "test", loaded.now(MONDAY))
    assert codes(listed(loaded)) == ["EXCHANGE-UNANSWERED"]
    pipeline.receive.judge.judge(loaded, "F000001")
    (value,) = listed(loaded, MONDAY + timedelta(days=1))
    assert codes([value]) == ["EXCHANGE-UNANSWERED", "EXCHANGE-UNDELIVERED"]
    assert value["findings"][1]["message"] == "2 document(s) have not been delivered: 999, ta1."


@pytest.mark.parametrize(
    ("options", "kinds"),
    [("", ["ta1", "999"]), ('ack999 = "never"', ["ta1"]), ('ack999 = "on_error"\nta1 = "on_error"', [])],
)
def test_answers_that_are_not_agreed_are_not_missing(loaded: Workspace, options: str, kinds: list[str]) -> None:
    load_terms(loaded, acknowledging(options))
    take(loaded, FAMILY, MONDAY)
    (value,) = listed(loaded)
    assert [answer["kind"] for answer in value["answers"] if answer["interchange"]] == kinds
    assert value["findings"] == []


def test_what_is_missing_goes_by_what_was_agreed_when_the_file_came(loaded: Workspace) -> None:
    load_terms(loaded, acknowledging('ack999 = "never"'))
    send(loaded, 1)
    load_terms(loaded, acknowledging('ack999 = "always"'), MONDAY + timedelta(days=1))
    send(loaded, 2, today=MONDAY + timedelta(days=2))
    before, since = listed(loaded, MONDAY + timedelta(days=2))
    assert [answer["kind"] for answer in before["answers"]] == ["ta1", "report"]
    assert [answer["kind"] for answer in since["answers"]] == ["ta1", "999", "report"]
    assert codes([before, since]) == []


def test_a_dead_channel_shows(loaded: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(*_: object, **__: object) -> None:
        raise ChannelError("CHANNEL-UNREACHABLE", "nobody answers")

    monkeypatch.setattr(channels, "FolderWay", dead)
    take(loaded, FAMILY, MONDAY)
    (value,) = listed(loaded, MONDAY + timedelta(days=1))
    assert value["delivered_at"] is None and codes([value]) == ["EXCHANGE-UNDELIVERED"]


def test_what_we_sent_waits_for_its_acknowledgment(loaded: Workspace) -> None:
    take(loaded, FAMILY, MONDAY)
    export_834(loaded, MONDAY + timedelta(days=1))
    at_once, later = (listed(loaded, MONDAY + timedelta(days=days))[-1] for days in (2, 3))
    assert (at_once["way"], at_once["kind"], at_once["state"]) == ("out", "834", "DELIVERED")
    assert (at_once["findings"], codes([later])) == ([], ["EXCHANGE-UNACKNOWLEDGED"])
    group = int(at_once["groups"][0]["control"])
    send(loaded, 300, written.ta1(int(at_once["interchange"]), "A"))
    send(loaded, 301, written.ack(1, group, "R", "5"))
    rejected = next(
        exchange for exchange in listed(loaded, MONDAY + timedelta(days=3)) if exchange["way"] == "out"
    )
    assert (rejected["acknowledged_as"], codes([rejected])) == ("999 R 5", ["ACK-REJECTED"])
    assert {ack["file_id"] for ack in rejected["acknowledged"]} == {"F000002", "F000003"}
    send(loaded, 302, written.ack(1, group, "A"))
    accepted = next(
        exchange for exchange in listed(loaded, MONDAY + timedelta(days=3)) if exchange["way"] == "out"
    )
    assert (accepted["acknowledged_as"], accepted["findings"]) == ("999 A", [])


def test_an_824_stands_with_its_interchange_and_may_be_rejected(loaded: Workspace) -> None:
    text = TERMS.read_text(encoding="utf-8")
    wish = '[partner.acknowledgments]\nadvice824 = "always"\n[partner.profile]\n'
    load_terms(loaded, text.replace("[partner.profile]\n", wish))
    take(loaded, SAMPLES / "valid" / "07-two-interchanges.edi", MONDAY)
    first, second = listed(loaded)
    advices = [
        (answer["kind"], answer["verdict"], answer["answers"])
        for answer in second["answers"]
        if answer["kind"] == "824"
    ]
    assert advices == [("824", "TA", "208 0008")]
    assert [answer["kind"] for answer in first["answers"]] == ["ta1", "999", "824", "report"]
    (advice,) = [answer for answer in first["answers"] if answer["kind"] == "824"]
    send(loaded, 209, written.ack(1, int(advice["group"]), "R", "5"))
    rejected, second, _ = listed(loaded, MONDAY + timedelta(days=9))
    assert (codes([rejected]), second["findings"]) == (["ACK-REJECTED"], [])
    assert "The 824 in interchange" in rejected["findings"][0]["message"]


def test_an_inbound_999_says_what_it_answers(loaded: Workspace) -> None:
    take(loaded, FAMILY, MONDAY)
    export_834(loaded, MONDAY)
    group = int(listed(loaded)[-1]["groups"][0]["control"])
    send(loaded, 202, written.ack(1, group, "A"), written.ack(2, group + 50, "A"))
    (value,) = values.find(loaded, loaded.now(MONDAY), "F000002")
    acknowledged = [
        (acknowledgment["control"], acknowledgment["set"], acknowledgment["verdict"], acknowledgment["matched"])
        for acknowledgment in value["acknowledges"]
    ]
    assert acknowledged == [(str(group), "0001", "A", True), (str(group), "", "A", True),
                    (str(group + 50), "0001", "A", False), (str(group + 50), "", "A", False)]  # fmt: skip
    assert value["findings"] == [], "an acknowledgment needs no answer"


def test_days_and_partners(loaded: Workspace) -> None:
    for control, day in ((1, 0), (2, 1), (4, 2)):
        send(loaded, control, today=MONDAY + timedelta(days=day))
    numbers = [
        [exchange["interchange"][-1] for exchange in listed(loaded, partner=partner, since=since, until=until)]
        for partner, since, until in (
            (PARTNER, None, None),
            ("other", None, None),
            (None, MONDAY + timedelta(days=1), None),
            (None, None, MONDAY + timedelta(days=1)),
        )
    ]
    assert numbers == [["1", "2", "4"], [], ["2", "4"], ["1", "2"]]
    (last,) = listed(loaded, since=MONDAY + timedelta(days=2))
    assert codes([last]) == ["EXCHANGE-GAP"], "what is missing is judged over all that came"


def test_an_exchange_is_found_by_file_and_by_number(loaded: Workspace) -> None:
    take(loaded, FAMILY, MONDAY)
    export_834(loaded, MONDAY)
    now = loaded.now(MONDAY)
    assert [exchange["file_id"] for exchange in values.find(loaded, now, "f000001")] == ["F000001"]
    for number in ("201", "000000201", "000000002"):  # theirs, theirs, and our 999's to it
        assert [exchange["file_id"] for exchange in values.find(loaded, now, number)] == ["F000001"], number
    (sent,) = values.find(loaded, now, "3")
    assert (sent["way"], sent["interchange"]) == ("out", "000000003")
    for nothing in ("77", "F000099", "9" * 40, "%", ""):
        assert values.find(loaded, now, nothing) == []
    assert values.find(loaded, now, "201", "other") == []


def test_the_csv_has_a_row_for_each(loaded: Workspace) -> None:
    send(loaded, 10, written.enrollment(10, 25))
    heads, cells = list(
        csv.reader(
            io.StringIO(exchanges.csv(exchanges.ledger(loaded, loaded.now(MONDAY))).data.decode("utf-8-sig"))
        )
    )
    row = dict(zip(heads, cells, strict=True))
    assert (row["interchange"], row["groups"], row["set count"]) == ("000000010", "10", "25")
    assert row["sets"].endswith("0020 +5")


def test_a_list_costs_the_same_few_statements_however_long_it_is(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_terms(ws)
    from sqlalchemy import event

    statements: list[str] = []
    event.listen(ws.database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    counts = []
    for control in (1, 2, 3):
        send(ws, control, written.enrollment(control, 2))
        statements.clear()
        listed(ws)
        counts.append(len(statements))
    assert len(set(counts)) == 1
