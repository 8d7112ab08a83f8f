"""The facts of one member, read from the store once; what a partner may not see is not among them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from model.agreement.grants import READ, Reach
from model.agreement.terms import Terms
from model.codes import CODES
from model.desk import Item, ItemKind
from model.enrollment.history import MemberHistory
from model.enrollment.roster import Contract, Person
from pipeline.explain import screen, trial
from pipeline.explain.facts import Ahead, Family, Issued, MemberFacts, Record, Waits
from pipeline.explain.origins import Origins, with_keys
from pipeline.runtime.workspace import Workspace
from store import agreements, behind
from store.desk import items
from store.engine import Connection
from store.money import charged
from store.people import history, roster, versions
from store.received import sent
from validators.registry import RULES
from vault.ssn import mask_key

_ABOUT_PEOPLE = (ItemKind.MEMBER, ItemKind.OMITTED, ItemKind.QUERY)


def member(
    ws: Workspace, asked: str, day: date, now: datetime, *, line: str = "", partner: str = ""
) -> MemberFacts | None:
    """Return the facts of a member ID, an alias, or a subscriber number that nobody is known by.

    For a `partner` those of the groups and subgroups that it may read on the plan's day. None: nobody, and no
    record either.
    """
    with ws.database.read() as conn:
        origins = Origins(ws, conn, partner)
        known = history.member(conn, ws.vault, asked.upper())
        person = roster.person_of(conn, known.member_id) if known else None
        if known is None or person is None:
            return _unknown(origins, asked, day, now, line)
        whole = roster.of_person(conn, person.id)
        readable = [contract for contract in whole if may_read(conn, contract, partner, day)]
        if partner and not readable:
            return None
        records = _records(origins, known, person, readable)
        families = tuple(_family(conn, contract, known, person, records) for contract in readable)
        if partner:
            agreed = agreements.partner(conn, partner)
            assert agreed is not None, "somebody of no grants may read nothing"
            families = tuple(screen.family(conn, family, agreed, day) for family in families)
            records = [seen for record in records if (seen := screen.record(record, agreed, day))]
        txs = {
            *(tx for family in families for each in family.versions for tx in (each.opened, each.closed) if tx),
            *(tx for family in families for each in family.charges for tx in (each.tx, each.charge.cause_tx)),
            *(each.cause_tx for family in families for each in family.ahead.charges),
            *(came.tx for record in records for came in record.came),
            *(each.tx for record in records for each in record.decisions),
        } - {0}
        name = known.facts[-1].demographics.name
        return MemberFacts(
            member=known.member_id,
            name=f"{name.first} {name.last}".strip(),
            aliases=known.aliases if not partner else (),
            day=day,
            now=now,
            line=line,
            families=families,
            records=tuple(records),
            behind=behind.of(conn, txs),
            rules=len(RULES),
            partner=partner,
        )


def may_read(conn: Connection, contract: Contract, partner: str, day: date) -> bool:
    """Say whether a partner may read of a family: of its place on a day, else of its last one."""
    if not partner:
        return True
    agreed = agreements.partner(conn, partner)
    reach = agreed.reach(READ, contract.group, day) if agreed else Reach()
    here = [at.subgroup for at in contract.assignments if at.span.covers(day)]
    return reach.covers((here or [at.subgroup for at in contract.assignments[-1:]] or [""])[0])


def _unknown(origins: Origins, asked: str, day: date, now: datetime, line: str) -> MemberFacts | None:
    """Return the records that name a subscriber number nobody is known by; None where there are none."""
    tokens = origins.ws.vault.tokens.family(asked)
    found = [origins.record(*place) for place in sent.of_family(origins.conn, tokens)]
    records = tuple(record for record in found if record and not record.origin.other)
    if not records:
        return None
    opened = items.opened(origins.conn, items.Scope(_ABOUT_PEOPLE)).values()
    waiting = [waits_of(item) for item in opened if item.waiting.person.token in tokens]
    txs = {came.tx for record in records for came in record.came}
    return MemberFacts(
        member="",
        name="",
        aliases=(),
        day=day,
        now=now,
        line=line,
        families=(),
        records=records,
        behind=behind.of(origins.conn, txs),
        number=mask_key(asked),
        rules=len(RULES),
        partner=origins.viewer,
        waits=tuple(waiting),
    )


def _records(origins: Origins, known: MemberHistory, person: Person, families: Iterable[Contract]) -> list[Record]:
    """Return the records about a member: of the family's number, and of sets that changed something of the member.

    Of the family's others, those are left out that came to something of somebody else alone.
    """
    conn, ours = origins.conn, {known.member_id, *known.aliases}
    tokens = [token for family in families for token in family.tokens]
    touched = {each.opened.set for each in known.coverages} | {
        each.closed.set for each in known.coverages if each.closed
    }
    places = {*sent.of_family(conn, tokens), *sent.of_members(conn, {s for s in touched if s}, ours)}
    found = [record for place in sorted(places) if (record := origins.record(*place))]
    first = origins.ws.vault.tokens.person(
        person.demographics.name.first, person.demographics.birth.isoformat() if person.demographics.birth else ""
    )
    mine = [record for record in found if _is_about(origins, record, ours, set(first))]
    return with_keys(origins, mine, known, person, tokens)


def _is_about(origins: Origins, record: Record, ours: set[str], first: set[str]) -> bool:
    """Say whether a record came to something of a member, or came to nothing and names the member."""
    if any(came.member in ours for came in record.came):
        return True
    if any(came.member for came in record.came):
        return False
    return origins.names(record, first)


def _family(
    conn: Connection, contract: Contract, known: MemberHistory, person: Person, records: Iterable[Record]
) -> Family:
    terms = agreements.terms(conn, contract.group)
    assert terms is not None, "a contract stands in a group that was loaded"
    mine = next(each for each in contract.enrollees if each.person.id == person.id)
    ours = {known.member_id, *known.aliases}
    made = trial.issued(conn, terms)
    posted = [
        each
        for each in charged.of_contracts(conn, [contract.id])
        if each.charge.person in (0, person.id) or mine.is_subscriber
    ]
    return Family(
        contract=contract.id,
        group=contract.group,
        group_name=terms.name,
        subscriber=contract.masked,
        relationship=mine.relationship,
        is_subscriber=mine.is_subscriber,
        person=person.id,
        versions=tuple(versions.of(conn, [contract.id])),
        waits=tuple(_open(conn, contract, ours)),
        charges=tuple(posted),
        ahead=_ahead(conn, terms, contract, made),
        issued=tuple(made),
        waited_until=_waited(terms, contract, records),
        terms=tuple(behind.terms_loaded(conn, contract.group)),
    )


def _ahead(conn: Connection, terms: Terms, contract: Contract, made: list[Issued]) -> Ahead:
    places = {at.subgroup for at in contract.assignments}
    own = {subgroup.account for subgroup in terms.subgroups if subgroup.code in places}
    return trial.ahead(conn, terms, contract.id, trial.next_month(terms, made, own))


def _open(conn: Connection, contract: Contract, ours: set[str]) -> Iterable[Waits]:
    tokens = set(contract.tokens)
    for item in items.opened(conn, items.Scope(_ABOUT_PEOPLE, group=contract.group)).values():
        if item.waiting.person.member in ours or item.waiting.person.token in tokens:
            yield waits_of(item)


def waits_of(item: Item) -> Waits:
    """Return a piece of open work as an explanation tells it."""
    waiting = item.waiting
    code = CODES[waiting.rule]
    return Waits(
        number=item.number,
        code=waiting.rule,
        meaning=code.meaning,
        fix=code.fix,
        lines=waiting.lines,
        since=item.since,
        due=item.due,
        file=waiting.file,
        set=waiting.set,
        member=waiting.member,
        beside=waiting.kind is not ItemKind.MEMBER,
    )


def _waited(terms: Terms, contract: Contract, records: Iterable[Record]) -> date | None:
    """Return the first day after the waiting period of whom the latest record tells the hire of."""
    hired = [record.hired for record in records if record.hired]
    if not hired:
        return None
    place = contract.assignments[0].subgroup if contract.assignments else ""
    first = terms.switches_on(hired[-1], place).waited(hired[-1])
    return first if first > hired[-1] else None
