"""The values of the ledger of exchanges: an interchange, what we answered, what was said of ours.

Instants are ISO 8601, UTC, "" where it has not happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.views.findings import FindingView
from pipeline.views.plain import NONE, Counts


@dataclass(frozen=True, slots=True)
class AcknowledgedView:
    """What an acknowledgment says of one document: `control` its ISA13 or GS06, `set` its ST02.

    `file_id` brought it; `codes` stand with blanks between them; `matched`: it is about one of ours.
    """

    file_id: str
    at: datetime
    kind: str
    control: str
    set: str
    verdict: str
    codes: str
    matched: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer of ours: what it says (`verdict`) of what (`answers`), its ISA13 and GS06, its files."""

    kind: str
    verdict: str
    answers: str
    interchange: str
    group: str
    documents: tuple[str, ...]
    delivered_at: datetime | None
    acknowledged: tuple[AcknowledgedView, ...]


@dataclass(frozen=True, slots=True)
class ExchangedGroup:
    """A functional group: GS01, GS06, GS08, and what was found of its syntax."""

    code: str
    control: str
    version: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ExchangedSet:
    """A set: ST01, ST02, its group's GS06, BGN02 or TRN02, what was found of its syntax, what became of it."""

    kind: str
    control: str
    group: str
    reference: str
    verdict: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """One interchange that came (`way` in) or that we sent unasked (out); `interchange` is its ISA13.

    Of groups, sets, answers and findings the first ones are listed and all are counted, sets by their `states`,
    too. `answers` are ours to it, `acknowledges` what it says of documents of ours, `acknowledged` what the
    partner says of it.
    """

    way: str
    partner: str
    at: datetime
    file_id: str
    name: str
    kind: str
    state: str
    interchange: str = ""
    sender: str = ""
    receiver: str = ""
    usage: str = ""
    verdict: str = ""
    code: str = ""
    groups: tuple[ExchangedGroup, ...] = ()
    group_count: int = 0
    sets: tuple[ExchangedSet, ...] = ()
    set_count: int = 0
    states: Counts = NONE
    acknowledges: tuple[AcknowledgedView, ...] = ()
    answers: tuple[AnswerView, ...] = ()
    answer_count: int = 0
    delivered_at: datetime | None = None
    acknowledged: tuple[AcknowledgedView, ...] = ()
    acknowledged_as: str = ""
    findings: tuple[FindingView, ...] = ()
    finding_count: int = 0
