"""What one heading of a census means: our field, or none."""

from __future__ import annotations

import difflib
from functools import cache

from model.trade.coverage import CLASSES, LINES, MEDICAL
from parsers.census.values import parted, plain, words

_SHORT = 2  # letters: codes as short as that are words of other meanings


@cache
def field_of(heading: str) -> str:
    """Return our field of one heading; empty when it is none of ours."""
    return meant(plain(heading)) or meant(parted(heading))


def meant(text: str) -> str:
    """Return our field of a heading as it is compared; empty when it is none of ours."""
    table, known = words(), _known()
    if not text or text in known:
        return known.get(text, "")
    for code, written in _lines():
        for word in written:
            rest = text.removeprefix(word).strip()
            if text == word or text.startswith(f"{word} "):
                part = next((name for name, many in table["election"].items() if rest in many), "")
                return f"{part}:{code}" if part else ""
    first, _, rest = text.partition(" ")
    found = known.get(rest, "") if first in table["prefixes"]["words"] else ""
    return "" if found in table["prefixes"]["not_for"] else found


@cache
def _lines() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the words for each line of coverage; what an 834 sends for one is a word, too (DCP, MOD)."""
    named = [(line.code, line.written) for line in CLASSES]
    sent = {
        code.lower() for code in LINES.codes if LINES.effects[code] not in (None, MEDICAL) and len(code) > _SHORT
    }
    known = {word for _, written in named for word in written}
    return (*named, *((code, (code,)) for code in sorted(sent - known)))


@cache
def _known() -> dict[str, str]:
    """Return our field by each heading that means it."""
    table = words()["headers"]
    return {plain(name): name for name in table} | {word: name for name, many in table.items() for word in many}


def close_to(heading: str, least: float) -> str:
    """Return the heading of ours that one is most like, as people write it; empty below a likeness (0 to 1)."""
    near = difflib.get_close_matches(parted(heading), _known(), 1, least)
    return near[0].title() if near else ""
