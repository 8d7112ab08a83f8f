"""Every enrollment rule, in the order in which a member meets them. Nothing is a rule that is not listed here."""

from __future__ import annotations

from collections.abc import Iterator

from model.finding import Finding
from validators.aged_off import aged_off
from validators.base import Context, Rule, Subject
from validators.cobra_event import cobra_event
from validators.dates_sane import dates_sane
from validators.group_known import group_known
from validators.maintenance_known import maintenance_known
from validators.match_clear import match_clear
from validators.member_known import member_known
from validators.plan_offered import plan_offered
from validators.reinstate_clear import reinstate_clear
from validators.retro_term import retro_term
from validators.spouse_once import spouse_once
from validators.ssn_twice import ssn_twice
from validators.subgroup_known import subgroup_known
from validators.subscriber_present import subscriber_present
from validators.tier_valid import tier_valid
from validators.void_pends import void_pends
from validators.waiting_period import waiting_period
from validators.window_open import window_open

RULES: tuple[Rule, ...] = (
    Rule("GROUP-KNOWN", group_known, needs_snapshot=False),
    Rule("SUBGROUP-KNOWN", subgroup_known, needs_snapshot=False),
    Rule("MAINTENANCE-KNOWN", maintenance_known, needs_snapshot=False),
    Rule("DATES-SANE", dates_sane, needs_snapshot=False),
    Rule("VOID-PENDS", void_pends, needs_snapshot=False),
    Rule("PLAN-OFFERED", plan_offered, needs_snapshot=False),
    Rule("TIER-VALID", tier_valid, needs_snapshot=False),
    Rule("AGED-OFF", aged_off, needs_snapshot=False),
    Rule("WAITING-PERIOD", waiting_period, needs_snapshot=False),
    Rule("WINDOW-OPEN", window_open, needs_snapshot=True),
    Rule("SSN-TWICE", ssn_twice, needs_snapshot=False),
    Rule("SUBSCRIBER-PRESENT", subscriber_present, needs_snapshot=True),
    Rule("MATCH-CLEAR", match_clear, needs_snapshot=True),
    Rule("MEMBER-KNOWN", member_known, needs_snapshot=True),
    Rule("SPOUSE-ONCE", spouse_once, needs_snapshot=True),
    Rule("REINSTATE-CLEAR", reinstate_clear, needs_snapshot=True),
    Rule("COBRA-EVENT", cobra_event, needs_snapshot=True),
    Rule("RETRO-TERM", retro_term, needs_snapshot=True),
)


def judge(subject: Subject, context: Context) -> Iterator[Finding]:
    """Yield what every rule says of one event; without a snapshot only rules that need none are asked.

    A member of no known group is judged no further: nothing of that group is revealed.
    """
    for rule in RULES:
        if context.snapshot is not None or not rule.needs_snapshot:
            yield from rule.check(subject, context)
        if subject.terms is None:
            return
