"""docs/exchanges.md: its findings are the code table's, its commands run, its options are the terms'."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from model.agreement.terms import PartnerProfile
from model.code_tables import exchange
from support.installation import PARTNER, ROOT, SAMPLES, TERMS, run

PAGE = (ROOT / "docs" / "exchanges.md").read_text("utf-8")
COMMANDS = re.findall(r"^rollbook (.*?)(?: {2,}.*)?$", PAGE, re.MULTILINE)


def test_every_finding_is_explained_as_the_table_does() -> None:
    rows = re.findall(r"^\| ([A-Z-]+) \| (\w+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert rows == [(name, code.severity.value, code.meaning, code.fix) for name, code in exchange.CODES.items()]


def test_its_options_are_the_profile_s_with_their_defaults() -> None:
    options = re.findall(r"^(\w+) = (\w+) +#", PAGE, re.MULTILINE)
    usual = PartnerProfile()
    assert len(options) == 3
    assert options == [(name, str(getattr(usual, name)).lower()) for name, _ in options]


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_run(home: Path, command: str) -> None:
    assert len(COMMANDS) == 6
    run("terms", "load", TERMS, "--today", "2026-11-02")
    run("receive", SAMPLES / "valid" / "01-add-family.edi", "--partner", PARTNER, "--today", "2026-11-23")
    assert run(*shlex.split(command), "--today", "2026-11-23").code == 0
