"""PDF pages that no test reads: a fifth of what it costs to receive a small file is to typeset its report.

The stories of these folders look at names, tables and the store. Of their modules a quarter typesets all the same,
with each commit another (support.schedule), so that every story's figures go through the templates. In the others
the hash of its data stands for a page, so that the same data are always the same bytes. `make test-all` typesets
all of them, and so does who names a file. Writers and commands are always looked at as they are.
"""

from __future__ import annotations

from hashlib import sha256

from support import schedule
from writers.forms import page

_FOLDERS = ("tests/e2e/test_acknowledgment_cases.py", "tests/intake/", "tests/pipeline/", "tests/properties/")
_OTHERS = (  # another process renders the same documents
    "tests/pipeline/test_counts.py",
    "tests/pipeline/test_leases.py",
    "tests/pipeline/test_night.py",
    "tests/pipeline/test_one_writer.py",
    "tests/pipeline/test_processes.py",
    "tests/pipeline/test_stopped_runs.py",
    "tests/properties/test_replay_properties.py",
)
_as_pages = page.typeset


def pages(nodeid: str) -> None:
    """Have pages typeset, or not, as the module of a test wants them."""
    module = nodeid.split("::")[0]
    reads = not module.startswith(_FOLDERS) or module.startswith(_OTHERS) or schedule.is_of_part(module)
    page.typeset = _as_pages if reads else _told_apart


def _told_apart(template: str, data: str) -> bytes:
    return f"%PDF-1.7\n% {template} {sha256(data.encode()).hexdigest()}\n%%EOF\n".encode()
