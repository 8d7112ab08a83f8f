"""A restored older database is noticed and read alone; two people go on with it, and numbers never go back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cli.session import Failure
from pipeline.runtime import marks
from pipeline.runtime.workspace import Settings, open_workspace
from store.engine import BarredError
from support.installation import PARTNER, SAMPLES, TERMS, run
from support.keyboard import said
from support.people import ANN, BEN, TESTER, deciding

ADDS = SAMPLES / "valid" / "01-add-family.edi"
TWO = ("--requested-by", "ana", "--approved-by", "ben", "--reason", "the disk of the store died")
WRITING = [
    ("terms", "load", str(TERMS)),
    ("partner", "add", "acme"),
    ("receive", str(ADDS), "--partner", PARTNER),
    ("bill", "--month", "2027-03", "--ahead"),
    ("deposit", "add", "--amount", "1.00", "--trace", "T", "--company", "C"),
    ("reconcile", "--month", "2027-01", "--group", "HM4100"),
]


def bill(month: str, day: str) -> list[str]:
    billed = run("bill", "--month", month, "--today", day, "--json").json
    return [invoice["number"] for invoice in billed["invoices"]]


def outbox(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "outbox").rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def story(stamped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder: an installation, and its store as it was after January's bill, before it went on. To copy."""
    folder = tmp_path_factory.mktemp("restored")
    home = Path(shutil.copytree(stamped, folder / "var"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROLLBOOK_HOME", str(home))
        assert run("terms", "load", TERMS, "--today", "2026-11-02").code == 0
        assert run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-23").code == 0
        assert bill("2027-01", "2026-12-10") == ["100001"]
        shutil.copy(home / "rollbook.db", folder / "backup.db")
        assert bill("2027-02", "2027-01-10") == ["100002"]
        assert run("receive", ADDS, "--partner", PARTNER, "--today", "2027-01-11").code == 0
    return folder


@pytest.fixture
def backup(story: Path, home: Path) -> Path:
    """A store as it was after January's bill, while the installation went on to February's and another file."""
    shutil.copytree(story / "var", home, dirs_exist_ok=True)
    return Path(shutil.copy(story / "backup.db", home.parent / "backup.db"))


@pytest.fixture
def restored(home: Path, backup: Path) -> Iterator[Path]:
    shutil.copy(home / "rollbook.db", home.parent / "newest.db")
    shutil.copy(backup, home / "rollbook.db")
    yield home


@pytest.mark.parametrize("command", WRITING, ids=" ".join)
def test_nothing_is_written_to_it(restored: Path, command: tuple[str, ...]) -> None:
    """Seen before: February was billed again as 100002, over the document that the partner had."""
    before, store = outbox(restored), (restored / "rollbook.db").read_bytes()
    with pytest.raises(BarredError, match=r"lacks file 2 to 2, (.|\n)*invoice 100002 to 100002"):
        run(*command)
    assert outbox(restored) == before and (restored / "rollbook.db").read_bytes() == store


def test_a_store_that_lacks_only_a_deposit_is_noticed(backup: Path, home: Path) -> None:
    shutil.copy(home / "rollbook.db", backup)
    deposit = ("deposit", "add", "--amount", "1.00", "--trace", "T", "--company", "C", "--today", "2027-01-12")
    assert run(*deposit).code in (0, 1)
    shutil.copy(backup, home / "rollbook.db")
    with pytest.raises(BarredError, match=r"lacks deposit up to 1, item up to 1, step \d+ to \d+\. Nothing"):
        run(*deposit)
    assert [finding["subject"] for finding in run("restored", *TWO, "--json").json["findings"]] == [
        "counter deposit",
        "counter item",  # a deposit without its remittance is open work
    ]
    assert run(*deposit).code in (0, 1) and len(run("payment", "list", "--json").json["deposits"]) == 1


@pytest.mark.parametrize(
    ("command", "code"), [(("invoice", "list", "--json"), 0), (WRITING[1], 2), (WRITING[3], 2)]
)
def test_it_is_read_and_says_so_once(
    restored: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
    code: int,
) -> None:
    """Seen before: whoever wanted to write was told the same line twice."""
    output = said(monkeypatch, capsys, *command)
    assert output.code == code and output.err.count("this store is older") == output.err.count("\n") == 1, (
        output.err
    )
    ran = run("invoice", "list", "--json")
    assert ran.code == 0 and [invoice["number"] for invoice in ran.json] == ["100001"]


def test_a_quick_verify_tells_it(restored: Path) -> None:
    """Seen before: exit code 0, on an older store and without any marks."""
    ran = run("verify", "--quick")
    assert ran.code == 1 and "invoice 100002 to 100002" in ran.out and "rollbook restored" in ran.out
    shutil.copy(restored.parent / "newest.db", restored / "rollbook.db")
    assert run("verify", "--quick").code == 0
    (restored / "marks.json").unlink()
    ran = run("verify", "--quick")
    assert ran.code == 1 and "marks.json" in ran.out


def test_recording_a_key_hides_no_lost_step(backup: Path, home: Path) -> None:
    """Seen before: the record took the number of the step that was lost, and nobody knew of it any more."""
    shutil.copy(home / "rollbook.db", backup)
    ring = json.loads((home / "keys.json").read_text())
    assert run("partner", "add", "lost").code == 0
    assert run("sweep", "--settle", "0").code == 0, "which marks it"
    shutil.copy(backup, home / "rollbook.db")
    ring["keys"].insert(0, {"id": "k9", "secret": "09" * 32})
    (home / "keys.json").write_text(json.dumps(ring))
    assert run("init", "--json").json["keys_recorded"] == ["k9"]
    with pytest.raises(BarredError, match="lacks step"):
        run("partner", "add", "acme")


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"invoice": "7"}', '{"invoice": 1e400}', '{"invoice": 1.5}', '{"invoice": true}', "é"]
)
def test_marks_that_are_none_are_said(home: Path, text: str) -> None:
    """Seen before: some were read as lower ones, one broke with OverflowError."""
    (home / "marks.json").write_text(text, encoding="utf-8")
    with pytest.raises(Failure, match=r"marks\.json cannot be read: put it back"):
        run("file", "list")


