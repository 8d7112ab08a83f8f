"""The files of the verdict's measurements, each made once, and the processes that measure them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from sizes import Sizes

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SEED = 7
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reading:
    """What one process measured."""

    seconds: float
    cpu: float
    peak: int  # bytes


class Bench:
    """A run: its sizes, its folder, and what measures in it."""

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        self.folder, self.sizes = folder, sizes

    def file(self, members: int) -> Path:
        """Return a varied 834 of so many members; fewer members are the first ones of more."""
        path = self.folder / f"varied-{members}.edi"
        if not path.exists():
            self.say(f"making {path.name}")
            maker = str(ROOT / "sample_files" / "generate.py")
            chosen = ("--varied", str(members), "--seed", str(SEED), "--output", str(path))
            subprocess.run([sys.executable, maker, *chosen], check=True, stdout=subprocess.DEVNULL)
        return path

    def segments(self, members: int) -> int:
        """Count the segments of a file, block by block: this process stays small (see `measure`)."""
        with self.file(members).open("rb") as source:
            return sum(block.count(b"~") for block in iter(lambda: source.read(MIB), b""))

    def measure(self, name: str, members: int, warm: int = 0) -> Reading:
        """Run one measurement of worker.py. A child's peak memory never counts as less than its parent's."""
        self.say(f"{name}, {members:,} members")
        return self.worker(name, self.file(members), *([self.file(warm)] if warm else ()))

    def worker(self, name: str, *paths: Path) -> Reading:
        """Measure a file, after a small one to warm with."""
        worker = [sys.executable, str(ROOT / "benchmarks" / "worker.py"), name, *map(str, paths)]
        told = subprocess.run(worker, check=True, stdout=subprocess.PIPE, text=True).stdout
        return Reading(**json.loads(told))

    def command(self, members: int, *words: str) -> float:
        """Run a whole command on a file; return its seconds, from the shell's side."""
        line = [str(BIN / words[0]), *words[1:], str(self.file(members))]
        self.say(f"{' '.join(words)}, {members:,} members")
        started = time.perf_counter()
        done = subprocess.run(line, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        seconds = time.perf_counter() - started
        if done.returncode and not done.stderr.endswith(": OK\n"):  # x12valid always ends with 1, and says OK
            raise subprocess.CalledProcessError(done.returncode, line)
        return seconds

    @staticmethod
    def say(what: str) -> None:
        """Say on standard error what is done now."""
        sys.stderr.write(f"  {what}\n")
