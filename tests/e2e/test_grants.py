"""Grants by subgroup and action: a COBRA administrator neither sees nor ends the active roster.

Source: docs/domain.md, Parts of a group.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.session import Failure
from model.documents.keys import DocumentKind
from model.timeline import Month
from pipeline.month.bill import bill
from pipeline.month.reconcile import reconcile
from pipeline.receive import deliver
from pipeline.roster import export
from pipeline.runtime.workspace import Workspace
from pipeline.views import agreed
from pipeline.views.files import published
from store.people import roster
from store.received import outbox
from support import values
from support.installation import run, take_bytes
from support.two_partners import agree, file_820, group_terms, lines_of, partner_terms, send

DAY, FEBRUARY = date(2027, 1, 5), date(2027, 2, 15)
ADA = {"family": "E1", "first": "ADA", "ssn": "900110001", "lines": [("021", "EMP", date(2027, 1, 1))]}
BEN = {"family": "E2", "first": "BEN", "ssn": "900110002", "birth": "19810101", "lines": ADA["lines"]}
COBRA = {"status": "C", "event": "1", "subgroup": "COB"}
ELECTED = COBRA | {"lines": [("021", "EMP", date(2027, 2, 1))]}
UNKNOWN = {"family": "E9", "first": "NOB", "ssn": "900110009", "birth": "19900101"}
TPA = 'subgroups = ["COB"]'


def started(ws: Workspace, more: str = TPA, profile: str = "", employer: str = "") -> None:
    """Ada and Ben are active; Ben's coverage ended in January."""
    acme = partner_terms("acme", "GA", more=employer)
    agree(ws, group_terms("GA"), acme, partner_terms("tpa", "GA", kind="tpa", more=more, profile=profile))
    send(ws, "acme", "GA", 1, DAY, ADA, BEN)
    send(ws, "acme", "GA", 2, DAY, BEN | {"do": "024", "to": date(2027, 1, 31), "lines": ()})


def rolls(ws: Workspace) -> list[str]:
    with ws.database.read() as conn:
        lines = roster.lines(conn, "GA")
    return [f"{line.masked} {line.subgroup} {line.span.begin} {line.span.end}" for line in lines]


def said(value: dict[str, Any]) -> list[tuple[str, ...]]:
    """What was told, without the family's number: what became of the lines, and each finding."""
    found = [(finding["code"], finding["message"], finding["fix"]) for finding in value["all_findings"]]
    return [tuple(line.split(" ", 1)[1] for line in lines_of(value)), *found]


@pytest.mark.parametrize(
    "record",
    [
        {"do": "024", "to": date(2027, 2, 28), "lines": ()},
        {"do": "024", "subgroup": "", "to": date(2027, 2, 28), "lines": ()},
        {"do": "024", "subgroup": "ACT", "to": date(2027, 2, 28), "lines": ()},
        {"do": "001", "street": "9 OAK ST", "lines": ()},
        {"do": "001", "subgroup": "ACT", "street": "9 OAK ST", "lines": ()},
        {"do": "001", "rel": "19", "first": "CLEO", "birth": "20150101", "ssn": "", "lines": ()},
    ],
)
def test_a_record_of_the_active_roster_is_answered_like_one_of_nobody(
    ws: Workspace, record: dict[str, Any]
) -> None:
    started(ws)
    before = rolls(ws)
    active = send(ws, "tpa", "GA", 1, FEBRUARY, ADA | COBRA | record)
    nobody = send(ws, "tpa", "GA", 2, FEBRUARY, UNKNOWN | COBRA | record)
    assert said(active) == said(nobody)
    assert rolls(ws) == before


