"""An error in words that hold nobody's data: its type, the system's words for it, our lines it came through."""

from __future__ import annotations

import traceback
from pathlib import Path

from pipeline.workspace import InstallationError

_ROOT = Path(__file__).parents[1]
_LINES = 4  # the innermost of ours


def describe(error: BaseException) -> str:
    """Return an error's type, the system's words for it, and our lines; never its own text."""
    frames = traceback.extract_tb(error.__traceback__)
    paths = [
        (Path(frame.filename).relative_to(_ROOT), frame.lineno) for frame in frames if _is_ours(frame.filename)
    ]
    lines = [f"{path}:{line}" for path, line in paths]
    words = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    if isinstance(error, InstallationError):
        words = f" ({error})"  # all ours: which keys, which folder
    return f"{type(error).__name__}{words}" + (f" at {' > '.join(lines[-_LINES:])}" if lines else "")


def _is_ours(name: str) -> bool:
    return _ROOT in Path(name).parents and "site-packages" not in name
