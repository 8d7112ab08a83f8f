"""On which line of a TOML text a key stands: tomllib reads values, but keeps no positions."""

from __future__ import annotations

import re

# The path to a value as pydantic names it: keys, and indexes (from 0) into arrays of tables.
Path = tuple[str | int, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_KEYS = re.compile(rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*")
_PART = re.compile(_KEY)
# What a value is made of, as far as it matters for where it ends.
_TOKEN = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*|[\[\]{}]')


class _Scan:
    """Reads valid TOML line by line and notes where each table and key begins."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self._table: Path = ()
        self._last: dict[Path, int] = {}  # array of tables -> index of its newest element
        self._depth = 0  # brackets open in a value that goes on over lines
        self._quotes = ""  # the delimiter of a multi-line string that is open

    def line(self, number: int, text: str) -> None:
        """Take the next line."""
        if self._depth or self._quotes:
            self._value(text)
            return
        start = text.lstrip()
        if start.startswith("["):
            keys = _KEYS.match(start.lstrip("["))
            if keys:
                self._table = self._resolve(keys[1], start.startswith("[["))
                self.lines.setdefault(self._table, number)
                self.lines.setdefault(self._table[:-1], number)  # an array of tables begins with its first
            return
        keys = _KEYS.match(text)
        if keys and text[keys.end() : keys.end() + 1] == "=":
            path = self._table
            for part in _parts(keys[1]):
                path = (*path, part)
                self.lines.setdefault(path, number)
            self._value(text[keys.end() + 1 :])

    def _resolve(self, keys: str, is_array: bool) -> Path:
        """Return the path of a table header; within an array of tables it is the newest element."""
        path: Path = ()
        parts = _parts(keys)
        for part in parts[:-1]:
            path = (*path, part)
            if path in self._last:
                path = (*path, self._last[path])
        path = (*path, parts[-1])
        if is_array:
            self._last[path] = self._last.get(path, -1) + 1
            path = (*path, self._last[path])
        return path

    def _value(self, text: str) -> None:
        """Follow a value to the end of the line: brackets and multi-line strings may stay open."""
        if self._quotes:
            end = text.find(self._quotes)
            if end < 0:
                return
            text, self._quotes = text[end + 3 :], ""
        for token in _TOKEN.finditer(text):
            found = token[0]
            if found in ('"""', "'''"):
                self._quotes = found
                self._value(text[token.end() :])
                return
            self._depth += (found in "[{") - (found in "]}")


def _parts(keys: str) -> list[str]:
    """Return the parts of a dotted key without their quotes."""
    return [part.strip("\"'") for part in _PART.findall(keys)]


def line_numbers(text: str) -> dict[Path, int]:
    """Return the line (from 1) of each table and key of a valid TOML text."""
    scan = _Scan()
    for number, line in enumerate(text.split("\n"), 1):
        scan.line(number, line)
    return scan.lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Return the line of a path, or of the innermost key around it that has one; 1 for the whole file."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def path_text(path: Path) -> str:
    """Return a path as people read it, elements counted from 1: `group.plans[2].line`."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.strip(".")
