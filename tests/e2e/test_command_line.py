"""The command line as its users meet it: start-up, errors, exit codes, every command's JSON."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from datetime import date
from importlib import metadata
from pathlib import Path

import pytest

from cli.session import Failure
from support.answered import as_its_schema_says
from support.installation import GROUP, PARTNER, SAMPLES, TERMS, run

ADDS = SAMPLES / "valid" / "01-add-family.edi"


@pytest.fixture
def loaded(home: Path) -> Path:
    assert run("terms", "load", TERMS, "--today", "2026-11-02").code == 0
    return home


def test_help_is_light() -> None:
    """Start-up is felt: neither Prefect nor pandas nor another heavy package for --help.

    See docs/design.md, Start-up.
    """
    code = (
        "import sys; from cli.main import app\n"
        "from typer.testing import CliRunner\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print([m for m in ('prefect', 'pandas', 'boto3', 'typst', 'pyx12', 'sqlalchemy', 'pydantic')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program as a shell does."""
    command = [str(Path(sys.executable).parent / "rollbook"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


def test_the_program_says_its_version() -> None:
    done = program("--version")
    assert (done.returncode, done.stdout) == (0, f"rollbook {metadata.version('rollbook')}\n"), done.stderr


@pytest.mark.parametrize("words", [(), ("check",), ("file",), ("file", "list")], ids=" ".join)
def test_h_is_help_everywhere(words: tuple[str, ...]) -> None:
    asked = run(*words, "-h")
    assert (asked.code, asked.out) == (0, run(*words, "--help").out) and "Usage: " in asked.out


def test_help_is_as_wide_as_the_terminal() -> None:
    told = run("check", "-h", columns=200).out
    assert "Exit code 0: all would be accepted; 1: something would be rejected or wait for a decision; 2:" in told


def test_a_shell_completes_commands() -> None:
    """As the shell asks, by the script that --install-completion puts in its place."""
    begun = {"_ROLLBOOK_COMPLETE": "complete_bash", "COMP_WORDS": "rollbook file s", "COMP_CWORD": "2"}
    assert program(**begun).stdout.split() == ["show"]
    script = program("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert script.returncode == 0 and "_ROLLBOOK_COMPLETE=complete_bash" in script.stdout, script.stderr


def test_breakage_is_one_line_and_exit_code_2(home: Path) -> None:
    command = [sys.executable, "-m", "cli.main", "receive", "no-such-file.edi", "--partner", PARTNER]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ}, check=False)
    assert done.returncode == 2
    assert "no-such-file.edi" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("receive no-such-file.edi --partner acme --json", "no-such-file.edi"),
        ("receive a.edi --partner acme --json --today tomorrow", "is not a date"),
        ("exchange list --format json --until soon", "is not a date"),
        ("terms show NOBODY --json", "no terms are loaded for group NOBODY"),
        ("file shown --json", "No such command 'shown'"),
        ("bill --json", "Missing option '--month'"),
        ("bill --month 2027-01 --group 'G 1' --json", "a code is at most 50 letters"),
        ("check --json a.edi --format pdf --terms no-such-terms.toml", "no-such-terms.toml"),
        ("receive --json --nonsense", "No such option: --nonsense"),
    ],
)
def test_under_json_an_error_is_json_too(loaded: Path, command: str, words: str) -> None:
    """Breakage and wrong usage alike: the answer on standard output, the words for people on the other."""
    done = program(*shlex.split(command))
    assert done.returncode == 2
    value = as_its_schema_says(json.loads(done.stdout))
    assert value.keys() == {"schema", "error", "exit_code"}
    assert words in value["error"] and (value["schema"], value["exit_code"]) == ("error", 2)
    assert done.stderr == f"rollbook: {value['error']}\n"


def test_without_json_standard_output_says_nothing_of_an_error(loaded: Path) -> None:
    """What follows `--`, or is another option's value, asks for nothing."""
    for command in ("terms show NOBODY", "receive --partner acme -- --json"):
        done = program(*command.split())
        assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("rollbook: "), done.stderr


