"""An error in words that hold nobody's data: its type, our words or the system's, our lines it came through."""

from __future__ import annotations

import traceback
from pathlib import Path

from pipeline.runtime import troubles

_ROOT = Path(__file__).parents[2]
_LINES = 4  # the innermost of ours


def describe(error: BaseException) -> str:
    """Return an error's type, our words for it or the system's, and our lines; never its own text."""
    frames = traceback.extract_tb(error.__traceback__)
    paths = [
        (Path(frame.filename).relative_to(_ROOT), frame.lineno) for frame in frames if _is_ours(frame.filename)
    ]
    lines = [f"{path}:{line}" for path, line in paths]
    system = error.strerror if isinstance(error, OSError) else ""
    words = troubles.words(error) or system
    return f"{type(error).__name__}{f' ({words})' if words else ''}" + (
        f" at {' > '.join(lines[-_LINES:])}" if lines else ""
    )


def _is_ours(name: str) -> bool:
    return _ROOT in Path(name).parents and "site-packages" not in name
