"""What people may give the bank's commands by mistake: a plain word and exit code, and nothing is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from model.money.bank import MAX_BYTES
from sample_files import banking
from sample_files.banking import LOCKBOX_MAP
from support.installation import SAMPLES, run
from support.keyboard import said

LOCKBOX = SAMPLES / "bank" / "lockbox.csv"
HUGE = "9" * 25
NUMBERS = (
    *("bank show {}", "bank match {} --to new", "bank void {}", "bank list --file {}", "deposit void {}"),
    *("deposit match 1 --remittance {}", "payment show {}", "payment template --deposit {}"),
    *("suspense show {}", "suspense assign {} --to invoice:1", "suspense rule end {}", "work show {}"),
)


Refused = Callable[..., str]


@pytest.fixture
def refused(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Run a command as a process would that ends with exit code 2; return its standard error."""

    def ran(*arguments: object) -> str:
        told = said(monkeypatch, capsys, *arguments)
        assert told.code == 2
        return told.err

    return ran


@pytest.mark.parametrize("command", NUMBERS)
def test_a_number_larger_than_any_is_told_plainly(command: str, refused: Refused) -> None:
    assert refused(*command.format(HUGE).split()) == "rollbook: a number is larger than any of ours\n"


def test_files_that_are_none(tmp_path: Path, refused: Refused) -> None:
    """A folder, nothing, an endless device, a mapping that says nothing, a sheet with other headings."""
    mapping, empty, other = tmp_path / "m.toml", tmp_path / "empty", tmp_path / "other.csv"
    mapping.write_text(LOCKBOX_MAP, "utf-8")
    empty.write_bytes(b"")
    other.write_text("a,b,c\n1,2,3\n", "utf-8")
    for words, *arguments in (
        ("is a folder: name the bank's file", tmp_path),
        ("is not there: name the bank's file", tmp_path / "absent"),
        (f"too large: we read up to {MAX_BYTES:,} bytes", "/dev/zero"),
        ("is empty: it names no column", LOCKBOX, "--mapping", empty),
        ("there is no file 7 of the bank", "--file", 7),
    ):
        assert words in refused("bank", "list" if "--file" in arguments else "load", *arguments)
    ran = run("bank", "load", other, "--mapping", mapping, "--json")
    assert ran.code == 1
    said = {(each["message"], each["fix"].partition(",")[0]) for each in ran.json["findings"]}
    message = "The heading 'Batch' of the mapping is not in the file's first row."
    assert (message, "Write the file's own headings into the mapping") in said
    assert run("bank", "load", empty).code == 1


@pytest.mark.usefixtures("home")
def test_a_lockbox_of_excel_s_unicode_text_is_read(tmp_path: Path) -> None:
    mapping, sheet = tmp_path / "m.toml", tmp_path / "u16.csv"
    mapping.write_text(LOCKBOX_MAP, "utf-8")
    sheet.write_bytes(LOCKBOX.read_text("utf-8").encode("utf-16"))
    made = run("bank", "load", sheet, "--mapping", mapping, "--today", "2026-12-30", "--json").json
    assert (made["form"], made["file"]["lines"]) == ("lockbox", 2)


@pytest.mark.usefixtures("home")
def test_a_bank_stays_one_when_its_name_changes() -> None:
    assert run("partner", "add", "b", "--kind", "bank").code == 0
    assert run("partner", "add", "b", "--name", "First Bank", "--json").json["kind"] == "bank"
    assert run("partner", "add", "c", "--json").json["kind"] == "employer"


def test_a_deposit_is_none_before_the_bank_has_it(refused: Refused) -> None:
    add = ("deposit", "add", "--amount", "10.00", "--trace", "T1", "--today", "2027-01-05")
    assert "2062-01-05 is still ahead: a deposit is entered when" in refused(*add, "--date", "2062-01-05")
    assert run(*add, "--date", "2027-01-05").code == 0


FILES = {"statement.bai": "2026-12-30", "lockbox.csv": "2026-12-30", "returns.ach": "2026-12-30"}


@pytest.mark.parametrize("name", FILES)
def test_a_bank_s_day_is_no_further_ahead_than_a_long_weekend(name: str, home: Path) -> None:
    """Refused whole, as a deposit that people enter is; a day on which it settles may lie a little ahead."""
    (home / "lockbox.toml").write_text(LOCKBOX_MAP, "utf-8")
    sent, day = SAMPLES / "bank" / name, FILES[name]
    early = run("bank", "load", sent, "--today", "2026-12-24", "--json")
    assert early.code == 1 and early.json["refused"]
    (finding,) = [each for each in early.json["findings"] if each["severity"] == "error"]
    assert (finding["code"], finding["message"]) == ("BANK-AHEAD", f"{day} is still ahead: today is 2026-12-24.")
    assert run("bank", "list", "--all", "--json").json["total"] == 0
    made = run("bank", "load", sent, "--today", "2026-12-25", "--json").json
    assert not made["refused"] and made["file"]["lines"] > 0


@pytest.mark.usefixtures("home")
def test_an_interim_statement_enters_nothing_that_the_final_one_brings(tmp_path: Path) -> None:
    """The bank's references of one credit differ between the two."""
    day, file = date(2026, 12, 30), tmp_path / "statement.bai"
    for reference, modifier, lines in (("I1", 3, 0), ("F1", 2, 1)):
        made = banking.bai2([banking.Entry("195", 40_000, reference, "WIRE7")], day)
        file.write_bytes(made.replace(b"USD,2/", f"USD,{modifier}/".encode()))
        loaded = run("bank", "load", file, "--today", "2026-12-31", "--json")
        assert (loaded.code, loaded.json["file"]["lines"]) == (lines, lines), "a credit without its 820 waits"
        assert [each["code"] for each in loaded.json["findings"]] == ["BANK-INTERIM"] * (not lines)
        assert len(run("bank", "list", "--all", "--json").json["lines"]) == lines