def archived(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (home / "archive").rglob("*") if path.is_file()}


@pytest.mark.parametrize("command", WRITING, ids=" ".join)
def test_an_archive_that_is_gone_is_noticed(backup: Path, home: Path, command: tuple[str, ...]) -> None:
    """Seen before: all went on, and only the whole verify said it."""
    (home / "archive").rename(home / "elsewhere")
    before, store = outbox(home), (home / "rollbook.db").read_bytes()
    with pytest.raises(BarredError, match=r"archive lacks F000001 and F000002: (.|\n)*the newest archive is back"):
        run(*command)
    assert outbox(home) == before and (home / "rollbook.db").read_bytes() == store
    ran = run("verify", "--quick")
    assert ran.code == 1 and "kept" in ran.out and "F000001" in ran.out
    if (home / "archive").exists():
        shutil.rmtree(home / "archive")
    (home / "elsewhere").rename(home / "archive")
    assert run("verify").code == 0 and run("partner", "add", "acme").code == 0


def test_an_older_archive_is_noticed_and_two_people_go_on(backup: Path, home: Path) -> None:
    """As with a lost store: what is missing is named, and what is lost later is noticed again."""
    for path in archived(home):
        path.unlink()
    one = run("file", "list", "--json").json
    assert [file["file_id"] for file in one] == ["F000001", "F000002"], "it is read"
    told = run("restored", *TWO, "--json").json["findings"]
    assert [finding["code"] for finding in told] == ["ARCHIVE-LACKS"] and "F000002" in told[0]["message"]
    assert run("verify", "--quick").code == 0, "two people know it"
    assert run("verify").code == 1, "and the whole names each file"
    taken = run("receive", ADDS, "--partner", PARTNER, "--today", "2027-01-13", "--json").json[0]
    assert taken["file_id"] == "F000003"
    for path in archived(home):
        path.unlink()
    with pytest.raises(BarredError, match=r"archive lacks F000003: "):
        run("partner", "add", "acme")


def test_a_deposit_has_a_number_that_never_goes_back(backup: Path, home: Path) -> None:
    """Seen before: the deposit entered after the restore was number 1, as the lost one had been."""
    add = ("deposit", "add", "--amount", "1.00", "--company", "C", "--today", "2027-01-12", "--json", "--trace")
    assert [run(*add, trace).json["deposit"] for trace in ("T1", "T2")] == [1, 2]
    assert marks.read(home)["deposit"] == 2
    shutil.copy(backup, home / "rollbook.db")
    findings = run("restored", *TWO, "--json").json["findings"]
    assert [finding["subject"] for finding in findings if "deposit" in finding["subject"]] == ["counter deposit"]
    assert run(*add, "T3").json["deposit"] == 3


def test_the_newest_store_is_written_again(restored: Path) -> None:
    shutil.copy(restored.parent / "newest.db", restored / "rollbook.db")
    assert bill("2027-03", "2027-02-10") == ["100003"]


