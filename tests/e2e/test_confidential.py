"""INS13 = R hides address, phone and e-mail from subscriber, employer, broker and their TPA.

Source: docs/domain.md, Confidentiality.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from model.journal import Act
from pipeline.receive import deliver
from pipeline.roster import export
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from pipeline.views import agreed, members
from pipeline.views.files import published
from store import dump, tables
from support import values
from support.installation import install, run, run_by_two, take_bytes
from support.people import TESTER, at_the_desk
from support.two_partners import agree, group_terms, lines_of, partner_terms, send

DAY, LATER = date(2027, 1, 5), date(2027, 2, 1)
SECRETS = ("7 HIDDEN LN", "5550177", "ada@example.com")
ADA = {"first": "ADA", "ssn": "900110001", "lines": [("021", "EMP", date(2027, 1, 1))]}
HIDDEN = ADA | {"restricted": "R", "street": SECRETS[0], "phone": SECRETS[1], "email": SECRETS[2]}


def started(ws: Workspace, kind: str = "employer") -> None:
    agree(ws, group_terms("GA"), partner_terms("acme", "GA", kind=kind))
    send(ws, "acme", "GA", 1, DAY, HIDDEN)


def exported(ws: Workspace, form: str, *, to_partner: bool = True) -> bytes:
    made = export.export(ws, "GA", form, agreed.partner(ws, "acme"), ws.now(LATER), on=None, deliver=to_partner)
    assert not made.findings
    deliver.deliver(ws, ws.now(LATER))
    (path,) = published(ws, made.key)
    return Path(path).read_bytes()


def contact(ws: Workspace) -> tuple[str, str, str]:
    (found,) = values.find_members(ws, name="SAMPLE")
    now = members.member(ws, found["member"]).facts[-1].demographics
    return now.address.line1, now.phone, now.email


@pytest.mark.parametrize("kind", ["employer", "broker", "tpa", "agency"])
@pytest.mark.parametrize("form", ["csv", "834"])
def test_no_sender_is_handed_a_hidden_address(ws: Workspace, form: str, kind: str) -> None:
    started(ws, kind)
    text = exported(ws, form).decode()
    assert "ADA" in text and not [secret for secret in SECRETS if secret in text]


def test_what_was_left_out_blanks_nothing_when_it_comes_back(ws: Workspace) -> None:
    started(ws)
    text = exported(ws, "834").decode()
    assert "INS*Y*18*030*XN*A***FT*****R~" in text
    back = text.replace("*ZZ*NORTHWIND      *ZZ*ACME           *", "*ZZ*ACME           *ZZ*NORTHWIND      *")
    back = back.replace("GS*BE*NORTHWIND*ACME*", "GS*BE*ACME*NORTHWIND*")
    value = take_bytes(ws, back.encode(), "back.edi", LATER, "acme")
    assert lines_of(value) == ["E1 medical NOOP no change"], value["all_findings"]
    assert contact(ws) == SECRETS


def test_our_own_copy_carries_all_and_the_mark_into_another_store(ws: Workspace, tmp_path: Path) -> None:
    started(ws)
    data = exported(ws, "834", to_partner=False)
    assert SECRETS[0] in data.decode()
    settings = Settings.read(home=tmp_path / "other")
    install(settings)
    other = open_workspace(settings, TESTER)
    agree(other, group_terms("GA"), partner_terms("acme", "GA"))
    take_bytes(other, data, "copy.edi", LATER, "acme")
    with ws.database.read() as conn, other.database.read() as there:
        assert dump.roster(conn, ws.vault) == dump.roster(there, other.vault)
    assert "7 HIDDEN" not in exported(other, "csv").decode(), "the copy forgot that the address is confidential"
    other.close()


@pytest.mark.parametrize("sent", ["", "R", "U"])
def test_no_sender_lifts_it(ws: Workspace, sent: str) -> None:
    started(ws)
    record = ADA | {
        "do": "001",
        "restricted": sent,
        "lines": [("021", "EMP", date(2027, 1, 1))],
        "last": "NEWNAME",
    }
    value = send(ws, "acme", "GA", 2, LATER, record)
    text = exported(ws, "csv").decode()
    assert not [secret for secret in SECRETS if secret in text]
    assert "NEWNAME" in text, "nothing else of the record is held up"
    codes = [finding["code"] for finding in value["all_findings"]]
    assert codes == (["RESTRICTION-KEPT"] if sent == "U" else [])


def test_two_people_lift_it_and_a_later_record_restricts_again(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_desk(ws, monkeypatch)
    started(ws)
    (ada,) = (member["member"] for member in values.find_members(ws, name="SAMPLE"))
    asked = ("member", "unrestrict", ada, "--home", ws.settings.home, "--today", str(LATER))
    why = ("--reason", "letter of hers")
    assert run(*asked).code == 1
    assert SECRETS[0] not in exported(ws, "csv").decode()
    done = run_by_two(monkeypatch, *asked, *why)
    assert done.code == 0 and not [secret for secret in SECRETS if secret in done.out]
    assert SECRETS[0] in exported(ws, "csv").decode()
    with ws.database.read() as conn:
        (audit,) = conn.execute(select(tables.audit).where(tables.audit.c.action == Act.RESTRICTION_LIFTED))
    assert (audit.subject, audit.detail) == (ada, "requested by Ann Lee, approved by Ben Ode: letter of hers")
    assert run(*asked, *why).code == 0, "done before: nothing left to do"
    send(ws, "acme", "GA", 2, LATER, ADA | {"do": "001", "restricted": "R", "lines": ()})
    assert SECRETS[0] not in exported(ws, "csv").decode()


def test_nobody_can_guess_at_a_hidden_address(ws: Workspace) -> None:
    started(ws)
    right = {"do": "001", "street": SECRETS[0], "phone": SECRETS[1], "lines": ()}
    wrong = right | {"street": "8 OTHER LN", "phone": "5550188"}
    days = (LATER, LATER, date(2027, 2, 2))
    answers = [
        send(ws, "acme", "GA", n, days[n - 2], ADA | guess) for n, guess in enumerate((right, wrong, wrong), 2)
    ]
    assert len({tuple(lines_of(answer)) for answer in answers}) == 1, [lines_of(answer) for answer in answers]
    assert contact(ws)[:2] == ("8 OTHER LN", "5550188"), "a new address is taken all the same"
