"""A roster on its way out: round trip of the samples, who gets it in which form, and what is sealed or masked."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from enrollment import full
from model.agreement.terms import Partner
from model.documents.keys import DocumentKind
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import ClearFamily, RosterLine
from pipeline.roster import arrival, export
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from pipeline.setup import agree
from pipeline.views import agreed
from store import dump
from store.people import clear, roster
from store.received import outbox
from store.tables import statement_rows
from support.fixtures import opened, scene
from support.installation import GROUP, PARTNER, SAMPLES, TERMS, Ran, install, load_terms, run, take
from support.people import TESTER
from validators.base import Context

TODAY = date(2027, 1, 5)
SSN = "901010001"  # of the samples' first subscriber


def enroll(ws: Workspace) -> None:
    """The demo's enrollment: adds, then changes."""
    load_terms(ws)
    take(ws, SAMPLES / "demo" / "01-adds.edi", date(2026, 11, 20))
    take(ws, SAMPLES / "demo" / "02-changes.edi", date(2026, 12, 5))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scene(tmp_path_factory.mktemp("enrolled") / "var", enroll)


@pytest.fixture
def enrolled(told: Path, bare_home: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    shutil.copytree(told, bare_home)
    yield from opened(request)


def exported(form: str, *more: object) -> tuple[Ran, Path]:
    ran = run("roster", "export", "--group", GROUP, "--format", form, "--today", TODAY, "--json", *more)
    (path,) = ran.json["documents"]
    return ran, Path(path)


def dumped(ws: Workspace) -> list[str]:
    with ws.database.read() as conn:
        return dump.roster(conn, ws.vault)


@pytest.mark.parametrize("plan_from", ["HD04", "CE"])
def test_an_empty_store_with_the_same_terms_gets_the_same_roster(
    enrolled: Workspace, tmp_path: Path, plan_from: str
) -> None:
    """By whatever reference the partner's plans ride, and with totals (QTY) that its receiver finds right."""
    profile = f'[partner.profile]\nplan_from = "{plan_from}"'
    terms = TERMS.read_text("utf-8").replace("[partner.profile]", profile, 1)
    load_terms(enrolled, terms, TODAY)
    ran, path = exported("834")
    assert ran.code == 0 and ran.json["findings"] == [] and ran.json["partner"] == PARTNER
    settings = Settings.read(home=tmp_path / "other")
    install(settings)
    other = open_workspace(settings, TESTER)
    load_terms(other, terms)
    assert ("REF*CE*GOLD~" in path.read_text("ascii")) is (plan_from == "CE")
    assert take(other, path, TODAY)["state"] == "APPLIED"
    assert dumped(other) == dumped(enrolled) != []
    other.close()


@pytest.mark.parametrize("chunk", [1, 2, 1_000])
def test_a_table_is_read_and_kept_some_contracts_at_a_time(
    enrolled: Workspace, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(export, "CONTRACTS_A_CHUNK", chunk)
    real, asked = roster.lines, []

    def lines(*given: Any, ids: list[int], **how: Any) -> list[RosterLine]:
        asked.append(len(ids))
        return real(*given, ids=ids, **how)

    with enrolled.database.read() as conn:
        whole = real(conn, GROUP)
    monkeypatch.setattr(roster, "lines", lines)
    ran, path = exported("csv")
    rows = list(csv.DictReader(StringIO(path.read_text("utf-8-sig"))))
    assert [(row["Member ID"], row["Line of coverage"], row["Plan"]) for row in rows] == [
        (line.member_id, line.line, line.plan) for line in whole
    ]
    assert (ran.json["lines"], ran.json["members"]) == (len(whole), len({line.person for line in whole}))
    assert sum(asked) == len({line.contract for line in whole}) and max(asked) <= chunk
    with enrolled.database.read() as conn:
        (item,) = outbox.of_kind(conn, DocumentKind.ROSTER, enrolled.vault.fields)
        assert item.statement.rows == (), "they lie beside it"  # type: ignore[union-attr]
        assert conn.scalar(select(func.count()).where(statement_rows.c.key == item.key)) == 0, (
            "until it is delivered"
        )


@pytest.mark.parametrize("chunk", [1, 2])
def test_a_full_file_is_made_and_tried_some_families_at_a_time(
    enrolled: Workspace, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    whole = exported("834")[1].read_text("ascii").partition("INS")[2].partition("GE*")[0]
    monkeypatch.setattr(export, "CONTRACTS_A_CHUNK", chunk)
    read, decided = clear.clear_families, arrival.decide
    asked: list[int] = []
    families: list[int] = []

    def reading(*given: Any) -> list[ClearFamily]:
        asked.append(len(given[3]))
        return read(*given)

    def deciding(events: Sequence[EnrollmentEvent], context: Context) -> Any:
        families.append(len({event.subscriber_number for event in events}))
        return decided(events, context)

    monkeypatch.setattr(clear, "clear_families", reading)
    monkeypatch.setattr(arrival, "decide", deciding)
    ran, path = exported("834")
    assert ran.json["findings"] == []
    assert path.read_text("ascii").partition("INS")[2].partition("GE*")[0] == whole
    with enrolled.database.read() as conn:
        contracts = len(roster.contracts(conn, GROUP))
        item = outbox.of_kind(conn, DocumentKind.ROSTER834, enrolled.vault.fields)[-1]
        assert item.statement.members == (), "they lie beside it"  # type: ignore[union-attr]
        assert conn.scalar(select(func.count()).select_from(statement_rows)) == 0, "until it is delivered"
    assert (sum(asked), sum(families)) == (2 * contracts, contracts), "read to be written, then to be held against"
    assert max(asked + families) <= chunk < contracts


def test_what_the_guide_would_refuse_takes_no_number_and_leaves_no_rows(
    enrolled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(full, "line_text", lambda terms, code: "X" * 9)  # HD03 has three characters at most
        ran = run("roster", "export", "--group", GROUP, "--format", "834", "--today", TODAY, "--json")
    assert ran.code == 1 and ran.json["documents"] == []
    assert ran.json["findings"][0]["code"] == "EXPORT-SYNTAX"
    with enrolled.database.read() as conn:
        assert conn.scalar(select(func.count()).select_from(statement_rows)) == 0
    assert "BGN*00*ROSTER000001*" in exported("834")[1].read_text("ascii")


def test_the_same_store_finds_nothing_to_change(enrolled: Workspace) -> None:
    before = dumped(enrolled)
    value = take(enrolled, exported("834")[1], TODAY)
    assert value["state"] == "APPLIED" and set(value["counts"]) == {"NOOP"}
    assert dumped(enrolled) == before


def test_a_full_file_of_a_day_has_what_covers_it(enrolled: Workspace) -> None:
    everything = exported("834")[0].json["lines"]
    assert 0 < exported("834", "--on", "2027-01-05")[0].json["lines"] < everything


def test_a_day_without_anybody_has_no_file(enrolled: Workspace) -> None:
    ran = run("roster", "export", "--group", GROUP, "--format", "834", "--on", "2026-11-30", "--json")
    assert ran.code == 1 and ran.json["documents"] == []
    assert [finding["code"] for finding in ran.json["findings"]] == ["EXPORT-EMPTY"]


def test_delivered_it_is_from_us_and_in_the_partners_folder(enrolled: Workspace) -> None:
    _, path = exported("834", "--deliver")
    isa = path.read_text("ascii").splitlines()[0]
    assert "*ZZ*NORTHWIND      *ZZ*HARBORMILLS    *" in isa
    assert path.parent.name == PARTNER
    assert "*ZZ*HARBORMILLS    *ZZ*NORTHWIND      *" in exported("834")[1].read_text("ascii")


def test_our_member_ids_go_to_the_partner_only(enrolled: Workspace) -> None:
    usual = agreed.partner(enrolled, PARTNER)
    assert isinstance(usual, Partner)
    agree.add_partner(
        enrolled, replace(usual, profile=replace(usual.profile, member_id_from="23")), enrolled.now(TODAY)
    )
    assert "REF*23*M000000001~" in exported("834", "--deliver")[1].read_text("ascii")
    assert "REF*23*" not in exported("834")[1].read_text("ascii")


def test_tables_show_no_ssn_and_agree(enrolled: Workspace) -> None:
    text = exported("csv")[1].read_text("utf-8-sig")
    assert SSN not in text and "***-**-0001" in text
    rows = list(csv.reader(StringIO(text)))
    _, path = exported("xlsx")
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert [[str(cell) for cell in row] for row in sheet[3:]] == rows
    assert len(rows) - 1 == exported("csv")[0].json["lines"]


def test_what_lies_in_store_and_archive_is_sealed(enrolled: Workspace) -> None:
    ran, path = exported("834")
    assert SSN in path.read_text("ascii")
    assert SSN not in ran.out
    sealed = [
        entry for entry in enrolled.settings.home.rglob("*") if entry.is_file() and "outbox" not in entry.parts
    ]
    assert [entry.name for entry in sealed if SSN.encode() in entry.read_bytes()] == []
    with enrolled.database.read() as conn:
        (item,) = outbox.of_kind(conn, DocumentKind.ROSTER834, enrolled.vault.fields)
    assert enrolled.vault.archive.has(item.documents[0][1])


def test_what_would_not_arrive_is_said(enrolled: Workspace) -> None:
    head, tail = TERMS.read_text("utf-8").split('code = "VISION"')
    load_terms(enrolled, head + 'code = "VISION"' + tail.replace("2026-01-01", "2027-01-01", 1))
    ran = run("roster", "export", "--group", GROUP, "--format", "834", "--today", TODAY, "--json")
    codes = {finding["code"] for finding in ran.json["findings"]}
    assert ran.code == 1 and {"PLAN-OFFERED", "EXPORT-NOT-CARRIED"} <= codes
    assert SSN not in ran.out


@pytest.mark.parametrize("wrong", [["--format", "pdf"], ["--partner", "nobody"]])
def test_usage(enrolled: Workspace, wrong: list[str]) -> None:
    from cli.session import Failure

    with pytest.raises(Failure):
        run("roster", "export", "--group", GROUP, *wrong)
