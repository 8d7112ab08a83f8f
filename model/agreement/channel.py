"""Where a partner's files come from and where its answers go. The channel is its identity.

See docs/design.md, The channel.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    """One partner's way in and out. Secrets stay outside: `key` is the name of a file of the secrets folder.

    A folder needs nothing more: it lies in our home, inbox/<partner> and outbox/<partner>.
    """

    kind: str = "folder"  # folder, sftp, s3
    # SFTP: the server, our account there, and its public host key as in a known_hosts file (type and base64).
    host: str = ""
    port: int = 22
    user: str = ""
    host_key: str = ""
    # SFTP: our private key. S3: a file of two lines, access key and secret; empty = boto3's own search.
    key: str = ""
    # S3: bucket, what all names begin with, and where it is not Amazon's own service, its address.
    bucket: str = ""
    prefix: str = ""
    region: str = ""
    endpoint: str = ""
    # SFTP directories, or what names under the prefix go on with: theirs to us, ours to them.
    inbox: str = "in"
    outbox: str = "out"
    # A file that was taken is removed at the source, or moved to the archive directory of the inbox. The bytes
    # are in our own archive either way, encrypted.
    after: str = "delete"  # delete, archive


FOLDER = Channel()
