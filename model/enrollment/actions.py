"""What was done with a line, or with what is known of a member: kinds with what they are about.

Whoever decides asks for the kind. The words are for people alone. A finding quotes them (`str`), so they stand
beside the kinds, as the texts of findings stand in model.code_tables; documents say them by writers.words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from model.trade.kept import KEPT_WORDS


class Did(StrEnum):
    """The kinds of actions."""

    REJECTED = "rejected"
    WAITS = "waits"
    WOULD = "would"  # it waits, and comes to this once it is approved
    ASKS_FROM = "asks-from"  # it waits, and what was asked is not clear enough to say what it would come to
    ASKS_UNTIL = "asks-until"
    ASKS_END = "asks-end"
    ASKS_VOID = "asks-void"
    OF_LINE = "of-line"
    WITH_DEPENDENTS = "with-dependents"
    UNCHANGED = "unchanged"
    STAYS_ENDED = "stays-ended"
    UNKNOWN_ENDED = "unknown-ended"
    INFORMED = "informed"
    WAIVED = "waived"
    NOT_IN_LEVEL = "not-in-level"
    IN_CONFIDENCE = "in-confidence"
    NOTHING_TO_END = "nothing-to-end"
    NOTHING_TO_VOID = "nothing-to-void"
    ADDED = "added"
    ADDED_UNTIL = "added-until"
    REINSTATED = "reinstated"
    REINSTATED_UNTIL = "reinstated-until"
    REINSTATED_LATER = "reinstated-later"
    CHANGED_PLAN = "changed-plan"
    CHANGED_PLAN_UNTIL = "changed-plan-until"
    CHANGED_LEVEL = "changed-level"
    GAVE_LEVEL = "gave-level"
    MOVED_BEGIN = "moved-begin"
    MOVED_END = "moved-end"
    REMOVED_END = "removed-end"
    ENDED = "ended"
    ENDED_BEFORE = "ended-before"
    CANCELLED = "cancelled"
    VOIDED = "voided"
    CUT = "cut"
    HOLDS = "holds"  # the subscriber's line stands for the dependents alone
    MOVED_FROM = "moved-from"
    MOVED_TO = "moved-to"
    SUPERSEDED = "superseded"  # by something newer, that stands
    DENIED = "denied"
    KEPT = "kept"  # an end was denied: coverage goes on
    DROPPED = "dropped"
    TAKEN_BACK = "taken-back"  # what was done before, by an undo
    DONE_AGAIN = "done-again"  # what an undo had taken back
    RENUMBERED = "renumbered"
    UPDATED = "updated"
    CORRECTED = "corrected"
    TOLD = "told"  # facts of a member (model.trade.kept)
    TAKEN_IN_CONFIDENCE = "taken-in-confidence"
    STEPS = "steps"  # several with one line, in their order
    AS_WRITTEN = "as-written"  # the words themselves, where nothing else was kept


class Fact(StrEnum):
    """What is known of a person, by its name in `Demographics`, and the SSN."""

    NAME = "name"
    BIRTH = "birth"
    GENDER = "gender"
    CONFIDENTIALITY = "confidentiality"
    ADDRESS = "address"
    MAILING = "mailing"
    PHONE = "phone"
    EMAIL = "email"
    BIRTH_SEQUENCE = "birth_sequence"
    SSN = "ssn"


WORDS = {
    Did.REJECTED: "rejected",
    Did.WAITS: "waits for a decision",
    Did.WOULD: "waits for a decision; if approved: {}",
    Did.ASKS_FROM: "waits for a decision; asked: coverage from {}",
    Did.ASKS_UNTIL: "waits for a decision; asked: coverage from {} to {}",
    Did.ASKS_END: "waits for a decision; asked: last day {}",
    Did.ASKS_VOID: "waits for a decision; asked: to take it back",
    Did.OF_LINE: "{} {}",
    Did.WITH_DEPENDENTS: "{}, with {} dependent(s)",
    Did.UNCHANGED: "no change",
    Did.STAYS_ENDED: "no change (ended {})",
    Did.UNKNOWN_ENDED: "not on the roster, nothing to end",
    Did.INFORMED: "information only: covers nobody",
    Did.WAIVED: "waived: nothing added, nothing ended",
    Did.NOT_IN_LEVEL: "not covered by the level",
    Did.IN_CONFIDENCE: "address, phone and e-mail were taken in confidence",
    Did.NOTHING_TO_END: "nothing to end",
    Did.NOTHING_TO_VOID: "nothing to take back",
    Did.ADDED: "added from {}",
    Did.ADDED_UNTIL: "added from {} to {}",
    Did.REINSTATED: "reinstated from {} without a gap",
    Did.REINSTATED_UNTIL: "reinstated from {} to {} without a gap",
    Did.REINSTATED_LATER: "reinstated from {}, after a gap from {}",
    Did.CHANGED_PLAN: "plan {} to {} from {}",
    Did.CHANGED_PLAN_UNTIL: "plan {} to {} from {} to {}",
    Did.CHANGED_LEVEL: "level {} to {} from {}",
    Did.GAVE_LEVEL: "level none to {} from {}",
    Did.MOVED_BEGIN: "begin moved from {} to {}",
    Did.MOVED_END: "end moved from {} to {}",
    Did.REMOVED_END: "end {} removed",
    Did.ENDED: "ended {}",
    Did.ENDED_BEFORE: "already ended {}",
    Did.CANCELLED: "cancelled (ends before it began)",
    Did.VOIDED: "taken back (as if never covered)",
    Did.CUT: "{} to {}, the subscriber's last day",
    Did.HOLDS: "{}; held for the dependents, the subscriber is not covered",
    Did.MOVED_FROM: "moved from subgroup {} to {} from {}",
    Did.MOVED_TO: "moved to subgroup {} from {}",
    Did.SUPERSEDED: "no change: {} is newer and stands",
    Did.DENIED: "denied by a person",
    Did.KEPT: "denied by a person: coverage goes on",
    Did.DROPPED: "dropped by a person",
    Did.TAKEN_BACK: "undone by a person: {}",
    Did.DONE_AGAIN: "done again by a person: {}",
    Did.RENUMBERED: "subscriber number changed",
    Did.UPDATED: "{} updated",
    Did.CORRECTED: "{} corrected",
    Did.TOLD: "{} updated",
    Did.TAKEN_IN_CONFIDENCE: "what the record tells was taken in confidence",
    Did.STEPS: "{}",
    Did.AS_WRITTEN: "{}",
}
FACTS = {
    Fact.NAME: "name",
    Fact.BIRTH: "birth date",
    Fact.GENDER: "gender",
    Fact.CONFIDENTIALITY: "confidentiality",
    Fact.ADDRESS: "address",
    Fact.MAILING: "mailing address",
    Fact.PHONE: "phone",
    Fact.EMAIL: "e-mail",
    Fact.BIRTH_SEQUENCE: "birth sequence",
    Fact.SSN: "SSN",
}


FACTS_TOLD = frozenset({Did.UPDATED, Did.CORRECTED})  # what is known of a person
CHANGES_PLAN = frozenset({Did.CHANGED_PLAN, Did.CHANGED_PLAN_UNTIL})
WAITING = frozenset({Did.WAITS, Did.WOULD, Did.ASKS_FROM, Did.ASKS_UNTIL, Did.ASKS_END, Did.ASKS_VOID})
_LISTS = FACTS_TOLD | {Did.TOLD, Did.STEPS}  # about as many things as there are


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `about`: days (ISO), codes, facts and actions in the order of its words."""

    kind: Did
    about: tuple[str | Action, ...] = ()

    @property
    def text(self) -> str:
        """Return the action as the store keeps it: `["ended","2027-01-31"]`; `read` gives it back."""
        return _text(self)

    @classmethod
    def read(cls, text: str) -> Action | None:
        """Return the action that `text` is, None for no text; one that is of no kind stands for itself."""
        if not text:
            return None
        return _read(text)

    def worded(self, words: Mapping[Did, str], facts: Mapping[Fact, str]) -> str:
        """Return the action in the words of two tables: `added from 2027-01-01`."""
        of_facts = self.kind in FACTS_TOLD
        named = KEPT_WORDS if self.kind is Did.TOLD else {}
        parts = [
            item.worded(words, facts)
            if isinstance(item, Action)
            else facts[Fact(item)]
            if of_facts
            else named.get(item, item)
            for item in self.about
        ]
        return words[self.kind].format(*([", ".join(parts)] if self.kind in _LISTS else parts))

    def __str__(self) -> str:
        """Return the words in which a finding quotes the action."""
        return self.worded(WORDS, FACTS)


