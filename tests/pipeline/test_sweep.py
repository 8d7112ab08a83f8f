"""The sweep over folders: what has arrived is received once, and what does harm elsewhere does none here."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from intake.channel import ChannelError, Entry
from intake.folder import FolderWay
from model.enrollment.decision import FileState
from pipeline.receive import claim as claiming
from pipeline.receive import sweep as sweeping
from pipeline.runtime.workspace import Workspace
from pipeline.views.received import SweptView
from store import dump
from store.received import pickups
from support import values
from support.installation import PARTNER, SAMPLES, TERMS, load_terms

ADDS = SAMPLES / "valid" / "01-add-family.edi"
DAY = date(2026, 11, 23)
OTHER = """
[[partner]]
code = "other"
name = "Other"
isa_ids = ["ZZ:OTHER"]
"""


class Stopped(BaseException):
    """Stands for the kill: nothing in the code may catch it."""


@pytest.fixture
def inbox(ws: Workspace) -> Path:
    load_terms(ws)
    return ws.settings.home / "inbox" / PARTNER


def sweep(ws: Workspace) -> tuple[SweptView, ...]:
    return sweeping.sweep(ws, ws.now(DAY), settle=0)


def drop(folder: Path, name: str | bytes, data: bytes | None = None) -> Path:
    path = folder / os.fsdecode(name)
    path.write_bytes(ADDS.read_bytes() if data is None else data)
    return path


def states(ws: Workspace) -> list[str]:
    return [file["state"] for file in values.file_list(ws)]


def codes(swept: tuple[SweptView, ...]) -> list[str]:
    return [finding.code for partner in swept for finding in partner.findings]


def test_a_dropped_file_is_received_answered_and_gone(ws: Workspace, inbox: Path) -> None:
    drop(inbox, "adds.edi")
    (swept,) = sweep(ws)
    assert (swept.partner, swept.channel, len(swept.files), swept.findings) == (PARTNER, "folder", 1, ())
    assert list(inbox.iterdir()) == []
    (value,) = values.file_list(ws)
    assert (value["name"], value["channel"], value["state"]) == ("adds.edi", "folder", "APPLIED")
    answers = sorted(path.name for path in (ws.outbox / PARTNER).iterdir())
    assert answers
    (again,) = sweep(ws)
    assert again.files == ()
    assert sorted(path.name for path in (ws.outbox / PARTNER).iterdir()) == answers


def test_the_same_file_sent_again_is_a_receipt_of_its_own(ws: Workspace, inbox: Path) -> None:
    for _ in range(2):
        path = drop(inbox, "adds.edi")
        os.utime(path, (1_700_000_000, 1_700_000_000))  # as a client does that keeps the time
        sweep(ws)
    assert states(ws) == ["APPLIED", "DUPLICATE"]


def test_the_archive_keeps_what_was_taken_where_the_partner_wants_it(ws: Workspace, inbox: Path) -> None:
    text = TERMS.read_text(encoding="utf-8").replace(
        "[partner.profile]", '[partner.channel]\nafter = "archive"\n\n[partner.profile]'
    )
    load_terms(ws, text)
    drop(inbox, "adds.edi")
    assert len(sweep(ws)[0].files) == 1
    assert [path.name for path in (inbox / "archive").iterdir()] == ["F000001.adds.edi"]
    assert sweep(ws)[0].files == ()


def test_a_growing_file_waits(ws: Workspace, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop(inbox, "adds.edi", ADDS.read_bytes()[:100])

    def grow(_: float) -> None:
        with path.open("ab") as file:
            file.write(ADDS.read_bytes()[100:])

    with monkeypatch.context() as patched:
        patched.setattr(sweeping.time, "sleep", grow)
        assert codes(sweep(ws)) == ["ENTRY-GROWING"]
    assert states(ws) == []
    assert len(sweep(ws)[0].files) == 1
    assert states(ws) == ["APPLIED"]


def test_a_file_that_grows_while_it_is_read_is_not_claimed(
    ws: Workspace, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real = drop(inbox, "adds.edi"), FolderWay.read

    def read(self, entry):
        for number, chunk in enumerate(real(self, entry)):
            if number == 0:
                with path.open("ab") as file:
                    file.write(b"more")
            yield chunk

    monkeypatch.setattr(FolderWay, "read", read)
    assert codes(sweep(ws)) == ["ENTRY-GROWING"]
    assert states(ws) == []
    assert path.exists()


def test_hidden_temporary_and_hostile_things_do_no_harm(ws: Workspace, inbox: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.edi"
    secret.write_bytes(ADDS.read_bytes())
    kept = [drop(inbox, name) for name in (".hidden", "a.part", "b.TMP", "c.filepart", "d~", "e.crdownload")]
    (inbox / "link.edi").symlink_to(secret)
    (inbox / "dangling.edi").symlink_to(tmp_path / "nowhere")
    os.mkfifo(inbox / "pipe.edi")
    (inbox / "folder.edi").mkdir()
    (inbox / "back\\slash.edi").write_bytes(b"x")
    refused = ("link.edi", "dangling.edi", "pipe.edi", "back\\slash.edi")
    odd: dict[str | bytes, str] = {
        "new\nline.edi": "new?line.edi",
        "a" * 255: "a" * 200,
        b"\xff\xfe.edi": "??.edi",
        "[red]x[.edi": "",
    }
    odd |= {"-rf": "", "..edi ..": "", "$(reboot).edi": ""}
    for name in odd:
        drop(inbox, name, b"this is no file for us")
    swept = sweep(ws)
    assert codes(swept).count("ENTRY-REFUSED") == len(refused)
    names = [file["name"] for file in values.file_list(ws)]
    del odd["..edi .."]  # hidden
    assert sorted(names) == sorted(shown or str(name) for name, shown in odd.items())
    assert all(path.exists() for path in kept)
    assert (inbox / "link.edi").is_symlink()
    assert secret.exists()
    assert set(states(ws)) <= {"UNREADABLE", "REJECTED"}
    assert all(name.isprintable() for name in names)


def test_one_bad_partner_stops_nobody(ws: Workspace, inbox: Path) -> None:
    load_terms(ws, OTHER)
    theirs = ws.settings.home / "inbox" / "other"
    theirs.rmdir()
    theirs.write_text("a file where the folder should be")
    drop(inbox, "adds.edi")
    swept = {visited.partner: visited for visited in sweep(ws)}
    assert [finding.code for finding in swept["other"].findings] == ["CHANNEL-BROKEN"]
    assert states(ws) == ["APPLIED"]


def test_one_file_whose_work_breaks_is_told_without_anybodys_data(
    ws: Workspace, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        os.utime(drop(inbox, f"{number}.edi"), (number, number))
    real = sweeping.run.apply

    def apply(ws, file_id):
        if file_id == "F000001":
            raise RuntimeError("Doe, Jane")
        return real(ws, file_id)

    with monkeypatch.context() as patched:
        patched.setattr(sweeping.run, "apply", apply)
        swept = sweep(ws)
    assert codes(swept) == ["WORK-STOPPED", "FILE-WAITS"]
    assert "Jane" not in str(swept[-1].findings)
    sweep(ws)
    assert states(ws) == ["APPLIED", "DUPLICATE"]


def test_the_folder_is_the_sender_whatever_the_file_says(ws: Workspace, inbox: Path) -> None:
    load_terms(ws, OTHER)
    theirs = ws.settings.home / "inbox" / "other"
    drop(theirs, "adds.edi")
    sweep(ws)
    (value,) = values.file_list(ws)
    assert (value["partner"], value["state"]) == ("other", "REJECTED")
    assert list((ws.outbox / PARTNER).iterdir()) == []
    with ws.database.read() as conn:
        assert dump.canonical(conn, ws.vault) == []


PLACES = (
    (claiming.pickups, "record"),
    (claiming, "ReceivedFile"),
    (sweeping, "claim"),
    (FolderWay, "remove"),
    (pickups, "forget"),
    (sweeping.run, "work"),
)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "name"), PLACES, ids=[name for _, name in PLACES])
def test_a_stopped_sweep_takes_nothing_twice(
    ws: Workspace, inbox: Path, monkeypatch: pytest.MonkeyPatch, owner, name: str, after: bool
) -> None:
    drop(inbox, "adds.edi")
    real = getattr(owner, name)

    def stopping(*args, **kwargs):
        if after:
            real(*args, **kwargs)
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, stopping)
        with pytest.raises(Stopped):
            sweep(ws)
    sweep(ws)
    assert states(ws) == [FileState.APPLIED]
    assert list(inbox.iterdir()) == []
    with ws.database.read() as conn:
        assert pickups.left(conn, PARTNER) in ({}, {next(iter(pickups.left(conn, PARTNER)), ""): "F000001"})
    sweep(ws)
    assert states(ws) == [FileState.APPLIED]
    with ws.database.read() as conn:
        assert pickups.left(conn, PARTNER) == {}


def test_a_source_that_cannot_be_removed_is_not_taken_twice(
    ws: Workspace, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(inbox, "adds.edi")
    with monkeypatch.context() as patched:

        def refuse(way: FolderWay, entry: Entry, kept_as: str) -> None:
            raise ChannelError("CHANNEL-BROKEN", "the folder failed: Permission denied")

        patched.setattr(FolderWay, "remove", refuse)
        for _ in range(2):
            assert "SOURCE-NOT-REMOVED" in codes(sweeping.fetch(ws, ws.now(DAY), settle=0))
    assert len(values.file_list(ws)) == 1
    assert [[file.file_id for file in visited.files] for visited in sweep(ws)] == [[], ["F000001"]], (
        "left and done now"
    )
    assert list(inbox.iterdir()) == []
    assert states(ws) == ["APPLIED"]


def test_a_sweep_beside_another_leaves_its_channel_alone(ws: Workspace, inbox: Path) -> None:
    drop(inbox, "adds.edi")
    with sweeping.leases.alone(ws, f"sweep {PARTNER}") as hold:
        assert hold
        assert codes(sweep(ws)) == ["CHANNEL-BUSY"]
    assert states(ws) == []
    assert len(sweep(ws)[0].files) == 1


def test_what_lies_in_folders_of_nobody_is_named(ws: Workspace, inbox: Path) -> None:
    """Loose, in a folder with a slip in its name, and in that of a partner who sends another way."""
    sftp = OTHER + '[partner.channel]\nkind = "sftp"\nhost = "h.example.com"\nuser = "u"\n'
    sftp += 'host_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA"\nkey = "k"\ninbox = "/in"\noutbox = "/out"\n\n'
    sold = "# --- what was sold"
    load_terms(ws, TERMS.read_text(encoding="utf-8").replace(sold, sftp + sold, 1))
    for name in ("harbor-mils", "other", "Jane 971004242", "empty", "half"):
        (inbox.parent / name).mkdir()
    drop(inbox.parent, "loose.edi")
    drop(inbox.parent / "harbor-mils", "adds\x1b.edi")
    drop(inbox.parent / "half", "late.edi.part")
    for number in range(7):
        drop(inbox.parent / "Jane 971004242", f"doe{number}.edi")
    drop(inbox.parent / "other", "by hand.edi")
    told = {finding.subject: finding for swept in sweep(ws) for finding in swept.findings if not swept.partner}
    assert list(told) == [
        "inbox, 1 file(s)",
        "a folder of the inbox, 7 file(s)",
        "inbox/harbor-mils, 1 file(s)",
        "inbox/other, 1 file(s)",
    ], "a name that may be a person's is for the terminal alone"
    slip = told["inbox/harbor-mils, 1 file(s)"]
    assert (slip.code, "adds?.edi" in slip.message) == ("FILES-OF-NOBODY", True)
    assert slip.fix == "Move them into inbox/harbor-mills, if they are that partner's."
    person = told["a folder of the inbox, 7 file(s)"].message
    assert "inbox/Jane 971004242" in person and person.endswith("doe3.edi, doe4.edi, and 2 more.")
    assert len(list((inbox.parent / "harbor-mils").iterdir())) == 1, "nothing is touched"
    only = sweeping.fetch(ws, ws.now(DAY), PARTNER, settle=0)
    assert [swept.partner for swept in only] == [PARTNER], "one partner's channel was asked for"
