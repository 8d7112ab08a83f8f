"""Check: what would become of a file, for its sender, before it is sent. No store, no keys, nothing is kept.

One streaming pass asks the guides, as the judge does; with terms a second one asks the rules that need no roster.
The findings listed and the segments shown are bounded, whatever the file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from string import punctuation
from typing import TYPE_CHECKING

from exchange.answers import (
    Answered,
    AnsweredFunctionalGroup,
    AnsweredInterchange,
    AnsweredSet,
    OpenedInterchange,
    answered,
)
from model.documents.check import CheckedFile, CheckedFunctionalGroup, CheckedInterchange, CheckedSet, Outcome
from model.enrollment.events import EnrollmentEvent
from model.finding import Finding, Severity
from model.judged import Judged
from model.money.remittance import Remittance
from model.x12 import FileVerdict, FunctionalGroup, FunctionalGroupVerdict, TransactionSet, Verdict
from parsers.x12 import judge as parse
from parsers.x12.excerpt import excerpt
from parsers.x12.parallel import judge_file
from pipeline.check.kept import Kept, Twice
from pipeline.check.parties import parties

if TYPE_CHECKING:
    from pipeline.check.rules import Agreed  # with the keys that a check without terms does not need

MOST_LEVELS = 1_000  # interchanges of a file, groups of an interchange, sets of a group
SHOWN_WHOLE = 96 * 1024  # bytes: a file up to here is shown whole
_MOST_SHOWN = 1_000  # findings with their segments


Chunks = Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Source:
    """A file to check: `chunks` begins at its first byte each time it is called.

    With `path` several processes may read it side by side.
    """

    name: str
    chunks: Chunks
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What to check against. `shown`: give the file's segments too."""

    today: date
    agreed: Agreed | None = None
    partner: str = ""  # of the terms, where the file does not say it
    environment: str = "production"
    shown: bool = False

    @property
    def ruled(self) -> Agreed | None:
        """Return what is agreed where it has a group: a partner's file alone asks no group's rules."""
        return self.agreed if self.agreed and self.agreed.terms else None


def check(source: Source, asked: Asked) -> CheckedFile:
    """Check one file. Bad data are findings; OSError when the bytes cannot be read."""
    if _is_census(source):
        from pipeline.check import census

        return census.check(source.name, source.chunks, asked.agreed, asked.partner, asked.today)
    run = _Pass()
    at = datetime.combine(asked.today, time())
    judged = _judged(source, members=asked.ruled is not None)
    for item in answered(judged, lambda header: parties(header, asked.agreed, asked.partner, at)):
        run.take(item)
    if asked.ruled:
        from pipeline.check.rules import rules

        run.kept.add(
            rules(source.chunks(), asked.ruled, asked.partner, asked.today, asked.environment, run.twice.found)
        )
    done = run.result(source.name)
    if asked.shown and done.interchanges:
        picked = frozenset(_to_show(done.findings))
        findings = [
            finding if at in picked else _without_place(finding) for at, finding in enumerate(done.findings)
        ]
        whole = done.size <= SHOWN_WHOLE
        done = replace(done, lines=tuple(excerpt(source.chunks(), findings, whole=whole)))
    return done


def _is_census(source: Source) -> bool:
    """Say whether a file is taken for a spreadsheet, as it is when received; what reads one is loaded in doubt."""
    head = next(iter(source.chunks()), b"")
    if head.startswith(b"ISA") and head[3:4].decode("latin-1") in set(punctuation):
        return False
    from pipeline.check import census

    return census.is_census(source.chunks)


def _judged(source: Source, *, members: bool) -> Iterable[Judged]:
    """Judge a file; its members are read only where somebody asks for them."""
    if members or source.path is None:
        return parse.judge(source.chunks(), events=members)
    return judge_file(source.path, os.cpu_count() or 1)


def _without_place(finding: Finding) -> Finding:
    """Return the finding without its segment, so that none is shown for it."""
    return finding.at(replace(finding.where, segment=0))


