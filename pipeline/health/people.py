"""People who cost money: there twice, past an age or a length, without what should be known of them.

See docs/domain.md, One person in two groups; docs/domain.md, Age limits; docs/domain.md, COBRA.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from model.agreement import continuation
from model.agreement.terms import Terms
from model.enrollment.roster import RosterLine
from model.health import About, Cost
from model.timeline import day_after, years_after
from model.trade.coverage import LINES, MEDICAL
from model.trade.kept import Kept
from pipeline.desk import aging
from pipeline.health.looking import Looking
from store import agreements
from store.checks import charged, people
from store.checks.people import Twin
from store.people import roster, told

_MEDICARE_AGE = 65


def same_ssn(look: Looking) -> Iterator[Cost]:
    """Yield whoever is covered under a second member ID: two that have one SSN."""
    yield from _twins(look, list(people.same_ssn(look.ask, look.today)), "has the SSN of")


def namesakes(look: Looking) -> Iterator[Cost]:
    """Yield whoever has name and birth date of another covered member, and no SSN tells them apart."""
    yield from _twins(look, list(people.namesakes(look.ask, look.today)), "has name and birth date of")


def _twins(look: Looking, twins: list[Twin], what: str) -> Iterator[Cost]:
    month = look.month_of({twin.contract for twin in twins})
    subscribers = charged.subscribers(look.ask, {twin.contract for twin in twins})
    for twin in twins:
        cents = month.get((twin.contract, twin.person), 0)
        if subscribers.get(twin.contract) == twin.member_id:
            cents += month.get((twin.contract, 0), 0)
        yield Cost(About.MEMBER, twin.member_id, f"{what} {twin.other}", twin.since, max(0, cents), twin.group)


def past_age(look: Looking) -> Iterator[Cost]:
    """Yield each child who is covered past the age limit without a proof, and has no end by age."""
    for group in look.groups():
        aged = aging.past(look.ws, look.conn, group, look.today)
        month = look.month_of({each.contract for each in aged})
        for each in aged:
            since, cents = day_after(each.last), month.get((each.contract, each.person), 0)
            told_of = f"{each.line}: the age limit was {each.last}"
            yield Cost(About.MEMBER, each.member_id, told_of, since, max(0, cents), group)


def cobra_length(look: Looking) -> Iterator[Cost]:
    """Yield each family that is covered under COBRA beyond the months that its events give."""
    for group, contracts in people.continued(look.ask, look.today).items():
        terms = agreements.terms(look.conn, group)
        if terms is None or look.group not in ("", group):
            continue
        month = look.month_of(contracts)
        for line in _first_of_cobra(roster.lines(look.conn, group, ids=contracts), terms):
            length = continuation.by_facts(terms, line.subgroup, line.cobra, line.span.begin, look.today)
            if length and length.approved < look.today:
                cents = sum(cents for (contract, _), cents in month.items() if contract == line.contract)
                what, since = f"COBRA of {length.granted} months ended", day_after(length.approved)
                yield Cost(About.MEMBER, line.subscriber_member_id, what, since, max(0, cents), group)


def _first_of_cobra(lines: Iterable[RosterLine], terms: Terms) -> list[RosterLine]:
    """Return each family's first coverage in a subgroup of COBRA."""
    first: dict[int, RosterLine] = {}
    for line in lines:
        place = terms.subgroup(line.subgroup)
        known = first.get(line.contract)
        if place and place.cobra and (known is None or line.span.begin < known.span.begin):
            first[line.contract] = line
    return list(first.values())


def medicare(look: Looking) -> Iterator[Cost]:
    """Yield whoever is covered by medical at 65 or above, and nothing is known of Medicare."""
    born = years_after(look.today, -_MEDICARE_AGE)
    medical = {
        group: {line.code for line in terms.lines if MEDICAL in map(LINES.effects.get, line.sent_as)}
        for group, terms in agreements.all_terms(look.conn).items()
    }
    old = [each for each in people.of_age(look.ask, born, look.today) if each.line in medical.get(each.group, ())]
    facts = told.of_contracts(look.conn, look.ws.vault.fields, sorted({each.contract for each in old}))
    for each in old:
        if not any(fact.kind == Kept.MEDICARE for fact in facts.get(each.enrollee, ())):
            since = years_after(each.birth, _MEDICARE_AGE)
            what = "65 or older, and nobody said whether Medicare covers"
            yield Cost(About.MEMBER, each.member_id, what, since, 0, each.group)
