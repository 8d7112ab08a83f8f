"""How a rule doubts: what it says warns, and may be left out for a sender.

Source: docs/domain.md, Plausibility.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.enrollment.decision import Objection
from model.enrollment.events import CoverageEvent
from model.finding import Severity
from model.timeline import OPEN, years_after
from validators.base import Context, Subject, objection


def doubt(
    code: str,
    subject: Subject,
    context: Context,
    field: str,
    message: str = "",
    *,
    coverage: CoverageEvent | None = None,
    severity: Severity | None = None,
) -> Iterator[Objection]:
    """Yield what a rule has to say of a member, unless its sender's records are not asked it (`not_doubted`).

    Records that only end something bring nothing new, and are not asked.
    """
    if not subject.record.only_ends and code not in context.partner.profile.not_doubted:
        yield objection(code, subject, coverage, field, message, severity=severity)


def younger(birth: date | None, years: int, today: date) -> bool:
    """Say whether somebody has not reached an age; nobody knows of whom no birth date is sent."""
    return birth is not None and today.year - birth.year <= years and years_after(birth, years) > today


def never(subject: Subject, context: Context) -> date:
    """Return OPEN: who is old enough stays so."""
    return OPEN
