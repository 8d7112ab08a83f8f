"""The S3 channel: a bucket and a prefix per partner, whose names go on with an inbox and an outbox.

An object appears whole by S3's own promise; its ETag tells whether it is still the one that was looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    NoCredentialsError,
)

from intake import names
from intake.channel import CHUNK, Body, ChannelError, DocumentDiffers, Entry, growing
from model import naming
from model.agreement.channel import Channel

PAGE = 1000  # names a listing, at most what S3 gives
_LOGIN = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "403"})
_CHANGED = frozenset({"PreconditionFailed", "412", "NoSuchKey", "404"})
_FAILED = (BotoCoreError, ClientError, OSError)


class S3Way:
    """A partner's prefix of a bucket."""

    def __init__(self, channel: Channel, secret: Path | None) -> None:
        self._bucket, self._archive = channel.bucket, channel.after == "archive"
        self._in = f"{channel.prefix}{channel.inbox.strip('/')}/"
        self._out = f"{channel.prefix}{channel.outbox.strip('/')}/"
        settings = Config(connect_timeout=15, read_timeout=60, retries={"mode": "standard", "max_attempts": 3})
        try:
            self._client: Any = boto3.session.Session().client(  # boto3 makes its clients without types
                "s3",
                region_name=channel.region or None,
                endpoint_url=channel.endpoint or None,
                config=settings,
                **(_keys(secret, channel.key) if secret else {}),
            )
        except (BotoCoreError, ValueError) as error:
            raise ChannelError("CHANNEL-UNREACHABLE", f"no S3 client: {type(error).__name__}") from error

    @property
    def inbox(self) -> str:
        """Bucket and prefix."""
        return f"s3 {self._bucket}/{self._in}"

    def entries(self) -> list[Entry]:
        """Return the objects that lie there, oldest first; what lies deeper is not looked at."""
        pairs = []
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._in, Delimiter="/", PaginationConfig={"PageSize": PAGE}
            )
            for page in pages:
                for listed in page.get("Contents", ()):
                    name = listed["Key"].removeprefix(self._in)
                    if name and not names.unfinished(name):
                        stamp = f"{listed['ETag']} {listed['LastModified'].isoformat()}"
                        pairs.append(
                            (listed["LastModified"], Entry(name, listed["Size"], stamp, naming.refusal(name)))
                        )
        except _FAILED as error:
            raise _trouble(error) from error
        return [entry for _, entry in sorted(pairs, key=lambda pair: (pair[0], pair[1].name))]

    def read(self, entry: Entry) -> Iterator[bytes]:
        """Yield an object's bytes, of the very version that was looked at."""
        read = 0
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._in + entry.name, IfMatch=_etag(entry))
            with closing(answer["Body"]) as body:
                for chunk in body.iter_chunks(CHUNK):
                    read += len(chunk)
                    yield chunk
        except _FAILED as error:
            raise _trouble(error) from error
        if read != entry.size:
            raise growing(entry.size, read)

    def remove(self, entry: Entry, kept_as: str) -> None:
        """Delete the object, after a copy under the inbox's archive prefix where the partner wants one."""
        key = self._in + entry.name
        try:
            head = self._client.head_object(Bucket=self._bucket, Key=key, IfMatch=_etag(entry))
            if head["ContentLength"] != entry.size:
                raise growing(entry.size, head["ContentLength"])
            if self._archive:
                source = {"Bucket": self._bucket, "Key": key}
                kept = f"{self._in}{names.ARCHIVE}/{kept_as}"
                self._client.copy(source, self._bucket, kept)  # in parts where it is large
            self._client.delete_object(Bucket=self._bucket, Key=key)
        except _FAILED as error:
            raise _trouble(error) from error

    def publish(self, name: str, body: Body) -> None:
        """Put a document where none lies; a put is whole or not at all."""
        key = self._out + naming.step(name)
        if self.lies(key, body):
            return
        try:
            with body.open() as file:
                self._client.put_object(Bucket=self._bucket, Key=key, Body=file, IfNoneMatch="*")
        except _FAILED as error:
            if not self.lies(key, body):
                raise _trouble(error) from error

    def lies(self, key: str, body: Body) -> bool:
        """Say whether these bytes lie published. Raises DocumentDiffers where others do."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            with closing(answer["Body"]) as lying:
                same = body.is_same(lying.iter_chunks(CHUNK))
        except _FAILED as error:
            # Who may not read learns it from the conditional put alone.
            if isinstance(error, ClientError) and str(error.response["Error"]["Code"]) in _CHANGED | _LOGIN:
                return False
            raise _trouble(error) from error
        if not same:
            raise DocumentDiffers(key.removeprefix(self._out))
        return True

    def clear(self) -> None:
        """Nothing: a put leaves nothing half written."""

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def _etag(entry: Entry) -> str:
    return entry.stamp.rpartition(" ")[0]


def _keys(path: Path, name: str) -> dict[str, str]:
    """Read an access key: two lines, key and secret."""
    try:
        key, secret = path.read_text(encoding="ascii").split()
    except (OSError, ValueError) as error:
        raise ChannelError("CHANNEL-SECRET", f"{name} does not hold an access key and its secret") from error
    return {"aws_access_key_id": key, "aws_secret_access_key": secret}


def _trouble(error: Exception) -> ChannelError:
    """Return what went wrong without the service's own text, which quotes the sender's names."""
    if isinstance(error, ClientError):
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _CHANGED:
            return ChannelError("ENTRY-GROWING", "it changed while it was read, or is gone")
        kind = "CHANNEL-LOGIN" if code in _LOGIN else "CHANNEL-BROKEN"
        return ChannelError(kind, f"S3 answered {code}")
    if isinstance(error, NoCredentialsError):
        return ChannelError("CHANNEL-SECRET", "no access key was found for S3")
    kind = "CHANNEL-UNREACHABLE" if isinstance(error, ConnectionError) else "CHANNEL-BROKEN"
    return ChannelError(kind, f"S3 failed us: {type(error).__name__}")
