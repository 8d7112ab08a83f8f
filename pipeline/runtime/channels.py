"""A partner's channel, opened: the one place that knows where folders and secrets lie.

See docs/design.md, The channel.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from intake.channel import ChannelError, Way
from intake.folder import FolderWay
from model import naming
from model.agreement.channel import FOLDER, Channel
from model.agreement.terms import Partner
from model.codes import found
from model.exchange import OutboxItem
from model.finding import Finding, Where
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection
from vault import disk

OURS = "_plan"  # the outbox folder of documents that are owed to nobody but ourselves


@contextmanager
def opened(ws: Workspace, partner: Partner) -> Iterator[Way]:
    """Open a partner's channel. Raises ChannelError when it cannot be."""
    way = _open(ws, partner)
    try:
        yield way
    finally:
        way.close()


def _open(ws: Workspace, partner: Partner) -> Way:
    channel = partner.channel
    if channel.kind == "sftp":
        from intake.sftp import SftpWay  # half a second, and most installations have folders only

        return SftpWay(channel, secret(ws, channel.key))
    if channel.kind == "s3":
        from intake.s3 import S3Way  # as above

        return S3Way(channel, secret(ws, channel.key) if channel.key else None)
    return FolderWay(*_folders(ws, partner), archive=channel.after == "archive")


def furnish(ws: Workspace, partner: Partner) -> None:
    """Make the folders of a partner that comes by folders, so that both can be found before anything was sent."""
    if partner.channel.kind == FOLDER.kind:
        for folder in _folders(ws, partner):
            disk.make_folder(folder)


def _folders(ws: Workspace, partner: Partner) -> tuple[Path, Path]:
    """Return a partner's inbox and outbox."""
    return naming.inside(ws.settings.home, "inbox", partner.code), naming.inside(ws.outbox, partner.code)


def secret(ws: Workspace, name: str) -> Path:
    """Return the file that holds a secret: ROLLBOOK_SECRETS/<name>, by default in secrets beside the key file."""
    folder = os.environ.get("ROLLBOOK_SECRETS")
    path = naming.inside(Path(folder) if folder else ws.settings.key_file.parent / "secrets", name)
    if not path.is_file():
        raise ChannelError("CHANNEL-SECRET", f"there is no secret {name} in the secrets folder")
    return path


def place(ws: Workspace, partner: str, channel: Channel, name: str) -> str:
    """Return where a document of a partner is published: a path, or an address without any secret."""
    if channel.kind == "sftp":
        return f"sftp://{channel.host}:{channel.port}/{channel.outbox.strip('/')}/{name}"
    if channel.kind == "s3":
        return f"s3://{channel.bucket}/{channel.prefix}{channel.outbox.strip('/')}/{name}"
    return str(naming.inside(ws.outbox, partner or OURS, name))


def published(ws: Workspace, conn: Connection, answers: Iterable[OutboxItem]) -> list[str]:
    """Return where the documents of answers lie, in order: names of ours, safe to show anywhere."""
    partners = {partner.code: partner for partner in agreements.partners(conn)}
    channel = {code: partner.channel for code, partner in partners.items()}
    return [
        place(ws, answer.partner, channel.get(answer.partner, FOLDER), name)
        for answer in answers
        for name, _ in answer.documents
    ]


def trouble(partner: str, error: ChannelError) -> Finding:
    """Return what a channel's failure is to operations: a finding on the partner, not an exception."""
    return found(error.code, Where(), f"{partner}: {error}", subject=f"partner {partner}")


def busy(partner: str) -> Finding:
    """Return that another machine or process is at a partner's channel: told, and no harm."""
    return found("CHANNEL-BUSY", Where(), f"{partner}: another one is at it.", subject=f"partner {partner}")
