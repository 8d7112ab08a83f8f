"""Cases of decisions: files as people send them, what is decided, and what comes of both, as texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from model.approval import NOBODY
from model.enrollment.grounds import Claim
from model.enrollment.ruling import Amendment, Answer, Kind
from model.finding import Severity
from model.timeline import OPEN
from pipeline.decisions import member, sets
from pipeline.receive.deliver import deliver
from pipeline.receive.run import receive
from pipeline.runtime.workspace import Workspace
from pipeline.views.decided import DecisionView, SpanView
from sample_files import edi
from store.people import roster
from store.received import files, member_lines, pages
from store.tables import finding
from support.installation import GROUP, PARTNER
from support.people import TWO, deciding

HOME = ("1 MAIN ST", "HARTFORD", "CT", "06101")
PEOPLE = {
    "ada": ("E00000001", edi.Person("18", "SAMPLE", "ADA", date(1984, 3, 30), "F", "900000001")),
    "bea": ("E00000001", edi.Person("01", "SAMPLE", "BEA", date(1985, 4, 1), "F", "900000003")),
    "cy": ("E00000001", edi.Person("19", "SAMPLE", "CY", date(2015, 6, 2), "M", "900000004")),
    "zoe": ("E00000001", edi.Person("19", "SAMPLE", "ZOE", date(2016, 7, 3), "F", "900000004")),  # with Cy's SSN
    "ann": ("E00000001", edi.Person("01", "SAMPLE", "ANN", date(1987, 8, 4), "F", "900000005")),
    "eve": ("E00000001", edi.Person("19", "SAMPLE", "EVE", date(2001, 2, 10), "F", "900000006")),
    "sue": (
        "E00000003",
        edi.Person("18", "SAMPLE", "BEA", date(1985, 4, 1), "F", "900000003"),
    ),  # Bea, employed herself
    "dan": ("E00000002", edi.Person("18", "SAMPLE", "DAN", date(1986, 5, 1), "M", "900000002")),
}
ALONE = replace(TWO, requested_by="", approved_by="")


def data(number: int, spec: dict[str, Any]) -> bytes:
    """Return a file: `day`, `records`, and where they are not usual `action`, `ref`, `dated`, `instead`.

    `expect`: what its set is to come to, as a preview has it.
    """
    loops = [loop(record) for record in spec["records"]]
    dated = spec.get("dated", spec["day"])
    body = edi.enrollment_set(loops, dated, spec.get("ref", f"R{number}"), action=str(spec.get("action", "2")))
    text = edi.interchange([body], spec["day"], number)
    for old, new in spec.get("instead", ()):
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def loop(record: dict[str, Any]) -> edi.Segments:
    """Return a member loop: who, do (INS03), reason, lines (`024 HLT GOLD EMP begin end`), dates, cobra, order."""
    number, person = PEOPLE[record["who"]]
    covers = tuple(_coverage(*text.split()) for text in record.get("lines", ()))
    place = str(record.get("subgroup", "100"))
    family = edi.Family(number, place, (person,), covers, record.get("hired", date(2022, 3, 1)), HOME)
    dates = [(str(kind), day) for kind, day in record.get("dates", {}).items()]
    reason, cobra = str(record.get("reason", "29")), str(record.get("cobra", ""))
    loop = edi.member(family, person, str(record.get("do", "021")), reason, dates=dates, cobra=cobra)
    if record.get("order"):  # a court ordered it
        at = next(at for at, segment in enumerate(loop) if segment.startswith("DMG"))
        loop.insert(at + 1, "NM1*E1*1*COURT")
    return _died(loop, record["death"]) if "death" in record else loop


def _died(loop: edi.Segments, day: date) -> edi.Segments:
    """Return a loop with a date of death (INS11 and INS12)."""
    elements = [*loop[0].split("*"), *[""] * 11][:11]
    return ["*".join([*elements, "D8", f"{day:%Y%m%d}"]), *loop[1:]]


def _coverage(do: str, line: str, plan: str, tier: str = "-", begin: str = "-", end: str = "-") -> edi.Coverage:
    tier, plan = tier.strip("-"), plan.strip("-")
    return edi.Coverage(line, plan, tier, _day(begin), _day(end), do)


def _day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


def take(ws: Workspace, number: int, spec: dict[str, Any]) -> str:
    """Receive a file, or where a case has it a `sheet`; return its id."""
    if "sheet" in spec:
        return receive(ws, [spec["sheet"].encode()], f"{number}.csv", PARTNER, "test", ws.now(spec["day"]))
    at, expect = ws.now(spec["day"]), spec.get("expect", ())
    return receive(ws, [data(number, spec)], f"{number}.edi", PARTNER, "test", at, expect=expect)


def set_of(ws: Workspace, file_id: str) -> int:
    """Return the row id of a file's only set."""
    with ws.database.read() as conn:
        (stored,) = files.sets_of(conn, file_id)
    return stored.id


