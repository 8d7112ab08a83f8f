"""Terms drafted from a file that came, and what its headings seem to mean: for an analyst to edit.

Apart from what is agreed: it loads what reads files, and few commands need that.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from intake.folder import read_chunks
from parsers.census import sheet
from parsers.terms import census_map as mapping
from parsers.terms import draft as drafting
from parsers.terms import draft_sheet
from parsers.x12 import judge as parse


def draft_terms(path: Path, today: date, partner: str = "") -> str:
    """Draft the terms that a file seems to follow, for an analyst to edit. Reads nothing but the file."""
    data = next(iter(read_chunks(path)), b"")
    if sheet.recognise(data[: sheet.HEAD]):
        return draft_sheet.draft(b"".join(read_chunks(path)), today, partner)
    return drafting.draft(parse.judge(read_chunks(path)), partner)


def is_empty(draft: str) -> bool:
    """Say whether a draft has neither a group nor who sends, since nothing of its file shows one."""
    shown = tomllib.loads(draft)
    return "group" not in shown and not any(partner.get("isa_ids") for partner in shown.get("partner", ()))


def census_map(path: Path, today: date) -> str:
    """Return what the headings of a spreadsheet seem to mean, as [partner.census]. Reads nothing but the file."""
    return mapping.written(b"".join(read_chunks(path)), today)


def cautions(draft: str) -> list[str]:
    """Return what a draft says loudly: what an analyst must see before it is loaded."""
    return [line.removeprefix("# ") for line in draft.splitlines() if line.startswith("# !!!")]
