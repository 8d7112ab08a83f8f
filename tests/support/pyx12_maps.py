"""pyx12's maps, each loaded once: they do not change, and loading one takes longer than judging a file by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest import mock

from pyx12 import map_if
from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

_load = map_if.load_map_file


@cache
def load(name: str) -> Any:
    """Return a map by its file's name."""
    return _load(name, ParamsBase())


@contextmanager
def kept() -> Iterator[None]:
    """Let pyx12 find its maps loaded."""
    with mock.patch.object(map_if, "load_map_file", lambda name, *_: load(name)):
        yield


def accepts(source: Any) -> bool:
    """Say whether pyx12's whole machine accepts a file: a path, or a stream of text. It raises as it likes."""
    with kept():
        return bool(x12n_document(ParamsBase(), source, None, None))
