"""A sender's check as one page: how each file would be answered, and the file with each finding in its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby, pairwise

from model.documents.check import CheckedFile, CheckReport, Fold, Outcome, ShownLine, counted
from model.documents.statement import Document
from model.finding import Finding, Severity
from model.x12 import Verdict
from writers.forms import html
from writers.words import SEVERITIES, day, word

_ORDER = list(Severity)
_OPENS = frozenset({"ISA", "GS", "ST", "INS", "ENT", "SE"})  # a new thing begins: a little room above
_MOST_ROWS = 300  # of the table of levels
_MOST_ITEMS = 1_000  # findings without a segment to show

_OUTCOMES = {
    Outcome.ACCEPTED: ("green", "Would be accepted", "Nothing stands in the way of this file"),
    Outcome.REPORTED: ("green", "Would be reported", "This file would be decided and told, and change nothing"),
    Outcome.WAITING: ("amber", "Would wait", "This file would be taken, and part of it wait for a decision"),
    Outcome.PARTIAL: ("amber", "Would be rejected in part", "Correct what is wrong, then send the file"),
    Outcome.REJECTED: (
        "red",
        "Would be rejected",
        "Nothing of this file would be taken: correct it before you send it",
    ),
    Outcome.UNREADABLE: ("red", "Cannot be read", "This is not a file that we could read"),
}
_LETTERS = {
    Verdict.ACCEPTED: "Accepted",
    Verdict.ERRORS: "Accepted, errors noted",
    Verdict.PARTIAL: "Partly accepted",
    Verdict.REJECTED: "Rejected",
}


def render(report: CheckReport) -> Document:
    """Return `check.html`: self-contained, everybody's data masked."""
    names = ", ".join(file.name for file in report.files[:3]) + (" ..." if len(report.files) > 3 else "")
    parts = [f'<div class="file">{"".join(_file(file, report))}</div>\n' for file in report.files]
    return html.document("check", report.carrier, report.contact, "File check", names, parts, styles="check.css")


def _file(one: CheckedFile, report: CheckReport) -> Iterator[str]:
    tone, label, title = _OUTCOMES[one.outcome]
    against = f"Guides and the rules of {', '.join(report.against)}" if report.against else "Implementation guides"
    yield f"<h2>{escape(one.name)}</h2>"
    yield html.pairs(
        (
            ("Content", ", ".join([one.kind] * bool(one.kind) + [counted(one.rows, "row")] * bool(one.rows))),
            ("Size", counted(one.size, "byte")),
            ("Checked against", against),
            ("As received on", day(report.on)),
            ("Not looked at", " ".join(report.unseen)),
        )
    )
    yield html.banner(tone, label, title)
    yield html.tiles([(word(SEVERITIES, kind.value), f"{count:,}") for kind, count in one.counts if count])
    if one.interchanges:
        rows = list(_levels(one))
        more = f"The first {_MOST_ROWS:,} of them. " if len(rows) > _MOST_ROWS else ""
        yield html.section(
            "How we would answer",
            html.table(("", "Number", "Holds", "Verdict", "Answer"), rows[:_MOST_ROWS]),
            note=more + "TA1 and 999 as they would be if you sent the file now.",
        )
    if one.findings:
        yield html.section("What we found", html.table(("", "Code", "What", "How to fix it"), _kinds(one)))
    yield from _listing(one)


def _levels(one: CheckedFile) -> Iterator[tuple[str, ...]]:
    for each in one.interchanges:
        answer = f"TA1 {each.verdict.value} {each.code}" if each.answered else "no TA1"
        who = f"{each.sender} to {each.receiver}" + (", test" if each.usage == "T" else "")
        yield ("Interchange", each.control, who, _LETTERS[each.verdict], answer)
        for group in each.groups:
            codes = " ".join((group.verdict.value, *group.codes))
            answer = f"999 AK9 {codes}" if group.answered else "no 999"
            held = f"{group.code} {group.version}, {group.accepted:,} of {counted(group.received, 'set')} accepted"
            yield ("Group", group.control, held, _LETTERS[group.verdict], answer)
            for own in group.sets:
                lost = group.lost and own.verdict is not Verdict.REJECTED
                named = group.answered and group.named and not lost
                answer = " ".join(("IK5", own.verdict.value, *own.codes)) if named else ""
                verdict = "Right in itself, lost with the rest" if lost else _LETTERS[own.verdict]
                yield (f"Set {own.kind}", own.control, own.content, verdict, answer)


