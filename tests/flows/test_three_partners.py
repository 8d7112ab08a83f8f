"""Three partners, real channels, flows: the right answers in the right outboxes and nowhere else, and no canary.

An employer's 834 comes by SFTP, a broker's census workbook by S3, a payer's 820 by SFTP. In 834 and census stands
one invented person each, whose SSN, name and birth date occur nowhere else: the canaries. Only the store and the
documents meant for the partner may name them, and nothing at all may hold their SSN in clear.
"""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from model.timeline import Month
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.receive import sweep as sweeping
from pipeline.receive.deliver import deliver
from pipeline.runtime.workspace import Workspace
from support import values
from support.census import workbook
from support.channels import S3
from support.channels import s3 as s3
from support.channels import s3_endpoint as s3_endpoint
from support.channels import sshd as sshd
from support.installation import GROUP, SAMPLES, TERMS, load_terms
from support.sshd import Account, Sshd

SSN, NAME, BIRTH = "919737411", "ZYZZYVAQUILL", date(1921, 7, 13)
CENSUS_SSN, CENSUS_NAME, CENSUS_BIRTH = "929848522", "QWYJIBOTHORN", date(1922, 8, 14)
FORMATS = ("%Y%m%d", "%Y-%m-%d", "%m/%d/%Y")
CANARIES = [SSN, NAME, CENSUS_SSN, CENSUS_NAME]
CANARIES += [day.strftime(form) for day in (BIRTH, CENSUS_BIRTH) for form in FORMATS]
SECRETS = [SSN, CENSUS_SSN]  # what even the store and the partner's documents may not show in clear

OTHERS = """
[[partner]]
code = "bayview"
name = "Bayview Benefit Brokers"
kind = "broker"
{s3}
[[partner.grants]]
group = "HM4100"
begin = 2026-01-01

[[partner]]
code = "treasury"
name = "Harbor Mills Treasury"
kind = "agency"
isa_ids = ["ZZ:HARBORCASH"]
gs_ids = ["HARBORCASH"]
companies = ["1990000001"]
{sftp}
[[partner.grants]]
group = "HM4100"
begin = 2026-01-01

"""


def enrollment(name: str) -> bytes:
    """An 834 of the samples with the canary in the place of its first person."""
    text = (SAMPLES / "demo" / name).read_text()
    for old, new in (("ABERNATHY", NAME), ("901010001", SSN), ("19830915", BIRTH.strftime("%Y%m%d"))):
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def census() -> bytes:
    """A workbook with one new employee: the census canary."""
    head = ["Employee ID", "Relationship", "Last Name", "First Name", "SSN", "DOB", "Subgroup", "Medical Plan"]
    row = ["E70001", "Employee", CENSUS_NAME, "Robin", CENSUS_SSN, CENSUS_BIRTH, "100", "GOLD"]
    return workbook(("Census", [[*head, "Medical Tier", "Start Date"], [*row, "EMP", date(2027, 1, 1)]]))


def payment() -> bytes:
    """The samples' 820, sent by the treasury: it pays the demo's two invoices, one of them short."""
    text = (SAMPLES / "demo" / "03-remittance.edi").read_text()
    return text.replace("HARBORMILLS    ", "HARBORCASH     ").replace("*HARBORMILLS*", "*HARBORCASH*").encode()


