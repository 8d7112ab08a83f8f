"""Measures the product beside pyx12 and the floor of bytes.split, and prints the table: `make bench`.

Every ratio is of two figures of one run, one machine and one generated file (docs/performance.md). A figure is
the best of some rounds, and the measurements take turns, so that a slow moment of the machine hits everybody.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from table import Row, machine, render, warn_if_busy, write

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "performance.md"
BIN = Path(sys.executable).parent
SEED = 7
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many members each measurement gets."""

    main: int = 50_000
    sample: int = 5_000  # pyx12's share: the first members of the same file
    command: int = 20_000
    small: int = 50
    few: int = 10_000  # for memory
    many: int = 1_000_000
    rounds: int = 3


QUICK = Sizes(main=10_000, sample=1_000, command=2_000, few=1_000, many=10_000, rounds=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one process measured."""

    seconds: float
    peak: int  # bytes


class Bench:
    """The files of a run, each made once, and the processes that measure."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, members: int) -> Path:
        """Return a varied 834 of so many members; fewer members are the first ones of more."""
        path = self.folder / f"varied-{members}.edi"
        if not path.exists():
            self._say(f"making {path.name}")
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
        files = [str(self.file(members))] + ([str(self.file(warm))] if warm else [])
        self._say(f"{name}, {members:,} members")
        worker = [sys.executable, str(ROOT / "benchmarks" / "worker.py"), name, *files]
        told = subprocess.run(worker, check=True, stdout=subprocess.PIPE, text=True).stdout
        return Reading(**json.loads(told))

    def command(self, members: int, *words: str) -> float:
        """Run a whole command on a file; return its seconds, from the shell's side."""
        line = [str(BIN / words[0]), *words[1:], str(self.file(members))]
        self._say(f"{' '.join(words)}, {members:,} members")
        started = time.perf_counter()
        done = subprocess.run(line, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        seconds = time.perf_counter() - started
        if done.returncode and not done.stderr.endswith(": OK\n"):  # x12valid always ends with 1, and says OK
            raise subprocess.CalledProcessError(done.returncode, line)
        return seconds

    @staticmethod
    def _say(what: str) -> None:
        sys.stderr.write(f"  {what}\n")


def at_least(ratio: float, wanted: float, unit: str) -> tuple[str, str, bool]:
    """Return ratio, target and whether it holds, for a figure that should be large."""
    return f"{ratio:.1f} x {unit}", f">= {wanted:g} x", ratio >= wanted


def speed(bench: Bench, sizes: Sizes) -> list[Row]:
    """Measure everything that runs inside one process, and the verdict in two."""
    names = ("split", "tokens", "verdict", "events", "parallel")
    best = dict.fromkeys((*names, "pyx12"), float("inf"))
    for _ in range(sizes.rounds):
        for name in best:
            members = sizes.sample if name == "pyx12" else sizes.main
            best[name] = min(best[name], bench.measure(name, members, warm=sizes.small).seconds)
    count = bench.segments(sizes.main)
    rates = {name: count / best[name] for name in names} | {"pyx12": bench.segments(sizes.sample) / best["pyx12"]}
    beside = {name: rates[name] / rates["pyx12"] for name in names}

    def row(name: str, what: str, verdict: tuple[str, str, bool] = ("", "", True)) -> Row:
        members = sizes.sample if name == "pyx12" else sizes.main
        return Row(what, members, f"{best[name]:.2f} s", rates[name], *verdict)

    return [
        row("pyx12", "pyx12, `x12n_document`", ("1", "", True)),
        row("split", "floor: `bytes.split`", (f"{beside['split']:.1f} x pyx12", "", True)),
        row("tokens", "tokenizer", (f"{beside['tokens']:.1f} x pyx12", "", True)),
        row("verdict", "conformance verdict", at_least(beside["verdict"], 50, "pyx12")),
        row("events", "verdict and typed events", at_least(beside["events"], 30, "pyx12")),
        row(
            "parallel", "verdict, two processes", at_least(best["verdict"] / best["parallel"], 1.6, "one process")
        ),
    ]


def commands(bench: Bench, sizes: Sizes) -> list[Row]:
    """Measure whole processes: start, read, judge, print."""
    ours, theirs = ("rollbook", "check"), ("x12valid",)
    runs = [(sizes.command, ours), (sizes.command, theirs), (sizes.small, ours), (sizes.small, theirs)]
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(sizes.rounds):
        for members, words in runs:
            best[members, words] = min(best[members, words], bench.command(members, *words))
    large, valid, small, tiny = best.values()
    count = bench.segments(sizes.command)
    return [
        Row("`x12valid`, whole process", sizes.command, f"{valid:.2f} s", count / valid, "1"),
        Row(
            "`rollbook check`, whole process", sizes.command, f"{large:.2f} s", count / large,
            *at_least(valid / large, 25, "x12valid"),
        ),
        Row("`x12valid`, whole process", sizes.small, f"{tiny:.2f} s"),
        Row(
            "`rollbook check`, whole process", sizes.small, f"{small:.2f} s", 0,
            f"{tiny / small:.1f} x x12valid", "<= 0.3 s", small <= 0.3,
        ),
    ]  # fmt: skip


def memory(bench: Bench, sizes: Sizes) -> list[Row]:
    """Measure the peak of a process that judges a small and a very large file, events and all."""
    few, many = (bench.measure("events", members) for members in (sizes.few, sizes.many))
    ratio = many.peak / few.peak
    return [
        Row("peak memory, verdict and events", sizes.few, f"{few.peak / MIB:.1f} MiB", 0, "1"),
        Row(
            "peak memory, verdict and events", sizes.many, f"{many.peak / MIB:.1f} MiB", 0,
            f"{ratio:.2f} x", "<= 1.2 x", ratio <= 1.2,
        ),
    ]  # fmt: skip


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a look in half a minute: smaller files, one round")
    parser.add_argument("--rounds", type=int, help="how often each measurement is taken; the best counts")
    parser.add_argument("--only", choices=("speed", "commands", "memory"), help="a third of the table")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    chosen = parser.parse_args()
    sizes = QUICK if chosen.quick else Sizes()
    sizes = replace(sizes, rounds=chosen.rounds or sizes.rounds)
    if chosen.write and (chosen.quick or chosen.only):
        parser.error("only a full run is published")
    parts = {"speed": speed, "commands": commands, "memory": memory}
    warn_if_busy()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        try:
            rows = [
                row for name, part in parts.items() if chosen.only in (None, name) for row in part(bench, sizes)
            ]
        except subprocess.CalledProcessError as failed:
            sys.exit(f"{failed}\nNo table: a measurement whose result is wrong has no speed.")
    text = f"{machine()}\n\n{render(rows)}"
    print(text)
    if chosen.write:
        write(PAGE, text)


if __name__ == "__main__":
    main()
