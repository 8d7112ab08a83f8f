"""The SFTP channel: asyncssh with the server's public key pinned and our key, nothing else (RFC 4253).

asyncssh is asynchronous and the pipeline is not: one event loop of our own, run for one operation at a time.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import stat
from collections.abc import Awaitable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypeVar

import asyncssh

from intake import names
from intake.channel import CHUNK, Body, ChannelError, DocumentDiffers, Entry, growing
from model import naming
from model.agreement.channel import Channel

T = TypeVar("T")

CONNECT, ANSWER = 15.0, 60.0  # seconds to wait for a connection, and for an answer to one request
_FAILED = (asyncssh.Error, OSError, EOFError, TimeoutError)

logging.getLogger("asyncssh").setLevel(logging.WARNING)  # it tells every file name at INFO


class SftpWay:
    """A partner's directories on an SFTP server."""

    def __init__(self, channel: Channel, key: Path) -> None:
        self._channel = channel
        self._loop = asyncio.new_event_loop()
        try:
            self._connection, self._sftp = self._loop.run_until_complete(_connect(channel, key))
        except BaseException:
            self._loop.close()
            raise

    @property
    def inbox(self) -> str:
        """Server, account and directory."""
        one = self._channel
        return f"sftp {one.user}@{one.host}:{one.port}/{one.inbox}"

    def entries(self) -> list[Entry]:
        """Return the files that lie there, oldest first."""
        found = self._do(self._sftp.readdir(self._channel.inbox))
        pairs = [(listed.attrs.mtime or 0, entry) for listed in found if (entry := _entry(listed))]
        return [entry for _, entry in sorted(pairs, key=lambda pair: (pair[0], pair[1].name))]

    def read(self, entry: Entry) -> Iterator[bytes]:
        """Yield a file's bytes, and look before and after whether it is still the one that was looked at."""
        file = self._do(_open(self._sftp, self._in(entry.name), "rb"))
        try:
            _same(entry, self._do(file.stat()))
            offset = 0
            while offset < entry.size:
                chunk = self._do(_read(file, min(CHUNK, entry.size - offset), offset))
                if not chunk:
                    raise growing(entry.size, offset)
                offset += len(chunk)
                yield chunk
            _same(entry, self._do(file.stat()))
        finally:
            self._quietly(file.close())

    def remove(self, entry: Entry, kept_as: str) -> None:
        """Remove the file, or move it into the inbox's archive directory."""
        path = self._in(entry.name)
        _same(entry, self._do(self._sftp.lstat(path)))
        if self._channel.after == "archive":
            archive = self._in(names.ARCHIVE)
            if not self._do(self._sftp.isdir(archive)):
                self._do(self._sftp.mkdir(archive))
            self._do(self._sftp.rename(path, f"{archive}/{kept_as}"))
        else:
            self._do(self._sftp.remove(path))

    def publish(self, name: str, body: Body) -> None:
        """Write a document under a temporary name and rename it; SFTP refuses that where one lies there."""
        outbox = self._channel.outbox.rstrip("/")
        path, temporary = f"{outbox}/{naming.step(name)}", f"{outbox}/.{name}.{secrets.token_hex(4)}.part"
        if self._lies(path, body):
            return
        try:
            file = self._do(_open(self._sftp, temporary, "wb"))
            offset = 0
            for piece in body.pieces():
                self._do(_write(file, piece, offset))
                offset += len(piece)
            self._do(_close(file))
            self._do(self._sftp.rename(temporary, path))
        except ChannelError:
            self._quietly(self._sftp.remove(temporary))
            if not self._lies(path, body):
                raise

    def _lies(self, path: str, body: Body) -> bool:
        """Say whether these bytes lie published. Raises DocumentDiffers where others do."""
        if not self._do(self._sftp.exists(path)):
            return False
        file = self._do(_open(self._sftp, path, "rb"))
        try:
            same = body.is_same(self._pieces(file, body.size + 1))
        finally:
            self._quietly(file.close())
        if not same:
            raise DocumentDiffers(path.rpartition("/")[2])
        return True

    def _pieces(self, file: asyncssh.SFTPClientFile, most: int) -> Iterator[bytes]:
        offset = 0
        while offset < most and (chunk := self._do(_read(file, min(CHUNK, most - offset), offset))):
            offset += len(chunk)
            yield chunk

    def clear(self) -> None:
        """Nothing: whether the writer of a temporary file of ours still lives cannot be seen from here."""

    def close(self) -> None:
        """Close the connection; what goes wrong with it by now is of no interest."""
        self._connection.abort()
        self._quietly(self._connection.wait_closed())
        self._loop.close()

    def _in(self, name: str) -> str:
        return f"{self._channel.inbox.rstrip('/')}/{name}"

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do one request and wait for its answer."""
        try:
            return self._loop.run_until_complete(asyncio.wait_for(work, ANSWER))
        except _FAILED as error:
            raise ChannelError("CHANNEL-BROKEN", f"the SFTP server failed us: {_words(error)}") from error

    def _quietly(self, work: Awaitable[object]) -> None:
        """Do the last request of a thing that may be broken: a failure has been told already."""

        async def waiting() -> None:
            with suppress(*_FAILED):
                await asyncio.wait_for(work, ANSWER)

        self._loop.run_until_complete(waiting())


async def _connect(channel: Channel, key: Path) -> tuple[asyncssh.SSHClientConnection, asyncssh.SFTPClient]:
    """Connect by public keys alone: no password, no agent, and nothing of the user's own SSH settings."""
    try:
        ours = asyncssh.read_private_key(key)
        pinned = asyncssh.import_public_key(channel.host_key)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, OSError) as error:
        raise ChannelError("CHANNEL-SECRET", f"{channel.key} is no readable private key") from error
    try:
        connection = await asyncssh.connect(
            channel.host,
            channel.port,
            username=channel.user,
            client_keys=[ours],
            known_hosts=([pinned], [], []),
            agent_path=None,
            config=None,
            preferred_auth="publickey",
            connect_timeout=CONNECT,
            login_timeout=CONNECT,
        )
        # Names are the sender's: bytes that are no text come through unharmed.
        sftp = await asyncio.wait_for(connection.start_sftp_client(path_errors="surrogateescape"), ANSWER)
    except asyncssh.HostKeyNotVerifiable as error:
        raise ChannelError("CHANNEL-HOST-KEY", f"{channel.host} showed a key that was not agreed") from error
    except asyncssh.PermissionDenied as error:
        raise ChannelError("CHANNEL-LOGIN", f"{channel.host} does not let {channel.user} in") from error
    except _FAILED as error:
        text = f"no SFTP with {channel.host} port {channel.port}: {_words(error)}"
        raise ChannelError("CHANNEL-UNREACHABLE", text) from error
    return connection, sftp


