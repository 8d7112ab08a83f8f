"""INS13 = R hides address, phone and e-mail from subscriber, employer, broker and their TPA (DOMAIN.md 3)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline import agree as agreeing
from pipeline import deliver, export, people
from pipeline.workspace import Settings, Workspace, open_workspace
from store import dump
from support.installation import install, take_bytes
from support.two_partners import agree, group_terms, lines_of, partner_terms, send

DAY, LATER = date(2027, 1, 5), date(2027, 2, 1)
SECRETS = ("7 HIDDEN LN", "5550177", "ada@example.com")
ADA = {"first": "ADA", "ssn": "900110001", "lines": [("021", "EMP", date(2027, 1, 1))]}
HIDDEN = ADA | {"restricted": "R", "street": SECRETS[0], "phone": SECRETS[1], "email": SECRETS[2]}


def started(ws: Workspace, kind: str = "employer") -> None:
    agree(ws, group_terms("GA"), partner_terms("acme", "GA", kind=kind))
    send(ws, "acme", "GA", 1, DAY, HIDDEN)


def exported(ws: Workspace, form: str, *, to_partner: bool = True) -> bytes:
    made = export.export(ws, "GA", form, agreeing.partner(ws, "acme"), ws.now(LATER), on=None, deliver=to_partner)
    assert not made.findings
    deliver.deliver(ws, ws.now(LATER))
    (path,) = export.documents(ws, made)
    return Path(path).read_bytes()


def contact(ws: Workspace) -> tuple[str, str, str]:
    (found,) = people.find_members(ws, name="SAMPLE")
    now = people.member(ws, found["member"]).facts[-1].demographics
    return now.address.line1, now.phone, now.email


@pytest.mark.parametrize("kind", ["employer", "broker", "tpa", "agency"])
@pytest.mark.parametrize("form", ["csv", "834"])
def test_no_sender_is_handed_a_hidden_address(ws: Workspace, form: str, kind: str) -> None:
    started(ws, kind)
    text = exported(ws, form).decode()
    assert "ADA" in text and not [one for one in SECRETS if one in text]


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
    other = open_workspace(settings, "tester")
    agree(other, group_terms("GA"), partner_terms("acme", "GA"))
    take_bytes(other, data, "copy.edi", LATER, "acme")
    with ws.database.read() as conn, other.database.read() as there:
        assert dump.roster(conn, ws.vault) == dump.roster(there, other.vault)
    assert "7 HIDDEN" not in exported(other, "csv").decode(), "the copy forgot that the address is confidential"
    other.close()


@pytest.mark.parametrize(("sent", "shown"), [("", False), ("R", False), ("U", True)])
def test_only_u_lifts_it(ws: Workspace, sent: str, shown: bool) -> None:
    started(ws)
    send(ws, "acme", "GA", 2, LATER, ADA | {"do": "001", "restricted": sent, "lines": ()})
    assert (SECRETS[0] in exported(ws, "csv").decode()) is shown


def test_nobody_can_guess_at_a_hidden_address(ws: Workspace) -> None:
    started(ws)
    right = {"do": "001", "street": SECRETS[0], "phone": SECRETS[1], "lines": ()}
    wrong = right | {"street": "8 OTHER LN", "phone": "5550188"}
    days = (LATER, LATER, date(2027, 2, 2))
    said = [send(ws, "acme", "GA", n, days[n - 2], ADA | one) for n, one in enumerate((right, wrong, wrong), 2)]
    assert len({tuple(lines_of(one)) for one in said}) == 1, [lines_of(one) for one in said]
    assert contact(ws)[:2] == ("8 OTHER LN", "5550188"), "a new address is taken all the same"
