"""Would a full 834 arrive? Read as a receiver would, and decided against an empty store, some families at a time.

Against nothing a family knows of another only through a person or an SSN: those that are tied so wait for each
other, and are decided together (enrollment.carried.Ties).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from enrollment import resolve
from enrollment.carried import differences
from enrollment.decide import decide
from model.agreement.terms import Partner
from model.codes import found
from model.documents.statement import Document
from model.enrollment.decision import Disposition
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import ClearFamily
from model.finding import BLOCKING, Finding, Where
from model.x12 import SetVerdict, Verdict
from parsers.x12 import judge as parse
from validators.base import Context
from vault.tokens import ChunkTokens

Stored = Callable[[Sequence[int]], list[ClearFamily]]  # reads families by contract


def faults(
    document: Document,
    parts: Sequence[Sequence[int]],
    owners: Sequence[int],
    last: Mapping[int, int],
    context: Context,
    stored: Stored | None,
) -> tuple[Finding, ...]:
    """Return what the guide refuses, what a receiver would object to, and which families would not arrive alike.

    `parts`: the contracts that it is of, rising; `owners`: of each member loop its contract; `last`: of contracts
    that are tied to others the last one they wait for; `stored`: to what the result is held, None: to nothing.
    """
    refusals: list[Finding] = []
    objections: list[tuple[int, Finding]] = []  # with the member loop
    lost: list[tuple[int, Finding]] = []  # with the contract
    waiting, kept = list[int](), list[EnrollmentEvent]()
    for ids, members in _by_part(_read(document, context.partner, refusals), parts, owners):
        ready = {ident for ident in (*waiting, *ids) if last.get(ident, ident) <= ids[-1]}
        waiting = [ident for ident in (*waiting, *ids) if ident not in ready]
        here = [member for member in (*kept, *members) if owners[member.number - 1] in ready]
        kept = [member for member in (*kept, *members) if owners[member.number - 1] not in ready]
        decisions, changes = decide(here, replace(context, tokens=ChunkTokens.over(context.tokens)))
        objections += [
            (decision.event.number, finding)
            for decision in decisions
            if decision.disposition in (Disposition.REJECTED, Disposition.PENDED)
            for finding in decision.findings
            if finding.severity in BLOCKING
        ]
        for contract in differences(stored(sorted(ready)), changes) if stored else ():
            missing = found("EXPORT-NOT-CARRIED", Where(), subject=f"family {contract.masked}")
            lost.append((contract.id, missing))
    objections.sort(key=lambda placed: placed[0])
    lost.sort(key=lambda placed: placed[0])
    return (*refusals, *(finding for _, finding in (*objections, *lost)))


def _read(document: Document, partner: Partner, refusals: list[Finding]) -> Iterator[EnrollmentEvent]:
    """Yield what a receiver reads, and gather why it would refuse the set."""
    for item in parse.judge(document.pieces()):
        if isinstance(item, EnrollmentEvent):
            yield resolve.with_plans(item, partner)
        elif isinstance(item, SetVerdict) and item.verdict is Verdict.REJECTED:
            refusals += [found("EXPORT-SYNTAX", Where()), *item.findings]


def _by_part(
    members: Iterator[EnrollmentEvent], parts: Sequence[Sequence[int]], owners: Sequence[int]
) -> Iterator[tuple[Sequence[int], list[EnrollmentEvent]]]:
    """Yield each part of the contracts with what was read of it."""
    following = next(members, None)
    for ids in parts:
        mine = []
        while following and owners[following.number - 1] <= ids[-1]:
            mine.append(following)
            following = next(members, None)
        yield ids, mine
