"""Notices: made once, mended where they differ; what a person has set stays; texts show ids and counts."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("prefect_server")


async def made(client: Any) -> dict[str, Any]:
    return {each.name: each for each in await client.read_automations() if each.name.startswith("rollbook: ")}


def test_automations_are_made_once_and_keep_what_a_person_set(monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect import get_client
    from prefect.blocks.notifications import CustomWebhookNotificationBlock
    from prefect.events.actions import DoNothing, SendNotification

    from flows.automations import BLOCK, NOTICES, URL, make_automations

    async def story() -> None:
        async with get_client() as client:
            assert await make_automations() is False, "nobody to tell is known"
            first = await made(client)
            assert set(first) == {notice.name for notice in NOTICES}
            assert {type(action) for each in first.values() for action in each.actions} == {DoNothing}
            assert await make_automations() is False
            assert await made(client) == first, "again changes nothing"

            held = first["rollbook: file held"]
            await client.pause_automation(held.id)
            monkeypatch.setenv(URL, "https://hooks.example.com/secret-path")
            for _ in range(2):
                assert await make_automations() is True
            second = await made(client)
            assert {name: each.id for name, each in second.items()} == {n: each.id for n, each in first.items()}
            assert not second["rollbook: file held"].enabled, "switched off by a person"
            (action,) = second["rollbook: file rejected"].actions
            assert isinstance(action, SendNotification) and action.subject == "Rejected: {{ event.payload.file }}"
            block: Any = await CustomWebhookNotificationBlock.aload(BLOCK)
            assert block.secrets.get_secret_value() == {"url": "https://hooks.example.com/secret-path"}
            assert (block.url, block.json_data) == ("{{url}}", {"text": "{{subject}}\n{{body}}"})
            assert "secret-path" not in block.model_dump_json(), "the address is a secret"

            monkeypatch.delenv(URL)
            assert await make_automations() is True, "the block of that name is found"
            assert await made(client) == second

    asyncio.run(story())


def test_the_same_partner_is_told_once_an_hour_and_failures_by_whose_runs_they_are() -> None:
    from flows.automations import NOTICES

    triggers = {notice.name: notice.trigger() for notice in NOTICES}
    away = triggers["rollbook: partner away"]
    assert (away.for_each, away.within.total_seconds(), away.threshold) == ({"prefect.resource.id"}, 3600, 1)
    failed, stuck = (triggers[f"rollbook: {name}"].match_related for name in ("run failed", "file stuck"))
    flows_of_ours = [*failed.root["prefect.resource.name"], *stuck.root["prefect.resource.name"]]  # type: ignore[union-attr]
    assert sorted(flows_of_ours) == sorted(deployed_flows()), "each flow of prefect.yaml, once"


def deployed_flows() -> list[str]:
    """The names of the flows that prefect.yaml deploys, and that each has a queue of ours."""
    import importlib

    import yaml

    from flows.register import DEPLOYMENTS, QUEUES

    listed = yaml.safe_load(DEPLOYMENTS.read_text(encoding="utf-8"))["deployments"]
    assert {entry["work_pool"]["work_queue_name"] for entry in listed} == set(QUEUES)
    assert QUEUES.index("receive") < QUEUES.index("sweep")
    places = [entry["entrypoint"].split(":") for entry in listed]
    return [getattr(importlib.import_module(module), name).name for module, name in places]
