"""A termination of the whole family is said of each of its members, by name, with the cause IMPLIED."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from pipeline.runtime.workspace import Workspace
from support.installation import PARTNER, SAMPLES, load_terms, take, take_bytes

ADDS = SAMPLES / "valid" / "01-add-family.edi"


def family_term() -> bytes:
    """An 834 that ends the first family of the adds by a 357 on its subscriber."""
    segments = [segment.strip() for segment in ADDS.read_text().split("~")]
    start = next(i for i, segment in enumerate(segments) if segment.startswith("INS*Y"))
    loop = segments[start : start + 12]
    kept = [
        next(segment for segment in loop if segment.startswith(kind))
        for kind in ("REF*0F", "REF*DX", "NM1*IL", "DMG")
    ]
    head = [segment for segment in segments[:start] if not segment.startswith(("QTY", "DTP"))]
    head[0] = head[0].replace(head[0].split("*")[13], "000000991")
    body = ["INS*Y*18*024*08*A***TE", *kept[:2], "DTP*357*D8*20261231", *kept[2:]]
    count = len(head) - 2 + len(body) + 1
    group = head[1].split("*")[6]
    tail = [f"SE*{count}*0001", f"GE*1*{group}", "IEA*1*000000991"]
    return "".join(f"{segment}~" for segment in [*head, *body, *tail]).encode()


def test_dependents_end_with_their_subscriber(ws: Workspace) -> None:
    load_terms(ws)
    added = take(ws, ADDS, date(2026, 11, 23))
    family = added["sets"][0]["members"][0]["subscriber"]
    everyone = {m["member"] for m in added["sets"][0]["members"] if m["subscriber"] == family}
    assert len(everyone) > 1

    ended = take_bytes(ws, family_term(), "term.edi", date(2026, 11, 25))
    assert ended["state"] == "APPLIED", ended["all_findings"]
    members = ended["sets"][0]["members"]
    assert {m["member"] for m in members} == everyone
    assert [m["cause"] for m in members] == ["SENT"] + ["IMPLIED"] * (len(everyone) - 1)
    assert all("2026-12-31" in line["action"] for m in members for line in m["lines"] if line["line"])

    report = next((ws.outbox / PARTNER).glob(f"report-{ended['file_id']}.csv"))
    rows = list(csv.DictReader(io.StringIO(Path(report).read_text(encoding="utf-8-sig"))))
    names = {row["Member ID"]: row["Name"] for row in rows}
    assert names.keys() == everyone
    assert len(set(names.values())) == len(everyone), "each by their own name"
