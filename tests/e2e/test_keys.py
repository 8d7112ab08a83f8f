"""Keys and installations: only `init` makes them; a lost, foreign or incomplete ring stops every command."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.session import Failure
from support.installation import PARTNER, SAMPLES, TERMS, run

ADDS = SAMPLES / "valid" / "01-add-family.edi"
READING = [
    ("file", "list"),
    ("file", "show", "F000001"),
    ("member", "find", "--birth", "1980-01-01"),
    ("member", "show", "M000000001"),
    ("group", "show", "HM4100"),
    ("account", "show", "41000100"),
    ("invoice", "list"),
    ("payment", "list"),
    ("partner", "list"),
    ("terms", "show", "HM4100"),
    ("exchange", "list"),
    ("roster", "export", "--group", "HM4100", "--format", "csv"),
]
WRITING = [
    ("terms", "load", str(TERMS)),
    ("partner", "add", "acme"),
    ("receive", str(ADDS), "--partner", PARTNER),
    ("sweep", "--settle", "0"),
    ("bill", "--month", "2027-01"),
    ("deposit", "add", "--amount", "1.00", "--trace", "T", "--company", "C"),
    ("reconcile", "--month", "2027-01", "--group", "HM4100"),
]


def lying(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def keys(home: Path) -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = json.loads((home / "keys.json").read_text())["keys"]
    return value


def write_keys(home: Path, *rows: dict[str, Any]) -> None:
    (home / "keys.json").write_text(json.dumps({"keys": rows}))


def another(key_id: str = "k9") -> dict[str, Any]:
    return {"id": key_id, "secret": os.urandom(32).hex()}


@pytest.fixture(scope="module")
def story(stamped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one file applied, to copy."""
    home = Path(shutil.copytree(stamped, tmp_path_factory.mktemp("keys") / "var"))
    assert run("terms", "load", TERMS, "--today", "2026-11-02", "--home", home).code == 0
    assert run("receive", ADDS, "--partner", PARTNER, "--today", "2026-11-23", "--home", home).code == 0
    return home


@pytest.fixture
def enrolled(story: Path, home: Path) -> Path:
    return Path(shutil.copytree(story, home, dirs_exist_ok=True))


@pytest.fixture
def sent_again(tmp_path: Path) -> Path:
    """The same people in a newer file."""
    path = tmp_path / "again.edi"
    text = ADDS.read_text().replace("000000201", "000000299").replace("HMSMALL0001", "HMSMALL0002")
    path.write_text(text.replace("*20261123*0600", "*20261124*0600"))
    return path


@pytest.mark.parametrize("command", [*READING, *WRITING], ids=" ".join)
def test_where_nothing_is_nothing_is_made(bare_home: Path, command: tuple[str, ...]) -> None:
    with pytest.raises(Failure, match=r"no installation here(.|\n)*rollbook init"):
        run(*command)
    assert not bare_home.exists()


@pytest.mark.parametrize("command", [("file", "list"), ("terms", "load", str(TERMS))], ids=" ".join)
def test_the_test_environment_is_made_by_init_too(home: Path, command: tuple[str, ...]) -> None:
    with pytest.raises(Failure, match="rollbook init --environment test"):
        run(*command, "--environment", "test")
    assert not (home / "test").exists()
    before = (home / "keys.json").read_bytes()
    made = run("init", "--environment", "test", "--json").json
    assert (made["keys_made"], len(made["keys_recorded"])) == (False, 1)
    assert run(*command, "--environment", "test").code == 0
    assert (home / "keys.json").read_bytes() == before, "both environments are under the same keys"


def test_a_lost_key_file_doubles_nobody(enrolled: Path, sent_again: Path) -> None:
    """Seen before: new keys were made, the same people enrolled again, the bill was twice as much, exit code 0."""
    bill = ("bill", "--month", "2027-01", "--trial", "--today", "2026-12-10", "--json")
    total = run(*bill).json["invoices"][0]["total_due_cents"]
    (key,) = keys(enrolled)
    lost = (enrolled / "keys.json").rename(enrolled.parent / "lost.json")
    before = lying(enrolled)
    receive = ("receive", sent_again, "--partner", PARTNER, "--today", "2026-11-24")
    for command in (receive, bill, ("init",), ("init", "--environment", "test"), ("file", "list")):
        with pytest.raises(Failure, match=rf"no key file(.|\n)*{key['id']}(.|\n)*ROLLBOOK_KEY_FILE"):
            run(*command)
    assert lying(enrolled) == before
    lost.rename(enrolled / "keys.json")
    assert run(*receive, "--json").json[0]["counts"] == {"NOOP": 8}
    assert run(*bill).json["invoices"][0]["total_due_cents"] == total