@pytest.fixture
def partners(
    ws: Workspace, sshd: Sshd, s3: S3, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[Account, S3, Account]]:
    """Employer, broker and payer, each with its channel; temporary files go where the test can search them."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("ROLLBOOK_SECRETS", str(sshd.folder))
    employer, payer = sshd.account("rollbook-test-2"), sshd.account("rollbook-test-3")
    others = OTHERS.format(s3=s3.channel("bayview/"), sftp=sshd.channel(payer, payer.key.name))
    text = TERMS.read_text(encoding="utf-8")
    text = text.replace("[partner.profile]", sshd.channel(employer, employer.key.name) + "\n[partner.profile]", 1)
    text = text.replace('companies = ["1990000001"]', "", 1)  # the treasury pays, not the mill
    load_terms(ws, text.replace("# --- what was sold", others + "# --- what was sold", 1))
    yield employer, s3, payer


def sweep_and_receive(ws: Workspace, day: date) -> dict[str, str]:
    """Fetch what came and take each file through the flow; return the state of each by its partner."""
    from flows.receive import receive_file

    swept = sweeping.fetch(ws, ws.now(day), settle=0)
    assert [finding for inbox in swept for finding in inbox.findings] == []
    files = [file for inbox in swept for file in inbox.files]
    return {file.partner: asyncio.run(receive_file(file.file_id, today=str(day))) for file in files}


async def prefect_knows() -> str:
    """Read back all that the Prefect server stores: runs, task runs, artifacts, logs."""
    from prefect import get_client

    async with get_client() as client:
        kept = [
            *await client.read_flow_runs(),
            *await client.read_task_runs(),
            *await client.read_artifacts(),
            *await client.read_logs(limit=200),
        ]
    return json.dumps([entry.model_dump(mode="json") for entry in kept])


def kinds(names: list[str]) -> set[str]:
    """Reduce document names to what they are."""
    return {Path(name).name.split("-")[0] for name in names}


@pytest.mark.usefixtures("prefect_server")
def test_right_answers_in_the_right_outboxes_and_no_canary(
    ws: Workspace,
    partners: tuple[Account, S3, Account],
    sshd: Sshd,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    employer, broker, payer = partners
    employer.drop("adds.edi", enrollment("01-adds.edi"))
    assert sweep_and_receive(ws, date(2026, 11, 20)) == {"harbor-mills": "PARTIAL"}
    employer.drop("changes.edi", enrollment("02-changes.edi"))
    assert sweep_and_receive(ws, date(2026, 12, 5)) == {"harbor-mills": "APPLIED"}
    bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), GROUP)
    deliver(ws, ws.now(date(2026, 12, 10)))
    broker.put("bayview/in/new-hires.xlsx", census())
    assert sweep_and_receive(ws, date(2026, 12, 15)) == {"bayview": "APPLIED"}
    add_deposit(ws, "HM2027010001", "1990000001", 5_067_000, date(2026, 12, 28), ws.now(date(2026, 12, 28)))
    payer.drop("payment.edi", payment())
    assert sweep_and_receive(ws, date(2026, 12, 28)) == {"treasury": "APPLIED"}

    # the right answers in the right outboxes
    mine = {path.name for path in employer.outbox.iterdir()}
    theirs = set(broker.listing("bayview/out/"))
    paid = {path.name for path in payer.outbox.iterdir()}
    assert kinds([*mine]) >= {"ta1", "999", "report", "invoice"}
    assert not kinds([*mine]) & {"receipt", "census"}
    assert kinds([*paid]) == {"ta1", "999", "report", "receipt"}
    assert theirs and not kinds([*theirs]) & {"ta1", "999", "invoice", "receipt"}
    assert {Path(name).suffix for name in theirs} >= {".xlsx", ".csv"}
    # and nowhere else: every place a document lies is its own partner's
    for listed in values.file_list(ws):
        for place in values.file_value(ws, listed["file_id"])["documents"]:
            outbox = {"harbor-mills": mine, "treasury": paid, "bayview": {Path(n).name for n in theirs}}
            assert Path(place).name in outbox[listed["partner"]]
            others = [names for code, names in outbox.items() if code != listed["partner"]]
            assert not any(Path(place).name in names for names in others)
    assert not ws.outbox.exists()

    # the canaries are really there: the employer's report names its own
    reports = [path.read_text(encoding="utf-8-sig") for path in employer.outbox.glob("report-*.csv")]
    assert any(NAME in text for text in reports)

    # no canary in what Prefect, logs and standard streams hold
    printed = capfd.readouterr()
    spoken = [
        asyncio.run(prefect_knows()),
        caplog.text,
        printed.out,
        printed.err,
        (sshd.folder / "log").read_text(),
    ]
    for canary in CANARIES:
        assert not any(canary in text for text in spoken), canary
    # nor in any file of the installation, its name or a temporary file; in the store and in answers no SSN
    for path in [*ws.settings.home.rglob("*"), *(tmp_path / "tmp").rglob("*"), *employer.root.rglob("*")]:
        assert not any(canary in path.name for canary in CANARIES)
        if path.is_file():
            answer_or_store = (
                path.suffix in (".db", ".db-journal", ".db-wal", ".db-shm") or employer.outbox in path.parents
            )
            data = path.read_bytes()
            for canary in SECRETS if answer_or_store else CANARIES:
                assert canary.encode() not in data, (path.name, canary)
    for key in broker.listing():
        assert not any(canary in key for canary in CANARIES)
        if not key.endswith(".xlsx"):
            assert not any(canary.encode() in broker.get(key) for canary in SECRETS)
