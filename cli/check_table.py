"""A sender's check on a terminal: each file's verdicts, then its findings in a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rich.console import Console
from rich.text import Text

from cli import show as shown
from cli.session import width_of
from model.documents.check import CheckedFile, CheckedFunctionalGroup, CheckReport, Outcome, counted
from model.finding import Severity
from model.x12 import Verdict

_SETS = 20  # listed of one group on a terminal, those with errors first
_FINDINGS = 200  # of one file

_OUTCOMES = {
    Outcome.ACCEPTED: ("would be accepted", "green"),
    Outcome.REPORTED: ("would be reported, and change nothing", "green"),
    Outcome.WAITING: ("would be taken, and wait for a decision", "yellow"),
    Outcome.PARTIAL: ("part of it would be rejected", "yellow"),
    Outcome.REJECTED: ("would be rejected", "red"),
    Outcome.UNREADABLE: ("cannot be read", "red"),
}
_WORDS = {
    Verdict.ACCEPTED: ("accepted", "green"),
    Verdict.ERRORS: ("accepted, errors noted", "yellow"),
    Verdict.PARTIAL: ("partly accepted", "yellow"),
    Verdict.REJECTED: ("rejected", "red"),
}
_SEVERITIES = ((Severity.ERROR, "error"), (Severity.PEND, "open question"), (Severity.WARNING, "warning"),
               (Severity.INFO, "note"))  # fmt: skip


def show(report: CheckReport, stream: TextIO) -> None:
    """Print the report. Colours and the width are the terminal's; a pipe or file gets neither."""
    console = Console(file=stream, highlight=False, width=width_of(stream))
    for at, file in enumerate(report.files):
        if at:
            console.print()
        _file(console, file)
    for text in report.unseen if report.files else ():
        console.print(Text(f"Not looked at: {text}", style="dim"))


def _file(console: Console, one: CheckedFile) -> None:
    words, style = _OUTCOMES[one.outcome]
    content = f"{counted(one.rows, 'row')}, " if one.kind not in ("", "X12") else ""
    console.print(Text.assemble((one.name, "bold"), f" ({content}{one.size:,} bytes): ", (words, f"bold {style}")))
    for line in _levels(one):
        console.print(line, soft_wrap=True)
    counts = [counted(one.count(kind), name) for kind, name in _SEVERITIES if one.count(kind)]
    console.print("  " + (", ".join(counts) or "nothing found"))
    rows = [
        (
            Text(finding.severity.value, style=shown.SEVERITY_STYLES[finding.severity.value]),
            finding.code,
            finding.where.text(),
            finding.message + (f" ({finding.subject})" if finding.subject else ""),
            finding.fix,
        )
        for finding in one.findings[:_FINDINGS]
    ]
    if rows:
        console.print()
        shown.five(console, rows)
    more = len(one.findings) - len(rows) + one.left_out
    if more:
        console.print(f"... {more:,} more: --format json or html has them")


def _levels(one: CheckedFile) -> Iterator[Text]:
    """Yield a line for each interchange, group and set: what it is, and how it would be answered."""
    for each in one.interchanges:
        usage = {"P": "", "T": ", test"}.get(each.usage, "")
        answer = f"TA1 {each.verdict.value} {each.code}" if each.answered else ""
        yield _line(
            2, f"interchange {each.control} from {each.sender} to {each.receiver}{usage}", each.verdict, answer
        )
        for group in each.groups:
            codes = " ".join(("AK9", group.verdict.value, *group.codes))
            answer = (
                f"999 {codes}, {group.accepted:,} of {counted(group.received, 'set')}" if group.answered else ""
            )
            name = f"group {group.control} {group.code} {group.version}"
            yield _line(4, name, group.verdict, answer)
            yield from _sets(group)


def _sets(group: CheckedFunctionalGroup) -> Iterator[Text]:
    worst = sorted(group.sets, key=lambda one: one.verdict is not Verdict.REJECTED)[:_SETS]
    for verdict in sorted(worst, key=lambda one: one.segment):
        name = f"set {verdict.control} {verdict.kind} ({verdict.content})"
        if group.lost and verdict.verdict is not Verdict.REJECTED:
            yield Text(f"      {name}: right in itself, and lost with the rest")
            continue
        named = group.answered and group.named
        answer = " ".join(("IK5", verdict.verdict.value, *verdict.codes)) if named else ""
        yield _line(6, name, verdict.verdict, answer)
    if group.received > len(worst):
        yield Text(f"      and {counted(group.received - len(worst), 'more set')}")


def _line(indent: int, name: str, verdict: Verdict, answer: str) -> Text:
    words, style = _WORDS[verdict]
    return Text.assemble(" " * indent, name, ": ", (words, style), f" [{answer}]" if answer else "")