@pytest.mark.parametrize("command", [*READING, *WRITING], ids=" ".join)
def test_a_foreign_ring_stops_every_command(enrolled: Path, command: tuple[str, ...]) -> None:
    (key,) = keys(enrolled)
    write_keys(enrolled, another())
    before = lying(enrolled)
    with pytest.raises(Failure, match=rf"holds key k9, and this store is sealed under key {key['id']}"):
        run(*command)
    assert lying(enrolled) == before


def test_a_ring_of_the_same_names_is_known_too(enrolled: Path) -> None:
    (key,) = keys(enrolled)
    write_keys(enrolled, another(key["id"]))
    for command in (("file", "list"), ("init",)):
        with pytest.raises(Failure, match=f"key {key['id']} on the key ring is another key"):
            run(*command)


def test_a_new_key_is_recorded_by_init_and_then_needed(enrolled: Path, sent_again: Path) -> None:
    (key,) = keys(enrolled)
    write_keys(enrolled, another(), key)
    with pytest.raises(Failure, match=r"key k9 of the ring is new(.|\n)*rollbook init"):
        run("file", "list")
    assert run("init", "--json").json["keys_recorded"] == ["k9"]
    taken = run("receive", sent_again, "--partner", PARTNER, "--today", "2026-11-24", "--json").json[0]
    assert taken["counts"] == {"NOOP": 8}, "who was enrolled under the older key is found"
    for rest, missing in (
        ((another("k8"),), "k9"),
        ((keys(enrolled)[1],), "k9"),
        ((keys(enrolled)[0],), key["id"]),
    ):
        write_keys(enrolled, *rest)
        with pytest.raises(Failure, match=missing):
            run("file", "list")


def test_an_unreadable_ring_is_said_with_the_keys_that_are_wanted(enrolled: Path) -> None:
    (key,) = keys(enrolled)
    for ring in (b"{}", b"\xff\x00\x9c"):
        (enrolled / "keys.json").write_bytes(ring)
        with pytest.raises(Failure, match=rf"not readable(.|\n)*{key['id']}"):
            run("file", "list")
    (enrolled / "keys.json").unlink()
    (enrolled / "keys.json").mkdir()
    with pytest.raises(Failure, match=rf"cannot be read(.|\n)*{key['id']}"):
        run("file", "list")


@pytest.mark.parametrize("key_id", ["", "x" * 300, "clé", "a:b"])
def test_a_key_is_named_by_what_can_stand_before_what_it_seals(bare_home: Path, key_id: str) -> None:
    """Seen before: `init` took these, and the first file could not be archived or read."""
    bare_home.mkdir(exist_ok=True)
    write_keys(bare_home, another(key_id))
    with pytest.raises(Failure, match="id of a key"):
        run("init")


def test_a_lost_store_is_not_replaced_by_an_empty_one(enrolled: Path) -> None:
    """The archive's files are another store's: neither with new keys nor with the old ones is a new one made."""
    (enrolled / "rollbook.db").unlink()
    with pytest.raises(Failure, match="that another store received"):
        run("init")
    (enrolled / "keys.json").unlink()
    with pytest.raises(Failure, match="that another store received"):
        run("init")
    shutil.rmtree(enrolled / "archive")
    with pytest.raises(Failure, match=r"marks\.json knows of what another store published"):
        run("init")
    assert not (enrolled / "keys.json").exists() and not (enrolled / "rollbook.db").exists()


def test_an_environment_names_no_folder(home: Path) -> None:
    with pytest.raises(Failure, match="production"):
        run("file", "list", "--environment", "../elsewhere")
    assert {path.name for path in home.parent.iterdir()} == {"var"}


def test_published_documents_are_not_left_to_an_empty_store(enrolled: Path) -> None:
    """Seen before: a new store was made, and its numbers met the old documents (DOCUMENT-DIFFERS)."""
    (enrolled / "rollbook.db").unlink()
    shutil.rmtree(enrolled / "archive")
    (enrolled / "marks.json").unlink()
    for _ in range(2):
        with pytest.raises(Failure, match=r"documents lie in (.|\n)*outbox(.|\n)*move that folder away"):
            run("init")
        assert not (enrolled / "rollbook.db").exists()
        (enrolled / "keys.json").unlink(missing_ok=True)
    (enrolled / "outbox").rename(enrolled.parent / "kept")
    (enrolled / "outbox" / PARTNER).mkdir(parents=True)
    assert run("init").code == 0, "empty folders are nobody's work"


@pytest.mark.parametrize("where", ["environment", "file"])
def test_a_refused_ring_leaves_nothing_behind(
    bare_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Seen before: "Nothing was changed", and home, store and schema were there."""
    if where == "environment":
        monkeypatch.setenv("ROLLBOOK_KEYS", "{}")
    else:
        (tmp_path / "ring.json").write_text("{}")
        monkeypatch.setenv("ROLLBOOK_KEY_FILE", str(tmp_path / "ring.json"))
    with pytest.raises(Failure, match="Nothing was changed"):
        run("init")
    assert not bare_home.exists()
