"""How often something is done for the members of a file: what costs is bounded by counts, not by the clock."""

from __future__ import annotations

import cProfile
import dataclasses
import pstats
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from enrollment import decide as deciding
from enrollment import straight
from model.enrollment.events import EnrollmentEvent
from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from store.received import files, member_lines
from support.installation import PARTNER, SAMPLES, load_terms
from vault import tokens
from vault.fields import FieldCipher

FAMILIES = 85
TODAY = date(2026, 11, 23)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count calls from now on."""
    counted: Counter[str] = Counter()

    def count(owner: object, name: str) -> None:
        plain: Callable[..., object] = getattr(owner, name)

        def counting(*args: object, **named: object) -> object:
            counted[name] += 1
            return plain(*args, **named)

        monkeypatch.setattr(owner, name, counting)

    count(EnrollmentEvent, "where")
    count(tokens, "token")
    count(deciding, "read")
    count(straight, "judge")
    count(deciding, "objections")
    count(FieldCipher, "seal")
    return counted


def adds(folder: Path) -> bytes:
    """Make a file of new families."""
    made = [sys.executable, str(SAMPLES / "generate.py"), "--families", str(FAMILIES), "--output"]
    subprocess.run([*made, str(folder / "adds.edi")], check=True)
    return (folder / "adds.edi").read_bytes()


def test_a_clean_file_costs_so_much_a_member(ws: Workspace, tmp_path: Path, counts: Counter[str]) -> None:
    load_terms(ws)
    data = adds(tmp_path)
    members = data.count(b"INS*")
    assert members > 190
    counts.clear()
    lines = data.count(b"HD*")
    with cProfile.Profile() as profile:
        inputs.receive(ws, [data], "adds.edi", PARTNER, "test", ws.now(TODAY))
    profiled = {f"{file}:{name}": calls[1] for (file, _, name), calls in pstats.Stats(profile).stats.items()}  # type: ignore[attr-defined]
    assert counts["where"] == 0, "positions are for findings, and there are none"
    # Judge makes those of family, SSN and person; a new SSN has one of its last four digits.
    assert counts["token"] <= 4 * members
    assert counts["read"] == counts["judge"] == members, "one reading, and the rules once"
    assert counts["objections"] == 0, "no family is tried"
    assert profiled[f"{dataclasses.__file__}:replace"] <= 2 * lines
    assert counts["seal"] <= members + FAMILIES + 20, "of SSNs, subscriber's numbers and what is owed"


def full(data: bytes, control: int) -> bytes:
    """Return the same families as a full file: audit records."""
    text = re.sub(rb"(INS\*.\*..)\*021\*..", rb"\1*030*XN", data).replace(b"HD*021", b"HD*030")
    text = re.sub(rb"(BGN\*00\*.*)\*2~", rb"\1*RX~", text)
    return text.replace(b"900001", b"%06d" % control).replace(b"HMLOAD1", b"HMLOAD%d" % control)


def test_a_full_file_that_changes_nothing_is_not_read_again(
    ws: Workspace, tmp_path: Path, counts: Counter[str]
) -> None:
    load_terms(ws)
    data = adds(tmp_path)
    members = data.count(b"INS*")
    states = []
    for nth, sent in enumerate((data, full(data, 900_011), full(data, 900_012))):
        counts.clear()
        file = inputs.receive(ws, [sent], "some.edi", PARTNER, "test", ws.now(TODAY))
        with ws.database.read() as conn:
            states.append(files.file(conn, file).state)
            lines = [
                row for stored in files.sets_of(conn, file) for row in member_lines.dispositions(conn, stored.id)
            ]
        assert counts["read"] == (members if nth < 2 else 0)
        assert len({row.number for row in lines}) == members
    assert states == ["APPLIED"] * 3
    assert {row.disposition for row in lines} == {"NOOP"}
    assert counts["seal"] <= 20
