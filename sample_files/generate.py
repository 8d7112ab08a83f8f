"""Writes the invented sample files.

`python sample_files/generate.py` writes demo, valid, broken, census and bank again (the same bytes each time);
`python sample_files/generate.py --families 20000 --seed 7 --output adds.edi` writes one large file of adds;
`python sample_files/generate.py --varied 50000 --seed 7 --output varied.edi` writes one of so many members, with
every loop of the guide.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import banking
import cedar
import selfbilling
import spreadsheets
import story
import variants
import varied
from edi import Family, enrollment_set, interchange, members
from people import Maker

HERE = Path(__file__).parent
# (tier, spouse, fewest and most children, weight)
SHAPES = (("EMP", False, 0, 0, 45), ("ESP", True, 0, 0, 15), ("ECH", False, 1, 3, 12), ("FAM", True, 1, 4, 28))


def family(maker: Maker, begin: date) -> Family:
    """Make one family of a likely shape, in either subgroup, with likely lines of coverage."""
    tier, spouse, fewest, most, _ = maker.random.choices(SHAPES, [shape[4] for shape in SHAPES])[0]
    plan = maker.random.choice(("GOLD", "BRONZE"))
    lines = story.coverages(plan, tier, maker.random.choice(("", "d", "dv")), begin)
    children = maker.random.randint(fewest, most)
    return maker.family(maker.random.choice(("100", "200")), lines, spouse=spouse, children=children)


def many(count: int, seed: int) -> str:
    """Return one interchange that adds this many families from 2026-12-01."""
    maker, day = Maker(seed), date(2026, 11, 20)
    loops = members(family(maker, story.BEGIN) for _ in range(count))
    return interchange([enrollment_set(loops, day, f"HMLOAD{seed}")], day, 900000 + seed)


def write(path: Path, data: bytes) -> None:
    """Write a file, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def committed() -> dict[str, bytes]:
    """Return every generated file of this folder: name relative to the folder, and bytes."""
    demo = {f"demo/{name}": text.encode("ascii") for name, text in story.files().items()}
    demo |= {f"demo/{name}": data for name, data in cedar.files().items()}
    demo |= {f"demo/{name}": data for name, data in banking.demo().items()}
    valid = {f"valid/{name}": text.encode("ascii") for name, text in variants.valid().items()}
    broken = {f"broken/{name}": data for name, data in variants.broken().items()}
    census = {f"census/{name}": data for name, data in spreadsheets.files().items()}
    bank = {f"bank/{name}": data for name, data in banking.files().items()}
    own = {f"selfbill/{name}": data for name, data in selfbilling.files().items()}
    return demo | valid | broken | census | bank | own


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, help="write one file that adds this many families instead")
    parser.add_argument("--varied", type=int, help="write one file with this many members of all kinds instead")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=Path("adds.edi"))
    chosen = parser.parse_args()
    if chosen.families:
        write(chosen.output, many(chosen.families, chosen.seed).encode("ascii"))
        sys.stdout.write(f"{chosen.families} families in {chosen.output}\n")
        return
    if chosen.varied:
        with chosen.output.open("w", encoding="ascii", newline="") as output:
            output.writelines(varied.text(chosen.varied, chosen.seed))
        sys.stdout.write(f"{chosen.varied} members in {chosen.output}\n")
        return
    for name, data in committed().items():
        write(HERE / name, data)
    sys.stdout.write(f"{len(committed())} files in {HERE}\n")


if __name__ == "__main__":
    main()
