"""The steps of a member's story, in the order in which they were recorded: each span once at each of its ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from model.explained import Said, Says, Step, Told, said
from model.money.ledger import ChargeKind
from pipeline.explain.coverage import own
from pipeline.explain.facts import Came, Family, MemberFacts, Record
from pipeline.explain.sources import last_day, of_tx
from store.behind import Behind
from store.desk.decisions import Stored
from store.money.charged import OnInvoice
from store.people.versions import Version
from writers.words import action


def steps(facts: MemberFacts) -> tuple[Step, ...]:
    """Return the whole chronicle: what was sent and said, decided, recorded and billed, and what is expected."""
    changes = _changes(facts)
    found: list[tuple[int, Step]] = []
    for record in facts.records:
        found += _of_record(facts, record, changes)
    for tx in sorted(changes):
        if changes[tx]:
            found.append((tx, _of_step(facts, facts.behind[tx], changes.pop(tx))))
    for family in facts.families:
        found += _invoices(facts, family)
    ordered = [step for _, step in sorted(found, key=lambda pair: (pair[1].at, pair[0]))]
    return (*ordered, *(step for family in facts.families for step in _expected(facts, family)))


def of_records(facts: MemberFacts) -> tuple[Step, ...]:
    """Return the steps of the records alone, each with what it recorded."""
    changes = _changes(facts)
    return tuple(step for record in facts.records for _, step in _of_record(facts, record, changes))


# --- spans -----------------------------------------------------------------------------------------------

Changes = dict[int, list[tuple[str, Said]]]  # by transaction: the line, and what was recorded of it


def _changes(facts: MemberFacts) -> Changes:
    """Return what each transaction recorded of the member's coverage and of the family's place."""
    found: Changes = defaultdict(list)
    for family in facts.families:
        for each in (*own(facts, family), *(each for each in family.versions if not each.line)):
            if each.closed is not None:
                found[each.closed].append((each.line, _of_version(each, opens=False)))
            found[each.opened].append((each.line, _of_version(each, opens=True)))
    return found


def _of_version(version: Version, *, opens: bool) -> Said:
    begin, end = version.span.begin, last_day(version.span.end)
    if not version.line:
        kind = Says.PLACED if opens else Says.PLACE_CLOSED
        return said(kind, subgroup=version.plan, begin=begin, end=end)
    kind = Says.OPENED if opens else Says.CLOSED
    return said(
        kind, line=version.line, plan=version.plan, tier=version.tier, begin=begin, end=end, span=version.id
    )


def _of_step(facts: MemberFacts, step: Behind, changes: list[tuple[str, Said]]) -> Step:
    """Return a step of ours, or of a file whose records do not name the member."""
    if step.set:
        what = of_tx(facts, step.tx)
    else:
        what = said(Says.RECORDED, purpose=step.what, by="" if facts.partner else step.actor)
    return Step(step.known, what, tuple(change for _, change in changes), file=_shown(facts, step))


def _shown(facts: MemberFacts, step: Behind) -> str:
    return "" if facts.partner and step.partner != facts.partner else step.file


# --- records ---------------------------------------------------------------------------------------------


def _of_record(facts: MemberFacts, record: Record, changes: Changes) -> Iterator[tuple[int, Step]]:
    """Yield a record's steps: as it was received, then each round in which people decided on it."""
    rounds: dict[int, list[Came]] = defaultdict(list)
    for came in record.came:
        if came.member in facts.ours or not came.member:
            rounds[came.round].append(came)
    origin = record.origin
    first = rounds.pop(0, [])
    tx = max((came.tx for came in first), default=0)
    more = [*_judged(facts, record, tx), *_came(first), *_taken(changes, tx, first)]
    what = _sent(record)
    yield tx, Step(origin.received_at, what, tuple(more), file="" if origin.other else origin.file)
    for number, again in sorted(rounds.items()):
        tx = max(came.tx for came in again)
        made = next((each for each in record.decisions if each.round == number), None)
        told = (*_came(again), *_taken(changes, tx, again))
        yield tx, Step(facts.behind[tx].known, decided(made, facts.partner), told)


def _sent(record: Record) -> Said:
    origin = record.origin
    if origin.other:
        return said(Says.BY_OTHER, at=origin.received_at)
    return said(
        Says.SENT,
        file=origin.file,
        at=origin.received_at,
        place="row" if origin.is_row else "segment",
        segment=origin.segment,
        number=origin.number,
        start=origin.start,
        end=origin.end,
        sha256=origin.sha256,
        control="/".join(filter(None, (origin.interchange, origin.functional_group, origin.control))),
    )


def _judged(facts: MemberFacts, record: Record, tx: int) -> Iterator[Said]:
    """Yield who it was taken for and by what, and what the rules said, under which terms."""
    if record.origin.other:
        return
    if record.first:
        yield said(Says.FIRST_MET)
    elif record.keys:
        yield said(Says.MATCHED, keys=record.keys)
    if not record.came:
        state = record.set_state or record.file_state
        yield said(Says.LINE_NOT_DECIDED, state=str(state) if state else "", why=record.reason)
        return
    told = {(each.code, str(each.severity), each.message): None for each in record.findings}
    yield from (said(Says.SAID, code=code, severity=severity, why=message) for code, severity, message in told)
    if not record.findings:
        yield said(Says.SILENT, count=facts.rules)
    yield from _by_terms(facts, tx)


