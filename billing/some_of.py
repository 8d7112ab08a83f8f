"""Which of some open amounts add up to another one, to the cent: a search that is bounded and says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.money.cents import Cents

STEPS = 20_000  # tries of one search
MOST = 3  # answers: more of them tell a person nothing


@dataclass(frozen=True, slots=True)
class Sums:
    """The answers, each as places in what was searched, fewest first; `whole`: everything was tried."""

    answers: tuple[tuple[int, ...], ...]
    whole: bool


def adding_up(cents: Cents, amounts: Sequence[Cents], steps: int = STEPS) -> Sums:
    """Return sets of two amounts or more (each > 0) that add up to `cents`, at most MOST of them.

    What is first in `amounts` is preferred where as many do. Exact: nothing is rounded, and no answer is near.
    """
    behind = [0] * (len(amounts) + 1)
    for at in range(len(amounts) - 1, -1, -1):
        behind[at] = behind[at + 1] + amounts[at]
    found: list[tuple[int, ...]] = []
    stack: list[tuple[int, Cents, tuple[int, ...]]] = [(0, cents, ())]
    while stack and steps and len(found) < 4 * MOST:
        steps -= 1
        at, left, taken = stack.pop()
        if not left:
            found += [taken] if len(taken) > 1 else []
            continue
        if at == len(amounts) or behind[at] < left:
            continue
        stack.append((at + 1, left, taken))
        if amounts[at] <= left:
            stack.append((at + 1, left - amounts[at], (*taken, at)))
    found.sort(key=lambda taken: (len(taken), taken))
    return Sums(tuple(found[:MOST]), whole=not stack)
