"""A night's replay: from the last one that was equal, which it then takes the place of."""

from __future__ import annotations

import shutil

from pipeline.replay import run
from pipeline.runtime.settings import InstallationError
from pipeline.runtime.workspace import Workspace
from pipeline.views.replayed import ReplayView
from vault import disk

_FOLDER = "replays"
_NEW = "new"
_DIFFERS = "differs"  # what the last unequal one came to, to be looked at


def night(ws: Workspace) -> ReplayView:
    """Replay what was recorded since the last replay that was equal, everything where there is none.

    One that is equal is kept as the next one's checkpoint, and the one before goes; one that is not lies beside.
    """
    folder = disk.make_folder(ws.settings.home / _FOLDER)
    kept = sorted(path for path in folder.iterdir() if path.name.isdigit())
    new = folder / _NEW
    shutil.rmtree(new, ignore_errors=True)  # of a run that died
    try:
        result = run.replay(ws, new, kept[-1] if kept else None)
    except InstallationError:  # another store was put back since
        shutil.rmtree(new, ignore_errors=True)
        result = run.replay(ws, new)
    place = folder / (f"{result.last:012d}" if result.equal else _DIFFERS)
    gone = [*kept, place] if result.equal else [place]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    new.rename(place)
    return result
