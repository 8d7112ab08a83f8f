"""The shape of [partner.channel]: where a partner's files come from and where its answers go."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from model.agreement.channel import Channel

# What each kind needs, and what else it may have; `after` is for all.
_NEEDS = {"folder": (), "sftp": ("host", "user", "host_key", "key"), "s3": ("bucket",)}
_MAY = {
    "folder": {"after"},
    "sftp": {"port", "inbox", "outbox", "after"},
    "s3": {"key", "prefix", "region", "endpoint", "inbox", "outbox", "after"},
}


def _host_key(text: str) -> str:
    """Check a public host key: its type, and a body that says the same type (RFC 4253, 6.6)."""
    kind, _, body = text.partition(" ")
    try:
        data = base64.b64decode(body.split(" ")[0], validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not kind or data[4 : 4 + len(kind)] != kind.encode():
        raise ValueError('write the server\'s public key as in "ssh-ed25519 AAAA..." (ssh-keyscan shows it)')
    return text


def _secret(text: str) -> str:
    """Check the name of a secret: a file of the secrets folder, and never the secret itself."""
    if text and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", text):
        raise ValueError("write the name of a file in the secrets folder, not its path and not the secret")
    return text


def _directory(text: str) -> str:
    """Check a directory: no part of it may lead elsewhere."""
    if not text.strip("/") or any(part in (".", "..") for part in text.split("/")) or not text.isprintable():
        raise ValueError('write a directory such as "in" or "/files/in"')
    return text


def _prefix(text: str) -> str:
    """Check an S3 prefix."""
    if any(part in (".", "..") for part in text.split("/")) or not text.isprintable():
        raise ValueError('write what the names begin with, such as "acme/"')
    return text


Secret = Annotated[str, AfterValidator(_secret)]
Directory = Annotated[str, AfterValidator(_directory)]


class ChannelTable(BaseModel):
    """[partner.channel]: folder (needs nothing), sftp or s3."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    kind: Literal["folder", "sftp", "s3"] = "folder"
    host: str = Field(default="", pattern=r"^[A-Za-z0-9.:-]*$")
    port: int = Field(default=22, ge=1, le=65535)
    user: str = Field(default="", max_length=100)
    host_key: Annotated[str, AfterValidator(_host_key)] = ""
    key: Secret = ""
    bucket: str = Field(default="", pattern=r"^[A-Za-z0-9._-]*$")
    prefix: Annotated[str, AfterValidator(_prefix)] = ""
    region: str = Field(default="", pattern=r"^[a-z0-9-]*$")
    endpoint: str = Field(default="", pattern=r"^(https?://[^\s@]+)?$")
    inbox: Directory = "in"
    outbox: Directory = "out"
    after: Literal["delete", "archive"] = "delete"


def problem(table: ChannelTable) -> tuple[str, str] | None:
    """Return the first key that does not go with the kind, and what is wrong with it; None when all do."""
    for name in _NEEDS[table.kind]:
        if not getattr(table, name):
            return name, f"a channel of the kind {table.kind} needs this key"
    known = {"kind", *_NEEDS[table.kind], *_MAY[table.kind]}
    for name in sorted(table.model_fields_set - known):
        return name, f"a channel of the kind {table.kind} has no such key"
    if table.kind != "folder" and table.inbox.strip("/") == table.outbox.strip("/"):
        return "outbox", "our answers would come back to us as files: inbox and outbox must differ"
    return None


def channel(table: ChannelTable) -> Channel:
    """Return the model's value of a table."""
    return Channel(**table.model_dump())
