"""`rollbook check` as senders meet it: exit codes, outputs, bad arguments, and nobody's data in any of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.session import Failure
from support.installation import ROOT, SAMPLES, TERMS, run

GOOD = SAMPLES / "valid" / "01-add-family.edi"
BAD = SAMPLES / "broken" / "one-bad-set-of-two" / "two-sets.edi"
PUBLIC = {"HARBOR", "MILLS", "MANUFACTURING", "NORTHWIND", "HEALTH", "PLAN"}


def private(path: Path) -> set[str]:
    """Return names, SSNs, birth dates, phones and streets of a file's members."""
    found = set()
    for line in path.read_text("ascii").split("~"):
        parts = line.strip().split("*")
        if parts[0] == "NM1":
            found |= {parts[3], parts[4], parts[9]}
        elif parts[0] in ("DMG", "N3"):
            found.add(parts[2] if parts[0] == "DMG" else parts[1])
        elif parts[0] == "PER":
            found.add(parts[4])
    return {word for word in found if len(word) > 2}


def test_exit_codes(tmp_path: Path) -> None:
    assert run("check", GOOD).code == 0
    assert run("check", GOOD, BAD).code == 1
    assert run("check", SAMPLES / "broken" / "unbalanced-820" / "unbalanced.edi").code == 1
    done = run("check", GOOD, tmp_path / "absent.edi", tmp_path)
    assert done.code == 2
    assert "01-add-family.edi (1,432 bytes): would be accepted" in done.out  # the others are checked all the same
    value = run("check", GOOD, tmp_path / "absent.edi", "--json").json
    assert (value["clean"], [file["file"] for file in value["files"]]) == (False, [GOOD.name])
    assert value["unread"] == [f"{tmp_path / 'absent.edi'} cannot be read: No such file or directory"]


def test_the_table_says_what_where_and_how_we_answer() -> None:
    out = run("check", BAD).out
    for text in (
        "TA1 A 000",
        "999 AK9 P, 1 of 2 sets",
        "IK5 R 5",
        "ELEMENT-1",
        "segment 12 INS02 (loop 2000)",
        "Fill",
    ):
        assert text in out


def test_json_holds_everything(tmp_path: Path) -> None:
    value = run("check", BAD, "--json", "--today", "2026-11-23").json
    (one,) = value["files"]
    assert (value["clean"], one["outcome"], one["counts"]["error"]) == (False, "partial", 2)
    lost, found = one["findings"]
    assert lost["code"] == "MEMBERS-NOT-APPLIED"
    assert found["acknowledged_as"] == {"ik304": "8", "ik403": "1"}
    assert (found["where"]["segment"], found["where"]["element"]) == (12, 2)
    (group,) = one["interchanges"][0]["groups"]
    assert [each["ik5"] for each in group["sets"]] == [
        {"verdict": "R", "codes": ["5"]},
        {"verdict": "A", "codes": []},
    ]
    target = tmp_path / "check.json"
    assert run("check", BAD, "--today", "2026-11-23", "--format", "json", "--output", target).out == ""
    assert json.loads(target.read_text("utf-8")) == value


def test_terms_add_the_groups_rules() -> None:
    adds = SAMPLES / "demo" / "01-adds.edi"
    assert run("check", adds).code == 0
    done = run("check", adds, "--terms", TERMS, "--today", "2026-11-23")
    assert done.code == 1
    assert "PLAN-UNKNOWN" in done.out and "AGED-OFF" in done.out


@pytest.mark.parametrize("form", ["table", "json", "html"])
@pytest.mark.parametrize("terms", [(), ("--terms", TERMS)])
def test_it_says_what_it_does_not_look_at(form: str, terms: tuple[object, ...]) -> None:
    """Only the books cause some waits: an end of somebody already covered, a payment without its deposit."""
    out = run("check", GOOD, *terms, "--format", form).out
    assert "who is covered, what was billed and paid, which files came before" in out
    assert ("no terms were given" in out) == (not terms)


@pytest.mark.parametrize("form", ["table", "json", "html"])
def test_nobodys_data_is_in_any_output(form: str) -> None:
    adds = SAMPLES / "demo" / "01-adds.edi"
    words = private(adds) - PUBLIC
    assert len(words) > 100
    out = run("check", adds, "--terms", TERMS, "--today", "2026-11-23", "--format", form).out
    assert len(out) > 1000
    assert [word for word in words if word in out] == []


def test_standard_input_is_read() -> None:
    command = [sys.executable, "-m", "cli.main", "check", "-"]
    done = subprocess.run(command, cwd=ROOT, input=BAD.read_bytes(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"standard input (1,662 bytes)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--format", "pdf"), "--format"),
        (("--environment", "moon"), "--environment"),
        (("--today", "tomorrow"), "not a date"),
        (("--partner", "acme"), "--terms"),
        (("--terms", "absent.toml"), "cannot be read"),
        (("--terms", TERMS, "--partner", "nobody"), "no partner nobody"),
        (("--terms", GOOD), "has errors"),
    ],
)
def test_wrong_usage_is_said(arguments: tuple[object, ...], says: str) -> None:
    with pytest.raises(Failure, match=says):
        run("check", GOOD, *arguments)


def test_check_takes_the_terms_files_that_load_takes(home: Path, tmp_path: Path) -> None:
    """A partner's file and a group's, together or the partner's alone, which asks no group's rules."""
    adds, text = SAMPLES / "demo" / "01-adds.edi", TERMS.read_text("utf-8")
    at = text.index("\n[group]")
    partner, group = tmp_path / "partner.toml", tmp_path / "group.toml"
    partner.write_text(text[:at])
    group.write_text(text[at:])
    assert run("terms", "load", group, partner, "--today", "2026-11-02").code == 0
    whole = run("check", adds, "--terms", TERMS, "--today", "2026-11-23", "--json").json
    parts = ("--terms", group, "--terms", partner)
    assert run("check", adds, *parts, "--today", "2026-11-23", "--json").json == whole
    alone = run("check", adds, "--terms", partner, "--today", "2026-11-23", "--json")
    assert (alone.code, alone.json["groups"]) == (0, []) and any("terms" in s for s in alone.json["not_looked_at"])
    for sheet in sorted((SAMPLES / "census").glob("*.csv")):
        assert run("check", sheet, "--terms", partner).code in (0, 1)


@pytest.mark.parametrize("path", sorted((SAMPLES / "broken").rglob("*.edi")), ids=lambda path: path.name)
def test_every_broken_sample_is_told_about(path: Path) -> None:
    done = run("check", path, "--terms", TERMS, "--today", "2026-11-23", "--json")
    (one,) = done.json["files"]
    assert one["findings"]
    assert done.code == (0 if one["outcome"] == "accepted" else 1)
