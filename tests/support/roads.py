"""The road of a file held still: what generated histories and the stories come to, as digests that are kept.

A road that is built anew (issue 11: receive at speed) must bring every file where the old one brought it. A
history (support.road_history) is lived in an installation of its own through the ordinary door (pipeline.inputs,
SQLite); what can be seen of it is written as one canonical text: the state of each file and set, dispositions and
findings with all that they say, what is owed (each statement as JSON), the bytes of acknowledgments and of the
report's CSV, the store's canonical dump. Its digest stands in tests/cases/roads/digests.txt.

    make roads                                        all of them (ARGS="--roads 0-99": some)
    cd tests && ../.venv/bin/python -m support.roads --text 7       the text of a history, to diff two checkouts by
    cd tests && ../.venv/bin/python -m support.roads --text harbor  the text of a story
    cd tests && ../.venv/bin/python -m support.roads --counts       how often each state, code and action occurs
    cd tests && ../.venv/bin/python -m support.roads --write        writes the digests again

A difference is a fault of the road, until somebody meant it. A change that is meant is accepted by writing the
digests again in the same commit, which says why in CHANGELOG.md. Left out are ids of rows and of transactions, the
clock, and the documents that are pictures of the same statement (PDF, HTML, XLSX).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from support import road_stories, road_terms, warm
from support.road_history import history
from support.road_home import lived

KEPT = Path(__file__).resolve().parents[1] / "cases" / "roads" / "digests.txt"
HISTORIES = 1_000
_DIGITS = 12  # of a digest: enough to tell two texts apart
_WORKERS = 2
_A_SHARE = 20  # roads that a worker takes at a time


def place() -> str | None:
    """Where installations lie: in memory where there is that, since each commit waits for a disk."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() else None


def names() -> list[str]:
    """Return the names of all roads that may be kept: the stories, and the seeds of the histories."""
    return [*road_stories.STORIES, *map(str, range(HISTORIES))]


def text_of(name: str, stamps: Path) -> list[str]:
    """Live a history, named by its seed, or a story; return the canonical text's lines.

    `stamps`: a folder for the installations that are copied, each made when it is first wanted.
    """
    if name in road_stories.STORIES:
        story = road_stories.STORIES[name]
        return lived(story.terms(), 1, story.steps(), stamps / "stories" / name)
    variant, steps = history(int(name))
    keys = 1 if variant % road_terms.TWO_KEYS else 2
    return lived(road_terms.texts(variant), keys, steps, stamps / str(variant))


def digest(lines: Iterable[str]) -> str:
    """Return a text's short digest."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_DIGITS]


def kept() -> dict[str, str]:
    """Return the digests that are kept, by name."""
    return dict(line.split() for line in KEPT.read_text("utf-8").splitlines())


def of(some: Sequence[str], stamps: Path) -> dict[str, str]:
    """Return the digests of some roads, by name."""
    return {name: digest(text_of(name, stamps)) for name in some}


_COUNTED = (
    ("file", re.compile(r"^file \S+ (\S+ \S+)")),
    ("set", re.compile(r"^set \S+ (\S+ \S+ \S+)")),
    ("reason", re.compile(r"^set \S+ \S+ \S+ \S+ (.+)")),
    ("finding", re.compile(r'^finding .*"code": "([^"]+)"')),
    ("disposition", re.compile(r'^line .*"cause": "(\w+)".*"disposition": "(\w+)"')),
    ("action", re.compile(r'^line .*"action": "([^"]*)"')),
    ("owed", re.compile(r"^owed \S+ \S* ?(\S+) F")),
    ("trouble", re.compile(r"^trouble (\S+)")),
)
_VALUES = re.compile(r"\d{4}-\d\d-\d\d|\b[A-Z0-9]{3,}\b|\d+")


def counts_of(some: Sequence[str], stamps: Path) -> Counter[tuple[str, str]]:
    """Count what the texts of some roads tell: states, codes, dispositions, actions without their values."""
    counted: Counter[tuple[str, str]] = Counter()
    for line in chain.from_iterable(text_of(name, stamps) for name in some):
        for kind, pattern in _COUNTED:
            if hit := pattern.search(line):
                words = " ".join(hit.groups())
                counted[kind, _VALUES.sub("_", words) if kind in ("action", "reason") else words] += 1
    return counted


Work = Callable[[Sequence[str], Path], Mapping[Any, Any]]


def _shared(some: Sequence[str], work: Work) -> Iterator[Mapping[Any, Any]]:
    """Yield what `work` returns of the roads, share by share, from processes beside each other."""
    shares = [some[at : at + _A_SHARE] for at in range(0, len(some), _A_SHARE)]
    with (
        tempfile.TemporaryDirectory(prefix="roads-", dir=place()) as folder,
        ProcessPoolExecutor(_WORKERS, initializer=warm.keep) as pool,
    ):
        for result in pool.map(partial(_in_own, work, Path(folder)), shares):
            sys.stderr.write(".")
            sys.stderr.flush()
            yield result
    sys.stderr.write("\n")


def _in_own(work: Work, folder: Path, some: Sequence[str]) -> Mapping[Any, Any]:
    """Work in a process, with stamps of its own."""
    return work(some, folder / str(os.getpid()))


def _named(text: str) -> list[str]:
    """Return the roads that somebody asks for: `0-99,104,harbor`."""
    some: list[str] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        some += map(str, range(int(first), int(last) + 1)) if last else [part]
    return some


def main() -> None:
    """Do what the command line asks for. Exit code 1: a digest is another one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--roads", help="some of them: 0-99,104,harbor; all when left out")
    parser.add_argument("--text", help="print the canonical text of a seed or a story")
    parser.add_argument("--counts", action="store_true", help="print how often each state, code and action occurs")
    parser.add_argument("--write", action="store_true", help="write the digests that are kept")
    chosen = parser.parse_args()
    some = names() if chosen.write or chosen.counts else list(kept())
    some = _named(chosen.roads) if chosen.roads else some
    if chosen.text:
        with tempfile.TemporaryDirectory(prefix="roads-", dir=place()) as folder:
            sys.stdout.write("\n".join([*text_of(chosen.text, Path(folder)), ""]))
        return
    if chosen.counts:
        counted: Counter[tuple[str, str]] = Counter()
        for share in _shared(some, counts_of):
            counted.update(share)
        for (kind, words), count in sorted(counted.items()):
            sys.stdout.write(f"{count:7}  {kind:11} {words}\n")
        return
    digests = dict(chain.from_iterable(share.items() for share in _shared(some, of)))
    if chosen.write:
        digests = kept() | digests if chosen.roads else digests
        KEPT.write_text("".join(f"{name} {digest}\n" for name, digest in digests.items()), "utf-8")
        return
    before = kept()
    others = [name for name, digest in digests.items() if digest != before[name]]
    sys.stdout.write(f"{len(digests)} roads, {len(others)} end elsewhere {' '.join(others)}\n")
    sys.exit(bool(others))


if __name__ == "__main__":
    main()