def test_under_json_exit_code_1_is_an_answer(loaded: Path) -> None:
    done = program(
        "check", str(SAMPLES / "broken" / "unknown-group" / "group.edi"), "--terms", str(TERMS), "--json"
    )
    assert done.returncode == 1 and json.loads(done.stdout)["schema"] == "check"


def test_lost_keys_are_said_not_shown(loaded: Path) -> None:
    (loaded / "keys.json").write_text("{}")
    command = [sys.executable, "-m", "cli.main", "file", "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "key ring" in done.stderr and "Traceback" not in done.stderr


def test_init_says_that_it_made_keys(bare_home: Path) -> None:
    first = run("init", "--json")
    assert first.code == 0 and first.json["keys_made"] is True
    assert oct((bare_home / "keys.json").stat().st_mode & 0o777) == "0o600"
    assert run("init", "--json").json["keys_made"] is False


def test_receive_json(loaded: Path) -> None:
    ran = run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-23", "--json")
    assert ran.code == 0
    (value,) = ran.json
    assert {"file_id", "sha256", "kind", "state", "acks", "sets"} <= value.keys()
    (one,) = value["sets"]
    assert {"control", "state", "members"} <= one.keys()
    member = one["members"][0]
    assert {"subscriber", "member", "disposition", "cause", "lines", "findings"} <= member.keys()
    assert run("receive", ADDS, "--partner", PARTNER, "--json").code == 0, "a duplicate is no refusal"


def test_exit_code_1_when_not_all_is_accepted(loaded: Path) -> None:
    broken = SAMPLES / "broken" / "unknown-group" / "group.edi"
    ran = run("receive", broken, "--partner", PARTNER, "--today", "2026-11-23", "--json")
    assert ran.code == 1
    finding = next(f for s in ran.json[0]["sets"] for m in s["members"] for f in m["findings"])
    assert {"code", "severity", "where", "message", "fix"} <= finding.keys()


def test_unknown_partner_is_refused_and_kept(loaded: Path) -> None:
    ran = run("receive", ADDS, "--partner", "nobody", "--json")
    (value,) = ran.json
    assert ran.code == 1
    assert (value["state"], value["acks"], value["documents"]) == ("REFUSED", [], [])
    assert [path.name for path in (loaded / "outbox").rglob("*")] == [PARTNER], "nobody is answered"
    assert run("file", "show", value["file_id"], "--json").json["sha256"] == value["sha256"]


def test_terms_with_an_error_load_nothing(home: Path, tmp_path: Path) -> None:
    broken = tmp_path / "terms.toml"
    broken.write_text(TERMS.read_text().replace('tax_id = "99-0000001"', 'tax_number = "99-0000001"'))
    ran = run("terms", "load", broken, "--json")
    assert ran.code == 1
    (result,) = ran.json
    assert not result["loaded"]
    line = broken.read_text().splitlines()[result["findings"][0]["where"]["segment"] - 1]
    assert line.startswith("tax_number")


def test_draft_can_be_loaded_and_shown(home: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.toml"
    assert run("terms", "draft", ADDS, "--out", draft).code == 0
    value = run("terms", "load", draft, "--json").json[0]
    assert value["loaded"] and value["partners"]
    assert run("terms", "show", value["group"], "--json").json["source"] == draft.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Dear plan, the file comes tomorrow.",
        "First Name,Last Name,SSN\n",
    ],
    ids=["empty", "a letter", "a sheet without a row"],
)
def test_a_draft_of_nothing_says_so_and_writes_nothing(home: Path, tmp_path: Path, text: str) -> None:
    given, draft = tmp_path / "given.csv", tmp_path / "draft.toml"
    given.write_text(text)
    for options in ((), ("--out", draft)):
        ran = run("terms", "draft", given, *options)
        assert ran.code == 1 and "nothing to draft from" in " ".join(ran.out.split()), ran.out
    assert not draft.exists()
    assert run("terms", "draft", given, "--json").code == 1


