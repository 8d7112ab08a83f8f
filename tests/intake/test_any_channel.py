"""What holds of every channel to a partner's own place, SFTP and S3 alike."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from intake import s3 as channel
from pipeline.receive import sweep as sweeping
from pipeline.runtime import leases
from pipeline.runtime.workspace import Workspace
from support.channels import DAY, S3, agree, codes, received, sweep
from support.installation import PARTNER, SAMPLES
from support.sshd import Sshd, cutting

ADDS = (SAMPLES / "valid" / "01-add-family.edi").read_bytes()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a partner's files lie, as the partner sees it, agreed in the terms."""

    kind: str
    port: int  # of the server
    drop: Callable[[str, bytes], object]
    lying: Callable[[], list[str]]
    behind: Callable[[int], str]  # [partner.channel] of the same place by another port


@pytest.fixture(params=["s3", "sftp"])
def place(request: pytest.FixtureRequest, ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The place of the samples' employer."""
    found = _s3(request) if request.param == "s3" else _sftp(request, monkeypatch)
    agree(ws, found.behind(found.port))
    return found


def _s3(request: pytest.FixtureRequest) -> Place:
    bucket: S3 = request.getfixturevalue("s3")
    return Place(
        "s3",
        int(bucket.endpoint.rpartition(":")[2]),
        lambda name, data: bucket.put(f"harbor/in/{name}", data),
        lambda: [key.removeprefix("harbor/in/") for key in bucket.listing("harbor/in/")],
        lambda port: bucket.channel("harbor/", endpoint=f"http://127.0.0.1:{port}"),
    )


def _sftp(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Place:
    server: Sshd = request.getfixturevalue("sshd")
    account = server.account("rollbook-test-1")
    monkeypatch.setenv("ROLLBOOK_SECRETS", str(server.folder))
    return Place(
        "sftp",
        server.port,
        account.drop,
        lambda: [path.name for path in account.inbox.iterdir()],
        lambda port: server.channel(account, account.key.name, port=port),
    )


@pytest.mark.leaves("files")
def test_a_large_file_comes_through_whole(ws: Workspace, place: Place) -> None:
    data = os.urandom(5 * channel.CHUNK + 12345)
    place.drop("large.bin", data)
    ((file,),) = [swept.files for swept in sweeping.fetch(ws, ws.now(DAY), settle=0)]
    assert b"".join(ws.vault.archive.read(file.sha256)) == data


def test_a_line_that_is_cut_in_mid_transfer_loses_nothing(ws: Workspace, place: Place) -> None:
    place.drop("large.bin", os.urandom(3 * channel.CHUNK))
    with cutting(place.port, after=channel.CHUNK) as port:
        agree(ws, place.behind(port))
        assert codes(sweep(ws)) == ["CHANNEL-BROKEN"]
    assert received(ws) == []
    archive = ws.settings.home / "archive"
    assert [path for path in archive.rglob("*") if path.is_file()] == [], "no half file is kept"
    agree(ws, place.behind(place.port))
    sweep(ws)
    assert received(ws) == [("large.bin", place.kind)]


def test_what_another_machine_is_at_is_left_to_it(ws: Workspace, place: Place) -> None:
    place.drop("adds.edi", ADDS)
    with leases.alone(ws, f"sweep {PARTNER}"), leases.alone(ws, f"deliver {PARTNER}"):
        assert codes(sweep(ws)) == ["CHANNEL-BUSY"]
        assert place.lying() == ["adds.edi"]
    assert codes(sweep(ws)) == [] and received(ws) == [("adds.edi", place.kind)]
