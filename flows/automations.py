"""Automations: who is told when a file is held or rejected, a run failed, a partner is away.

They are put into the server with the deployments, as often as one likes: found by their names, changed only where
they differ. What a person has set there stays: whether one is switched on, and what it does where we know nobody
to tell. Subjects and texts are made of events of ours (flows.words): ids, counts, codes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import PrefectClient, get_client
from prefect.events.actions import ActionTypes, DoNothing, SendNotification
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger
from prefect.types import SecretDict

from flows.words import AWAY, HELD, INVOICE_HELD, REJECTED

BLOCK = "rollbook"  # the name of the notification block, whatever its type
URL = "ROLLBOOK_NOTIFY_URL"
QUIET = timedelta(hours=1)  # in which nobody is told again of the same run, file or partner
_FAILED = "prefect.flow-run.Failed"
_RUN = "{{ flow_run.state.message }}\n{{ flow_run | ui_url }}"
_FILE = "{{ event.payload.state }}: {{ event.payload.counts }}\n{{ flow_run | ui_url }}"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told of which event, once in a while for each `of`; `flows` are those whose runs it is about."""

    name: str
    why: str
    event: str
    subject: str
    body: str
    of: str = "prefect.resource.id"
    flows: tuple[str, ...] = field(default=())

    def trigger(self) -> EventTrigger:
        """Return what sets it off."""
        about: dict[str, str | list[str]] = {}
        if self.flows:
            about = {"prefect.resource.role": "flow", "prefect.resource.name": list(self.flows)}
        return EventTrigger(expect={self.event}, for_each={self.of}, within=QUIET, match_related=about)


_OTHERS = ("receive-file", "deliver-owed", "bill-month", "reconcile-month", "night")
NOTICES = (
    Notice(
        "rollbook: file held",
        "A file, or a set of it, waits for a decision: rollbook work list",
        HELD,
        "Held: {{ event.payload.file }}",
        _FILE,
    ),
    Notice(
        "rollbook: file rejected",
        "Nothing of a file was taken: rollbook file show",
        REJECTED,
        "Rejected: {{ event.payload.file }}",
        _FILE,
    ),
    Notice(
        "rollbook: invoice held",
        "An account's month cannot be priced: rollbook bill --trial says what is missing",
        INVOICE_HELD,
        "Invoice held: account {{ event.payload.account }}",
        "{{ event.payload.month }} of group {{ event.payload.group }}\n{{ flow_run | ui_url }}",
    ),
    Notice(
        "rollbook: run failed",
        "A run failed after its retries; its last state says by what",
        _FAILED,
        "Failed: {{ flow_run.name }}",
        _RUN,
        flows=_OTHERS,
    ),
    Notice(
        "rollbook: file stuck",
        "A sweep failed, as it does each minute while a file needs a person",
        _FAILED,
        "Failed: {{ flow_run.name }}",
        _RUN,
        of="related:flow:prefect.resource.id",
        flows=("sweep-inboxes",),
    ),
    Notice(
        "rollbook: partner away",
        "A partner's channel cannot be used; what is owed stays owed",
        AWAY,
        "Partner away: {{ event.payload.partner }}",
        "{{ event.payload.code }}\n{{ flow_run | ui_url }}",
    ),
)


async def make_automations() -> bool:
    """Make or mend the automations; say whether somebody is told by them."""
    async with get_client() as client:
        block = await _block(client)
        for notice in NOTICES:
            await _make(client, notice, block)
    return block is not None


async def _block(client: PrefectClient) -> UUID | None:
    """Return how to notify: by the block that the address makes, or that a person has made under our name."""
    if address := os.environ.get(URL):
        webhook = CustomWebhookNotificationBlock(
            name=BLOCK,
            url="{{url}}",
            json_data={"text": "{{subject}}\n{{body}}"},
            secrets=SecretDict({"url": address}),
            headers=None,
            cookies=None,
        )
        return await webhook.asave(BLOCK, overwrite=True)
    for document in await client.read_block_documents(include_secrets=False):
        if document.name == BLOCK and document.block_schema and "notify" in document.block_schema.capabilities:
            return document.id
    return None


async def _make(client: PrefectClient, notice: Notice, block: UUID | None) -> None:
    actions: list[ActionTypes] = [DoNothing()]
    if block is not None:
        actions = [SendNotification(block_document_id=block, subject=notice.subject, body=notice.body)]
    made = AutomationCore(name=notice.name, description=notice.why, trigger=notice.trigger(), actions=actions)
    wanted = AutomationCore.model_validate(
        made.model_dump(exclude={"owner_resource"})
    )  # an update sends only what was set
    there = await client.find_automation(notice.name)
    if there is None:
        await client.create_automation(wanted)
        return
    kept = {"enabled": there.enabled} | ({} if block else {"actions": there.actions})
    wanted = wanted.model_copy(update=kept)
    if _plain(wanted) != _plain(there):
        await client.update_automation(there.id, wanted)


def _plain(automation: AutomationCore | Automation) -> dict[str, object]:
    """Return what we say of an automation, without the ids that the server gives."""
    told = automation.model_dump(mode="json", include={"name", "description", "enabled", "trigger", "actions"})
    told["trigger"].pop("id", None)
    return told
