"""Where a partner's files come from and where its answers go. The channel is its identity.

See docs/design.md, The channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from model.agreement.switches import Switch

KINDS = ("folder", "sftp", "s3")


@dataclass(frozen=True, slots=True)
class Channel:
    """One partner's way in and out. Secrets stay outside: `key` is the name of a file of the secrets folder.

    A folder needs nothing more: it lies in our home, inbox/<partner> and outbox/<partner>.
    """

    kind: Annotated[str, Switch("How files come and go", choices=KINDS, taken_by=KINDS)] = "folder"
    host: Annotated[str, Switch("The server", pattern=r"^[A-Za-z0-9.:-]*$", needed_by=("sftp",))] = ""
    port: Annotated[int, Switch("Its port", least=1, most=65535, taken_by=("sftp",))] = 22
    user: Annotated[str, Switch("Our account there", most=100, needed_by=("sftp",))] = ""
    host_key: Annotated[
        str,
        Switch(
            "Its public host key, type and base64 as in a known_hosts file", form="host key", needed_by=("sftp",)
        ),
    ] = ""
    key: Annotated[
        str,
        Switch(
            "A file of the secrets folder. SFTP: our private key; S3: two lines, access key and secret, left out: "
            "boto3's own search",
            form="secret",
            needed_by=("sftp",),
            taken_by=("s3",),
        ),
    ] = ""
    bucket: Annotated[str, Switch("The bucket", pattern=r"^[A-Za-z0-9._-]*$", needed_by=("s3",))] = ""
    prefix: Annotated[str, Switch("What all names in it begin with", form="prefix", taken_by=("s3",))] = ""
    region: Annotated[str, Switch("Its region", pattern=r"^[a-z0-9-]*$", taken_by=("s3",))] = ""
    endpoint: Annotated[
        str,
        Switch("Its address, where it is not Amazon's own", pattern=r"^(https?://[^\s@]+)?$", taken_by=("s3",)),
    ] = ""
    inbox: Annotated[
        str,
        Switch(
            "Where theirs to us lie: a directory, or what names under the prefix go on with",
            form="directory",
            taken_by=("sftp", "s3"),
        ),
    ] = "in"
    outbox: Annotated[
        str, Switch("Where ours to them lie, likewise", form="directory", taken_by=("sftp", "s3"))
    ] = "out"
    # The bytes are in our own archive either way, encrypted.
    after: Annotated[
        str,
        Switch(
            "A file that was taken is removed at the source (`delete`), or moved to the inbox's own archive",
            choices=("delete", "archive"),
            taken_by=KINDS,
        ),
    ] = "delete"


FOLDER = Channel()
