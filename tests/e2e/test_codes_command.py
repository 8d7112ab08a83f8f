"""Codes on the command line: what is none is a usage error wherever it is written, and nothing is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.installation import SAMPLES, TERMS, run

ADDS = SAMPLES / "valid" / "01-add-family.edi"


@pytest.mark.parametrize(
    "code", ["..", "../elsewhere", "/etc", ".hidden", "a b", "a/b", "acme.", "x" * 51, "a\nb"]
)
@pytest.mark.parametrize(
    "command",
    [
        ("partner", "add", "CODE"),
        ("partner", "add", "acme", "--group", "CODE"),
        ("partner", "show", "CODE"),
        ("receive", ADDS, "--partner", "CODE"),
        ("sweep", "--partner", "CODE"),
        ("file", "list", "--partner", "CODE"),
        ("exchange", "list", "--partner", "CODE"),
        ("exchange", "show", "201", "--partner", "CODE"),
        ("terms", "show", "CODE"),
        ("terms", "draft", ADDS, "--partner", "CODE"),
        ("group", "show", "CODE"),
        ("account", "show", "CODE"),
        ("invoice", "list", "--group", "CODE"),
        ("invoice", "list", "--account", "CODE"),
        ("bill", "--month", "2027-01", "--group", "CODE"),
        ("reconcile", "--month", "2027-01", "--group", "CODE"),
        ("roster", "export", "--group", "CODE"),
        ("roster", "export", "--group", "G1", "--partner", "CODE"),
        ("census", "template", "--group", "CODE"),
        ("check", ADDS, "--partner", "CODE"),
    ],
    ids=lambda command: " ".join(str(word) for word in command[:2]),
)
def test_what_is_no_code_is_a_usage_error(bare_home: Path, command: tuple[object, ...], code: str) -> None:
    assert run(*(code if word == "CODE" else word for word in command)).code == 2
    assert not bare_home.exists()


def test_terms_keep_the_same_rule(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "terms.toml"
    path.write_text(TERMS.read_text().replace('account = "41000100"', 'account = "../41000100"'))
    ran = run("terms", "load", path, "--json")
    assert ran.code == 1 and ran.json[0]["findings"][0]["code"] == "TERMS-WRONG-VALUE"
