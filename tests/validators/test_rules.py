"""Every rule has its cases: the findings that one member loop draws from that rule alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from enrollment.families import family_contract
from enrollment.member import subject_of
from enrollment.resolve import group_number, group_ref
from enrollment.work import Family, Work
from model.agreement.enrollment import OpenEnrollment
from model.agreement.terms import Rate
from model.codes import CODES
from model.timeline import Span
from support.members import HEADER, TOKENS, context, member, members, partner, send
from support.roster_model import RosterModel
from validators.reading import read
from validators.registry import RULES, judge

FOLDER = Path(__file__).parents[1] / "cases" / "rules"
CASES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}
ALL = [pytest.param(rule, case, id=f"{rule}: {case['name']}") for rule, cases in CASES.items() for case in cases]


def under(terms, switches):
    """Return the terms with other switches of the group; open enrollments as [first day, last day, effective]."""
    chosen = [OpenEnrollment(Span(begin, end), day) for begin, end, day in switches.get("open_enrollments", ())]
    said = {**switches, "open_enrollments": tuple(chosen)}
    return replace(terms, rules=replace(terms.rules, **said))


def rate(told):
    """Return a rate as [plan, level or ages, cents, first day, last day]."""
    plan, level, cents, begin, end = told
    ages = tuple(map(int, level.split("-"))) if level[0].isdigit() else None
    return Rate(plan, "" if ages else level, cents, Span(begin, end), ages=ages)


def findings_of(rule_id: str, case: dict) -> list:
    roster = RosterModel(TOKENS)
    for given in case.get("given", []):
        send(roster, case.get("given_on", date(2027, 1, 1)), members(given))
    event = member(1, case["member"])
    today = case.get("today", date(2027, 1, 15))
    sender = partner(**case.get("profile", {}))
    seen = context(
        today,
        roster,
        sender,
        header=replace(HEADER, master_policy=case.get("group", "G100")),
        duplicate_ssns=frozenset(t for ssn in case.get("duplicates", []) for t in TOKENS.ssn(ssn)),
    )
    terms_then = {number: under(terms, case.get("switches", {})) for number, terms in seen.terms.items()}
    rates = tuple(map(rate, case.get("rates", ())))
    terms_then = {number: replace(terms, rates=rates) for number, terms in terms_then.items()}
    seen = replace(seen, terms=terms_then, production=case.get("production", True), above=case.get("above", {}))
    group = group_number(group_ref(event, seen.header, sender), sender, seen.terms, today)
    terms, work = seen.terms.get(group), Work(seen.snapshot, TOKENS)
    named = family_contract([read(event, terms)], group, work, seen)
    family = Family(work, group, event.subscriber_number, named.contract)
    family.renumbers = named.renumbers
    family.records = tuple(read(member(2, spec), terms) for spec in case.get("beside", ()))
    family.subscriber_sent = case.get("subscriber") in ("sent", "rejected")
    family.subscriber_refused = case.get("subscriber") == "rejected"
    rule = next(rule for rule in RULES if rule.id == rule_id)
    subject = subject_of(read(event, terms), terms, family, seen, named.problem)
    found = [raised.finding for raised in rule.check(subject, seen)]
    assert not found or not rule.about or not rule.about.isdisjoint(subject.record.about), "it would not be asked"
    return found


@pytest.mark.parametrize(("rule", "case"), ALL)
def test_case(rule, case):
    findings = findings_of(rule, case)
    assert [f.code for f in findings] == case["expect"]
    for severity in {case.get("severity")} - {None}:
        assert {str(f.severity) for f in findings} == {severity}
    if case.get("says"):
        assert case["says"] in findings[0].message
    private = [str(case["member"].get(name, "~")) for name in ("first", "birth", "ssn")]
    assert not [p for p in private for f in findings if p in f.message + f.fix + f.subject]


def test_every_rule_has_a_passing_and_a_failing_case():
    assert {rule.id for rule in RULES} == CASES.keys()
    for rule in RULES:
        assert [] in [case["expect"] for case in CASES[rule.id]]
        assert any(case["expect"][:1] == [rule.id] for case in CASES[rule.id])


def test_every_rule_says_what_it_is_for():
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.id in CODES
        assert len(rule.check.__doc__ or "") > 100
        assert rule.check.__name__ == rule.id.lower().replace("-", "_")


def test_a_sender_offline_is_asked_only_what_needs_no_roster():
    seen = replace(context(date(2027, 1, 15), RosterModel(TOKENS)), snapshot=None)
    work = Work(None, TOKENS)
    spec = {"rel": "19", "first": "BEN", "birth": "2015-01-01", "lines": ["021 HLT MED9 - 2027-02-01"]}
    terms = seen.terms["G100"]
    subject = subject_of(read(member(1, spec), terms), terms, Family(work, "G100", "100001", None), seen)
    assert [raised.finding.code for raised in judge(subject, seen)] == ["PLAN-UNKNOWN"]
    with_roster = replace(seen, snapshot=RosterModel(TOKENS).snapshot())
    codes = [raised.finding.code for raised in judge(subject, with_roster)]
    assert codes == ["PLAN-UNKNOWN", "SUBSCRIBER-AWAITED"]


def test_nothing_more_is_said_of_an_unknown_group():
    seen = context(date(2027, 1, 15), RosterModel(TOKENS))
    spec = {"do": "777", "first": "ADA", "lines": ["777 X"]}
    record = read(member(1, spec), None)
    subject = subject_of(record, None, Family(Work(None, TOKENS), "", "100001", None), seen)
    assert [raised.finding.code for raised in judge(subject, seen)] == ["GROUP-KNOWN"]