def test_two_people_go_on_and_numbers_never_go_back(restored: Path) -> None:
    before = outbox(restored)
    for alone in ((), TWO[:2], (*TWO[:3], "Ana ", *TWO[4:]), TWO[:4]):
        with pytest.raises(Failure):
            run("restored", *alone)
    findings = run("restored", *TWO, "--json").json["findings"]
    assert {finding["code"] for finding in findings} == {"STORE-RESTORED"}
    assert {"counter invoice", "counter file", "counter isa13"} <= {finding["subject"] for finding in findings}
    assert bill("2027-02", "2027-01-12") == ["100003"], "100002 was given out"
    again = run("receive", ADDS, "--partner", PARTNER, "--today", "2027-01-13", "--json").json[0]
    assert again["file_id"] == "F000003"
    after = outbox(restored)
    assert {name: after[name] for name in before} == before and len(after) > len(before)
    with pytest.raises(Failure, match="nothing to do"):
        run("restored", *TWO)


def test_lost_marks_are_noticed(backup: Path, home: Path) -> None:
    (home / "marks.json").unlink()
    with pytest.raises(BarredError, match=r"marks\.json is missing"):
        run("partner", "add", "acme")
    assert run("restored", *TWO).code == 0
    assert bill("2027-03", "2027-02-10") == ["100003"]
    assert marks.read(home)["invoice"] == 100_003


def test_an_empty_store_does_not_take_the_place_of_a_lost_one(backup: Path, home: Path) -> None:
    shutil.rmtree(home / "archive")
    (home / "rollbook.db").unlink()
    with pytest.raises(Failure, match="another store"):
        run("init")


def test_marks_rise_together_and_never_fall(tmp_path: Path) -> None:
    def work(number: int) -> None:
        marks.raise_to(tmp_path, {"invoice": number % 50, f"c{number % 7}": number})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(200)))
    raised = marks.read(tmp_path)
    assert raised == {"invoice": 49} | {f"c{n}": max(range(n, 200, 7)) for n in range(7)}
    marks.raise_to(tmp_path, {"invoice": 3})
    assert marks.read(tmp_path) == raised


def test_a_published_document_is_never_replaced_by_other_bytes(home: Path) -> None:
    assert run("terms", "load", TERMS, "--today", "2026-11-02").code == 0
    folder = home / "outbox" / PARTNER
    foreign = folder / "report-F000001.csv"
    foreign.write_bytes(b"of somebody else")
    ran = run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-23")
    assert ran.code == 1 and "DOCUMENT-DIFFERS" in ran.out
    assert foreign.read_bytes() == b"of somebody else"
    assert {path.name for path in folder.iterdir()} >= {"ta1-000000001.edi", "999-000000002.edi"}, "others go out"
    assert run("sweep", "--settle", "0").code == 1, "it stays owed"
    foreign.unlink()
    assert run("sweep", "--settle", "0").code == 0
    assert foreign.read_bytes() != b"of somebody else"


def test_a_month_reconciled_again_is_a_document_of_its_own(backup: Path, home: Path) -> None:
    command = ("reconcile", "--month", "2027-01", "--group", "HM4100", "--json", "--today")
    first, second = (run(*command, day).json["documents"] for day in ("2027-01-12", "2027-01-20"))
    assert len(first) == len(second) > 0 and not set(first) & set(second)
    assert all(Path(path).is_file() for path in (*first, *second))


def test_whom_the_store_knows_decides(backup: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that knows people asks them, though it is read alone; one of before that takes two names (above)."""
    ws = open_workspace(Settings.read(), TESTER)
    deciding(ws)
    ws.close()
    shutil.copy(home / "rollbook.db", backup)
    assert run("partner", "add", "acme").code == 0
    assert run("receive", ADDS, "--partner", PARTNER, "--today", "2027-01-12").code == 0
    shutil.copy(backup, home / "rollbook.db")
    why = ("--reason", "the disk of the store died")
    for asks, allows, says in (
        ("ana", "ben", "ana is not known here"),
        (ANN, BEN, "Ben Ode approves at the own login"),
        (ANN, "", "it needs two people"),
    ):
        with pytest.raises(Failure, match=says):
            run("restored", "--requested-by", asks, "--approved-by", allows, *why)
    monkeypatch.setattr("cli.session.login", lambda: "ben")
    assert run("restored", "--requested-by", ANN, *why).code == 0
    assert run("partner", "add", "acme").code == 0
