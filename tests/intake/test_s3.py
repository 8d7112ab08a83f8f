"""The S3 channel against moto's server: a prefix for each partner in one bucket."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake import s3 as channel
from intake.channel import Body, ChannelError, DocumentDiffers
from pipeline.receive import sweep as sweeping
from pipeline.runtime import channels
from pipeline.runtime.workspace import Workspace
from pipeline.views import agreed
from support import values
from support.channels import S3, agree, codes, received, sweep
from support.installation import PARTNER, SAMPLES
from support.sshd import free_port

ADDS = (SAMPLES / "valid" / "01-add-family.edi").read_bytes()


@pytest.fixture
def bucket(ws: Workspace, s3: S3) -> S3:
    """The endpoint, with the samples' employer agreed to use a prefix of it."""
    agree(ws, s3.channel("harbor/"))
    return s3


def test_an_object_comes_in_and_its_answers_go_out(ws: Workspace, bucket: S3) -> None:
    bucket.put("harbor/in/adds.edi", ADDS)
    bucket.put("harbor/in/", b"")  # what consoles make for a folder
    bucket.put("somebody-else/in/theirs.edi", ADDS)
    (swept,) = sweep(ws)
    assert (swept.channel, len(swept.files), swept.findings) == ("s3", 1, ())
    places = values.file_value(ws, "F000001")["documents"]
    answers = bucket.listing("harbor/out/")
    assert sorted(places) == [f"s3://{bucket.bucket}/{key}" for key in answers] != []
    assert any(bucket.get(key).startswith(b"ISA") for key in answers)
    assert bucket.listing() == ["harbor/in/", *answers, "somebody-else/in/theirs.edi"]
    assert not ws.outbox.exists(), "nothing lies where it does not belong"
    for key in answers:  # the partner fetches them
        bucket.client.delete_object(Bucket=bucket.bucket, Key=key)
    assert sweep(ws)[0].files == ()
    assert bucket.listing("harbor/out/") == []


def test_a_document_is_never_replaced(ws: Workspace, bucket: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    partner = agreed.partner(ws, PARTNER)
    assert partner is not None
    with channels.opened(ws, partner) as way:
        for _ in range(2):
            way.publish("answer.csv", Body.of(b"one"))
        for other in (b"two", b"one more", b"o", b""):
            with pytest.raises(DocumentDiffers):
                way.publish("answer.csv", Body.of(other))
        # Who is beaten to it between the look and the put is refused by the service.
        monkeypatch.setattr(type(way), "lies", lambda *_: False)
        with pytest.raises(ChannelError):
            way.publish("answer.csv", Body.of(b"two"))
    assert bucket.client.get_object(Bucket=bucket.bucket, Key="harbor/out/answer.csv")["Body"].read() == b"one"


def test_the_archive_prefix_keeps_what_was_taken(ws: Workspace, bucket: S3) -> None:
    agree(ws, bucket.channel("harbor/", after="archive"))
    for _ in range(2):
        bucket.put("harbor/in/adds.edi", ADDS)
        assert len(sweep(ws)[0].files) == 1
    kept = ["harbor/in/archive/F000001.adds.edi", "harbor/in/archive/F000002.adds.edi"]
    assert bucket.listing("harbor/in/") == kept
    assert sweep(ws)[0].files == ()


def test_more_objects_than_a_page_holds(ws: Workspace, bucket: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "PAGE", 3)
    partner = agreed.partner(ws, PARTNER)
    assert partner is not None
    for number in range(7):
        bucket.put(f"harbor/in/{number}.edi", b"x")
    with channels.opened(ws, partner) as way:
        assert sorted(entry.name for entry in way.entries()) == [f"{n}.edi" for n in range(7)]


def test_hostile_names_do_no_harm(ws: Workspace, bucket: S3) -> None:
    names = ["esc\x1b[31m.edi", "a" * 300 + ".edi", "back\\slash.edi", ".hidden", "b.part", "%2e%2e%2fx.edi"]
    for name in (*names, "deeper/file.edi"):
        bucket.put(f"harbor/in/{name}", b"no file for us")
    before = sorted(path for path in ws.settings.home.parent.rglob("*") if "archive" not in path.parts)
    assert codes(sweep(ws)) == ["ENTRY-REFUSED"]
    assert sorted(name for name, _ in received(ws)) == sorted(["esc?[31m.edi", "a" * 200, "%2e%2e%2fx.edi"])
    left = ["back\\slash.edi", ".hidden", "b.part", "deeper/file.edi"]
    assert sorted(bucket.listing("harbor/in/")) == sorted(f"harbor/in/{name}" for name in left)
    after = sorted(path for path in ws.settings.home.parent.rglob("*") if "archive" not in path.parts)
    assert {path.name for path in {*after} - {*before}} <= {"heads.jsonl"}


def test_an_object_that_is_replaced_between_looks_waits(
    ws: Workspace, bucket: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.put("harbor/in/adds.edi", b"ISA*")
    with monkeypatch.context() as patched:
        patched.setattr(sweeping.time, "sleep", lambda _: bucket.put("harbor/in/adds.edi", ADDS))
        assert codes(sweep(ws)) == ["ENTRY-GROWING"]
    assert received(ws) == []
    sweep(ws)
    assert received(ws) == [("adds.edi", "s3")]


def test_an_object_that_is_replaced_before_it_is_removed_stays(ws: Workspace, bucket: S3) -> None:
    partner = agreed.partner(ws, PARTNER)
    assert partner is not None
    bucket.put("harbor/in/adds.edi", b"one")
    with channels.opened(ws, partner) as way:
        (entry,) = way.entries()
        bucket.put("harbor/in/adds.edi", b"two")
        for use in (lambda: list(way.read(entry)), lambda: way.remove(entry, "kept")):
            with pytest.raises(ChannelError) as raised:
                use()
            assert raised.value.code == "ENTRY-GROWING"
    assert bucket.get("harbor/in/adds.edi") == b"two"


def test_every_way_of_not_getting_in_has_its_finding(
    ws: Workspace, bucket: S3, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ROLLBOOK_SECRETS", str(tmp_path))
    (tmp_path / "half").write_text("only-a-key")
    for changed, code in (
        ({"bucket": "no-such-bucket"}, "CHANNEL-BROKEN"),
        ({"endpoint": f"http://127.0.0.1:{free_port()}"}, "CHANNEL-UNREACHABLE"),
        ({"key": "missing"}, "CHANNEL-SECRET"),
        ({"key": "half"}, "CHANNEL-SECRET"),
    ):
        agree(ws, bucket.channel("harbor/", **changed))
        assert codes(sweep(ws)) == [code], changed


def test_the_keys_of_a_partner_come_from_its_secret(
    ws: Workspace, bucket: S3, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("ROLLBOOK_SECRETS", str(tmp_path))
    (tmp_path / "harbor-s3").write_text("test\ntest\n")
    agree(ws, bucket.channel("harbor/", key="harbor-s3"))
    bucket.put("harbor/in/adds.edi", ADDS)
    assert len(sweep(ws)[0].files) == 1