def _by_terms(facts: MemberFacts, tx: int) -> Iterator[Said]:
    step = facts.behind.get(tx)
    for family in facts.families[:1] if step and not facts.partner else ():
        loaded = [at for since, at in family.terms if since <= tx]
        if step and loaded:
            yield said(
                Says.BY_TERMS,
                group=family.group,
                version=len(loaded),
                at=loaded[-1],
                digest=step.terms,
                release=step.release,
            )


def _came(came: list[Came]) -> list[Said]:
    return [
        said(
            Says.CAME_TO,
            line=each.line,
            plan=each.plan,
            disposition=each.disposition,
            cause=each.cause,
            done=action(each.action),
        )
        for each in came
    ]


def _taken(changes: Changes, tx: int, came: list[Came]) -> list[Said]:
    """Take out of the changes of a transaction those that a record explains: its own lines, and what is left."""
    lines = {each.line for each in came}
    mine = [pair for pair in changes.get(tx, ()) if pair[0] in lines or not pair[0]] if came else []
    if tx in changes:
        changes[tx] = [pair for pair in changes[tx] if pair not in mine]
    return [change for _, change in mine]


def decided(made: Stored | None, partner: str) -> Said:
    """Say what people decided; a partner is told neither who nor why."""
    if made is None:
        return said(Says.RECORDED, purpose="decide", by="")
    if partner:
        return said(Says.DECIDED, kind=made.kind, number=0, people=(), ground="", why="")
    people = tuple(filter(None, (made.requested_by, made.approved_by)))
    return said(
        Says.DECIDED, kind=made.kind, number=made.number, people=people, ground=made.ground, why=made.reason
    )


# --- money -----------------------------------------------------------------------------------------------


def _invoices(facts: MemberFacts, family: Family) -> Iterator[tuple[int, Step]]:
    """Yield each invoice on which the family stands, with its charges."""
    by_number: dict[str, list[OnInvoice]] = defaultdict(list)
    for each in family.charges:
        if facts.line in ("", each.charge.line):
            by_number[each.number].append(each)
    for number, found in by_number.items():
        first, cents = found[0], sum(each.charge.cents for each in found)
        kind = Says.INVOICE_VOID if first.void else Says.ISSUED
        account = first.charge.account
        what = said(kind, invoice=number, month=str(first.billed), account=account, cents=cents)
        more = tuple(charged for alike in _alike(found) for charged in _of_charges(facts, alike))
        yield first.tx, Step(facts.behind[first.tx].known, what, more, cents)


def _alike(found: list[OnInvoice]) -> list[list[OnInvoice]]:
    """Return charges that differ in nothing but their month together."""
    alike: dict[tuple[object, ...], list[OnInvoice]] = defaultdict(list)
    for each in found:
        charge = each.charge
        alike[charge.kind, charge.line, charge.plan, charge.person, charge.reason, charge.cause_tx].append(each)
    return list(alike.values())


def _of_charges(facts: MemberFacts, alike: list[OnInvoice]) -> Iterator[Said]:
    """Yield one sentence for corrections of several months."""
    charge = alike[0].charge
    if len(alike) < 2 or charge.kind is not ChargeKind.RETRO:
        yield from (of_charge(facts, each) for each in alike)
        return
    yield said(
        Says.CAUSED_MONTHS if charge.cause_tx else Says.CORRECTED_MONTHS,
        line=charge.line,
        plan=charge.plan,
        months=tuple(str(each.charge.month) for each in alike),
        cents=sum(each.charge.cents for each in alike),
        why=charge.reason.text if charge.reason else "",
        by=of_tx(facts, charge.cause_tx),
    )


def of_charge(facts: MemberFacts, posted: OnInvoice) -> Said:
    """Return what a charge is for and, of a correction, why and by what."""
    charge = posted.charge
    common = {"line": charge.line, "plan": charge.plan, "month": str(charge.month)}
    if charge.kind is ChargeKind.CURRENT:
        return said(Says.CHARGED, **common, tier=charge.tier, cents=charge.cents)
    why = charge.reason.text if charge.reason else ""
    if charge.kind is ChargeKind.UNPRICED:
        return said(Says.LEFT_OUT, **common, why=why)
    if not charge.cause_tx:
        return said(Says.CORRECTED, **common, cents=charge.cents, why=why)
    return said(Says.CAUSED, **common, cents=charge.cents, why=why, by=of_tx(facts, charge.cause_tx))


def _expected(facts: MemberFacts, family: Family) -> Iterator[Step]:
    """Yield what the next invoice would say of the family."""
    mine = [each for each in family.ahead.charges if facts.line in ("", each.line)]
    if not mine:
        return
    more = []
    for each in mine:
        common: dict[str, Told] = {
            "line": each.line,
            "plan": each.plan,
            "month": str(each.month),
            "cents": each.cents,
        }
        why = each.reason.text if each.reason else ""
        retro = each.kind is ChargeKind.RETRO
        more.append(
            said(Says.EXPECTED_RETRO, **common, why=why) if retro else said(Says.CHARGED, **common, tier=each.tier)
        )
    total = sum(each.cents for each in mine)
    what = said(Says.EXPECTED, month=str(family.ahead.month), account=mine[0].account, cents=total)
    yield Step(facts.now, what, tuple(more))
