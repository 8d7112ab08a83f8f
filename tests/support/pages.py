"""Tables of a page that are made from the code: each stands between `<!-- name -->` and `<!-- /name -->`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def filled(page: str, parts: Mapping[str, str]) -> str:
    """Return the page with these parts in their places. AssertionError: it has no such place, or several."""
    for name, part in parts.items():
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        page, places = between.subn(lambda match, part=part: f"{match[1]}\n{part}\n{match[2]}", page)
        assert places == 1, f"{places} places for {name}"
    return page
