"""The tables of docs/conformance.md: `python -m support.conformance_page` in tests/ writes them again.

The deviations come from tests/cases/x12/deviations.yaml. The samples are judged where they lie, beside the
project; what differs is explained in tests/cases/x12/samples.yaml.
"""

from __future__ import annotations

import csv
import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from model.finding import Severity
from model.x12 import TransactionSet
from parsers.x12.judge import judge
from support import pyx12_maps
from support.pages import filled, table
from support.pyx12_oracle import Opinion, consult, ours

_ROOT = Path(__file__).parents[2]
_CASES = _ROOT / "tests" / "cases" / "x12"
PAGE = _ROOT / "docs" / "conformance.md"
SAMPLES = _ROOT.parent / "shared" / "samples"
_SHOWN = 4  # codes in a cell


@dataclass(frozen=True, slots=True)
class Sample:
    """A public file, judged by us and by pyx12."""

    name: str
    holds: str
    ours: str
    pyx12: str
    differs: bool


@cache
def samples() -> list[Sample]:
    """Judge every X12 sample; none where the folder is not here."""
    index = SAMPLES / "INDEX.tsv"
    if not index.exists():
        return []
    with index.open(encoding="utf-8", newline="") as lines:
        names = [row["file"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return [_sample(SAMPLES / name) for name in sorted(names) if name.startswith("x12/")]


def _sample(path: Path) -> Sample:
    data = path.read_bytes()
    accepted, faults, _ = ours(data)
    items = list(judge([data]))
    kinds = dict.fromkeys(f"{item.kind} {item.version}" for item in items if isinstance(item, TransactionSet))
    errors = [f.code for item in items for f in getattr(item, "findings", ()) if f.severity is Severity.ERROR]
    said = _whole(path)
    differs = said != ("accepted" if accepted else "rejected")
    if opinion := _read(data):
        differs = differs or opinion.due != faults
    verdict = "accepted" if accepted else f"rejected: {_counted(errors)}"
    return Sample(path.name, ", ".join(kinds) or "no set", verdict, said, differs)


def _counted(codes: Iterable[str]) -> str:
    counts = Counter(codes).most_common()
    texts = [f"{code} ({count})" if count > 1 else code for code, count in counts[:_SHOWN]]
    return ", ".join(texts) + (f" and {len(counts) - _SHOWN} more" if len(counts) > _SHOWN else "")


def _whole(path: Path) -> str:
    """Return the verdict of pyx12's whole machine, which opens the file itself."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        return "accepted" if pyx12_maps.accepts(str(path)) else "rejected"
    except Exception as error:  # noqa: BLE001 - whatever it raises is its answer
        return f"raises {type(error).__name__}"
    finally:
        logging.disable(level)


def _read(data: bytes) -> Opinion | None:
    """Return what pyx12 says of the text behind a byte order mark, if it can read and has a map for it."""
    opinion = consult(data.decode("utf-8-sig"))
    return None if opinion.raised and not opinion.deviations else opinion


def cases() -> dict[str, Any]:
    """Return deviations.yaml."""
    return yaml.safe_load((_CASES / "deviations.yaml").read_text("utf-8"))  # type: ignore[no-any-return]


def explanations() -> dict[str, str]:
    """Return why a sample is judged otherwise, by file name."""
    told = yaml.safe_load((_CASES / "samples.yaml").read_text("utf-8"))
    return {name: told["reasons"][reason] for name, reason in told["files"].items()}


def tables() -> dict[str, str]:
    """Return the page's tables by name; without the samples theirs is not among them."""
    made = {
        part: table(
            ("", "pyx12", "Rollbook", "Why"), [(c["name"], c["pyx12"], c["ours"], c["why"]) for c in cases()[part]]
        )
        for part in ("inside", "outside")
    }
    if judged := samples():
        told = explanations()
        rows = [(s.name, s.holds, s.ours, s.pyx12, told.get(s.name, "")) for s in judged]
        made["samples"] = table(("File", "Sets", "Rollbook", "pyx12", "Where they differ, why"), rows)
    return made


def written(page: str) -> str:
    """Return the page with its tables made again."""
    return filled(page, tables())


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
