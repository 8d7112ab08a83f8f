"""When people may come and go: the enrollment switches of a group, and what differs in a span.

Source: docs/domain.md, Switches.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Annotated

from model.agreement.switches import Switch, overriding
from model.timeline import Month, Span
from model.trade.law import Key, number

_EITHER = ("group", "subgroup")


@dataclass(frozen=True, slots=True)
class OpenEnrollment:
    """Days (inclusive) on which everybody may choose, and the first day of what was chosen.

    Many leave then: the window has thresholds of its own for the sets received in it; None: as otherwise agreed.
    """

    span: Span
    effective: date
    absent_ends_percent: int | None = None
    absent_ends_least: int | None = None
    sent_ends_percent: int | None = None
    sent_ends_least: int | None = None


@dataclass(frozen=True, slots=True)
class EnrollmentSwitches:
    """The enrollment switches that are the group's (docs/domain.md, Switches)."""

    retro_term_days: Annotated[
        int,
        Switch(
            "How many days back an end is taken unasked, received on days for which the group attests",
            most=3660,
            overridden_by=_EITHER,
        ),
    ] = 60
    retro_add_days: Annotated[
        int,
        Switch(
            "How many days back coverage may begin that no event explains, unasked; of a group's first set any",
            most=36600,
            overridden_by=_EITHER,
        ),
    ] = 60
    # Spans of receipt dates for which the group attests: administrative lag, no contribution taken.
    attestations: tuple[Span, ...] = ()
    # When everybody may choose; none stated: nothing is checked.
    open_enrollments: tuple[OpenEnrollment, ...] = ()
    child_age_limit: Annotated[
        int, Switch("The age at which a child is covered no longer", least=18, most=99, overridden_by=_EITHER)
    ] = number(Key.CHILD_AGE)
    age_off_notice_days: Annotated[
        int,
        Switch(
            "How many days before a child's coverage ends by age the group's partners are told; 0: the same day",
            most=366,
            overridden_by=_EITHER,
        ),
    ] = 30
    waiting_days: Annotated[
        int,
        Switch(
            "A new hire is covered no earlier than so many days after the hire",
            most=number(Key.WAITING),
            overridden_by=_EITHER,
        ),
    ] = 0
    waiting_start: Annotated[
        str,
        Switch(
            "`exact`: on that day; `first-of-month`: on the first of a month on or after it (90 days in all)",
            choices=("exact", "first-of-month"),
            overridden_by=_EITHER,
        ),
    ] = "exact"
    new_hire_days: Annotated[
        int, Switch("Days after the hire in which enrollment may be asked for", most=366, overridden_by=_EITHER)
    ] = 31
    event_days: Annotated[
        int,
        Switch("The same after marriage, adoption or loss of coverage", most=366, overridden_by=_EITHER),
    ] = number(Key.SPECIAL_ENROLLMENT)
    medicaid_days: Annotated[
        int,
        Switch("The same after Medicaid or CHIP ended, or began to pay", most=366, overridden_by=_EITHER),
    ] = number(Key.MEDICAID)
    newborn_days: Annotated[int, Switch("The same after a birth", most=366, overridden_by=_EITHER)] = 61
    cobra_months: Annotated[
        int | None,
        Switch(
            "Months of COBRA after the end or cut of employment, where more is agreed than the law asks",
            least=1,
            most=36,
            left_out="what the law of the group's situs asks for: 18, or more",
            overridden_by=_EITHER,
        ),
    ] = None
    cobra_from: Annotated[
        str,
        Switch(
            "What COBRA's months are counted from: `event` (INS07, DTP*301), or `loss` of coverage",
            choices=("event", "loss"),
            overridden_by=_EITHER,
        ),
    ] = "event"

    double_cover: Annotated[
        bool,
        Switch("Somebody may be covered through two families of the group on one day", overridden_by=_EITHER),
    ] = False

    absent_ends_percent: Annotated[
        int,
        Switch(
            "A full file is held when more of a group, subgroup or plan than so many percent ends by absence, or "
            "nobody is left; 100: never",
            most=100,
            overridden_by=_EITHER,
        ),
    ] = 5
    absent_ends_least: Annotated[
        int,
        Switch(
            "So many subscribers, dependents or lines may always end by absence",
            most=100_000,
            overridden_by=_EITHER,
        ),
    ] = 2
    sent_ends_percent: Annotated[
        int,
        Switch(
            "A set is held when it ends more of a group's subscribers than so many percent; 100: never",
            most=100,
            overridden_by=("group",),
        ),
    ] = 20
    sent_ends_least: Annotated[
        int, Switch("So many subscribers may always be ended", most=100_000, overridden_by=("group",))
    ] = 5

    def waited(self, hired: date) -> date:
        """Return the first day on which somebody hired on `hired` may be covered."""
        day = hired + timedelta(days=self.waiting_days)
        if self.waiting_start == "first-of-month" and day.day > 1:
            return Month.of(day).plus(1).first
        return day


@overriding(EnrollmentSwitches)
@dataclass(frozen=True, slots=True)
class SwitchOverride:
    """Switches that differ in a span, for one subgroup or ("") the whole group; None: as otherwise agreed."""

    span: Span
    subgroup: str = ""

    def over(self, agreed: EnrollmentSwitches) -> EnrollmentSwitches:
        """Return what is agreed with the switches that this one changes."""
        own = (f.name for f in fields(self) if f.name not in ("span", "subgroup"))
        return replace(agreed, **{name: value for name in own if (value := getattr(self, name)) is not None})
