"""What a partner's own headings mean in its spreadsheets (docs/domain.md, Census)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CensusColumns:
    """A partner's headings, each with ours that it means, and those of columns that nobody reads."""

    columns: tuple[tuple[str, str], ...] = ()
    ignore: tuple[str, ...] = ()

    def said(self, heading: str) -> str:
        """Return the heading that one of the partner's means: itself unless agreed; empty where it is ignored."""
        key = _plain(heading)
        if self.ignores(heading):
            return ""
        return next((means for named, means in self.columns if _plain(named) == key), heading)

    def ignores(self, heading: str) -> bool:
        """Say whether a column with this heading is not to be read."""
        return _plain(heading) in map(_plain, self.ignore)

    def __bool__(self) -> bool:
        return bool(self.columns or self.ignore)


AS_KNOWN = CensusColumns()


def _plain(heading: str) -> str:
    return " ".join(heading.lower().split())
