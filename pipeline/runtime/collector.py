"""The garbage collector in the process of a command, and in one that makes many values.

What start-up loaded lives as long as the process, and the values of a chunk can all be reached until it is
written: looking through them again and again finds nothing, and took a fifth of applying a file. So what is there
when a verb of many records begins is looked at no more, and new values are after 50,000 of them instead of 700.
The collector stays on: what a library leaves in cycles goes.
"""

from __future__ import annotations

import gc
from functools import cache

_NEW = 50_000  # values made, less those gone, until the new ones are looked through


def look_seldom() -> None:
    """Prepare the process of a command: what it loads stays, and looking through it is a tenth of a start."""
    gc.set_threshold(_NEW, 20, 20)


@cache  # once a process: to ask whether it was done would look through all that is frozen
def expect_many() -> None:
    """Prepare the process for verbs of many records; the first one does it for all."""
    gc.freeze()
    look_seldom()
