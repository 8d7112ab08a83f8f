"""What a sender's check of its own files comes to, as `check --format json` has it. It needs no store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.codes import CODES
from model.documents.check import CheckedFile, CheckedFunctionalGroup, CheckedInterchange, CheckedSet, CheckReport
from model.finding import Finding
from pipeline.views.findings import position
from pipeline.views.plain import Counts, Texts

_ACKNOWLEDGED = ("ta105", "ak905", "ik502", "ik304", "ik403", "app824")


@dataclass(frozen=True, slots=True)
class CheckedPlace:
    """A position in a checked file: `text` for people; segments count from 1, `offset` in bytes."""

    text: str
    interchange: str
    group: str
    set: str
    segment: int
    segment_id: str
    element: int
    component: int
    loop: str
    offset: int


@dataclass(frozen=True, slots=True)
class CheckedFindingView:
    """One finding; `acknowledged_as`: the codes by which acknowledgments would tell it, by element."""

    code: str
    severity: str
    message: str
    fix: str
    subject: str
    acknowledged_as: Texts
    where: CheckedPlace


@dataclass(frozen=True, slots=True)
class Ik5View:
    """The IK5 that a set would get."""

    verdict: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckedSetView:
    """One set: ST01, ST02, its guide, the ordinal of its ST, how many segments and members it has."""

    kind: str
    control: str
    version: str
    segment: int
    segments: int
    members: int
    ik5: Ik5View


@dataclass(frozen=True, slots=True)
class ForetoldAck999:
    """The AK9 that a group would get, and whether a 999 would be sent at all."""

    sent: bool
    verdict: str
    codes: tuple[str, ...]
    declared: int
    received: int
    accepted: int


@dataclass(frozen=True, slots=True)
class CheckedGroupView:
    """One functional group: GS01, GS06, GS08, the ordinal of its GS."""

    code: str
    control: str
    version: str
    segment: int
    ack999: ForetoldAck999
    sets: tuple[CheckedSetView, ...]


@dataclass(frozen=True, slots=True)
class ForetoldTa1:
    """The TA1 that an interchange would get, and whether it would be sent at all."""

    sent: bool
    verdict: str
    code: str


@dataclass(frozen=True, slots=True)
class CheckedInterchangeView:
    """One interchange: ISA05:ISA06, ISA07:ISA08, ISA13, ISA15, the ordinal of its ISA."""

    sender: str
    receiver: str
    control: str
    usage: str
    segment: int
    ta1: ForetoldTa1
    groups: tuple[CheckedGroupView, ...]


@dataclass(frozen=True, slots=True)
class CheckedFileView:
    """One checked file; `counts` has all findings by severity, `rows` are a census's, 0 of any other file."""

    file: str
    kind: str
    bytes: int
    outcome: str
    counts: Counts
    rows: int
    interchanges: tuple[CheckedInterchangeView, ...]
    findings: tuple[CheckedFindingView, ...]
    findings_not_listed: int


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check as of a day; `groups`: whose terms the files were held against; `unread`: which were not read."""

    checked: date
    groups: tuple[str, ...]
    clean: bool
    not_looked_at: tuple[str, ...]
    files: tuple[CheckedFileView, ...]
    unread: tuple[str, ...]


def checked(report: CheckReport) -> CheckView:
    """Return what a check came to."""
    files = tuple(map(_file, report.files))
    clean = report.clean and not report.unread
    return CheckView(report.on, tuple(report.against), clean, tuple(report.unseen), files, report.unread)


def _file(file: CheckedFile) -> CheckedFileView:
    return CheckedFileView(
        file=file.name,
        kind=file.kind,
        bytes=file.size,
        outcome=file.outcome.value,
        counts=Counts.of((severity.value, count) for severity, count in file.counts),
        rows=file.rows,
        interchanges=tuple(map(_interchange, file.interchanges)),
        findings=tuple(map(_finding, file.findings)),
        findings_not_listed=file.left_out,
    )


def _interchange(interchange: CheckedInterchange) -> CheckedInterchangeView:
    return CheckedInterchangeView(
        sender=interchange.sender,
        receiver=interchange.receiver,
        control=interchange.control,
        usage=interchange.usage,
        segment=interchange.segment,
        ta1=ForetoldTa1(interchange.answered, interchange.verdict.value, interchange.code),
        groups=tuple(map(_group, interchange.groups)),
    )


def _group(group: CheckedFunctionalGroup) -> CheckedGroupView:
    return CheckedGroupView(
        code=group.code,
        control=group.control,
        version=group.version,
        segment=group.segment,
        ack999=ForetoldAck999(
            sent=group.answered,
            verdict=group.verdict.value,
            codes=tuple(group.codes),
            declared=group.declared,
            received=group.received,
            accepted=group.accepted,
        ),
        sets=tuple(map(_set, group.sets)),
    )


def _set(part: CheckedSet) -> CheckedSetView:
    return CheckedSetView(
        kind=part.kind,
        control=part.control,
        version=part.version,
        segment=part.segment,
        segments=part.segments,
        members=part.members,
        ik5=Ik5View(part.verdict.value, tuple(part.codes)),
    )


def _finding(finding: Finding) -> CheckedFindingView:
    code = CODES[finding.code]
    return CheckedFindingView(
        code=finding.code,
        severity=finding.severity.value,
        message=finding.message,
        fix=finding.fix,
        subject=finding.subject,
        acknowledged_as=Texts(tuple((name, text) for name in _ACKNOWLEDGED if (text := getattr(code, name)))),
        where=position(CheckedPlace, finding.where),
    )