@lru_cache(maxsize=4096)  # thousands of lines share a handful
def _text(done: Action) -> str:
    return json.dumps(_listed(done), ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=4096)
def _read(text: str) -> Action:
    return _unlisted(json.loads(text)) if text.startswith('["') else Action(Did.AS_WRITTEN, (text,))


def _listed(done: Action) -> list[object]:
    return [done.kind, *(_listed(item) if isinstance(item, Action) else item for item in done.about)]


def _unlisted(listed: list[Any]) -> Action:
    kind, *about = listed
    return Action(Did(kind), tuple(_unlisted(item) if isinstance(item, list) else item for item in about))


def action(kind: Did, *about: date | str | Fact | Action) -> Action:
    """Return an action of a kind and what it is about."""
    return Action(kind, tuple(item if isinstance(item, Action) else str(item) for item in about))


UNCHANGED = Action(Did.UNCHANGED)


def _beginnings(*kinds: Did) -> tuple[str, ...]:
    """Return how the stored text of an action of these kinds begins."""
    return tuple(f'["{kind}"' for kind in kinds)


_BRINGS = _beginnings(Did.ADDED, Did.ADDED_UNTIL)
# How the stored text begins of an action that brings coverage, by itself or as the first of several steps; and of
# one that did nothing, since the line is refused or waits.
ADDS = (*_BRINGS, *(f'["{Did.STEPS}",{text}' for text in _BRINGS))
STOPS = _beginnings(Did.REJECTED, *sorted(WAITING))
# How the stored text begins of what an undo did with what a line had come to before.
UNDOES = _beginnings(Did.TAKEN_BACK, Did.DONE_AGAIN)
