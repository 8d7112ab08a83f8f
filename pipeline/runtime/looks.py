"""Looks: who looked at whom, in files beside the store: a look waits for no write, and is possible where none is.

docs/operations.md, Looks. A line names people by their member IDs, never what was searched for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from vault import lines
from vault.lines import Broken

LONGEST = 200  # characters of a reason


@dataclass(frozen=True, slots=True)
class Look:
    """One look at people: by their IDs, or all of a `group` or of what a `document` (a file, an invoice) shows.

    `search` names what was searched by (name, birth ...), not for. `at` is the machine's clock (UTC, ISO 8601),
    whatever day the command works as on.
    """

    at: str
    actor: str
    login: str
    command: str
    members: tuple[str, ...] = ()
    group: str = ""
    document: str = ""
    search: str = ""
    why: str = ""


def path(home: Path) -> Path:
    """Return the folder in which an installation's looks lie, a file a month."""
    return home / "looks"


def record(
    ws: Workspace,
    command: str,
    members: Iterable[str] = (),
    *,
    group: str = "",
    document: str = "",
    search: str = "",
    why: str = "",
) -> None:
    """Record a look before anything is shown; on disk when this returns. Raises OSError: then nothing may be."""
    at = clock.instant(None, ws.zone())
    told = Look(
        at=at.isoformat(),
        actor=ws.actor.text,
        login=ws.actor.session,
        command=command,
        members=tuple(sorted(set(members))),
        group=group,
        document=document,
        search=search,
        why=" ".join(why.split())[:LONGEST],
    )
    lines.append(path(ws.settings.home), ws.vault.looks, f"{at:%Y-%m}", asdict(told))


def walk(ws: Workspace) -> Iterator[Look | Broken]:
    """Yield every look that was recorded, oldest first, and each place that is not as it was written."""
    for found in lines.walk(path(ws.settings.home), ws.vault.looks):
        if isinstance(found, Broken):
            yield found
        else:
            told = dict(found.told)
            yield Look(**{**told, "members": tuple(told["members"])})


def month(look: Look) -> str:
    """Return the month of a look, YYYY-MM (UTC)."""
    return f"{datetime.fromisoformat(look.at):%Y-%m}"
