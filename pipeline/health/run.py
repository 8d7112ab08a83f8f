"""Health: ask everything that is possible and costs money, in one transaction; keep each night's figures.

Nothing of business is changed. The figures of the nights lie in `health.jsonl` beside the store, since they follow
from it: a line a night, by check how many and how much.

See docs/design.md, Checks of the books.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from model.health import Checked, Cost
from model.money.cents import Cents
from pipeline.health.costly import COSTLY, Costly
from pipeline.health.looking import Looking
from pipeline.runtime import marks
from pipeline.runtime.clock import local_day
from pipeline.runtime.settings import InstallationError
from pipeline.runtime.workspace import Workspace
from store.checks.ask import Ask
from vault import disk

_NAME = "health.jsonl"
_KEPT = 400  # nights
BEFORE = {"last night": 1, "a week ago": 7, "four weeks ago": 28}  # days


@dataclass(frozen=True, slots=True)
class Night:
    """The figures of one night, by check: how many, and cents."""

    day: str
    figures: Mapping[str, tuple[int, Cents]]


def health(
    ws: Workspace,
    now: datetime,
    *,
    group: str = "",
    only: Collection[str] = (),
    progress: Callable[[str], None] = lambda name: None,
) -> list[Checked]:
    """Ask all checks, or those of some names, and return what they came to, in order; `group`: of this one alone.

    KeyError: a name that no check has.
    """
    unknown = set(only) - set(names())
    if unknown:
        raise KeyError(min(unknown))
    with ws.database.read() as conn:
        look = Looking(ws, Ask(conn, now), local_day(conn, now), group)
        checked = []
        for each in COSTLY:
            if not only or each.name in only:
                progress(each.name)
                checked.append(_checked(each, look))
        return checked


def names() -> list[str]:
    """Return the name of every check, in order."""
    return [each.name for each in COSTLY]


def _checked(each: Costly, look: Looking) -> Checked:
    found = (cost for cost in each.look(look) if look.group in ("", cost.group))
    return Checked(each.name, each.text, each.fix, each.monthly, tuple(sorted(found, key=_order)))


def _order(cost: Cost) -> tuple[object, ...]:
    return cost.since, -cost.cents, cost.about, len(cost.ident), cost.ident, cost.what


# --- the nights ------------------------------------------------------------------------------------------


def path(home: Path) -> Path:
    """Return where the nights' figures lie."""
    return home / _NAME


def nights(home: Path) -> tuple[Night, ...]:
    """Return the figures of the nights, oldest first. Raises InstallationError for a line that is none."""
    try:
        lines = [json.loads(line) for line in path(home).read_text(encoding="ascii").splitlines()]
        return tuple(
            Night(
                str(date.fromisoformat(line["day"])),
                {name: (int(n), int(c)) for name, (n, c) in line["figures"].items()},
            )
            for line in lines
        )
    except FileNotFoundError:
        return ()
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InstallationError(f"{path(home)} cannot be read: remove it, and figures are kept anew") from None


def keep(ws: Workspace, day: date, checked: Collection[Checked]) -> None:
    """Keep a night's figures, in the place of those that its day had; on disk when this returns."""
    fresh = Night(str(day), {each.name: (len(each.costs), each.cents) for each in checked})
    home = ws.settings.home
    with marks.alone(home):
        kept = {night.day: night for night in nights(home)} | {fresh.day: fresh}
        lines = [json.dumps(asdict(kept[day])) for day in sorted(kept)[-_KEPT:]]
        with disk.temporary(home, _NAME) as (temporary, file):
            file.write("".join(f"{line}\n" for line in lines).encode("ascii"))
            disk.finish(file)
            temporary.replace(path(home))
        disk.sync(home)


def before(home: Path, today: date) -> dict[str, Night]:
    """Return the figures of the last night, and of the newest ones that are a week and four weeks old."""
    kept = nights(home)
    found = {}
    for name, days in BEFORE.items():
        by = str(today - timedelta(days=days))
        older = [night for night in kept if night.day <= by]
        if older:
            found[name] = older[-1]
    return found