def test_cobra_goes_on_from_active_coverage_that_has_ended_and_waits_while_it_goes_on(ws: Workspace) -> None:
    started(ws)
    value = send(ws, "tpa", "GA", 1, FEBRUARY, ADA | ELECTED, BEN | ELECTED)
    assert lines_of(value) == [
        "E1 medical PENDED waits for a decision; asked: coverage from 2027-02-01",
        "E2 medical APPLIED added from 2027-02-01 to 2028-07-31",
        "E2 - APPLIED moved to subgroup COB from 2027-02-01",
    ]
    assert [(finding["code"], finding["message"]) for finding in value["all_findings"]] == [
        ("MATCH-CLEAR", "It is not clear which person the record is about."),
        ("COBRA-LENGTH", "COBRA counted from 2027-02-01 lasts 18 months, to 2028-07-31, and ends then."),
    ]
    assert rolls(ws) == [
        "E1 ACT 2027-01-01 9999-12-31",
        "E2 ACT 2027-01-01 2027-01-31",
        "E2 COB 2027-02-01 2028-07-31",
    ]
    changed = BEN | COBRA | {"do": "001", "street": "9 OAK ST", "lines": ()}
    assert lines_of(send(ws, "tpa", "GA", 2, FEBRUARY, changed)) == ["E2 - APPLIED address updated"]


@pytest.mark.parametrize(
    ("record", "joined"),
    [
        ({}, True),
        ({"first": "KIM"}, False),
        ({"birth": "20160101"}, False),
        ({"first": "KIM", "ssn": "", "id": "hers"}, False),
    ],
)
def test_a_number_without_name_and_birth_date_joins_nobody_of_another_family(
    ws: Workspace, record: dict[str, Any], joined: bool
) -> None:
    """Who is joined lends the record name and address: a number must not be enough to learn them."""
    started(ws)
    cleo = {"rel": "19", "first": "CLEO", "birth": "20150101", "ssn": "900110003"}
    elle = {"family": "E3", "first": "ELLE", "ssn": "900110006", "birth": "19820101"}
    covered = [("021", "FAM", date(2027, 1, 1))]
    left = [(*covered[0], date(2027, 1, 31))]  # nobody is covered through two families of a group unasked
    send(ws, "acme", "GA", 3, DAY, elle | {"lines": covered}, cleo | {"family": "E3", "lines": left})
    tom = {"family": "T1", "first": "TOM", "ssn": "900110007", "birth": "19600101"} | COBRA
    begin = [("021", "FAM", date(2027, 2, 1))]
    send(ws, "tpa", "GA", 1, FEBRUARY, tom | {"lines": begin})
    hers = next(member["member"] for member in values.find_members(ws, name="SAMPLE") if member["first"] == "CLEO")
    sent = cleo | COBRA | record | {"family": "T1", "lines": begin}
    if "id" in sent:
        sent |= {"id": hers}
    value = send(ws, "tpa", "GA", 2, FEBRUARY, sent)
    assert lines_of(value)[0].startswith("T1 medical APPLIED" if joined else "T1 medical PENDED")
    made = export.export(ws, "GA", "csv", agreed.partner(ws, "tpa"), ws.now(FEBRUARY), on=None, deliver=True)
    deliver.deliver(ws, ws.now(FEBRUARY))
    (path,) = published(ws, made.key)
    assert ("CLEO" in Path(path).read_text(encoding="utf-8")) is joined


@pytest.mark.parametrize(
    ("record", "joined"),
    [
        ({}, True),
        ({"first": "ZOE"}, True),
        ({"ssn": ""}, True),
        ({"first": "ZOE", "ssn": ""}, False),
        ({"birth": "19910101", "ssn": ""}, False),
        ({"first": "ZOE", "birth": "19910101"}, False),
    ],
)
def test_a_family_comes_in_when_two_of_name_birth_date_and_ssn_are_the_subscribers(
    ws: Workspace, record: dict[str, Any], joined: bool
) -> None:
    """Its number is told to many: whoever guesses at a birth date must not get the name and address."""
    started(ws)
    before = rolls(ws)
    value = send(ws, "tpa", "GA", 1, FEBRUARY, BEN | ELECTED | record)
    assert lines_of(value)[0].startswith("E2 medical APPLIED" if joined else "E2 medical PENDED")
    assert (rolls(ws) == before) is not joined


