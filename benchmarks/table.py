"""The table of a run, the machine it ran on, and the page of the documents that holds both."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HEADINGS = ("what", "members", "time or memory", "segments a second", "ratio", "target", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; a figure that has no place in it stays empty."""

    what: str
    members: int
    figure: str  # seconds or memory, with its unit
    rate: float = 0  # segments a second
    ratio: str = ""  # the figure against another one of this run
    target: str = ""
    holds: bool = True  # the target is reached

    def cells(self) -> tuple[str, ...]:
        """Return what the table shows."""
        rate = f"{self.rate:,.0f}" if self.rate else ""
        verdict = ("holds" if self.holds else "MISSED") if self.target else ""
        return (self.what, f"{self.members:,}", self.figure, rate, self.ratio, self.target, verdict)


def at_least(ratio: float, wanted: float, unit: str) -> tuple[str, str, bool]:
    """Return ratio, target and whether it holds, for a figure that should be large."""
    return f"{ratio:.1f} x {unit}", f">= {wanted:g} x", ratio >= wanted


def at_most(ratio: float, allowed: float, unit: str) -> tuple[str, str, bool]:
    """Return the same for a figure that should be small."""
    return f"{ratio:.3g} x {unit}", f"<= {allowed:g} x", ratio <= allowed


def render(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table that is easy to read in a terminal too."""
    cells = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = [
        "| "
        + " | ".join(text.rjust(w) if 0 < at < 4 else text.ljust(w) for at, (text, w) in enumerate(pairs))
        + " |"
        for pairs in (tuple(zip(line, widths, strict=True)) for line in cells)
    ]
    rule = "|" + "|".join("-" * (w + 1) + (":" if 0 < at < 4 else "-") for at, w in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def processor() -> str:
    """Return the processor's own name of itself."""
    told = Path("/proc/cpuinfo")
    match = re.search(r"model name\s*: (.+)", told.read_text()) if told.exists() else None
    return match[1] if match else platform.processor() or platform.machine()


def machine() -> str:
    """Return date, machine shape and versions in one sentence."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {processor()}, {os.cpu_count()} cores, {memory:.0f} GiB; "
        f"{platform.system()}, Python {platform.python_version()}, pyx12 {version('pyx12')}."
    )


def warn_if_busy() -> None:
    """Say so on standard error when something else runs: ratios bear it, two processes do not."""
    load = os.getloadavg()[0]
    if load > 0.5:
        sys.stderr.write(f"The machine is busy (load {load:.1f}): do not publish these figures.\n")


def write(page: Path, name: str, text: str) -> None:
    """Put a table between its marks on the page. ValueError: the page has none of this name."""
    place = re.compile(rf"(?<=<!-- bench {re.escape(name)} -->\n).*?(?=<!-- end -->)", re.DOTALL)
    old = page.read_text("utf-8")
    if not place.search(old):
        raise ValueError(f"{page.name} has no place for the table of {name}")
    page.write_text(place.sub(lambda _: f"{text}\n", old), "utf-8")