def _kinds(one: CheckedFile) -> Iterator[tuple[str, ...]]:
    """Yield each code once with its count, most urgent first."""
    counts = Counter((finding.severity, finding.code, finding.fix) for finding in one.findings)
    first = {(finding.severity, finding.code, finding.fix): finding for finding in reversed(one.findings)}
    for key, count in sorted(counts.items(), key=lambda item: (_ORDER.index(item[0][0]), -item[1])):
        text = first[key].message if count == 1 else f"{count:,} times, such as: {first[key].message}"
        yield (word(SEVERITIES, key[0].value), key[1], text, key[2])


def _listing(one: CheckedFile) -> Iterator[str]:
    """Yield the section that shows the file, or where it cannot be shown the findings alone."""
    placed = {at for line in one.lines if isinstance(line, ShownLine) for at in line.findings}
    loose = [finding for at, finding in enumerate(one.findings) if at not in placed]
    items = [_item((finding,), _finding(finding)) for finding in loose[:_MOST_ITEMS]]
    items += _clusters(one)
    if not items:
        return
    kinds = [kind for kind, count in one.counts if count]
    choices = [(f"u{_ORDER.index(kind)}", word(SEVERITIES, kind.value)) for kind in kinds]
    choices = [("found", "All findings"), *choices] if one.findings else []
    folded = any(isinstance(line, Fold) for line in one.lines)
    choices.append(("", "Segments shown" if folded else "Whole file" if one.lines else "All"))
    notes = ["Segments are shown as they are in the file; what is about a person is masked."] * bool(one.lines)
    left = one.left_out + max(0, len(loose) - _MOST_ITEMS)
    notes += [f"{counted(left, 'more finding')} could not be shown here."] * bool(left)
    if one.kind not in ("", "X12"):
        notes.append(
            "The cells of a spreadsheet are not shown: rows and columns are named as your program counts them."
        )
    yield html.section(
        "The file" if one.lines else "Findings",
        html.filters(choices, "found" if one.findings else "", "segment, element, code"),
        f'<div class="items">{"".join(items)}</div>',
        note=" ".join(notes),
    )


def _clusters(one: CheckedFile) -> Iterator[str]:
    """Yield the lines cut into items that a filter can choose: one segment with findings each, or none."""
    for shown, run in groupby(one.lines, lambda line: isinstance(line, ShownLine) and line.near):
        lines = list(run)
        if not shown:
            yield _item((), *map(_line, lines))
            continue
        near = [line for line in lines if isinstance(line, ShownLine)]
        faults = [at for at, line in enumerate(near) if line.findings]
        cuts = [0, *((a + b) // 2 + 1 for a, b in pairwise(faults)), len(near)]
        for begin, end in pairwise(cuts):
            part = near[begin:end]
            findings = [one.findings[at] for line in part for at in line.findings]
            yield _item(findings, *(_shown(line, one.findings) for line in part))


def _item(findings: Iterable[Finding], *parts: str) -> str:
    kinds = sorted({_ORDER.index(finding.severity) for finding in findings})
    words = " ".join(["found"] * bool(kinds) + [f"u{kind}" for kind in kinds])
    tone = f" u{kinds[0]}" if kinds else ""
    return f'<div class="item listing{tone}" data-kind="{words}">{"".join(parts)}</div>\n'


def _line(line: ShownLine | Fold) -> str:
    if isinstance(line, Fold):
        last = line.first + line.segments - 1
        what = counted(line.segments, "segment") + " without findings"
        return f'<p class="fold">segments {line.first:,} to {last:,}: {what}</p>'
    return _shown(line, ())


def _shown(line: ShownLine, findings: Sequence[Finding]) -> str:
    text = "".join(f"<mark>{escape(piece)}</mark>" if fault else escape(piece) for piece, fault in line.pieces)
    names = "line" + (" here" if line.findings else "") + (" opens" if line.name in _OPENS else "")
    own = "".join(_finding(findings[at]) for at in line.findings)
    return f'<div class="{names}"><i>{line.number:,}</i><span>{text}</span></div>{own}'


def _finding(one: Finding) -> str:
    about = f" ({escape(one.subject)})" if one.subject else ""
    where = escape(one.where.text())
    return (
        f'<div class="finding u{_ORDER.index(one.severity)}"><p><strong>{escape(one.message)}</strong>{about}</p>'
        f'<p>{escape(one.fix)}</p><p class="quiet">{where} <span class="code">{escape(one.code)}</span></p></div>'
    )
