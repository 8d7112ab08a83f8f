"""The question about the record of looks."""

from __future__ import annotations

from collections.abc import Iterator

from model.verification import Fault
from pipeline.runtime import looks
from pipeline.verify.sealed import Reading
from vault.lines import Broken


def chain(asked: Reading) -> Iterator[Fault]:
    """Every look stands as it was recorded, after the one before it, and none is missing at the end."""
    for found in looks.walk(asked.ws):
        asked.rows += 1
        if isinstance(found, Broken):
            yield Fault(f"looks {found.where}", found.what)
