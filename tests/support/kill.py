"""A run of the command line that kills itself, as kill -9 would, when it reaches a place.

python tests/support/kill.py <place> before|after <arguments of rollbook ...>
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from typing import Any

# Before there is a file: nothing but archived bytes is left.
CLAIMING = ("vault.disk:finish", "vault.archive.Archive:put", "pipeline.claim.files:insert_file")
# Every step of receive and deliver: module and the name it is called by there.
PLACES = (
    "pipeline.judge.files:insert_interchange",
    "pipeline.judge.files:close_set",
    "pipeline.judge.acknowledge:answer",
    "pipeline.judge.files:close_interchange",
    "pipeline.judge.files:set_kind_state",
    "pipeline.receive:judge",
    "store.commit:apply",
    "store.files:add_dispositions",
    "store.files:record_set_groups",
    "pipeline.receive:apply",
    "pipeline.answer:settle",
    "store.outbox:put",
    "pipeline.receive:answer",
    "pipeline.deliver:render",
    "pipeline.marks:raise_to",
    "intake.folder:publish",
    "store.outbox:mark",
    "pipeline.receive:deliver",
)


def resolve(place: str) -> tuple[Any, str]:
    """Return the module (or what a module calls so) and the name of a place."""
    path, _, name = place.partition(":")
    parts = path.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            owner: Any = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            owner = getattr(owner, part)
        return owner, name
    raise LookupError(place)


def die_at(place: str, when: str) -> None:
    """Make the place deadly, before or after it has done its work."""
    owner, name = resolve(place)
    real = getattr(owner, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, deadly)


if __name__ == "__main__":
    from cli.main import main

    die_at(sys.argv[1], sys.argv[2])
    sys.argv = ["rollbook", *sys.argv[3:]]
    main()
