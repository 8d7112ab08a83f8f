"""Our conformance engine against pyx12 on any number of damaged sets: `make fuzz`.

It begins at a number drawn by chance, so that each run tries others. The first set that is judged otherwise ends
the run, with the least of it that is still judged otherwise, as a case to keep.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from multiprocessing import Pool
from random import SystemRandom
from textwrap import indent
from time import monotonic

from support.mutations import Mutant, mutant, smallest
from support.pyx12_oracle import consult, differences, document_differs

_BLOCK = 250
_WHOLE = 10  # every tenth is also judged by the whole of pyx12


def check(seed: int) -> tuple[Counter[str], list[str]]:
    """Judge one mutant; return what it was a case of, and what is wrong."""
    text = mutant(seed).text()
    opinion = consult(text)
    seen = Counter({fault.code for fault in opinion.due} | {f"({name})" for name in opinion.deviations})
    seen["accepted" if opinion.must_accept else "rejected"] += 1
    wrong = list(differences(text, opinion))
    if seed % _WHOLE == 0 and (doubt := document_differs(text, opinion)):
        wrong.append(doubt)
    return seen, wrong


def report(seed: int, wrong: list[str]) -> str:
    """Return a disagreement as text: the seed, what is wrong, and the least set that shows it."""
    least = smallest(mutant(seed), lambda smaller: bool(list(_disagreement(smaller))))
    lines = [f"mutant {seed} ({mutant(seed).edits})", *wrong]
    if short := list(_disagreement(least)):
        lines += ["", "in short:", *short, "", least.text()]
    lines += [
        "",
        "Keep it in tests/cases/x12/finds.yaml, under `damaged`, before it is mended:",
        case(least.text()),
    ]
    return "\n".join(lines)


def case(text: str) -> str:
    """Return a set as an entry of finds.yaml: readable where its lines are lines, else as a quoted string."""
    readable = all(line.isprintable() for line in text.split("\n"))
    shown = "|\n" + indent(text, " " * 6) if readable else json.dumps(text) + "\n"
    return f"  - name: what was wrong, in words\n    text: {shown}"


def _disagreement(damaged: Mutant) -> list[str]:
    text = damaged.text()
    return list(differences(text, consult(text)))


def _block(start: int) -> tuple[int, Counter[str], int, list[str]]:
    seen: Counter[str] = Counter()
    for seed in range(start, start + _BLOCK):
        more, wrong = check(seed)
        seen += more
        if wrong:
            return start, seen, seed, wrong
    return start, seen, -1, []


def main() -> int:
    """Run; return 1 at the first disagreement."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="damaged sets to judge (default: %(default)s)")
    parser.add_argument(
        "--start", type=int, default=SystemRandom().randrange(10**9), help="number of the first one"
    )
    parser.add_argument("--processes", type=int, default=2, help="default: %(default)s")
    asked = parser.parse_args()
    sys.stdout.write(f'once more: make fuzz ARGS="--start {asked.start} --count {asked.count}"\n')
    begin, seen, done = monotonic(), Counter[str](), 0
    with Pool(asked.processes) as pool:
        for _, more, seed, wrong in pool.imap(_block, range(asked.start, asked.start + asked.count, _BLOCK)):
            if wrong:
                sys.stdout.write(f"\n{report(seed, wrong)}\n")
                return 1
            seen, done = seen + more, done + _BLOCK
            sys.stdout.write(f"\r{done:,} judged alike, {done / (monotonic() - begin):.0f} a second")
            sys.stdout.flush()
    sys.stdout.write("\n" + "".join(f"{count:>9,}  {name}\n" for name, count in sorted(seen.items())))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
