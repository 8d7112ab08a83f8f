"""What Prefect is told in our own words: how a run ended, what it is called, one line of log a step, events.

Ids, counts, codes, money, times and words of ours only, never a person's data nor a sender's file name
(docs/design.md, PHI).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from prefect.events import emit_event
from prefect.logging import get_run_logger
from prefect.logging.loggers import PrefectLogAdapter
from prefect.runtime import flow_run

from model.finding import Finding
from pipeline.runtime import clock
from pipeline.views.findings import FindingView

R = TypeVar("R")
NOTHING = "NOTHING"  # the word of a run that had nothing to do
_OURS = "rollbook"  # the logger of our lines, so that Prefect's can be quiet (flows.ops.environment)
for _kind in ("flow_runs", "task_runs"):
    logging.getLogger(f"prefect.{_kind}.{_OURS}").setLevel(logging.INFO)

AWAY = "rollbook.partner.away"
HELD = "rollbook.file.held"
REJECTED = "rollbook.file.rejected"
INVOICE_HELD = "rollbook.invoice.held"


@dataclass(frozen=True, slots=True)
class Told(Generic[R]):
    """How a run ended: the name of its state, the state's message, and what the flow returns."""

    word: str
    counts: str
    value: R


def log(words: str) -> None:
    """Write one line into the log of the task or flow run that we are in."""
    logger = get_run_logger()
    assert isinstance(logger, PrefectLogAdapter)
    logger.getChild(_OURS).info(words)


def at_time(what: str) -> Callable[[], str]:
    """Name a run by what it does and the time that it was meant for; no store is open yet."""

    def name() -> str:
        return f"{what} {flow_run.scheduled_start_time.astimezone(ZoneInfo(clock.DEFAULT_ZONE)):%Y-%m-%d %H:%M %Z}"

    return name


def counted(counts: Mapping[str, int]) -> str:
    """Return how many there are of each kind, where there are any: `2 claimed, 1 waits`."""
    return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)


def happened(event: str, kind: str, name: str, payload: Mapping[str, str]) -> None:
    """Emit an event of ours about a file, an account or a partner; flows.automations acts on it."""
    resource = {"prefect.resource.id": f"rollbook.{kind}.{name}", "prefect.resource.name": name}
    emit_event(event, resource, payload={kind: name, **payload})


def tell_away(finding: Finding | FindingView) -> None:
    """Emit that a partner's channel failed, where that is what a finding says (pipeline.runtime.channels)."""
    if finding.code.startswith("CHANNEL-") and finding.code != "CHANNEL-BUSY":
        happened(AWAY, "partner", finding.subject.removeprefix("partner "), {"code": finding.code})
