"""An explanation as it is shown: sentences with the kinds and figures that they were made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from model.explained import Explanation, Said, Step
from pipeline.views.plain import Texts, plain
from writers.explaining import phrase, sentence


@dataclass(frozen=True, slots=True)
class SaidView:
    """A sentence: its kind, its words, and what it is about by name (days and instants as ISO 8601, `*_cents`)."""

    kind: str
    text: str
    about: Texts


@dataclass(frozen=True, slots=True)
class StepView:
    """One step: since when it is known (UTC), what it was, what was said and done with it.

    `amount_cents` is what it adds to what is explained; `file_id` where it stands, "" nowhere.
    """

    at: datetime
    what: SaidView
    more: tuple[SaidView, ...]
    amount_cents: int
    file_id: str


@dataclass(frozen=True, slots=True)
class ExplainedView:
    """What is so, how it came to be, what is open and what to do; `for_partner` is "" for the plan's people."""

    about: str
    title: str
    for_partner: str
    answer: tuple[SaidView, ...]
    steps: tuple[StepView, ...]
    open: tuple[SaidView, ...]
    next: tuple[SaidView, ...]


def explained(value: Explanation, partner: str) -> ExplainedView:
    """Return an explanation as it is shown."""
    return ExplainedView(
        about=value.about,
        title=value.title,
        for_partner=partner,
        answer=_all(value.answer),
        steps=tuple(map(_step, value.steps)),
        open=_all(value.open),
        next=_all(value.next),
    )


def _all(values: Iterable[Said]) -> tuple[SaidView, ...]:
    return tuple(map(_said, values))


def _said(value: Said) -> SaidView:
    about = ((name, _text(known)) for name, known in value.about)
    return SaidView(value.kind.value, sentence(value), Texts(tuple(about)))


def _text(told: object) -> str:
    if isinstance(told, Said):
        return phrase(told)
    return ", ".join(told) if isinstance(told, tuple) else str(plain(told))


def _step(value: Step) -> StepView:
    return StepView(value.at, _said(value.what), _all(value.more), value.cents, value.file)