def test_nothing_of_the_time_before_is_changed(ws: Workspace) -> None:
    started(ws)
    send(ws, "tpa", "GA", 1, FEBRUARY, BEN | ELECTED)
    before = rolls(ws)
    early = BEN | COBRA | {"do": "024", "reason": "08", "to": date(2027, 1, 15), "lines": ()}
    value = send(ws, "tpa", "GA", 2, FEBRUARY, early)
    assert rolls(ws) == before
    assert "APPLIED" not in " ".join(lines_of(value)) and value["all_findings"]
    moved = BEN | COBRA | {"do": "001", "reason": "XT", "from_": date(2027, 1, 10), "lines": ()}
    value = send(ws, "tpa", "GA", 3, FEBRUARY, moved)
    assert rolls(ws) == before and lines_of(value) == ["E2 - REJECTED rejected"]
    assert [finding["code"] for finding in value["all_findings"]] == ["OUTSIDE-GRANT"]


def test_what_others_change_outside_its_part_is_not_told_by_a_repeated_file(ws: Workspace) -> None:
    """DUPLICATE against HELD would tell that the rest of the group was changed since."""
    started(ws)

    def again(control: int) -> list[str]:
        return [
            transaction_set["state"]
            for transaction_set in send(ws, "tpa", "GA", control, FEBRUARY, BEN | ELECTED)["sets"]
        ]

    assert again(1) == ["APPLIED"]
    assert again(2) == ["DUPLICATE"]
    send(ws, "acme", "GA", 3, FEBRUARY, ADA | {"do": "001", "street": "9 OAK ST", "lines": ()})
    early = {"do": "024", "to": date(2027, 1, 20), "lines": ()}
    send(ws, "acme", "GA", 4, FEBRUARY, BEN | early, UNKNOWN | {"lines": ADA["lines"]})
    assert again(3) == ["DUPLICATE"], "nothing of its part was changed"
    send(ws, "acme", "GA", 5, FEBRUARY, BEN | {"do": "001", "subgroup": "", "street": "9 OAK ST", "lines": ()})
    assert again(4) == ["HELD"], "what may be seen of a member of its part is another"


def test_a_held_file_sent_again_is_not_called_applied(ws: Workspace) -> None:
    started(ws)
    holding = partner_terms("tpa", "GA", kind="tpa", more=TPA).replace('"compare"', '"hold"')
    agree(ws, holding)
    audit = BEN | ELECTED | {"do": "030"}
    states = [send(ws, "tpa", "GA", control, FEBRUARY, audit)["sets"][0]["state"] for control in (1, 2)]
    assert states == ["HELD", "HELD"]


def test_absent_is_only_who_belongs_into_the_file(ws: Workspace) -> None:
    started(ws)
    send(ws, "tpa", "GA", 1, FEBRUARY, BEN | ELECTED)
    cleo = {"family": "E3", "first": "CLEO", "ssn": "900110003", "birth": "19820101", "lines": ADA["lines"]}
    send(ws, "acme", "GA", 3, DAY, cleo)

    def absent(partner: str, control: int) -> list[str]:
        nobody = UNKNOWN | COBRA | {"do": "024", "to": FEBRUARY, "lines": ()}
        value = send(ws, partner, "GA", control, FEBRUARY, nobody, action="RX")
        missing = [finding for finding in value["all_findings"] if finding["code"] == "ABSENT-FROM-FULL-FILE"]
        return [finding["subject"].split()[1] for finding in missing]

    assert absent("tpa", 2) == ["E2"], "the administrator's file says nothing of the active"
    assert absent("acme", 4) == ["E1", "E3"], "whom the administrator maintains is not missing in the employer's"
    agree(ws, partner_terms("tpa", "GA", kind="tpa"))
    assert absent("acme", 5) == ["E1", "E2", "E3"], "nobody else maintains anybody"
    for control, scope, missing in (
        (6, 'statuses = ["C"]', ["E2"]),
        (7, 'statuses = ["A"]', ["E1", "E3"]),
        (8, 'subgroups = ["COB"]', ["E2"]),
        (9, 'lines = ["dental"]', []),
        (10, 'groups = ["GB"]', []),
    ):
        agree(ws, partner_terms("acme", "GA", profile=f"[partner.profile.full_file]\n{scope}"))
        assert absent("acme", control) == missing


