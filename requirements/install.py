"""Install the locked packages with a bar that fills: make environment. Only Python's own library is there yet.

python requirements/install.py LOCK, by the Python that gets them. pip says what it fetches line by line; what it
unpacks, the longer half, is counted where it lands.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import threading
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

EVERY = 25  # packages between two lines, where no terminal is
LOOK = 0.5  # seconds
KEPT = 30  # lines of pip's that are shown where it fails
WIDTH = 30


class Bar:
    """One line that fills on a terminal; a line now and then elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self.out, self.said = out, ("", 0)

    def show(self, doing: str, done: int, total: int) -> None:
        """Show how far it is; what was shown last is not shown again."""
        before, last = self.said
        step = 1 if self.out.isatty() else EVERY
        if doing == before and (done == last or done < min(last + step, total)):
            return
        self.said = doing, done
        filled = min(WIDTH, WIDTH * done // max(total, 1))
        bar = "#" * filled + "." * (WIDTH - filled)
        line = f"  {doing:10} [{bar}] {done:3} of {total}"
        self.out.write(f"\r{line}" if self.out.isatty() else f"{line}\n")
        self.out.flush()


class Pip:
    """What pip has said and done so far; `before`: how many packages were there already."""

    def __init__(self, site: Path) -> None:
        self.site, self.fetched, self.unpacks = site, 0, False
        self.last: deque[str] = deque(maxlen=KEPT)
        self.before = self._there()

    def follow(self, lines: Iterable[str]) -> None:
        """Count what pip says that it fetches, and note when it begins to unpack."""
        for line in lines:
            self.last.append(line)
            self.fetched += line.startswith(("Collecting", "Processing"))
            self.unpacks = self.unpacks or line.startswith("Installing")

    def show(self, bar: Bar, total: int) -> None:
        """Show how far it is."""
        if not self.unpacks:
            bar.show("fetching", self.fetched, total)
        else:
            bar.show("installing", self._there() - self.before, self.fetched)

    def _there(self) -> int:
        return sum(1 for _ in self.site.glob("*.dist-info"))


def main(lock: Path) -> int:
    """Install what a lock names. Returns pip's exit code."""
    total = sum(
        line[0].isalnum() and "==" in line for line in lock.read_text(encoding="utf-8").splitlines() if line
    )
    sys.stdout.write(f"Installing up to {total} packages: once, a few minutes\n")
    # --no-deps: the lock is complete, and old versions of pip trip over extras (sqlalchemy[asyncio]) with hashes.
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--require-hashes", "-r", str(lock)]
    pip, bar = Pip(Path(sysconfig.get_path("purelib"))), Bar(sys.stdout)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        reader = threading.Thread(target=pip.follow, args=(process.stdout,))
        reader.start()
        while reader.is_alive():
            pip.show(bar, total)
            reader.join(LOOK)
    pip.show(bar, total)
    sys.stdout.write("\n" if sys.stdout.isatty() else "")
    if process.returncode:
        sys.stderr.writelines(pip.last)
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
