"""Real servers for the channels: OpenSSH's sshd and moto's S3, once a session."""

from support.channels import s3, s3_endpoint, sshd
from support.fixtures import bare_home, home, on_both, ws

__all__ = ["bare_home", "home", "on_both", "s3", "s3_endpoint", "sshd", "ws"]
