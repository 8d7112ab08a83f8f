"""A bank's files come by its channel as a partner's do: each in one state, each line once.

Source: docs/domain.md, The bank.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from model.agreement.terms import BANK, Partner
from model.desk import Wanted
from model.documents.check import CheckedFile
from pipeline import inputs
from pipeline.check.rules import Agreed
from pipeline.check.run import Asked, Source, check
from pipeline.receive import sweep as sweeping
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views import banked, money
from pipeline.views.work import work_list
from sample_files import banking as bank_files
from sample_files.banking import Entry
from store.money import ledger
from support import values
from support.installation import PARTNER, SAMPLES, load_terms
from support.story import tell
from support.verified import whole

DAY = date(2027, 1, 14)
OURS = "first-bank"
STATEMENT = bank_files.bai2([Entry("142", 5_000, "B1", "T1"), Entry("142", 6_000, "B2", "T2")], DAY)


@pytest.fixture
def inbox(ws: Workspace) -> Path:
    """The bank's inbox."""
    inputs.add_partner(ws, Partner(OURS, "First Bank", kind=BANK), ws.now(DAY))
    return ws.settings.home / "inbox" / OURS


def swept(ws: Workspace, inbox: Path, *sent: bytes) -> list[dict[str, Any]]:
    """Drop files and sweep; return each as `file show` has it."""
    for at, data in enumerate(sent):
        (inbox / f"{at}.txt").write_bytes(data)
        sweeping.sweep(ws, ws.now(DAY), settle=0)
    assert not [path for path in inbox.iterdir() if path.is_file()], "what was taken is removed"
    return [values.file_value(ws, file["file_id"]) for file in values.file_list(ws)][-len(sent) :]


def states(files: list[dict[str, Any]]) -> list[str]:
    return [file["state"] for file in files]


def codes(file: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in file["all_findings"]]


def held(ws: Workspace) -> int:
    with ws.database.read() as conn:
        return ledger.balance(conn, "bank")


def test_each_file_ends_in_one_state_and_each_line_enters_once(ws: Workspace, inbox: Path, tmp_path: Path) -> None:
    """Loaded; known when it comes again, by hand too; refused with why: a wrong total, what is no bank's file."""
    tell(ws)
    before = held(ws)
    more = bank_files.bai2([Entry("142", 6_000, "B2", "T2"), Entry("142", 700, "B3", "T3")], DAY)
    wrong = STATEMENT.replace(b"49,22000", b"49,22001")
    junk = (b"", b"no file of a bank", "Betrag;Scheck\n1;2\n".encode("utf-16"), bytes(range(256)))
    adds = (SAMPLES / "valid" / "01-add-family.edi").read_bytes()
    files = swept(ws, inbox, STATEMENT, STATEMENT, more, wrong, adds, *junk)
    assert states(files) == ["APPLIED", "DUPLICATE", "APPLIED", *["REJECTED"] * 6]
    assert {file["kind"] for file in files} == {"bank"}
    assert [codes(file) for file in files] == [[], ["SET-SEEN"], [], ["BANK-TOTAL"], *[["BANK-UNREADABLE"]] * 5]
    assert [file["documents"] != [] for file in files] == [False, False, False, *[True] * 6]
    assert all("/_plan/" in path for file in files for path in file["documents"]), "no bank is told anything"
    assert held(ws) == before + 11_700
    assert inputs.load_bank(ws, more, "more.bai", "", ws.now(DAY)).known == 2
    assert {each.trace for each in money.payment_list(ws).deposits} >= {"T1", "T2", "T3"}
    whole(ws, DAY)
    assert replay(ws, tmp_path / "again").equal


def test_check_says_of_a_bank_s_file_what_taking_it_says(ws: Workspace, inbox: Path) -> None:
    """Without terms by its bytes; with them by who sends it."""
    load_terms(ws)
    bank, employer = (Agreed(None, (Partner("p", "P", kind=kind),), {}) for kind in (BANK, "employer"))

    def checked(data: bytes, agreed: Agreed | None = None) -> CheckedFile:
        return check(Source("b.bai", lambda: iter([data])), Asked(DAY, agreed))

    samples = SAMPLES / "bank"
    sent = [(samples / f"{name}").read_bytes() for name in ("statement.bai", "wrong-total.bai", "returns.ach")]
    for data, file in zip([*sent, b"junk"], swept(ws, inbox, *sent, b"junk"), strict=True):
        one = checked(data, bank)
        assert one.outcome == ("rejected" if file["state"] == "REJECTED" else "accepted")
        said = [finding["message"] for finding in file["all_findings"]]
        assert sorted(finding.message for finding in one.findings) == sorted(said)
        assert data == b"junk" or checked(data) == one
    assert checked(STATEMENT, employer).kind != "bank" and not checked(STATEMENT, employer).outcome.clean


def test_a_lockbox_needs_its_mapping_and_a_statement_none(ws: Workspace, inbox: Path, tmp_path: Path) -> None:
    """What a broken mapping keeps from being read is told with what is wrong in it; nothing else is kept."""
    tell(ws)
    cheques = bank_files.lockbox([("5001", 5_000, "", "100003"), ("5002", 6_000, "41000100", "")], DAY, "1")
    mapping = ws.settings.home / "lockbox.toml"
    mapping.write_text("no mapping", "utf-8")
    broken, statement = swept(ws, inbox, cheques, STATEMENT)
    assert (broken["state"], statement["state"]) == ("REJECTED", "APPLIED")
    assert "lockbox.toml cannot be used: the mapping is no TOML" in broken["all_findings"][0]["message"]
    mapping.write_text(bank_files.LOCKBOX_MAP, "utf-8")
    credit = bank_files.bai2([Entry("115", 11_000, "B9", "", "LOCKBOX LB7 2 ITEMS")], DAY)
    assert states(swept(ws, inbox, cheques, credit)) == ["APPLIED", "APPLIED"]
    paid = [each for each in money.payment_list(ws).deposits if each.trace in ("5001", "5002")]
    assert len(paid) == 2, "the credit made way for its cheques"
    assert {line.state for line in banked.bank_list(ws, whole=True).lines if line.sort == "cheque"} == {"MATCHED"}
    whole(ws, DAY)
    assert replay(ws, tmp_path / "again").equal


def test_a_statement_that_comes_each_day_is_missed(ws: Workspace, inbox: Path) -> None:
    """The night knows its rhythm as it knows any partner's; `rollbook health` has it."""
    load_terms(ws)
    for number in (0, 1, 4, 5, 6, 7, 8, 11, 12):  # each weekday from a Thursday on
        day = DAY + timedelta(days=number)
        one = Entry("142", 100 + number, f"B{number}", f"T{number}")
        (inbox / "s.bai").write_bytes(bank_files.bai2([one], day))
        sweeping.sweep(ws, ws.now(day), settle=0)
    inputs.look_at_desk(ws, ws.now(DAY + timedelta(days=30)))
    (missed,) = work_list(ws, ws.now(DAY), Wanted("exchange")).items
    assert missed.label.endswith(f"of {OURS} that was expected by 2027-01-28; the last one came on 2027-01-26")


def test_only_a_bank_s_word_is_the_bank_s(ws: Workspace) -> None:
    """The same bytes from an employer enter nothing."""
    load_terms(ws)
    inbox = ws.settings.home / "inbox" / PARTNER
    (file,) = swept(ws, inbox, STATEMENT)
    assert file["kind"] != "bank" and file["state"] != "APPLIED"
    assert held(ws) == 0 and not banked.bank_list(ws).files
