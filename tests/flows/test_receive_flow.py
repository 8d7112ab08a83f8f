"""The receive flow takes a claimed file to its end, and tells Prefect nothing about anybody."""

from __future__ import annotations

import asyncio
import json
from datetime import date

import pytest

from intake.folder import read_chunks
from model.agreement.terms import BANK, Partner
from pipeline import inputs
from pipeline.receive.claim import claim
from pipeline.runtime.workspace import Workspace
from pipeline.views import money
from sample_files import banking
from support import values
from support.installation import PARTNER, SAMPLES, load_terms

PATH = SAMPLES / "valid" / "01-add-family.edi"


def claimed(ws: Workspace) -> str:
    load_terms(ws)
    return claim(ws, read_chunks(PATH), PATH.name, PARTNER, "test", ws.now(date(2026, 11, 23))).id


async def everything_known(file_id: str) -> str:
    """Read back all that the server stores of the run: parameters, names, logs, artifacts."""
    from prefect import get_client

    async with get_client() as client:
        runs = await client.read_flow_runs()
        tasks = await client.read_task_runs()
        artifacts = await client.read_artifacts()
        logs = await client.read_logs(limit=200)
    return json.dumps([run.model_dump(mode="json") for run in (*runs, *tasks, *artifacts, *logs)])


@pytest.mark.usefixtures("prefect_server")
def test_a_claimed_file_is_taken_to_its_end(ws: Workspace) -> None:
    from flows.receive import receive_file

    file_id = claimed(ws)
    assert asyncio.run(receive_file(file_id)) == "APPLIED"

    value = values.file_value(ws, file_id)
    assert value["state"] == "APPLIED"
    assert [acknowledgment["kind"] for acknowledgment in value["acks"]] == ["TA1", "999"]
    assert len(value["documents"]) >= 3
    names = {path.name for path in (ws.outbox / PARTNER).iterdir()}
    assert {path.rsplit("/", 1)[1] for path in value["documents"]} == names

    assert asyncio.run(receive_file(file_id)) == "APPLIED", "running it again changes nothing"
    assert values.file_value(ws, file_id) == value


@pytest.mark.usefixtures("prefect_server")
def test_prefect_learns_counts_and_ids_only(ws: Workspace) -> None:
    from flows.receive import receive_file

    file_id = claimed(ws)
    asyncio.run(receive_file(file_id))
    known = asyncio.run(everything_known(file_id))
    assert file_id in known
    assert "member lines APPLIED" in known
    for segment in PATH.read_text().split("~"):
        elements = segment.strip().split("*")
        if elements[0] == "NM1" and elements[1] == "IL":
            for secret in (elements[3], elements[9] if len(elements) > 9 else ""):
                assert not secret or secret not in known
        if elements[0] == "DMG":
            assert elements[2] not in known


@pytest.mark.usefixtures("prefect_server")
def test_a_bank_s_file_is_taken_as_a_partner_s_is(ws: Workspace) -> None:
    """Claimed by the sweep from the bank's own inbox, then one run; who paid stands nowhere in Prefect."""
    from flows.receive import receive_file
    from flows.sweep import fetch

    day = date(2027, 1, 14)
    inputs.add_partner(ws, Partner("first-bank", "First Bank", kind=BANK), ws.now(day))
    data = banking.bai2([banking.Entry("142", 5_000, "B1", "T1", "KANARIENVOGEL PREMIUM")], day)
    (ws.settings.home / "inbox" / "first-bank" / "KANARIENVOGEL.bai").write_bytes(data)
    assert asyncio.run(fetch("production", "", str(day), 0.0)).claimed == 1
    (file,) = values.file_list(ws)
    assert asyncio.run(receive_file(file["file_id"], today=str(day))) == "APPLIED"
    assert [deposit.trace for deposit in money.payment_list(ws).deposits] == ["T1"]
    known = asyncio.run(everything_known(file["file_id"]))
    assert "sets: 1 applied" in known and "KANARIENVOGEL" not in known
