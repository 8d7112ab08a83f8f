"""Which group, subgroup and plans an event names, by the partner's profile (docs/domain.md, Identifiers)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from model.agreement.grants import ENROLL, Reach
from model.agreement.terms import Partner, Subgroup, Terms
from model.enrollment.events import CoverageEvent, EnrollmentEvent, SetHeader
from model.trade.references import GROUP_OR_POLICY, HD04, MASTER_POLICY

ONLY = "only"  # the partner's only granted group; the group's only subgroup


def group_ref(event: EnrollmentEvent, header: SetHeader, partner: Partner) -> str:
    """Return the group as sent: REF*38 of the header or the member's REF, cut to the profile's length.

    Empty text under the profile's "only" means the partner's only granted group; otherwise nothing was sent.
    """
    profile = partner.profile
    if profile.group_from == ONLY:
        return ""
    text = header.master_policy if profile.group_from == MASTER_POLICY else event.reference(profile.group_from)
    return (text[: profile.group_length] if profile.group_length else text).strip()


def subgroup_ref(event: EnrollmentEvent, partner: Partner) -> str:
    """Return the subgroup as sent; of REF*1L what follows the group's length. Empty: not sent, or "only"."""
    profile = partner.profile
    if profile.subgroup_from == ONLY:
        return ""
    text = event.reference(profile.subgroup_from)
    return (text[profile.group_length :] if profile.subgroup_from == GROUP_OR_POLICY else text).strip()


def with_plans(event: EnrollmentEvent, partner: Partner) -> EnrollmentEvent:
    """Return a member whose plans are what the profile's REF under HD says; without one HD04 says it.

    Source: docs/domain.md, Plans outside HD04.
    """
    place = partner.profile.plan_from
    if place == HD04 or not any(coverage.references for coverage in event.coverages):
        return event
    return replace(event, coverages=tuple(_with_plan(coverage, place) for coverage in event.coverages))


def _with_plan(coverage: CoverageEvent, place: str) -> CoverageEvent:
    text, field = coverage.reference(place), f"ref:{place}"
    if not text:
        return coverage
    spots = [(name, at) for name, at in coverage.spots if name != "plan"]
    here = tuple(("plan" if name == field else name, at) for name, at in spots)
    return replace(coverage, plan=text, spots=here)


def group_number(text: str, partner: Partner, terms: Mapping[str, Terms], today: date) -> str:
    """Return the number of the granted group that `text` (from `group_ref`) means on `today`; "" for none.

    A group outside the partner's grants is never found, whether it exists or not (docs/domain.md, Partners).
    """
    granted = [terms[n] for n in dict.fromkeys(g.group for g in partner.grants) if n in terms]
    granted = [agreement for agreement in granted if partner.may(ENROLL, agreement.group, today)]
    if not text:
        return granted[0].group if partner.profile.group_from == ONLY and len(granted) == 1 else ""
    found = (agreement.group for agreement in granted if agreement.group == text or text in agreement.sent_as)
    return next(found, "")


def subgroup(text: str, partner: Partner, terms: Terms, reach: Reach) -> Subgroup | None:
    """Return the subgroup that `text` (from `subgroup_ref`) means in a group; None when nothing fits.

    A subgroup outside the partner's `reach` is never found, whether it exists or not. Under the profile's "only"
    the group's single subgroup is meant, or the single one that the partner is granted.
    """
    if text:
        found = terms.subgroup(text)
        return found if found and reach.covers(found.code) else None
    mine = [subgroup for subgroup in terms.subgroups if reach.covers(subgroup.code)]
    return mine[0] if partner.profile.subgroup_from == ONLY and len(mine) == 1 else None
