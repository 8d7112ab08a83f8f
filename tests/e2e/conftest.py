"""The end-to-end tests work on installations of their own."""

from support.channels import s3, s3_endpoint, sshd
from support.demo import told
from support.fixtures import bare_home, home, on_both, ws

__all__ = ["bare_home", "home", "on_both", "s3", "s3_endpoint", "sshd", "told", "ws"]