def _to_show(findings: tuple[Finding, ...]) -> list[int]:
    """Return which findings are shown at their segments: as many as a page can hold, errors first."""
    order = list(Severity)
    return sorted(range(len(findings)), key=lambda at: (order.index(findings[at].severity), at))[:_MOST_SHOWN]


@dataclass(slots=True)
class _Pass:
    """What is open at each moment of the first pass, and what came of what is closed."""

    kept: Kept = field(default_factory=Kept)
    twice: Twice = field(default_factory=Twice)
    size: int = 0
    taken: int = 0  # sets that count
    lost: int = 0
    interchanges: list[CheckedInterchange] = field(default_factory=list)
    groups: dict[int, CheckedFunctionalGroup] = field(
        default_factory=dict
    )  # of the open interchange, by their GS' offsets
    sets: list[CheckedSet] = field(default_factory=list)  # of the open group
    passed: tuple[int, int] = (0, 0)  # sets accepted and received in the open interchange

    def take(self, item: Answered) -> None:
        """Take one item of the fold."""
        match item:
            case EnrollmentEvent():
                self.twice.see(item)
            case Remittance():
                from parsers.x12.remittance820 import balance

                self.kept.add(balance(item))
            case TransactionSet():
                self.twice.open(item)
            case AnsweredSet():
                self.close_set(item)
            case FunctionalGroup():
                self.sets = []
            case AnsweredFunctionalGroup():
                self.close_functional_group(item.verdict, named=item.named)
            case OpenedInterchange():
                self.groups, self.passed = {}, (0, 0)
            case AnsweredInterchange():
                self.close_interchange(item)
            case FileVerdict():
                self.kept.add(item.findings)
                self.size = item.size
            case _:
                pass

    def close_set(self, item: AnsweredSet) -> None:
        verdict, header = item.verdict, item.verdict.set
        self.kept.add(item.unlisted or verdict.findings)
        if len(self.sets) < MOST_LEVELS:
            self.sets.append(
                CheckedSet(
                    header.kind, header.control, header.version, header.segment, verdict.segments, verdict.members,
                    verdict.verdict, verdict.codes,
                )
            )  # fmt: skip

    def close_functional_group(self, item: FunctionalGroupVerdict, *, named: bool) -> None:
        group = item.group
        self.kept.add(item.findings)
        self.passed = (self.passed[0] + item.accepted, self.passed[1] + item.received)
        if len(self.groups) < MOST_LEVELS:
            self.groups[group.start] = CheckedFunctionalGroup(
                group.code, group.control, group.version, group.segment, item.verdict, item.codes,
                item.declared, item.received, item.accepted,
                False, item.verdict is Verdict.REJECTED, named, tuple(self.sets),
            )  # fmt: skip

    def close_interchange(self, item: AnsweredInterchange) -> None:
        verdict, header = item.verdict, item.verdict.interchange
        rejected = verdict.verdict is Verdict.REJECTED
        self.kept.add(verdict.findings)
        accepted, received = self.passed
        self.taken += 0 if rejected else accepted
        self.lost += max(received, 1) if rejected else received - accepted
        answered_at = {answer.start for answer in item.answers}
        groups = tuple(
            replace(group, answered=start in answered_at, lost=group.lost or rejected)
            for start, group in self.groups.items()
        )
        if len(self.interchanges) < MOST_LEVELS:
            self.interchanges.append(
                CheckedInterchange(
                    f"{header.sender_qualifier}:{header.sender}", f"{header.receiver_qualifier}:{header.receiver}",
                    header.control, header.usage, header.segment, verdict.verdict, verdict.code,
                    header.start in answered_at, groups,
                )
            )  # fmt: skip

    def result(self, name: str) -> CheckedFile:
        """Return what the passes came to."""
        outcome = Outcome.ACCEPTED
        if not self.interchanges:
            outcome = Outcome.UNREADABLE
        elif self.lost and not self.taken:
            outcome = Outcome.REJECTED
        elif self.kept.counts[Severity.ERROR]:
            outcome = Outcome.PARTIAL
        elif self.kept.counts[Severity.PEND]:
            outcome = Outcome.WAITING
        kind = "X12" if self.interchanges else ""
        return self.kept.result(name, kind, self.size, outcome, tuple(self.interchanges))