@pytest.mark.parametrize(("actions", "may"), [('["pay", "read"]', False), ('["enroll"]', True)])
def test_enrolling_is_an_action_of_its_own(ws: Workspace, actions: str, may: bool) -> None:
    started(ws, f"actions = {actions}")
    value = send(ws, "tpa", "GA", 1, FEBRUARY, UNKNOWN | {"lines": [("021", "EMP", date(2027, 2, 1))]})
    assert ("E9 ACT 2027-02-01 9999-12-31" in rolls(ws)) is may
    assert [finding["code"] for finding in value["all_findings"]] == ([] if may else ["GROUP-KNOWN"])


def owed(ws: Workspace, kind: str) -> list[tuple[str, str]]:
    with ws.database.read() as conn:
        items = outbox.of_kind(conn, DocumentKind(kind), ws.vault.fields)
    return sorted((item.partner, getattr(item.statement, "account", "")) for item in items)


def test_bills_go_to_who_may_read_them(ws: Workspace) -> None:
    started(ws, employer='subgroups = ["ACT"]')
    send(ws, "tpa", "GA", 1, FEBRUARY, BEN | ELECTED)
    bill(ws, Month(2027, 3), ws.now(FEBRUARY), "GA")
    assert owed(ws, "invoice") == [("acme", "GA-A"), ("tpa", "GA-C")]
    assert owed(ws, "consolidated") == [("", "")], "nobody may read the whole group"
    reconcile(ws, Month(2027, 3), "GA", ws.now(FEBRUARY))
    assert owed(ws, "reconciliation") == [("", "")]


@pytest.mark.parametrize("form", ["csv", "834"])
def test_an_export_holds_what_may_be_read(ws: Workspace, form: str) -> None:
    started(ws)
    send(ws, "tpa", "GA", 1, FEBRUARY, BEN | ELECTED)
    exported = export.export(ws, "GA", form, agreed.partner(ws, "tpa"), ws.now(FEBRUARY), on=None, deliver=True)
    deliver.deliver(ws, ws.now(FEBRUARY))
    assert [finding.code for finding in exported.findings] == []
    (path,) = published(ws, exported.key)
    text = Path(path).read_text(encoding="utf-8")
    assert "BEN" in text and not [
        word for word in ("ADA", "*ACT", "ACT,", "20270101", "2027-01-01") if word in text
    ]


def test_who_may_not_read_is_handed_nothing(ws: Workspace) -> None:
    started(ws, 'actions = ["enroll"]')
    with pytest.raises(Failure, match="may not read group GA"):
        run("roster", "export", "--group", "GA", "--partner", "tpa", "--deliver", "--home", ws.settings.home)


@pytest.mark.parametrize(
    ("more", "unknown"), [(TPA, True), ('actions = ["pay"]', False), ('actions = ["enroll", "read"]', True)]
)
def test_money_reaches_accounts_that_may_be_paid(ws: Workspace, more: str, unknown: bool) -> None:
    started(ws, more, profile="remittance_is_deposit = true")
    bill(ws, Month(2027, 2), ws.now(DAY), "GA")
    texts = []
    for control, account in enumerate(("GA-A", "GX-A"), 1):
        data = file_820("tpa", control, FEBRUARY, f"T{control}", [("11", account, "500.00")])
        value = take_bytes(ws, data, "p.edi", FEBRUARY, "tpa")
        texts.append([finding["message"].replace(account, "?") for finding in value["all_findings"]])
    assert (texts[0] == texts[1]) is unknown, texts
