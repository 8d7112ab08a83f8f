"""Where lines of the same files stand otherwise in one store than in another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from model.enrollment.standing import Flip, StandingLine


def flips(was: Iterable[StandingLine], would: Iterable[StandingLine]) -> Iterator[Flip]:
    """Yield each line that came to something else, of two readings in the order of their places."""
    ours, theirs = iter(was), iter(would)
    left, right = next(ours, None), next(theirs, None)
    while left or right:
        if right is None or (left and left.place < right.place):
            assert left is not None
            yield Flip(left.place, left, None)
            left = next(ours, None)
        elif left is None or right.place < left.place:
            yield Flip(right.place, None, right)
            right = next(theirs, None)
        else:
            if (left.disposition, left.action) != (right.disposition, right.action):
                yield Flip(left.place, left, right)
            left, right = next(ours, None), next(theirs, None)
