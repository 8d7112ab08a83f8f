"""A member explained: covered or not, billed or not, why, and what to do. A pure fold over the facts."""

from __future__ import annotations

from collections.abc import Iterator

from model.explained import Explanation, Said, Says, said
from pipeline.explain import billed, chronicle, coverage
from pipeline.explain.facts import MemberFacts, Waits

_URGENT = frozenset(
    {
        Says.STILL_BILLED,
        Says.TWICE_ACCOUNTS,
        Says.TWICE_CONTRACTS,
        Says.TWICE_CHARGED,
        Says.INVOICE_HELD,
        Says.NOT_PRICED,
    }
)


def nobody(asked: str) -> Explanation:
    """Return the explanation of whom nobody knows; for a partner also of whom it may not read."""
    answer = (said(Says.NOBODY),)
    return Explanation(asked, "", answer, next=(said(Says.SEND_ADD),))


def explain(facts: MemberFacts) -> Explanation:
    """Return the explanation of a member: what is amiss with the bill first, then coverage, then the bill."""
    bills, covers = billed.answers(facts), coverage.answers(facts)
    urgent = [each for each in bills if each.kind in _URGENT]
    answer = (*urgent, *covers, *(each for each in bills if each.kind not in _URGENT))
    return Explanation(
        about=facts.member or facts.number,
        title=_title(facts),
        answer=answer,
        steps=chronicle.steps(facts),
        open=tuple(_open(facts)),
        next=tuple(dict.fromkeys(_next(facts, answer))),
    )


def _title(facts: MemberFacts) -> str:
    """Name the member, and each family as a subscriber or a dependent of it."""
    families = "; ".join(
        f"{family.group_name} ({family.group}), "
        f"{'subscriber' if family.is_subscriber else 'dependent of'} {family.subscriber}"
        for family in facts.families
    )
    return ", ".join(filter(None, (facts.name, families)))


def _waits(facts: MemberFacts) -> Iterator[Waits]:
    """Yield what is open; a partner is told what waits of its own records alone."""
    own = {(each.origin.set, each.origin.number) for each in facts.records if not each.origin.other}
    for each in (*facts.waits, *(each for family in facts.families for each in family.waits)):
        if not facts.partner or ((each.set, each.member) in own and not each.beside):
            yield each


def _open(facts: MemberFacts) -> Iterator[Said]:
    yield from (opened(each, facts.partner) for each in _waits(facts))


def opened(each: Waits, partner: str) -> Said:
    """Say what is open; a partner is told no number of ours."""
    if partner:
        return said(Says.WAITS_ABOUT, file=each.file, why=each.meaning)
    return said(Says.OPEN_ITEM, item=each.number, code=each.code, why=each.meaning, since=each.since, due=each.due)


def _next(facts: MemberFacts, answer: tuple[Said, ...]) -> Iterator[Said]:
    """Yield what is to be done about what the answer says."""
    for waits in _waits(facts):
        yield said(Says.ASK_SENDER, fix=waits.fix) if facts.partner else said(Says.DECIDE, item=waits.number)
    for each in answer:
        if each.kind in (Says.STILL_BILLED, Says.AFTER_CUTOFF, Says.CORRECTION_DUE):
            yield said(Says.WAIT_FOR_BILL, month=str(each["next"]))
        elif each.kind in (Says.REJECTED,) and each["why"]:
            yield said(Says.SEND_AGAIN, fix=_fix(facts, str(each["code"])))
        elif each.kind in (Says.NEVER_SENT, Says.NOBODY):
            yield said(Says.SEND_ADD)
        elif each.kind in (Says.TWICE_ACCOUNTS, Says.TWICE_CHARGED) and not facts.partner:
            yield said(Says.PROPOSED)


def _fix(facts: MemberFacts, code: str) -> str:
    found = (each.fix for record in facts.records for each in record.findings if each.code == code)
    return next(found, "")
