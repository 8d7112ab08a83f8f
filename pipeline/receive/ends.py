"""Absence that ends coverage, where the sender's agreement says so: whom it reaches, and what is decided of them.

It is decided once the set's own lines are, in the set's transaction, by the code that decides records.

Source: docs/domain.md, Absence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count, groupby, islice
from operator import attrgetter

from enrollment import absent
from enrollment.absent import Absent, Sender
from enrollment.decide import decide
from model.agreement.profile import END
from model.desk import ItemKind
from model.enrollment.decision import Cause, Decision, Disposition
from model.enrollment.roster import ChangeSet, ClearFamily
from model.enrollment.ruling import Ruling
from model.finding import BLOCKING, Where
from model.timeline import OPEN
from model.trade.header import FULL
from pipeline.receive.opened import OpenSet, seen
from pipeline.runtime.workspace import Workspace
from store.desk import items
from store.desk.items import Scope
from store.engine import Connection
from store.people.absence import Due, Missing, held, missing
from store.people.clear import clear_families
from vault.tokens import ChunkTokens

FAMILIES_AT_ONCE = 500
TOO_LARGE = "TIER-TOO-LARGE"  # of what is said of a record, all that counts where there was none

# What is decided of some families, with the tokens under which their records were read.
Part = tuple[ChunkTokens, tuple[Decision, ...], ChangeSet]


@dataclass(slots=True)
class Ends:
    """What a full file does not name, and what becomes of it. `last`: the day on which it ends.

    `ended`: lines by person (row id). `kept`: by person why nothing of it ends.
    """

    last: date
    missing: dict[str, list[Missing]] = field(default_factory=dict)  # by group
    ended: set[tuple[int, str]] = field(default_factory=set)
    kept: dict[int, str] = field(default_factory=dict)


def agreed(whole: OpenSet) -> bool:
    """Say whether what a full set does not name ends by its sender's agreement."""
    return whole.header.action in FULL and whole.partner.profile.absence.on(whole.context.today) == END


def find(conn: Connection, whole: OpenSet, due: Iterator[tuple[str, Due]], spared: Collection[str] = ()) -> Ends:
    """Return what a set does not name, and what of it would end. `spared`: member IDs of whom a person said no."""
    ends = Ends(absent.last_day(whole.stored.set_date, whole.context.today))
    for group, here in due:
        found = ends.missing[group] = list(missing(conn, whole.stored.id, here))
        if not found:
            continue
        members, families = _waiting(conn, whole, group)
        for _, spans in groupby(found, attrgetter("contract", "person")):
            _look(list(spans), here.on, ends, members, families, spared)
    return ends


def _look(
    spans: Sequence[Missing],
    on: date,
    ends: Ends,
    members: Collection[str],
    families: Collection[str],
    spared: Collection[str],
) -> None:
    """Say which lines of somebody end, or why none does (docs/domain.md, Absence)."""
    first = spans[0]
    if first.member_id in spared:
        ends.kept[first.person] = "A person decided that coverage goes on."
    elif first.member_id in members or first.token in families:
        ends.kept[first.person] = "Coverage goes on while a record of the member waits."
    else:
        for line, mine in groupby(spans, attrgetter("line")):
            begin, *later = list(mine)
            if not later and begin.begin <= on and begin.end == OPEN:
                ends.ended.add((first.person, line))


def _waiting(conn: Connection, whole: OpenSet, group: str) -> tuple[set[str], set[str]]:
    """Return whose records of earlier sets wait or are held: member IDs, and tokens of families."""
    members, families = held(conn, group, whole.stored.id)
    for known in items.opened(conn, Scope((ItemKind.MEMBER,), group=group)).values():
        family, _, person = known.waiting.whom.removeprefix(f"{group}/").partition(":")
        (families if person else members).add(family)
    return members, families


def decided(ws: Workspace, conn: Connection, whole: OpenSet, ends: Ends) -> Iterator[Part]:
    """Decide what ends, some families at a time; what may not end as it stands does not, and says why.

    Each part is to be written before the next is asked for.
    """
    stored = whole.stored
    base = Where(stored.interchange, stored.functional_group, stored.control, stored.segment)
    for group, found in ends.missing.items():
        sender = Sender(whole.partner, whole.terms[group], base, whole.context.today)
        families = ((contract, list(spans)) for contract, spans in groupby(found, attrgetter("contract")))
        ending = ((ident, spans) for ident, spans in families if any(_ends(span, ends) for span in spans))
        while some := dict(islice(ending, FAMILIES_AT_ONCE)):
            clear = clear_families(conn, ws.vault, group, some)
            part = [_absent(family, some[family.contract.id], ends) for family in clear]
            yield _part(ws, conn, whole, sender, part, ends)


def _ends(span: Missing, ends: Ends) -> bool:
    return (span.person, span.line) in ends.ended


def _absent(family: ClearFamily, spans: Sequence[Missing], ends: Ends) -> Absent:
    lines: dict[int, set[str]] = {}
    for span in spans:
        if _ends(span, ends):
            lines.setdefault(span.person, set()).add(span.line)
    whole = frozenset(span.person for span in spans if not span.named)
    return Absent(family, {person: frozenset(mine) for person, mine in lines.items()}, whole)


def _part(
    ws: Workspace, conn: Connection, whole: OpenSet, sender: Sender, part: Sequence[Absent], ends: Ends
) -> Part:
    numbers, tokens = count(1), ChunkTokens.over(ws.vault.tokens)
    named = [pair for each in part for pair in absent.events(each, sender, ends.last, numbers)]
    records = [event for event, _ in named]
    rulings = {event.number: Ruling(link=member_id) for event, member_id in named}
    context = replace(seen(conn, whole, records, tokens), rulings=rulings, header=whole.header)
    decisions, changes = decide(records, context)
    asked = {(person, line) for each in part for person, lines in each.lines.items() for line in lines}
    done = [made for decision in decisions if (made := _done(decision))]
    applied = {(decision.person, line.line) for decision in done for line in decision.lines}
    ends.ended -= asked - applied
    for decision in decisions:
        if why := _why(decision):
            ends.kept.setdefault(decision.person, why)
    return tokens, tuple(done), changes


def _done(decision: Decision) -> Decision | None:
    """Return what ended of a decision, as nobody's record and by absence; None: nothing did."""
    ended = (line for line in decision.lines if line.disposition is Disposition.APPLIED and line.line)
    lines = tuple(replace(line, coverage=None) for line in ended)
    if not lines:
        return None
    event = replace(decision.event, number=0, coverages=())
    warned = tuple(each for each in decision.objections if each.finding.code == TOO_LARGE)
    kind, cause = Disposition.APPLIED, Cause.IMPLIED
    return replace(decision, event=event, disposition=kind, cause=cause, lines=lines, objections=warned)


def _why(decision: Decision) -> str:
    """Return why something of somebody does not end, in words."""
    blocked = (each.finding for each in decision.objections if each.finding.severity in BLOCKING)
    return next((f"Coverage goes on, since an end would wait: {finding.message}" for finding in blocked), "")
