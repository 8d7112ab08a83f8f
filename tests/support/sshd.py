"""A real OpenSSH server on loopback: internal-sftp, an account and a chroot for each partner, keys only.

Needs root and openssh-server (.ci/run installs it). Without them tests skip, except under CI, where they fail.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

PROGRAM = Path("/usr/sbin/sshd")
# Its components may be writable by root only, or sshd refuses the chroot: no temporary folder will do.
HOME = Path("/srv")
CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
PidFile none
AuthorizedKeysFile {folder}/keys/%u
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowTcpForwarding no
X11Forwarding no
MaxStartups 100
Subsystem sftp internal-sftp
ForceCommand internal-sftp
ChrootDirectory {folder}/chroots/%u
"""


@dataclass(frozen=True, slots=True)
class Account:
    """One partner's account: its chroot as we see it from outside, and the private key to log in with."""

    user: str
    root: Path
    key: Path

    @property
    def inbox(self) -> Path:
        """Where the partner puts files."""
        return self.root / "in"

    @property
    def outbox(self) -> Path:
        """Where the partner finds answers."""
        return self.root / "out"

    def drop(self, name: str | bytes, data: bytes) -> Path:
        """Put a file as the partner would."""
        path = self.inbox / os.fsdecode(name)
        path.write_bytes(data)
        self.own(path)
        return path

    def own(self, path: Path) -> None:
        """Give a thing to the account."""
        owner = pwd.getpwnam(self.user)
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


@dataclass(frozen=True, slots=True)
class Sshd:
    """A running server."""

    folder: Path
    port: int
    host_key: str

    def account(self, user: str) -> Account:
        """Make an account with empty directories, or empty one that an earlier test had."""
        command = ["useradd", "--no-create-home", "--shell", "/usr/sbin/nologin", "--password", "*", user]
        for _ in range(50):  # another worker may be making it, or hold the lock of /etc/passwd
            if _exists(user) or subprocess.run(command, capture_output=True, check=False).returncode == 0:
                break
            time.sleep(0.1)
        account = Account(user, self.folder / "chroots" / user, self.folder / f"{user}.key")
        shutil.rmtree(account.root, ignore_errors=True)
        account.root.mkdir(mode=0o755)
        for directory in (account.inbox, account.outbox):
            directory.mkdir()
            account.own(directory)
        key = asyncssh.generate_private_key("ssh-ed25519")
        key.write_private_key(account.key)
        key.write_public_key(self.folder / "keys" / user)
        return account

    def channel(self, account: Account, secret: str, **changed: object) -> str:
        """Return the account's [partner.channel] as TOML."""
        values = {"kind": "sftp", "host": "127.0.0.1", "port": self.port, "user": account.user}
        values |= {"host_key": self.host_key, "key": secret, "inbox": "/in", "outbox": "/out", **changed}
        quoted = (f"{name} = " + (f'"{v}"' if isinstance(v, str) else str(v)) for name, v in values.items())
        return "\n".join(["[partner.channel]", *quoted, ""])


@contextmanager
def running() -> Iterator[Sshd]:
    """Start a server and stop it at the end."""
    if missing := _missing():
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="rollbook-sshd-", dir=HOME))
    folder.chmod(0o755)
    for name in ("keys", "chroots"):
        (folder / name).mkdir(mode=0o755)
    host = asyncssh.generate_private_key("ssh-ed25519")
    host.write_private_key(folder / "host_key")
    (folder / "host_key").chmod(0o600)
    port = free_port()
    (folder / "config").write_text(CONFIG.format(port=port, folder=folder))
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([PROGRAM, "-D", "-e", "-f", folder / "config"], stderr=log)
    try:
        _wait(port, server, folder / "log")
        yield Sshd(folder, port, host.export_public_key().decode().strip())
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cutting(port: int, after: int) -> Iterator[int]:
    """Stand between a client and a server, and cut the line once the server has sent this many bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, port, after), daemon=True).start()
        yield listener.getsockname()[1]


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def _accept(listener: socket.socket, port: int, after: int) -> None:
    with suppress(OSError):  # closed: the test is over
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", port))
            for source, target, most in ((client, server, 1 << 40), (server, client, after)):
                threading.Thread(target=_pass, args=(source, target, most), daemon=True).start()


def _pass(source: socket.socket, target: socket.socket, most: int) -> None:
    with suppress(OSError):
        while most > 0 and (data := source.recv(min(most, 4096))):
            target.sendall(data)
            most -= len(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _missing() -> str:
    """Say what this machine lacks, and the command that mends it; "" when nothing is."""
    if not PROGRAM.exists():
        return f"no {PROGRAM}; install it: sudo apt-get install openssh-server (or dnf install ...)"
    return "" if os.geteuid() == 0 else "a chroot for each account needs root; run it: sudo make test"


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"sshd did not start: {log.read_text(errors='replace')}")
