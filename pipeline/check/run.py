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

from enrollment import sets
from enrollment.states import file_state
from exchange.answers import (
    Answered,
    AnsweredFunctionalGroup,
    AnsweredInterchange,
    AnsweredSet,
    OpenedInterchange,
    answered,
)
from model.agreement.terms import Partner
from model.codes import found
from model.documents.check import CheckedFile, CheckedFunctionalGroup, CheckedInterchange, CheckedSet, Outcome
from model.enrollment.decision import Disposition, SetState
from model.enrollment.events import EnrollmentEvent, SetHeader
from model.finding import Finding, Severity
from model.judged import Judged
from model.money.remittance import Remittance
from model.x12 import (
    ACKNOWLEDGING,
    ANSWERS,
    FileVerdict,
    FunctionalGroup,
    FunctionalGroupVerdict,
    InboundAck,
    TransactionSet,
    Verdict,
)
from parsers.x12 import judge as parse
from parsers.x12.excerpt import excerpt
from parsers.x12.parallel import judge_file
from pipeline.check.kept import Kept, Twice
from pipeline.check.parties import parties

if TYPE_CHECKING:
    from pipeline.check.rules import Agreed, Ruled  # with the keys that a check without terms does not need

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
    mapping: str = ""  # of a lockbox, as TOML

    @property
    def ruled(self) -> Agreed | None:
        """Return what is agreed where it has a group: a partner's file alone asks no group's rules."""
        return self.agreed if self.agreed and self.agreed.terms else None


def check(source: Source, asked: Asked) -> CheckedFile:
    """Check one file. Bad data are findings; OSError when the bytes cannot be read."""
    if other := _other(source, asked):
        return other
    run = _Pass(asked)
    at = datetime.combine(asked.today, time())
    judged = _judged(source, members=asked.ruled is not None)
    for item in answered(judged, lambda header: parties(header, asked.agreed, asked.partner, at)):
        run.take(item)
    if asked.ruled:
        from pipeline.check.rules import rules

        for ruled in rules(
            source.chunks(), asked.ruled, asked.partner, asked.today, asked.environment, run.twice.found
        ):
            run.hear(ruled)
    done = run.result(source.name)
    if asked.shown and done.interchanges:
        picked = frozenset(_to_show(done.findings))
        findings = [
            finding if at in picked else _without_place(finding) for at, finding in enumerate(done.findings)
        ]
        whole = done.size <= SHOWN_WHOLE
        done = replace(done, lines=tuple(excerpt(source.chunks(), findings, whole=whole)))
    return done


def _other(source: Source, asked: Asked) -> CheckedFile | None:
    """Check a file that is no X12 as what it is received as; what reads one is loaded in doubt."""
    head = next(iter(source.chunks()), b"")
    if head.startswith(b"ISA") and head[3:4].decode("latin-1") in set(punctuation):
        return None
    from pipeline.check import census, money

    name, chunks = source.name, source.chunks
    if money.is_bank(chunks, asked.agreed, asked.partner, asked.mapping):
        return money.check_bank(name, chunks, asked.today, asked.mapping)
    if not census.is_census(chunks):
        return None
    if money.is_allocation(chunks):
        return money.check_allocation(name, chunks)
    return census.check(name, chunks, asked.agreed, asked.partner, asked.today)


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

    asked: Asked
    kept: Kept = field(default_factory=Kept)
    twice: Twice = field(default_factory=Twice)
    size: int = 0
    kinds: set[str] = field(default_factory=set)  # of sets and of answers to us
    # What would become of each set that answers nothing of ours, by its ST's ordinal; and of the members in them.
    states: dict[int, SetState] = field(default_factory=dict)
    members: set[Disposition] = field(default_factory=set)
    usage: str = ""  # ISA15 of the open interchange
    standing: SetState = SetState.APPLIED  # of the open set, where the 999 lets it in
    of_group: list[int] = field(default_factory=list)  # sets of the open group
    of_interchange: list[int] = field(default_factory=list)
    interchanges: list[CheckedInterchange] = field(default_factory=list)
    groups: dict[int, CheckedFunctionalGroup] = field(
        default_factory=dict
    )  # of the open interchange, by their GS' offsets
    sets: list[CheckedSet] = field(default_factory=list)  # of the open group

    def take(self, item: Answered) -> None:
        """Take one item of the fold."""
        match item:
            case EnrollmentEvent():
                self.twice.see(item)
            case SetHeader():
                self.take_header(item)
            case Remittance():
                self.take_remittance(item)
            case InboundAck():
                self.kinds.add(item.kind)
            case TransactionSet():
                self.kinds.add(item.kind)
                self.standing = SetState.APPLIED
                self.twice.open(item)
            case AnsweredSet():
                self.close_set(item)
            case FunctionalGroup():
                self.sets, self.of_group = [], []
            case AnsweredFunctionalGroup():
                self.close_functional_group(item.verdict, named=item.named)
            case OpenedInterchange():
                self.groups, self.of_interchange, self.usage = {}, [], item.header.usage
            case AnsweredInterchange():
                self.close_interchange(item)
            case FileVerdict():
                self.kept.add(item.findings)
                self.size = item.size
            case _:
                pass

    def take_header(self, item: SetHeader) -> None:
        """Say how far a set with this header goes; with terms that is asked with its members."""
        if self.asked.ruled is None:
            usage, environment = self.usage, self.asked.environment
            mode = sets.mode(item, None, usage=usage, environment=environment, partner=Partner("", ""))
            self.standing = sets.standing(mode.kind) or SetState.APPLIED
            self.kept.add(mode.findings)

    def take_remittance(self, item: Remittance) -> None:
        """Say whether a payment adds up; a test posts nothing, whatever it says."""
        from parsers.x12.remittance820 import balance

        if sets.is_test(self.usage, self.asked.environment):
            self.standing = SetState.REPORTED
            self.kept.add([found("TEST-FILE", item.where)])
        elif unbalanced := balance(item):
            self.standing = SetState.PENDED
            self.kept.add(unbalanced)

    def hear(self, item: Finding | Ruled) -> None:
        """Take what the rules say: a finding, or what would become of a set that the 999 lets in."""
        if isinstance(item, Finding):
            self.kept.add([item])
        elif self.states.get(item.segment, SetState.REJECTED) is not SetState.REJECTED:
            self.states[item.segment] = item.state
            self.members |= item.kinds if item.state is SetState.APPLIED else set()

    def close_set(self, item: AnsweredSet) -> None:
        verdict, header = item.verdict, item.verdict.set
        if header.kind not in ACKNOWLEDGING:
            rejected = verdict.verdict is Verdict.REJECTED
            self.states[header.segment] = SetState.REJECTED if rejected else self.standing
            self.of_group.append(header.segment)
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
        if item.verdict is Verdict.REJECTED:
            self.states.update(dict.fromkeys(self.of_group, SetState.REJECTED))
        self.of_interchange += self.of_group
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
        if rejected:
            self.states.update(dict.fromkeys(self.of_interchange, SetState.REJECTED))
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
        """Return what the passes came to: the state that the receiver would give the file, in a sender's words."""
        refused = self.kept.counts[Severity.ERROR] > 0
        answers = bool(self.kinds) and self.kinds <= ANSWERS
        state = file_state(self.states.values(), self.members, answers=answers, seen=False, refused=refused)
        outcome = Outcome.of(state, refused=refused) if self.interchanges else Outcome.UNREADABLE
        kind = "X12" if self.interchanges else ""
        return self.kept.result(name, kind, self.size, outcome, tuple(self.interchanges))
