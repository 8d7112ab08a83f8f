"""A full file lost a division: held, previewed, released but for twelve people, one of them undone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from model.people import Role
from pipeline.runtime.workspace import Settings, open_workspace
from support.installation import PARTNER, SAMPLES, TERMS, run
from support.people import TESTER, known

SENT, RECEIVED, DECIDED = "2026-11-20", "2027-01-20", "2027-01-22"
DIVISION = "REF*DX*200"


@pytest.fixture
def desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The group's roster and January's bill, with Dana at the keyboard and Robin beside her."""
    ws = open_workspace(Settings.read(), TESTER)
    known(ws, "Dana Quill", Role.SUPERVISOR)
    known(ws, "Robin Vale", Role.SUPERVISOR, by="Dana Quill")
    ws.close()
    monkeypatch.setattr("cli.session.login", lambda: "dana")
    terms = home / "terms.toml"
    text = TERMS.read_text("utf-8").replace("[partner.profile]", '[partner.profile]\nabsence = "end"', 1)
    terms.write_text(text)
    assert run("terms", "load", terms, "--today", "2026-11-02").code == 0
    run("receive", SAMPLES / "demo" / "01-adds.edi", "--partner", PARTNER, "--today", SENT)
    assert run("bill", "--month", "2027-01", "--group", "HM4100", "--today", "2026-12-10").code == 0
    return monkeypatch


def without_the_division(folder: Path) -> Path:
    """Return the group's full file without the families of one division."""
    exported = run("roster", "export", "--group", "HM4100", "--format", "834", "--today", RECEIVED, "--json").json
    (path,) = exported["documents"]
    segments = [part.strip() for part in Path(path).read_text().split("~")]
    begins = [at for at, text in enumerate(segments) if text.startswith("INS*")]
    end = next(at for at, text in enumerate(segments) if text.startswith("SE*"))
    loops = [segments[at:upto] for at, upto in zip(begins, [*begins[1:], end], strict=True)]
    head = [text for text in segments[: begins[0]] if not text.startswith("QTY*")]
    body = [*head, *(text for loop in loops if DIVISION not in loop for text in loop)]
    count = len(body) - 1  # without ISA and GS, with SE
    made = folder / "full.edi"
    made.write_text("~\n".join([*body, f"SE*{count}*0001", *segments[end + 1 :]]))
    return made


def known_of(*question: str) -> dict[str, Any]:
    """Return an answer without the days on which and as of which it was asked."""
    shown = run(*question, "--json").json
    return {name: value for name, value in shown.items() if name not in ("on", "known_on", "today")}


def work(word: str, number: int, *more: str) -> Any:
    return run("work", word, number, *more, "--today", DECIDED, "--json")


def test_a_full_file_that_lost_a_division(desk: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = without_the_division(tmp_path)
    questions = (("account", "show", "41000200"), ("group", "show", "HM4100"))
    before = [known_of(*question, "--today", RECEIVED) for question in questions]
    shown = run("preview", path, "--partner", PARTNER, "--today", RECEIVED, "--json").json
    assert [part["state"] for part in shown["sets"]] == ["HELD"]
    assert {loss["subgroup"] for loss in shown["losses"]} == {"200"} and shown["lost"] > 20
    assert "would end by absence" in shown["sets"][0]["reason"]
    received = run(
        "receive", path, "--partner", PARTNER, "--today", RECEIVED, "--expect", shown["digest"], "--json"
    )
    assert [file["state"] for file in received.json] == ["PENDED"]
    file_id = received.json[0]["file_id"]
    items = run("work", "list", "--kind", "set", "--today", DECIDED, "--json").json["items"]
    assert [item["code"] for item in items] == ["SET-ENDS-ABSENT"]
    number = items[0]["number"]
    again = run("preview", number, "--today", DECIDED, "--json").json
    assert {loss["member_id"] for loss in again["losses"]} == {loss["member_id"] for loss in shown["losses"]}

    subscribers = [loss["member_id"] for loss in shown["losses"] if loss["relationship"] == "18"]
    kept = sorted(set(subscribers))[:12]
    release = ("--but", ",".join(kept))
    digest = work("release", number, *release).json["effect"]["digest"]
    asked = work("release", number, *release, "--seen", digest, "--reason", "the division has left")
    assert not asked.json["done"]
    desk.setattr("cli.session.login", lambda: "robin")
    done = work("release", number, *release, "--seen", digest, "--reason", "their letter says so")
    assert done.json["done"], done.json

    def last_days(member: str) -> set[str]:
        today = run("member", "show", member, "--today", DECIDED, "--json").json
        return set(re.findall(r'"end": "(\d{4}-\d\d-\d\d)"', json.dumps(today)))

    assert all("9999-12-31" in last_days(member) for member in kept)
    gone = sorted(set(subscribers))[12]
    assert last_days(gone) == {"2027-01-31"}

    undo = ("undo", "file", file_id, "--member", gone, "--today", "2027-01-25")
    trial = run(*undo, "--trial", "--json").json
    assert trial["effect"] and last_days(gone) == {"2027-01-31"}
    first = run(*undo, "--seen", trial["effect"]["digest"], "--reason", "she stays", "--json")
    desk.setattr("cli.session.login", lambda: "dana")
    second = run(*undo, "--seen", trial["effect"]["digest"], "--reason", "HR called", "--json")
    assert (first.json["done"], second.json["done"]) == (False, True)
    assert "9999-12-31" in last_days(gone)

    later = ("--today", "2027-02-20", "--as-of", RECEIVED, "--known-on", RECEIVED)
    assert [known_of(*question, *later) for question in questions] == before
