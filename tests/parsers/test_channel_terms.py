"""[partner.channel]: each kind loads into the values it says and is written back; each mistake is found."""

from __future__ import annotations

import pytest

from model.agreement.channel import Channel
from model.agreement.terms import Partner, TermsFile
from parsers.terms.text import dump, load

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDC0invAl1dButLongEnoughToLookLikeAKeyAAAAAA"
SFTP = f"""
kind = "sftp"
host = "sftp.acme.example.com"
port = 2222
user = "plan"
host_key = "{HOST_KEY}"
key = "acme-sftp"
inbox = "/outgoing"
outbox = "/incoming"
after = "archive"
"""
S3 = """
kind = "s3"
bucket = "plan-exchange"
prefix = "acme/"
region = "us-east-1"
"""


def read(channel: str):
    head = '[[partner]]\ncode = "acme"\nname = "Acme"\nisa_ids = ["ZZ:ACME"]\n'
    return load(head + (f"[partner.channel]\n{channel}" if channel else ""))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Channel()),
        ('after = "archive"', Channel(after="archive")),
        (
            SFTP,
            Channel(
                "sftp", "sftp.acme.example.com", 2222, "plan", HOST_KEY, "acme-sftp",
                inbox="/outgoing", outbox="/incoming", after="archive",
            ),
        ),
        (S3, Channel("s3", bucket="plan-exchange", prefix="acme/", region="us-east-1")),
    ],
)  # fmt: skip
def test_a_channel_loads_and_is_written_back(text: str, expected: Channel):
    file, findings = read(text)
    assert findings == ()
    assert file.partners[0].channel == expected
    assert load(dump(file))[0] == file


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('kind = "ftp"', 6, "kind"),
        ('kind = "sftp"', 5, "host"),
        (SFTP.replace('key = "acme-sftp"', ""), 5, "key: a channel of the kind sftp needs this key"),
        (SFTP.replace("acme-sftp", "../id_rsa"), 12, "name of a file"),
        (SFTP.replace("acme-sftp", "/etc/keys/id"), 12, "name of a file"),
        (SFTP.replace(HOST_KEY, "SHA256:abcdef"), 11, "public key"),
        (SFTP.replace("ssh-ed25519 ", "ssh-rsa "), 11, "public key"),
        (SFTP.replace("/outgoing", "/x/../../etc"), 13, "directory"),
        (SFTP.replace("/outgoing", "/incoming"), 14, "must differ"),
        (SFTP.replace("2222", "0"), 9, "greater than"),
        (SFTP + 'bucket = "b"', 16, "has no such key"),
        (S3.replace('bucket = "plan-exchange"', ""), 5, "bucket"),
        (S3 + 'endpoint = "https://key:secret@s3.example.com"', 11, "endpoint"),
        ('password = "x"', 6, "unknown"),
    ],
)
def test_a_mistake_is_found(text: str, line: int, says: str):
    file, findings = read(text)
    assert file is None
    assert says in findings[0].message, findings
    assert findings[0].where.segment == line


def test_the_default_channel_is_not_written():
    assert "channel" not in dump(TermsFile(partners=(Partner("acme", "Acme"),)))