def test_partner_commands(home: Path) -> None:
    added = run("partner", "add", "acme", "--name", "Acme", "--isa", "ZZ:ACME", "--group", "G1", "--json")
    assert added.json["isa_ids"] == [["ZZ", "ACME"]]
    run("partner", "add", "acme", "--name", "Acme", "--isa", "ZZ:ACME", "--group", "G2")
    shown = run("partner", "show", "acme", "--json").json
    assert {grant["group"] for grant in shown["grants"]} == {"G1", "G2"}
    assert [partner["code"] for partner in run("partner", "list", "--json").json] == ["acme"]


def test_members_are_found_and_shown_masked(loaded: Path) -> None:
    run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-23")
    segments = [part.strip().split("*") for part in ADDS.read_text().split("~")]
    person = next(s for s in segments if s[0] == "NM1" and s[1] == "IL" and len(s) > 9)
    for how in (("--name", person[3]), ("--last4", person[9][-4:])):
        found = run("member", "find", *how, "--json").json
        assert person[4] in {member["first"] for member in found}
    shown = run("member", "show", found[0]["member"], "--json")
    assert person[9] not in shown.out
    assert f"***-**-{person[9][-4:]}" in shown.out
    assert run("member", "show", found[0]["member"]).code == 0


def test_bill_twice_bills_once(loaded: Path) -> None:
    run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-23")
    trial = run("bill", "--month", "2027-01", "--group", GROUP, "--today", "2026-12-10", "--trial", "--json")
    assert trial.json["trial"] and trial.json["invoices"]
    assert run("invoice", "list", "--json").json == []
    first = run("bill", "--month", "2027-01", "--today", "2026-12-10", "--json").json
    assert [invoice["number"] for invoice in first["invoices"]] == ["100001"]
    assert first["invoices"][0]["total_due_cents"] == trial.json["invoices"][0]["total_due_cents"]
    again = run("bill", "--month", "2027-01", "--today", "2026-12-11", "--json").json
    assert again["invoices"] == [] and again["already_billed"] == [first["invoices"][0]["account"]]


def test_a_month_after_the_next_is_billed_ahead_or_not_at_all(loaded: Path) -> None:
    """On 10 December January is next. A trial stores nothing, so that it may look as far as it likes."""
    run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-23")
    early = ("bill", "--month", "2027-02", "--today", "2026-12-10")
    refused = run(*early, "--json")
    assert refused.code == 1
    assert [finding["code"] for finding in refused.json["findings"]] == ["MONTH-AHEAD"]
    assert refused.json["invoices"] == [] and run("invoice", "list", "--json").json == []
    assert "2027-02" in run(*early).out and "--ahead" in run(*early).out
    assert run(*early, "--trial").code == 0
    assert [invoice["number"] for invoice in run(*early, "--ahead", "--json").json["invoices"]] == ["100001"]


def test_a_reprint_is_the_same_bytes(loaded: Path, tmp_path: Path) -> None:
    run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-23")
    documents = run("bill", "--month", "2027-01", "--today", "2026-12-10", "--json").json["documents"]
    run("invoice", "print", "100001", "--out", tmp_path / "again")
    for document in documents:
        assert (tmp_path / "again" / Path(document).name).read_bytes() == Path(document).read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ("file", "list"),
        ("file", "show", "F000001"),
        ("exchange", "list"),
        ("exchange", "show", "F000001"),
        ("exchange", "show", "201"),
        ("group", "show", GROUP),
        ("account", "show", "41000100"),
        ("invoice", "list"),
        ("payment", "list"),
        ("partner", "list"),
        ("partner", "show", PARTNER),
        ("terms", "show", GROUP),
        ("member", "find", "--birth", "1980-01-01"),
        ("reconcile", "--month", "2027-01", "--group", GROUP),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_every_command_speaks_json_and_to_people(loaded: Path, arguments: tuple[str, ...]) -> None:
    run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-23")
    run("bill", "--month", "2027-01", "--today", "2026-12-10")
    spoken = run(*arguments, "--today", "2026-12-28", "--json")
    assert spoken.code == 0
    json.loads(spoken.out)
    assert run(*arguments, "--today", "2026-12-28").code == 0


