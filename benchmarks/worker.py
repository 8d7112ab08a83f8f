"""One measurement in a process of its own: `python benchmarks/worker.py NAME FILE WARM` prints one line of JSON.

WARM is a small file that is taken first, so that imports, compiled maps and warm caches are in nobody's time. Each
measurement reads its file from the disk. The garbage collector is off while the clock runs, for pyx12 as for us;
for memory nothing is warmed and nothing switched off.
"""

from __future__ import annotations

import gc
import io
import json
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # each measurement loads only what it measures: the floor's memory is Python's own
    from model.judged import Judged

BLOCK = 1024 * 1024  # bytes read at a time


def chunks(path: Path) -> Iterator[bytes]:
    """Yield the file's bytes block by block."""
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            yield block


def split(path: Path) -> bool:
    """The floor: the whole file in memory, split into segments and elements; nothing is looked at."""
    return bool([part.split(b"*") for part in path.read_bytes().split(b"~")])


def tokens(path: Path) -> bool:
    """Our tokenizer alone: segments of elements, read in blocks, no judgment."""
    from parsers.x12.heads import Head
    from parsers.x12.tokenizer import Tokenizer

    tokenizer = Tokenizer(chunks(path))
    return sum(isinstance(token, Head) for token in tokenizer) == 1


def accepted(items: Iterable[Judged]) -> bool:
    """Say whether a file's one interchange, group and set were all accepted without any finding."""
    from model.x12 import FunctionalGroupVerdict, InterchangeVerdict, SetVerdict, Verdict

    good = 0
    for item in items:
        if isinstance(item, SetVerdict | FunctionalGroupVerdict | InterchangeVerdict):
            good += item.verdict is Verdict.ACCEPTED and not item.findings
    return good == 3


def verdict(path: Path) -> bool:
    """Envelope, conformance and verdicts."""
    from parsers.x12.judge import judge

    return accepted(judge(chunks(path), events=False))


def events(path: Path) -> bool:
    """Verdicts and every member as a typed event."""
    from parsers.x12.judge import judge

    return accepted(judge(chunks(path)))


def parallel(path: Path) -> bool:
    """The verdict by two processes (a small file is judged by one)."""
    from parsers.x12.parallel import judge_file

    return accepted(judge_file(path, processes=2))


def pyx12(path: Path) -> bool:
    """pyx12's own validation of the file, with its 999, as its command `x12valid` does it."""
    from pyx12.params import ParamsBase
    from pyx12.x12n_document import x12n_document

    return bool(x12n_document(ParamsBase(), str(path), io.StringIO(), None))


MEASUREMENTS = {of.__name__: of for of in (split, tokens, verdict, events, parallel, pyx12)}


def peak() -> int:
    """Return the most memory this process ever held, in bytes (resident set size)."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024  # Linux counts in KiB


def main(name: str, path: str, warm: str = "") -> None:
    """Measure, print seconds of the clock and of CPU, and peak memory.

    SystemExit: the file was not accepted, so the time says nothing.
    """
    measured = MEASUREMENTS[name]
    if warm:
        measured(Path(warm))
        gc.collect()
        gc.disable()
    started, cpu = time.perf_counter(), time.process_time()
    good = measured(Path(path))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    if not good:
        raise SystemExit(f"{name}: the generated file was not accepted")
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": peak()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