def answer_of(spec: dict[str, Any]) -> Answer:
    """Return the answer that a case gives."""
    amend = Amendment(**{name: spec[name] for name in ("end", "subgroup", "plan", "tier") if name in spec})
    claim = Claim(spec.get("ground", ""), spec.get("no_contribution", False), spec.get("evidence"))
    link = spec.get("link", "")
    return Answer(Kind(spec["kind"]), claim, amend, spec.get("keep", False), link, spec.get("new_person", False))


def decide(ws: Workspace, set_id: int, spec: dict[str, Any], shown: str = "") -> DecisionView:
    """Decide as a case says, by the people whom it takes; without `shown` only look."""
    now, at = ws.now(spec["day"]), deciding(ws)
    kind = Kind(spec["kind"])
    people = NOBODY if not shown else TWO if spec.get("two") else ALONE
    if kind is Kind.RELEASE:
        return sets.release(at, set_id, now, people, frozenset(spec.get("but", ())), shown)
    if kind is Kind.DROP:
        return sets.drop(at, set_id, now, people, shown)
    return member.decide(at, set_id, spec.get("line", 1), answer_of(spec), now, people, shown)


def came(ws: Workspace, set_id: int) -> list[str]:
    """Return what the lines of a set came to in the end: `1 medical PENDED waits for a decision`."""
    with ws.database.read() as conn:
        rows = member_lines.dispositions(conn, set_id)
    stars = {"SENT": "", "IMPLIED": "*"}
    return [f"{row.number}{stars[row.cause]} {row.line or '-'} {row.disposition} {row.action}" for row in rows]


def members_of(ws: Workspace, file_id: str) -> list[str]:
    """Return the member IDs of a file's lines, in their order."""
    with ws.database.read() as conn:
        return [row.member_id for row in member_lines.dispositions(conn, set_of(ws, file_id))]


def codes(ws: Workspace, file_id: str) -> list[str]:
    """Return the codes of a file's findings about its members, each once."""
    with ws.database.read() as conn:
        sets_of = files.sets_of(conn, file_id)
        raised = [pages.line_findings(conn, file_id, stored.id, (1, 1_000)) for stored in sets_of]
    return sorted({finding.code for lines in raised for found in lines.values() for finding in found})


def waiting(ws: Workspace, file_id: str) -> set[str]:
    """Return the codes for which something of a file waits."""
    with ws.database.read() as conn:
        mine = (finding.c.file_id == file_id, finding.c.severity == Severity.PEND)
        return set(conn.scalars(select(finding.c.code).where(*mine)))


def spans(ws: Workspace) -> list[str]:
    """Return the group's coverage: `M000000001 medical GOLD EMP 2026-10-01 open`."""
    with ws.database.read() as conn:
        families = roster.families(conn, GROUP)
    held = [(e.person.member_id, c) for family in families for e in family.enrollees for c in e.coverages]
    texts = (
        " ".join(filter(None, (who, c.line, c.plan, c.tier, f"{c.span.begin} {c.span.end}"))) for who, c in held
    )
    return sorted(text.replace(str(OPEN), "open") for text in texts)


def told(spans: Iterable[SpanView]) -> list[str]:
    """Return the coverage of an effect as `spans` does, those of places left out."""
    return sorted(
        f"{s.member} {s.line} {s.what} {s.begin} {s.end.replace(str(OPEN), 'open')}" for s in spans if s.line
    )


def supplement(ws: Workspace, number: int, day: date, partner: str = PARTNER) -> list[str]:
    """Deliver; return the rows of a decision's supplement: member ID, line, result, what we did, code."""
    return _rows(ws, f"report-*-decision-{number}.csv", day, partner)


def looked_again(ws: Workspace, file_id: str, day: date, partner: str = PARTNER) -> list[str]:
    """Deliver; return the rows of what was looked at again of a file, once, as those of a supplement."""
    return _rows(ws, f"report-{file_id}-again-*.csv", day, partner)


def _rows(ws: Workspace, name: str, day: date, partner: str) -> list[str]:
    deliver(ws, ws.now(day))
    (path,) = (ws.outbox / partner).rglob(name)
    rows: Sequence[dict[str, str]] = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    wanted = ("Member ID", "Line of coverage", "Result", "What we did", "Code")
    return [" / ".join(row[name] for name in wanted).rstrip(" /") for row in rows]
