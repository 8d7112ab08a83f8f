"""A member line of a file as it stands in a store, and where it stands otherwise in another."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[str, int, int, int, str, str]  # file, set, member line, coverage, line of coverage, cause


@dataclass(frozen=True, slots=True)
class StandingLine:
    """What became of a line; `set_id` is its set's row in this store."""

    place: Place
    member_id: str
    group: str
    disposition: str
    action: str  # model.enrollment.actions.Action.text
    set_id: int


@dataclass(frozen=True, slots=True)
class Flip:
    """A line that comes to something else by other terms; None: there it is not."""

    place: Place
    was: StandingLine | None
    would: StandingLine | None

    @property
    def either(self) -> StandingLine:
        """Return the line as it was, or as it would be."""
        line = self.was or self.would
        assert line is not None, "it stands in one of both"
        return line
