"""Fixtures: a real sshd and an S3 endpoint on loopback, once a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

import boto3
import pytest
from botocore.loaders import JSONFileLoader

from pipeline.receive import sweep as sweeping
from pipeline.runtime.workspace import Workspace
from pipeline.views.received import SweptView
from support import sshd as servers
from support import values
from support.installation import TERMS, load_terms

REGION = "us-east-1"
DAY = date(2026, 11, 23)
_read_once = cache(
    partial(JSONFileLoader.load_file, JSONFileLoader())
)  # what botocore reads for each of its clients


def agree(ws: Workspace, channel: str) -> None:
    """Agree with the samples' employer on a channel, as [partner.channel]."""
    load_terms(ws, TERMS.read_text(encoding="utf-8").replace("[partner.profile]", f"{channel}\n[partner.profile]"))


def sweep(ws: Workspace) -> tuple[SweptView, ...]:
    """Sweep once, with no look between."""
    return sweeping.sweep(ws, ws.now(DAY), settle=0)


def codes(swept: tuple[SweptView, ...]) -> list[str]:
    """Return the findings' codes, channel after channel."""
    return [finding.code for channel in swept for finding in channel.findings]


def received(ws: Workspace) -> list[tuple[str, str]]:
    """Return name and channel of each file received."""
    return [(file["name"], file["channel"]) for file in values.file_list(ws)]


@dataclass(frozen=True, slots=True)
class S3:
    """An S3 endpoint with one bucket, as partners see it."""

    endpoint: str
    client: Any
    bucket: str = "plan-exchange"

    def put(self, key: str, data: bytes) -> None:
        """Put an object as a partner would."""
        self.client.put_object(Bucket=self.bucket, Key=key, Body=data)

    def get(self, key: str) -> bytes:
        """Return an object's bytes."""
        return bytes(self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def listing(self, prefix: str = "") -> list[str]:
        """Return the keys under a prefix."""
        found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [entry["Key"] for entry in found.get("Contents", ())]

    def channel(self, prefix: str, **changed: str) -> str:
        """Return [partner.channel] as TOML."""
        values = {"kind": "s3", "bucket": self.bucket, "prefix": prefix, "region": REGION}
        values |= {"endpoint": self.endpoint, **changed}
        return "\n".join(["[partner.channel]", *(f'{name} = "{text}"' for name, text in values.items()), ""])


@pytest.fixture(scope="session")
def sshd() -> Iterator[servers.Sshd]:
    """A running sshd."""
    with servers.running() as server:
        yield server


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """Moto's server: S3's interface over HTTP. Each folder of tests has its own."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(JSONFileLoader, "load_file", staticmethod(_read_once))
        yield f"http://{host}:{port}"
    server.stop()


@cache
def _partners(endpoint: str) -> Any:
    """The client by which partners put and get."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.session.Session().client("s3", region_name=REGION, endpoint_url=endpoint, **keys)


@pytest.fixture
def s3(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """An endpoint with an empty bucket, and keys in the environment as an operator sets them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    server = S3(s3_endpoint, _partners(s3_endpoint))
    server.client.create_bucket(Bucket=server.bucket)
    yield server
    for key in server.listing():
        server.client.delete_object(Bucket=server.bucket, Key=key)
    server.client.delete_bucket(Bucket=server.bucket)