async def _open(sftp: asyncssh.SFTPClient, path: str, mode: Literal["rb", "wb"]) -> asyncssh.SFTPClientFile:
    return await sftp.open(path, mode)


async def _read(file: asyncssh.SFTPClientFile, size: int, offset: int) -> bytes:
    chunk = await file.read(size, offset)
    return chunk if isinstance(chunk, bytes) else chunk.encode()


async def _write(file: asyncssh.SFTPClientFile, data: bytes, offset: int) -> None:
    await file.write(data, offset)


async def _close(file: asyncssh.SFTPClientFile) -> None:
    with suppress(asyncssh.SFTPOpUnsupported):  # not every server can flush; the rename still is whole
        await file.fsync()
    await file.close()


def _entry(found: asyncssh.SFTPName) -> Entry | None:
    """Look at one name; None where it is nothing for us. A link's attributes are its own, not its target's."""
    name, mode = str(found.filename), found.attrs.permissions or 0
    if names.unfinished(name) or stat.S_ISDIR(mode):
        return None
    refused = "" if stat.S_ISREG(mode) else "it is no plain file (a link, a pipe or a device)"
    return Entry(name, found.attrs.size or 0, str(found.attrs.mtime), naming.refusal(name) or refused)


def _same(entry: Entry, attributes: asyncssh.SFTPAttrs) -> None:
    if (attributes.size, str(attributes.mtime)) != (entry.size, entry.stamp):
        raise growing(entry.size, attributes.size or 0)


def _words(error: BaseException) -> str:
    """Say what failed without the server's own text, which may quote a sender's file name."""
    if isinstance(error, asyncssh.SFTPError):
        return type(error).__name__.removeprefix("SFTP")
    return getattr(error, "strerror", None) or type(error).__name__


# Kill points (tests/support/kill.py): a run may end before or after each.
SWEEP_STEPS = (SftpWay.remove, SftpWay.publish)
