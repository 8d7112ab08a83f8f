"""Every enrollment rule, in the order in which a member meets them. Nothing is a rule that is not listed here."""

from __future__ import annotations

from datetime import date
from functools import cache

from model.enrollment.decision import MEMBER, Objection
from model.finding import BLOCKING
from model.timeline import OPEN
from validators.base import Context, Rule, Subject, objection
from validators.dates import add_retro as add
from validators.dates import retro_term as retro
from validators.dates import window_open as window
from validators.dates.dates_sane import dates_sane
from validators.dates.enrollment_closed import enrollment_closed
from validators.dates.waiting_period import waiting_period
from validators.doubts import never
from validators.events.cobra_event import cobra_event
from validators.events.cobra_meant import cobra_meant
from validators.events.coverage_declined import coverage_declined
from validators.events.leave_ends import leave_ends
from validators.events.maintenance_known import maintenance_known
from validators.events.order_kept import order_kept
from validators.events.reinstate_clear import reinstate_clear
from validators.events.void_pends import void_pends
from validators.people.contract_twice import contract_twice
from validators.people.group_known import group_known
from validators.people.match_clear import match_clear
from validators.people.member_known import member_known
from validators.people.not_kept import not_kept
from validators.people.number_changed import number_changed
from validators.people.spouse_once import spouse_once
from validators.people.ssn_masked import ssn_masked
from validators.people.ssn_of_subscriber import ssn_of_subscriber
from validators.people.ssn_twice import ssn_twice
from validators.people.ssn_unusable import ssn_unusable
from validators.people.subgroup_known import subgroup_known
from validators.people.subscriber_present import subscriber_present
from validators.people.subscriber_self import subscriber_self
from validators.plans import aged_off as aged
from validators.plans.plan_offered import plan_offered
from validators.plans.tier_valid import tier_valid
from validators.plausible import birth_plausible as birth
from validators.plausible import premium_sent as premium
from validators.plausible.parent_age import parent_age
from validators.plausible.spouse_age import spouse_age
from validators.plausible.state_zip import state_zip
from validators.plausible.subscriber_age import subscriber_age
from validators.plausible.test_name import test_name
from validators.reading import About
from validators.standing import next_turn

