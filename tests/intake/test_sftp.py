"""The SFTP channel against a real OpenSSH server with a chroot for each partner."""

from __future__ import annotations

import os
from pathlib import Path

import asyncssh
import pytest

from intake import sftp
from intake.channel import Body, ChannelError, DocumentDiffers
from intake.sftp import SftpWay
from pipeline.receive import sweep as sweeping
from pipeline.runtime.workspace import Workspace
from store.received import outbox
from support import values
from support.channels import DAY, agree, codes, received, sweep
from support.installation import PARTNER, SAMPLES
from support.sshd import Account, Sshd, free_port

ADDS = (SAMPLES / "valid" / "01-add-family.edi").read_bytes()


@pytest.fixture
def account(sshd: Sshd, ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Account:
    """The account of the samples' employer, agreed in the terms."""
    made = sshd.account("rollbook-test-1")
    monkeypatch.setenv("ROLLBOOK_SECRETS", str(sshd.folder))
    agree(ws, sshd.channel(made, made.key.name))
    return made


def test_a_file_comes_in_and_its_answers_go_out(ws: Workspace, account: Account, sshd: Sshd) -> None:
    account.drop("adds.edi", ADDS)
    (swept,) = sweep(ws)
    assert (swept.channel, len(swept.files), swept.findings) == ("sftp", 1, ())
    assert list(account.inbox.iterdir()) == []
    answers = {path.name: path.read_bytes() for path in account.outbox.iterdir()}
    value = values.file_value(ws, "F000001")
    assert value["documents"] == [f"sftp://127.0.0.1:{sshd.port}/out/{Path(p).name}" for p in value["documents"]]
    assert sorted(answers) == sorted(Path(place).name for place in value["documents"])
    assert any(data.startswith(b"ISA") for data in answers.values())
    assert not ws.outbox.exists(), "nothing lies where it does not belong"
    assert sweep(ws)[0].files == ()
    assert {path.name: path.read_bytes() for path in account.outbox.iterdir()} == answers


def test_the_archive_directory_keeps_what_was_taken(ws: Workspace, account: Account, sshd: Sshd) -> None:
    agree(ws, sshd.channel(account, account.key.name, after="archive"))
    for _ in range(2):
        account.drop("adds.edi", ADDS)
        assert len(sweep(ws)[0].files) == 1
    kept = sorted(path.name for path in (account.inbox / "archive").iterdir())
    assert kept == ["F000001.adds.edi", "F000002.adds.edi"]


def test_another_host_key_is_not_talked_to(ws: Workspace, account: Account, sshd: Sshd) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    account.drop("adds.edi", ADDS)
    agree(ws, sshd.channel(account, account.key.name, host_key=other))
    assert codes(sweep(ws)) == ["CHANNEL-HOST-KEY"]
    assert received(ws) == []
    assert (account.inbox / "adds.edi").exists()


def test_every_way_of_not_getting_in_has_its_finding(ws: Workspace, account: Account, sshd: Sshd) -> None:
    account.drop("adds.edi", ADDS)
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(sshd.folder / "stranger")
    (sshd.folder / "broken").write_text("this is no key")
    for changed, code in (
        ({"key": "stranger"}, "CHANNEL-LOGIN"),
        ({"key": "broken"}, "CHANNEL-SECRET"),
        ({"key": "missing"}, "CHANNEL-SECRET"),
        ({"port": free_port()}, "CHANNEL-UNREACHABLE"),
        ({"inbox": "/nowhere"}, "CHANNEL-BROKEN"),
    ):
        agree(ws, sshd.channel(account, account.key.name, **changed))
        assert codes(sweep(ws)) == [code], changed
    assert received(ws) == []


def test_a_partial_upload_waits(ws: Workspace, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    path = account.drop("adds.edi", ADDS[:200])
    account.drop("next.edi.part", ADDS[:200])

    def upload_more(_: float) -> None:
        path.write_bytes(ADDS)

    with monkeypatch.context() as patched:
        patched.setattr(sweeping.time, "sleep", upload_more)
        assert codes(sweep(ws)) == ["ENTRY-GROWING"]
    assert received(ws) == []
    sweep(ws)
    assert received(ws) == [("adds.edi", "sftp")]
    assert [entry.name for entry in account.inbox.iterdir()] == ["next.edi.part"]


def test_hostile_names_and_links_do_no_harm(ws: Workspace, account: Account) -> None:
    (account.root / "secret").write_bytes(ADDS)
    (account.inbox / "link.edi").symlink_to("/secret")
    os.mkfifo(account.inbox / "pipe.edi")
    account.drop("back\\slash.edi", b"x")
    for name in ("new\nline.edi", "b" * 255, b"\xff\xfe.edi"):
        account.drop(name, b"no file for us")
    assert codes(sweep(ws)) == ["ENTRY-REFUSED"] * 3
    assert sorted(received(ws)) == [("??.edi", "sftp"), ("b" * 200, "sftp"), ("new?line.edi", "sftp")]
    assert (account.root / "secret").exists()
    assert sorted(path.name for path in account.inbox.iterdir()) == ["back\\slash.edi", "link.edi", "pipe.edi"]


def test_names_that_a_server_should_never_send_are_refused(
    ws: Workspace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    attrs = asyncssh.SFTPAttrs(permissions=0o100644, size=1, mtime=1)
    names = ["../../etc/passwd", "/etc/passwd", "a\0b", "", "..", "sub/file"]

    async def readdir(*_: object) -> list[asyncssh.SFTPName]:
        return [asyncssh.SFTPName(name, attrs=attrs) for name in names]

    monkeypatch.setattr(asyncssh.SFTPClient, "readdir", readdir)
    refused = codes(sweep(ws))
    assert refused and set(refused) == {"ENTRY-REFUSED"}
    assert received(ws) == []


def test_answers_wait_for_a_dead_server_and_go_out_once(ws: Workspace, account: Account, sshd: Sshd) -> None:
    account.drop("adds.edi", ADDS)
    (swept,) = sweeping.fetch(ws, ws.now(DAY), settle=0)
    agree(ws, sshd.channel(account, account.key.name, port=free_port()))
    assert codes(sweep(ws)) == ["CHANNEL-UNREACHABLE"] * 2  # looking, and delivering
    assert list(account.outbox.iterdir()) == []
    agree(ws, sshd.channel(account, account.key.name))
    sweep(ws)
    with ws.database.read() as conn:
        assert outbox.owing(conn) == []
        owed = outbox.of_file(conn, swept.files[0].file_id, ws.vault.fields)
    names = sorted(path.name for path in account.outbox.iterdir())
    assert names == sorted(name for item in owed for name, _ in item.documents)
    for path in account.outbox.iterdir():  # the partner fetches them
        path.unlink()
    sweep(ws)
    assert list(account.outbox.iterdir()) == []


def test_a_document_is_never_replaced_and_leaves_no_rest(ws: Workspace, account: Account, sshd: Sshd) -> None:
    from pipeline.runtime import channels
    from pipeline.views import agreed

    partner = agreed.partner(ws, PARTNER)
    assert partner is not None
    with channels.opened(ws, partner) as way:
        for _ in range(2):
            way.publish("answer.csv", Body.of(b"one"))
        assert isinstance(way, SftpWay)
    assert [(path.name, path.read_bytes()) for path in account.outbox.iterdir()] == [("answer.csv", b"one")]
    large = os.urandom(2 * sftp.CHUNK + 5)
    with channels.opened(ws, partner) as way:
        for other in (large, b"two", b"o", b""):
            with pytest.raises(DocumentDiffers):
                way.publish("answer.csv", Body.of(other))
        way.publish("large.csv", Body.of(large))
        way.publish("large.csv", Body.of(large))
    lying = {path.name: path.read_bytes() for path in account.outbox.iterdir()}
    assert lying == {"answer.csv": b"one", "large.csv": large}
    account.outbox.chmod(0o555)
    with channels.opened(ws, partner) as way, pytest.raises(ChannelError) as raised:
        way.publish("other.csv", Body.of(b"two"))
    assert raised.value.code == "CHANNEL-BROKEN"
    assert "other" not in str(raised.value)