@pytest.mark.parametrize(
    ("arguments", "whole"),
    [
        ("file list", ("F000001", "2026-11-23")),
        ("exchange list", ("F000001", "2026-11-23", "000000201", "000000001", "0001")),
        ("exchange show F000001", ("F000001", "000000201", "000000001")),
        ("invoice list", ("100001", "41000100", "2027-01-01", "$2,160.00")),
        ("account show 41000100", ("100001", "41000100", "$2,160.00")),
    ],
)
def test_at_80_columns_no_identifier_is_cut(loaded: Path, arguments: str, whole: tuple[str, ...]) -> None:
    """Words may be folded; file ids, control numbers, invoices, accounts, days and amounts stand in one piece."""
    for day in ("2026-11-23", "2026-11-24"):
        run("receive", ADDS, "--partner", PARTNER, "--today", day)
    run("bill", "--month", "2027-01", "--today", "2026-12-10")
    shown = run(*arguments.split(), "--today", "2026-12-10", columns=80).out
    table = [line for line in shown.splitlines() if " -> " not in line]
    assert {name for name in whole if name not in "\n".join(table)} == set(), shown


def test_at_80_columns_member_ids_are_whole(loaded: Path) -> None:
    run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-23")
    last = next(part for part in ADDS.read_text().split("~") if part.strip().startswith("NM1*IL*1")).split("*")[3]
    found = run("member", "find", "--name", last, "--json").json
    shown = run("member", "find", "--name", last, columns=80).out
    assert found and {member["member"] for member in found} <= set(shown.split())


def test_the_ledger_of_exchanges_as_table_json_and_csv(loaded: Path) -> None:
    for day in ("2026-11-23", "2026-11-24"):
        run("receive", ADDS, "--partner", PARTNER, "--today", day)
    shown = run("exchange", "list", "--today", "2026-11-24")
    assert shown.code == 0 and "EXCHANGE-REPEATED" in shown.out and "000000201" in shown.out
    values = run("exchange", "list", "--format", "json", "--today", "2026-11-24").json
    assert [value["state"] for value in values] == ["APPLIED", "DUPLICATE"]
    assert run("exchange", "list", "--json", "--today", "2026-11-24").json == values
    rows = run("exchange", "list", "--format", "csv", "--today", "2026-11-24").out.splitlines()
    assert rows[0].startswith("way,at,partner,file,") and len(rows) == 3
    open_only = run("exchange", "list", "--findings", "--format", "json", "--today", "2026-11-24")
    assert (open_only.code, [exchange["file_id"] for exchange in open_only.json]) == (1, ["F000002"])
    assert run("exchange", "list", "--findings", "--until", "2026-11-23").code == 0
    assert "TA1" in run("exchange", "show", "F000002", "--today", "2026-11-24").out


@pytest.mark.parametrize("arguments", [("show", "F000099"), ("show", "7"), ("list", "--format", "xml")])
def test_the_ledger_of_exchanges_refuses_what_it_does_not_know(loaded: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(Failure):
        run("exchange", *arguments)


def test_test_environment_is_a_store_of_its_own(loaded: Path) -> None:
    day = date(2026, 11, 23)
    assert run("init", "--environment", "test", "--json").json["keys_made"] is False
    assert run("terms", "load", TERMS, "--environment", "test").code == 0
    run("receive", ADDS, "--partner", PARTNER, "--environment", "test", "--today", day)
    assert len(run("file", "list", "--environment", "test", "--json").json) == 1
    assert run("file", "list", "--json").json == []


def test_what_failed_for_want_of_set_up_runs_again(home: Path) -> None:
    """Duplicates count only what took effect or waits: a file refused for our missing set-up is received again."""
    run("partner", "add", PARTNER, "--isa", "ZZ:HARBORMILLS", "--today", "2026-01-01")
    first = run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-23", "--json").json[0]
    assert first["state"] == "REJECTED"
    assert [acknowledgment["code"] for acknowledgment in first["acks"]] == ["009"]
    run("terms", "load", TERMS, "--today", "2026-11-23")
    again = run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-24", "--json").json[0]
    assert again["state"] == "APPLIED"
