"""Every screen of the demo's installation at 80 and at 120 columns: nothing wider, no identifier or figure cut."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from support.demo import Told
from support.installation import run

# What shows something and changes nothing; beside them `terms show`, which prints the file as it was loaded.
SCREENS = (
    "file list",
    *(f"file show F0000{number:02}" for number in range(1, 12)),
    "file show F000002 --limit 5",
    "file times",
    "exchange list",
    "exchange list --findings",
    "exchange show F000002",
    "group show HM4100",
    "group show CP5200",
    "account show 41000200",
    "account show 52000100",
    "account show 52000900",
    "delinquency list",
    "account show 41000200 --as-of 2027-01-15",
    "account statement 41000100",
    "account statement 52000100 --from 2027-01-01 --as-of 2027-02-15",
    "forecast HM4100",
    "forecast CP5200 --month 2027-06",
    "invoice list",
    "invoice list --known-on 2030-01-01",
    "payment list",
    "payment show HM2027010001",
    "payment show R2",
    "suspense list",
    "suspense rules --ended",
    "bank list",
    "bank list --all",
    "refund list",
    "partner list",
    "partner show harbor-mills",
    "partner show bayview-brokers",
    "member find kingsley",
    "member find kingsly",
    "member find E10025",
    "member find --same-ssn",
    "member show M000000079",
    "member show M000000079 --history",
    "explain member M000000034",
    "explain member M000000125 --on 2027-01-15",
    "explain member E10063",
    "explain file F000011",
    "explain file F000010 --line 1",
    "explain invoice 100012",
    "explain invoice 100007 --subscriber E20005",
    "explain payment HM2027010001",
    "explain account 52000100",
    "member show M000000079 --as-of 2027-01-15",
    "order list",
    "work list",
    "work show 1",
    "work show 3",
    "undo file F000002 --trial",
    "undo file F000001 --trial",
    "operator list",
    "operator looks",
    "law",
    "verify --quick",
    "health",
    "health --list",
)
_WHOLE = re.compile(
    r"\b[MF]\d{6,9}\b|\b\d{4}-\d\d-\d\d\b|-?\$[\d,]+\.\d\d|\b\d{5,9}\b|\b[A-Z]{2,}(?:-[A-Z0-9]+)+\b"
)
_TO_COPY = re.compile(r"^ *(-> |rollbook )")  # a path or a command stands in one line, however long


def shown(told: Told, screen: str, columns: int) -> str:
    return run(*screen.split(), "--home", told.home, "--today", "2027-03-12", columns=columns).out


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_fits(told: Told, screen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.session.login", lambda: "robin")  # the demo's supervisor, who sees everything
    wide = Counter(_WHOLE.findall(shown(told, screen, 400)))
    for columns in (80, 120):
        text = shown(told, screen, columns)
        lines = [line.rstrip() for line in text.splitlines()]
        assert [line for line in lines if len(line) > columns and not _TO_COPY.match(line)] == []
        narrow = Counter(_WHOLE.findall(text))
        assert wide - narrow == Counter(), f"cut at {columns} columns"
