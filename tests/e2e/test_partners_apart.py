"""A partner sees and changes only people of groups it is granted (docs/domain.md, Partners)."""

from __future__ import annotations

from datetime import date

from pipeline.receive import deliver
from pipeline.roster import export
from pipeline.runtime.workspace import Workspace
from pipeline.views import agreed, members
from pipeline.views.files import published
from support import values
from support.installation import run
from support.two_partners import agree, group_terms, lines_of, partner_terms, send

DAY = date(2027, 1, 5)
SSN = "900110001"
JANUARY = date(2027, 1, 1)
ADA = {"first": "ADA", "ssn": SSN, "street": "1 ELM ST", "phone": "5550100", "lines": [("021", "EMP", JANUARY)]}


def two(ws: Workspace) -> None:
    agree(ws, group_terms("GA"), group_terms("GB"), partner_terms("acme", "GA"), partner_terms("beta", "GB"))


def ids(ws: Workspace, group: str) -> set[str]:
    return {member["member"] for member in values.find_members(ws, name="SAMPLE") if member["group"] == group}


def exported(ws: Workspace, group: str, partner: str) -> str:
    made = export.export(ws, group, "csv", agreed.partner(ws, partner), ws.now(DAY), on=None, deliver=True)
    deliver.deliver(ws, ws.now(DAY))
    (path,) = published(ws, made.key)
    return open(path, encoding="utf-8").read()


def test_an_ssn_of_another_partners_group_finds_nobody(ws: Workspace) -> None:
    two(ws)
    send(ws, "beta", "GB", 1, DAY, ADA)
    value = send(ws, "acme", "GA", 1, DAY, ADA | {"family": "A9", "street": "9 OAK ST", "phone": "5550199"})
    assert lines_of(value) == ["A9 medical APPLIED added from 2027-01-01"]
    assert value["all_findings"] == []
    assert not ids(ws, "GA") & ids(ws, "GB"), "another employer's member ID is told"
    text = exported(ws, "GB", "beta")
    assert "1 ELM ST" in text and "9 OAK ST" not in text, "another partner's address reached the employer"


def test_an_ssn_of_another_partners_group_cannot_be_probed(ws: Workspace) -> None:
    two(ws)
    send(ws, "beta", "GB", 1, DAY, ADA)
    probe = {"family": "A9", "first": "ZOE", "birth": "19910101", "lines": [("021", "EMP", JANUARY)]}
    known = send(ws, "acme", "GA", 1, DAY, probe | {"ssn": SSN})
    unknown = send(ws, "acme", "GA", 2, DAY, probe | {"family": "A8", "ssn": "900110008"})
    assert lines_of(known) == ["A9 medical APPLIED added from 2027-01-01"]
    assert lines_of(unknown) == ["A8 medical APPLIED added from 2027-01-01"]
    assert known["all_findings"] == unknown["all_findings"] == []


def test_a_partner_of_both_groups_links_a_person_and_then_neither_changes_the_facts(ws: Workspace) -> None:
    two(ws)
    agree(ws, partner_terms("broker", "GA", "GB", kind="broker"))
    send(ws, "broker", "GA", 1, DAY, ADA)
    send(ws, "broker", "GB", 2, DAY, ADA | {"family": "B1"})
    (ada,) = ids(ws, "GA") & ids(ws, "GB")
    more = {"do": "001", "street": "9 OAK ST", "phone": "5550199", "lines": ()}
    value = send(ws, "acme", "GA", 3, DAY, ADA | more)
    assert lines_of(value) == ["E1 - PENDED waits for a decision; if approved: address, phone updated"]
    (finding,) = value["all_findings"]
    assert finding["code"] == "FACTS-WAIT"
    assert members.member(ws, ada).facts[-1].demographics.address.line1 == "1 ELM ST"
    ended = {"do": "024", "street": "9 OAK ST", "to": date(2027, 3, 31), "lines": ()}
    assert lines_of(send(ws, "acme", "GA", 4, DAY, ADA | ended)) == [
        "E1 medical APPLIED ended 2027-03-31",
        "E1 - PENDED waits for a decision; if approved: address updated",
    ]
    value = send(ws, "broker", "GA", 5, DAY, ADA | more)
    assert lines_of(value) == ["E1 - APPLIED address, phone updated"], "a partner of both groups sees one person"


def test_data_that_wait_hold_up_neither_a_restriction_nor_a_move(ws: Workspace) -> None:
    two(ws)
    agree(ws, partner_terms("broker", "GA", "GB", kind="broker"))
    send(ws, "broker", "GA", 1, DAY, ADA)
    send(ws, "broker", "GB", 2, DAY, ADA | {"family": "B1"})
    hidden = {"do": "001", "restricted": "R", "street": "9 OAK ST", "lines": ()}
    moved = {"reason": "XT", "subgroup": "COB", "from_": date(2027, 2, 1)}
    assert lines_of(send(ws, "acme", "GA", 3, DAY, ADA | hidden | moved)) == [
        "E1 - APPLIED moved from subgroup ACT to COB from 2027-02-01",
        "E1 - APPLIED confidentiality updated",
        "E1 - PENDED waits for a decision",
    ]
    (ada,) = ids(ws, "GA") & ids(ws, "GB")
    now = members.member(ws, ada).facts[-1].demographics
    assert (now.confidentiality, now.address.line1) == ("R", "1 ELM ST")


def test_staff_find_who_has_one_ssn_and_two_member_ids(ws: Workspace) -> None:
    two(ws)
    ben = {"family": "E2", "first": "BEN", "ssn": "900110002", "lines": ADA["lines"]}
    send(ws, "beta", "GB", 1, DAY, ADA, ben)
    send(ws, "acme", "GA", 1, DAY, ADA | {"family": "A9"})
    found = values.same_ssn(ws)
    assert [(person["group"], person["subscriber"], person["first"], person["ssn"]) for person in found] == [
        ("GB", "E1", "ADA", "***-**-0001"),
        ("GA", "A9", "ADA", "***-**-0001"),
    ]
    assert len({person["member"] for person in found}) == 2
    ran = run("member", "find", "--same-ssn", "--json", "--home", ws.settings.home)
    assert ran.code == 0 and ran.out.count("***-**-0001") == 2 and SSN not in ran.out
