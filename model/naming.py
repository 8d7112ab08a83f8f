"""Names that become paths: codes of partners, groups and accounts, and single files; checked here alone.

A code names a folder, a lock, a document and something on the command line: it is a plain word. Whatever joins a
path from names asks `inside`, which leads nowhere else.
"""

from __future__ import annotations

import re
from pathlib import Path

_CODE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,48}[A-Za-z0-9])?")  # both ends: "G1." and "G1" share documents
_RULE = "a code is at most 50 letters, digits, dots, dashes and underscores, a letter or digit first and last"


class NotAName(ValueError):
    """A name that cannot be what it is meant for. The text does not repeat it: a sender may have written it."""


def code(text: str) -> str:
    """Return one of our own codes, of a partner, group, subgroup, plan or account. Raises NotAName."""
    if not _CODE.fullmatch(text):
        raise NotAName(_RULE)
    return text


def refusal(name: str) -> str:
    """Return why a text cannot be one file of a folder, empty when it can."""
    if not name or name in (".", ".."):
        return "it has no name"
    if "/" in name or "\\" in name or "\0" in name:
        return "its name leads elsewhere"
    return ""


def step(name: str) -> str:
    """Return a name that leads one step down and nowhere else. Raises NotAName for any other."""
    if why := refusal(name):
        raise NotAName(why)
    return name


def inside(folder: Path, *names: str) -> Path:
    """Return the path of a file or folder below a folder, each name one step down. Raises NotAName."""
    return folder.joinpath(*map(step, names))
