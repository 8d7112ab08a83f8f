"""What may be asked to be explained: each answers with one explanation and whom it shows, or None for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from model.explained import Explanation
from pipeline.explain import account as accounts
from pipeline.explain import file as files
from pipeline.explain import gather, invoice
from pipeline.explain import member as members
from pipeline.explain import payment as payments
from pipeline.runtime.workspace import Workspace
from vault.ssn import mask_key


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom and as of when is explained: a partner's code, "" for the plan's people."""

    day: date
    now: datetime
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An explanation, and the members whom it shows."""

    explanation: Explanation
    members: tuple[str, ...] = ()


def member(ws: Workspace, number: str, asked: Asked, line: str = "") -> Told:
    """Explain a member ID, or a subscriber number that nobody is known by."""
    facts = gather.member(ws, number, asked.day, asked.now, line=line, partner=asked.partner)
    if facts is None:
        return Told(members.nobody(mask_key(number)))
    return Told(members.explain(facts), (facts.member,) if facts.member else ())


def file(ws: Workspace, file_id: str, asked: Asked, line: int = 0) -> Told | None:
    """Explain a received file, or one of its member lines."""
    if line:
        found, shown = files.line(ws, file_id, line, asked.day, asked.now, asked.partner)
        return Told(found, shown) if found else None
    whole = files.whole(ws, file_id, asked.partner)
    return Told(whole) if whole else None


def bill(ws: Workspace, number: str, asked: Asked, subscriber: str = "") -> Told | None:
    """Explain an invoice, or what it has for one subscriber."""
    if subscriber:
        found, shown = invoice.subscriber(ws, number, subscriber, asked.day, asked.now, asked.partner)
        return Told(found, shown) if found else None
    whole = invoice.whole(ws, number, asked.day, asked.now, asked.partner)
    return Told(whole) if whole else None


def payment(ws: Workspace, number: str, asked: Asked) -> Told | None:
    """Explain the payments that a name means: a trace or receipt number, R7, D12."""
    found = payments.explain(ws, number, asked.day, asked.partner)
    return Told(found) if found else None


def account(ws: Workspace, number: str, asked: Asked) -> Told | None:
    """Explain a billing account."""
    found = accounts.explain(ws, number, asked.day, asked.partner)
    return Told(found) if found else None
