"""Billing, reconciliation and delivery as flows: the right groups on the right day, figures in the artifact."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from model.timeline import Month
from pipeline.cash.deposits import add_deposit
from pipeline.receive import run as receive
from pipeline.receive.claim import claim
from pipeline.runtime.workspace import Workspace
from pipeline.views import files as exchanges
from store.money import invoices
from store.received import files
from support.installation import GROUP, PARTNER, SAMPLES, TERMS, load_terms, take

ADDS = SAMPLES / "valid" / "01-add-family.edi"
MONTH = Month(2027, 1)
CANARY = "971-00-4242 CANARY"

pytestmark = pytest.mark.usefixtures("prefect_server")


async def artifact(key: str) -> str:
    from prefect import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

    async with get_client() as client:
        found = await client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])))
    return str(max(found, key=lambda one: one.created or datetime.min.replace(tzinfo=UTC)).data)


async def everything() -> str:
    from prefect import get_client

    async with get_client() as client:
        runs = [*await client.read_flow_runs(), *await client.read_task_runs()]
        known: list[Any] = [*runs, *await client.read_artifacts(), *await client.read_logs(limit=200)]
        for run in runs:
            known += await client.read_flow_run_states(run.id) if "parameters" in type(run).model_fields else []
    return json.dumps([run.model_dump(mode="json") for run in known])


def enrolled(ws: Workspace) -> None:
    load_terms(ws)
    assert take(ws, ADDS, date(2026, 11, 23))["state"] == "APPLIED"


def issued(ws: Workspace) -> list[str]:
    with ws.database.read() as conn:
        return [str(invoice.month) for invoice in invoices.listing(conn, group=GROUP)]


def test_a_group_is_billed_on_the_day_its_terms_name(ws: Workspace) -> None:
    from flows.base import VerbFailed
    from flows.bill_month import bill_month

    enrolled(ws)
    assert asyncio.run(bill_month(today="2026-12-09")) == 0
    assert issued(ws) == []
    assert asyncio.run(bill_month(today="2026-12-12")) == 1, "a missed 10th is made up for"
    assert issued(ws) == ["2027-01"]
    assert any(path.name.startswith("invoice-100001") for path in (ws.outbox / PARTNER).iterdir())
    said = asyncio.run(artifact("bill-2027-01"))
    assert "| HM4100 | HM4100-01 | 100001 |" in said or "| 100001 |" in said
    assert "$" in said
    assert asyncio.run(bill_month(today="2026-12-13")) == 0, "billed once"

    with pytest.raises(VerbFailed, match="2027-02"):
        asyncio.run(bill_month(month="2027-02", group=GROUP, today="2026-12-13"))
    assert issued(ws) == ["2027-01"]
    asked = bill_month(month="2027-02", group=GROUP, today="2026-12-13", ahead=True)
    assert asyncio.run(asked) == 1, "asked for by hand"
    assert issued(ws) == ["2027-01", "2027-02"]


def test_a_held_invoice_is_shown_and_tried_again(ws: Workspace) -> None:
    from flows.bill_month import bill_month

    enrolled(ws)
    agreed = TERMS.read_text(encoding="utf-8")
    load_terms(ws, agreed.replace(', FAM = "1500.00" }', " }"))
    for day in ("2026-12-10", "2026-12-11"):
        assert asyncio.run(bill_month(today=day)) == 1
        assert issued(ws) == []
        said = asyncio.run(artifact("bill-2027-01"))
        assert "| HM4100 | 41000100 | held |" in said and "INVOICE-HELD" in said
    load_terms(ws, agreed)
    assert asyncio.run(bill_month(today="2026-12-12")) == 1
    assert issued(ws) == ["2027-01"]
    assert asyncio.run(bill_month(today="2026-12-13")) == 0


def test_the_month_that_has_ended_is_reconciled(ws: Workspace) -> None:
    from flows.bill_month import bill_month
    from flows.reconcile_month import reconcile_month

    enrolled(ws)
    asyncio.run(bill_month(today="2026-12-10"))
    assert asyncio.run(reconcile_month(today="2027-01-15")) == 0, "nobody was billed for December"
    assert asyncio.run(reconcile_month(today="2027-02-01")) == 1
    said = asyncio.run(artifact("reconcile-2027-01"))
    assert f"| {GROUP} |" in said and "$" in said
    assert any(path.name.startswith("reconciliation") for path in (ws.outbox / PARTNER).iterdir())


def test_what_is_owed_is_delivered(ws: Workspace) -> None:
    from flows.deliver import deliver_owed

    load_terms(ws)
    file = claim(ws, [ADDS.read_bytes()], ADDS.name, PARTNER, "test", ws.now(date(2026, 11, 23)))
    receive.work(ws, file.id)
    assert list((ws.outbox / PARTNER).iterdir()) == []
    count = asyncio.run(deliver_owed(today="2026-11-23"))
    assert count == len(exchanges.documents(ws, file.id)) >= 3
    assert all(Path(path).exists() for path in exchanges.documents(ws, file.id))
    assert asyncio.run(deliver_owed()) == 0


def test_a_group_that_fails_stops_no_other_and_tells_nobody_s_data(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import flows.bill_month
    from flows.base import VerbFailed

    enrolled(ws)
    real = flows.bill_month.inputs.bill

    def bill(ws: Workspace, month: Any, now: Any, group: str, *, ahead: bool) -> Any:
        if group == "BROKEN":
            raise ValueError(CANARY)
        return real(ws, month, now, group, ahead=ahead)

    quick = flows.bill_month.bill_group.with_options(retries=0)
    monkeypatch.setattr(flows.bill_month, "bill_group", quick)
    monkeypatch.setattr(flows.bill_month.inputs, "bill", bill)
    monkeypatch.setattr(flows.bill_month.due, "to_bill", lambda ws, now: [(MONTH, "BROKEN"), (MONTH, GROUP)])
    monkeypatch.setattr(flows.bill_month, "known_groups", lambda ws, group: ["BROKEN", GROUP])
    with pytest.raises(VerbFailed, match="BROKEN"):
        asyncio.run(flows.bill_month.bill_month(today="2026-12-10"))
    assert issued(ws) == ["2027-01"]
    known = asyncio.run(everything())
    assert "ValueError at " in known and "BROKEN" in known
    assert CANARY not in known


def test_a_wrong_group_is_said_in_words(ws: Workspace) -> None:
    from flows.base import VerbFailed, known_groups

    load_terms(ws)
    assert known_groups(ws, "") == [GROUP]
    with pytest.raises(VerbFailed, match="no terms are loaded for group NONE"):
        known_groups(ws, "NONE")


@pytest.mark.leaves("files")
def test_a_file_is_queued_for_its_groups(ws: Workspace) -> None:
    """Between judging and applying a run knows which groups to queue for; when all is decided, none."""
    load_terms(ws)
    file = claim(ws, [ADDS.read_bytes()], ADDS.name, PARTNER, "test", ws.now(date(2026, 11, 23)))
    receive.judge(ws, file.id)
    assert exchanges.groups(ws, file.id) == [GROUP]
    receive.apply(ws, file.id)
    assert exchanges.groups(ws, file.id) == []
    with ws.database.read() as conn:
        assert [stored.state for stored in files.sets_of(conn, file.id)] == ["APPLIED"]


def test_the_night_in_figures(ws: Workspace) -> None:
    from flows.night import night

    load_terms(ws)
    assert asyncio.run(night(today="2026-11-24")) == 1
    assert asyncio.run(night(today="2026-11-24")) == 0
    day = date(2026, 11, 23)
    add_deposit(ws, CANARY, "1990000001", 12_345, day, ws.now(day))
    assert asyncio.run(night(today="2026-12-30")) == 36  # the nights between were missed
    shown = asyncio.run(artifact("night"))
    assert "1 past due: deposit, DEPOSIT-WAITS, the oldest 37 days | $123.45 |" in shown
    assert CANARY not in asyncio.run(everything())
