"""What Prefect is told in our words: states with counts, names, one line a step, events; never anybody's data."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipeline.receive.claim import claim
from pipeline.runtime.workspace import Workspace
from support.installation import GROUP, PARTNER, SAMPLES, TERMS, load_terms

DAY = date(2026, 11, 23)
Emitted = list[tuple[str, str, dict[str, str]]]

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.fixture
def emitted(monkeypatch: pytest.MonkeyPatch) -> Emitted:
    """The events that are emitted: name, resource, payload."""
    import flows.words

    seen: Emitted = []

    def emit(event: str, resource: dict[str, str], payload: dict[str, str]) -> None:
        seen.append((event, resource["prefect.resource.id"], payload))

    monkeypatch.setattr(flows.words, "emit_event", emit)
    return seen


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is logged by us."""
    import flows.words

    seen: list[str] = []
    real = flows.words.PrefectLogAdapter.getChild

    def child(self: Any, suffix: str, *more: Any) -> Any:
        logger = real(self, suffix, *more)
        monkeypatch.setattr(logger, "info", seen.append)
        return logger

    monkeypatch.setattr(flows.words.PrefectLogAdapter, "getChild", child)
    return seen


def receive(ws: Workspace, sample: str) -> Any:
    """Claim a sample under a name that nobody should see again, and return the state of its run."""
    from flows.receive import receive_file

    path = SAMPLES / sample
    file = claim(ws, [path.read_bytes()], "jane canary 971004242.edi", PARTNER, "test", ws.now(DAY))
    return run_of(receive_file, file.id)


def run_of(flow: Any, *args: Any, **more: Any) -> Any:
    """Run a flow and return its run, as the server has it."""
    from prefect import get_client

    async def story() -> Any:
        state = await flow(*args, **more, return_state=True)
        async with get_client() as client:
            return await client.read_flow_run(state.state_details.flow_run_id)

    return asyncio.run(story())


def told(run: Any) -> tuple[str, str, str]:
    return run.state_type.value, run.state.name, run.state.message


def test_a_receive_run_ends_in_the_file_s_state_with_counts(
    ws: Workspace, emitted: Emitted, lines: list[str]
) -> None:
    load_terms(ws)
    run = receive(ws, "valid/01-add-family.edi")
    assert run.name == "receive-F000001"
    assert told(run) == ("COMPLETED", "APPLIED", "8 applied")
    assert lines == [
        "F000001 begun",
        "F000001 judged: no findings; for 1 group(s)",
        "F000001 decided: 8 applied",
        "F000001 answered: APPLIED",
        "6 document(s) delivered",
        "APPLIED: 8 applied",
    ]
    assert emitted == []
    again = receive(ws, "broken/unknown-group/group.edi")
    assert told(again)[:2] == ("COMPLETED", "REJECTED") and again.state.message.startswith("0 applied, ")
    (event,) = emitted
    assert event == (
        "rollbook.file.rejected",
        "rollbook.file.F000002",
        {"file": "F000002", "state": "REJECTED", "counts": again.state.message},
    )
    assert "971004242" not in repr((run, again, emitted, lines))


def test_a_file_that_waits_for_a_decision_is_held(ws: Workspace, emitted: Emitted) -> None:
    load_terms(ws)
    run = receive(ws, "demo/03-remittance.edi")
    assert told(run) == ("COMPLETED", "PENDED", "sets: 1 pended"), "no deposit has come for it"
    assert [event for event, *_ in emitted] == ["rollbook.file.held"]


def test_a_run_of_the_calendar_is_named_by_its_time_and_says_what_it_did(
    ws: Workspace, emitted: Emitted, lines: list[str]
) -> None:
    from flows.bill_month import bill_month
    from flows.deliver import deliver_owed
    from flows.reconcile_month import reconcile_month

    def only(flow: Any, **more: Any) -> tuple[str, str]:
        run = run_of(flow, **more)
        what, day, at, zone = run.name.split()
        assert (what, len(day), len(at)) == (flow.name.split("-")[0], 10, 5) and zone in ("EST", "EDT")
        return run.state.name, run.state.message

    load_terms(ws)
    receive(ws, "valid/01-add-family.edi")
    assert only(bill_month, today="2026-12-09") == ("NOTHING", "nobody is to be billed")
    agreed = TERMS.read_text(encoding="utf-8")
    load_terms(ws, agreed.replace(', FAM = "1500.00" }', " }"))
    assert only(bill_month, today="2026-12-10") == ("HELD", "1 held")
    assert emitted == [
        (
            "rollbook.invoice.held",
            "rollbook.account.41000100",
            {"account": "41000100", "month": "2027-01", "group": GROUP},
        )
    ]
    load_terms(ws, agreed)
    assert only(bill_month, today="2026-12-11") == ("BILLED", "1 issued")
    assert f"2027-01 of group {GROUP}: 1 issued" in lines
    assert only(deliver_owed, today="2026-12-12") == ("NOTHING", "nothing was owed")
    assert only(reconcile_month, today="2027-02-01") == (
        "RECONCILED",
        "2027-01: 1 group(s), 2 account(s), 1 group(s) with breaks",
    )


def test_what_a_run_failed_by_is_its_state(ws: Workspace) -> None:
    from flows.base import VerbFailed
    from flows.bill_month import bill_month

    load_terms(ws)
    run = run_of(bill_month.with_options(), month="2027-01", group="NONE", today="2026-12-10")
    assert told(run) == ("FAILED", "Failed", "no terms are loaded for group NONE")
    with pytest.raises(VerbFailed, match="no terms"):
        asyncio.run(bill_month(month="2027-01", group="NONE", today="2026-12-10"))


def test_a_partner_who_is_away_is_an_event(
    ws: Workspace, emitted: Emitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the sweep and by a delivery; that another one is at its channel is no trouble."""
    from flows.deliver import deliver_owed
    from flows.sweep import sweep_inboxes
    from model.codes import found
    from model.finding import Where
    from pipeline.runtime import channels

    load_terms(ws)
    (ws.settings.home / "inbox" / PARTNER).rmdir()
    (ws.settings.home / "inbox" / PARTNER).write_text("a file where a folder belongs")
    run = run_of(sweep_inboxes, settle=0.0)
    assert told(run) == ("COMPLETED", "SWEPT", "1 finding(s)")
    away = ("rollbook.partner.away", f"rollbook.partner.{PARTNER}", {"partner": PARTNER, "code": "CHANNEL-BROKEN"})
    assert emitted == [away]

    import flows.deliver

    def deliver(ws: Workspace, now: Any, trouble: Callable[[Any], None]) -> list[str]:
        trouble(channels.busy(PARTNER))
        trouble(found("CHANNEL-UNREACHABLE", Where(), subject=f"partner {PARTNER}"))
        return []

    monkeypatch.setattr(flows.deliver.inputs, "deliver", deliver)
    assert told(run_of(deliver_owed)) == ("COMPLETED", "OWED", "2 still owed")
    assert [payload["code"] for *_, payload in emitted] == ["CHANNEL-BROKEN", "CHANNEL-UNREACHABLE"]