_UNREAD = "What the record asks for in this line cannot be carried out."
RULES: tuple[Rule, ...] = (
    Rule("GROUP-KNOWN", group_known, needs_snapshot=False),
    Rule("SUBGROUP-KNOWN", subgroup_known, needs_snapshot=False, until=next_turn),
    Rule(
        "MAINTENANCE-KNOWN",
        maintenance_known,
        needs_snapshot=False,
        about=frozenset({About.UNUSUAL}),
        needs_terms=False,
    ),
    Rule("DATES-SANE", dates_sane, needs_snapshot=False, until=next_turn, needs_terms=False),
    Rule(
        "VOID-PENDS",
        void_pends,
        needs_snapshot=False,
        about=frozenset({About.ENDS, About.VOIDS}),
        until=next_turn,
    ),
    Rule("PLAN-OFFERED", plan_offered, needs_snapshot=False, about=frozenset({About.OPENS, About.ENDS})),
    Rule("TIER-VALID", tier_valid, needs_snapshot=False, about=frozenset({About.SUBSCRIBER})),
    Rule("AGED-OFF", aged.aged_off, needs_snapshot=False, about=frozenset({About.CHILD}), until=aged.until),
    Rule("WAITING-PERIOD", waiting_period, needs_snapshot=False, about=frozenset({About.HIRED})),
    Rule(
        "WINDOW-OPEN",
        window.window_open,
        needs_snapshot=True,
        about=frozenset({About.OCCASION}),
        until=window.until,
    ),
    Rule("SSN-UNUSABLE", ssn_unusable, needs_snapshot=False, about=frozenset({About.UNUSUAL})),
    Rule("SSN-MASKED", ssn_masked, needs_snapshot=True, about=frozenset({About.UNUSUAL})),
    Rule(
        "ENROLLMENT-CLOSED",
        enrollment_closed,
        needs_snapshot=True,
        about=frozenset({About.OCCASION}),
        until=next_turn,
    ),
    Rule("ADD-RETRO", add.add_retro, needs_snapshot=True, about=frozenset({About.OPENS}), until=add.until),
    Rule("SSN-TWICE", ssn_twice, needs_snapshot=False, needs_terms=False),
    Rule(
        "SSN-OF-SUBSCRIBER",
        ssn_of_subscriber,
        needs_snapshot=False,
        about=frozenset({About.DEPENDENT}),
        needs_terms=False,
    ),
    Rule("SUBSCRIBER-SELF", subscriber_self, needs_snapshot=False, about=frozenset({About.SUBSCRIBER})),
    Rule("SUBSCRIBER-PRESENT", subscriber_present, needs_snapshot=True, about=frozenset({About.DEPENDENT})),
    Rule("NOT-KEPT", not_kept, needs_snapshot=False, about=frozenset({About.UNKEPT})),
    Rule("NUMBER-CHANGED", number_changed, needs_snapshot=True, about=frozenset({About.SUBSCRIBER})),
    Rule("MATCH-CLEAR", match_clear, needs_snapshot=True),
    Rule("MEMBER-KNOWN", member_known, needs_snapshot=True),
    Rule("SPOUSE-ONCE", spouse_once, needs_snapshot=True, about=frozenset({About.SPOUSE})),
    Rule("CONTRACT-TWICE", contract_twice, needs_snapshot=True, about=frozenset({About.OPENS}), until=next_turn),
    Rule("LEAVE-ENDS", leave_ends, needs_snapshot=False, about=frozenset({About.LEAVE})),
    Rule("COBRA-MEANT", cobra_meant, needs_snapshot=False, about=frozenset({About.LEAVE})),
    Rule("ORDER-KEPT", order_kept, needs_snapshot=True, about=frozenset({About.ENDS, About.VOIDS, About.CUSTODY})),
    Rule("REINSTATE-CLEAR", reinstate_clear, needs_snapshot=True, about=frozenset({About.REINSTATES})),
    Rule("COBRA-EVENT", cobra_event, needs_snapshot=True, about=frozenset({About.SUBSCRIBER}), until=next_turn),
    Rule(
        "COVERAGE-DECLINED",
        coverage_declined,
        needs_snapshot=True,
        about=frozenset({About.UNUSUAL}),
        until=next_turn,
    ),
    Rule("BIRTH-PLAUSIBLE", birth.birth_plausible, needs_snapshot=False, until=birth.until, needs_terms=False),
    Rule(
        "SUBSCRIBER-AGE",
        subscriber_age,
        needs_snapshot=False,
        about=frozenset({About.SUBSCRIBER}),
        until=never,
        needs_terms=False,
    ),
    Rule(
        "SPOUSE-AGE",
        spouse_age,
        needs_snapshot=False,
        about=frozenset({About.SPOUSE}),
        until=never,
        needs_terms=False,
    ),
    Rule("PARENT-AGE", parent_age, needs_snapshot=True, about=frozenset({About.SUBSCRIBER, About.CHILD})),
    Rule("STATE-ZIP", state_zip, needs_snapshot=False, needs_terms=False),
    Rule("TEST-NAME", test_name, needs_snapshot=False, needs_terms=False),
    Rule(
        "PREMIUM-SENT",
        premium.premium_sent,
        needs_snapshot=False,
        about=frozenset({About.PRICED}),
        until=premium.until,
    ),
    Rule("RETRO-TERM", retro.retro_term, needs_snapshot=True, about=frozenset({About.ENDS}), until=retro.until),
)


def judge(subject: Subject, context: Context) -> list[Objection]:
    """Return what every rule says of one event; without a snapshot only rules that need none are asked.

    A member of no known group is judged no further: nothing of that group is revealed. A coverage that asks for
    nothing that can be carried out is objected to whatever the rules are: deciding rests on none of them.
    """
    raised: list[Objection] = []
    for rule in _asked(RULES, subject.record.about, offline=context.snapshot is None):
        raised += rule.check(subject, context)
        if subject.terms is None:
            return raised
    unread = [reading for reading in subject.lines if reading.ask is None]
    blocked = {each.coverage for each in raised if each.finding.severity in BLOCKING} if unread else set()
    for reading in unread if MEMBER not in blocked else ():
        if reading.number not in blocked:
            raised.append(objection("LINE-UNCLEAR", subject, reading.coverage, "hd", _UNREAD))
    return raised


def judge_alone(subject: Subject, context: Context) -> list[Objection]:
    """Return what the rules say that need neither roster nor terms: all that can be told of a file by itself."""
    rules = [rule for rule in _asked(RULES, subject.record.about, offline=True) if not rule.needs_terms]
    return [raised for rule in rules for raised in rule.check(subject, context)]


def silent_until(subject: Subject, context: Context) -> date:
    """Return the first day after that of receipt on which a rule may speak of an event of which all are silent."""
    asked = _asked(RULES, subject.record.about, offline=context.snapshot is None)
    untils = dict.fromkeys(rule.until for rule in asked if rule.until)  # several rules have one
    return min((until(subject, context) for until in untils), default=OPEN)


@cache
def _asked(rules: tuple[Rule, ...], about: frozenset[About], *, offline: bool) -> list[Rule]:
    """Return the rules to ask of a record about these things."""
    return [
        rule
        for rule in rules
        if not (rule.about and rule.about.isdisjoint(about)) and not (offline and rule.needs_snapshot)
    ]
