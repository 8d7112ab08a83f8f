"""Check: what would become of a file, for its sender, before it is sent. No store, no keys, nothing is kept.

One streaming pass asks the guides, as the judge does; with terms a second one asks the rules that need no roster.
The findings listed and the segments shown are bounded, whatever the file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from exchange import addressed
from model.agreement.answers import USUAL, Answers, due
from model.agreement.terms import Carrier, Partner
from model.documents.check import CheckedFile, CheckedGroup, CheckedInterchange, CheckedSet, Outcome
from model.enrollment.events import EnrollmentEvent
from model.finding import Finding, Severity
from model.money.remittance import Remittance
from model.x12 import (
    ACKNOWLEDGMENTS,
    FileVerdict,
    FunctionalGroup,
    GroupVerdict,
    InboundAck,
    Interchange,
    InterchangeVerdict,
    SetVerdict,
    TransactionSet,
    Verdict,
)
from parsers.x12 import agreed as agreed_verdicts
from parsers.x12 import judge as parse
from parsers.x12.envelope import refuse_group, refuse_interchange
from parsers.x12.excerpt import excerpt
from parsers.x12.parallel import judge_file
from pipeline.check.kept import Kept, Twice

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


def check(source: Source, asked: Asked) -> CheckedFile:
    """Check one file. Bad data are findings; OSError when the bytes cannot be read."""
    if not next(iter(source.chunks()), b"").startswith(b"ISA"):
        from pipeline.check import census  # with what reads spreadsheets

        if census.is_census(source.chunks):
            return census.check(source.name, source.chunks, asked.agreed, asked.partner, asked.today)
    run = _Pass(asked)
    for item in _judged(source, members=asked.agreed is not None):
        run.take(item)
    if asked.agreed:
        from pipeline.check.rules import rules

        for finding in rules(
            source.chunks(), asked.agreed, asked.partner, asked.today, asked.environment, run.twice.found
        ):
            run.keep(finding)
    done = run.result(source.name)
    if asked.shown and done.interchanges:
        picked = frozenset(_to_show(done.findings))
        findings = [
            finding if at in picked else _without_place(finding) for at, finding in enumerate(done.findings)
        ]
        whole = done.size <= SHOWN_WHOLE
        done = replace(done, lines=tuple(excerpt(source.chunks(), findings, whole=whole)))
    return done


def _judged(source: Source, *, members: bool) -> Iterable[parse.Judged]:
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

    asked: Asked
    kept: Kept = field(default_factory=Kept)
    twice: Twice = field(default_factory=Twice)
    size: int = 0
    taken: int = 0  # sets that count
    lost: int = 0
    interchanges: list[CheckedInterchange] = field(default_factory=list)
    groups: list[CheckedGroup] = field(default_factory=list)
    sets: list[CheckedSet] = field(default_factory=list)
    heard: bool = False  # acknowledgments are in the open interchange
    others: bool = False  # groups that are none
    letters: list[Verdict] = field(default_factory=list)  # of the open group's sets
    right: int = 0  # sets of it that the judge accepted, whatever is agreed
    passed: tuple[int, int] = (0, 0)  # sets accepted and received in the open interchange
    partner: Partner | None = None
    refusal: Finding | None = None

    def take(self, item: parse.Judged) -> None:
        """Take one item of the judge."""
        match item:
            case EnrollmentEvent():
                self.twice.see(item)
            case Remittance():
                from parsers.x12.remittance820 import balance

                self.keep(*balance(item))
            case TransactionSet():
                self.twice.open(item)
            case SetVerdict():
                self.close_set(item)
            case FunctionalGroup():
                self.sets, self.letters, self.right = [], [], 0
            case GroupVerdict():
                self.close_group(item)
            case InboundAck():
                self.heard = True
            case Interchange():
                self.open_interchange(item)
            case InterchangeVerdict():
                self.close_interchange(item)
            case FileVerdict():
                self.keep(*item.findings)
                self.size = item.size
            case _:
                pass

    @property
    def answers(self) -> Answers:
        """Which acknowledgments the sender gets."""
        return self.partner.answers if self.partner else USUAL

    def keep(self, *findings: Finding) -> None:
        """Take findings."""
        self.kept.add(findings)

    def open_interchange(self, item: Interchange) -> None:
        self.groups, self.passed, self.partner, self.refusal = [], (0, 0), None, None
        self.heard = self.others = False
        agreed = self.asked.agreed
        if agreed:
            self.partner = agreed.sender(item, self.asked.partner)
            # Terms without a carrier do not say who we are: then the receiver is.
            anybody = Carrier("", ((item.receiver_qualifier, item.receiver),), ())
            if agreed.partners:
                self.refusal = addressed.interchange(item, agreed.carrier or anybody, self.partner)

    def close_set(self, item: SetVerdict) -> None:
        self.right += item.verdict is not Verdict.REJECTED
        item = agreed_verdicts.lenient(item, self.answers.accept_with_errors)
        self.letters.append(item.verdict)
        self.keep(*item.findings)
        if len(self.sets) < MOST_LEVELS:
            one = item.set
            self.sets.append(
                CheckedSet(
                    one.kind, one.control, one.version, one.segment, item.segments, item.members, item.verdict,
                    item.codes,
                )
            )  # fmt: skip

    def close_group(self, item: GroupVerdict) -> None:
        agreed, group = self.asked.agreed, item.group
        item = agreed_verdicts.group(item, self.letters, self.right, whole=self.answers.rejection == "group")
        refusal = addressed.group(group, agreed.carrier, self.partner) if agreed and self.partner else None
        if refusal and item.verdict is not Verdict.REJECTED:
            item = refuse_group(item, refusal)
        self.keep(*item.findings)
        self.heard |= group.code == ACKNOWLEDGMENTS
        self.others |= group.code != ACKNOWLEDGMENTS
        self.passed = (self.passed[0] + item.accepted, self.passed[1] + item.received)
        answered = group.code != ACKNOWLEDGMENTS and due(
            self.answers.ack999, good=item.verdict is Verdict.ACCEPTED
        )
        if len(self.groups) < MOST_LEVELS:
            self.groups.append(
                CheckedGroup(
                    group.code, group.control, group.version, group.segment, item.verdict, item.codes,
                    item.declared, item.received, item.accepted,
                    answered, item.verdict is Verdict.REJECTED, tuple(self.sets),
                )
            )  # fmt: skip

    def close_interchange(self, item: InterchangeVerdict) -> None:
        header = item.interchange
        if self.refusal:
            item = refuse_interchange(item, self.refusal)
        rejected = item.verdict is Verdict.REJECTED
        self.keep(*item.findings)
        accepted, received = self.passed
        self.taken += 0 if rejected else accepted
        self.lost += max(received, 1) if rejected else received - accepted
        good = item.verdict is Verdict.ACCEPTED
        wanted = rejected or due(self.answers.ta1, good=good, requested=header.ack_requested)
        answered = wanted and (self.others or not self.heard)  # what only answers us is not answered
        groups = [replace(group, answered=False, lost=True) for group in self.groups] if rejected else self.groups
        if len(self.interchanges) < MOST_LEVELS:
            self.interchanges.append(
                CheckedInterchange(
                    f"{header.sender_qualifier}:{header.sender}", f"{header.receiver_qualifier}:{header.receiver}",
                    header.control, header.usage, header.segment, item.verdict, item.code, answered, tuple(groups),
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
