"""Whether a sum adds up as it is read: from left to right, each result that of what stands before it."""

from __future__ import annotations

from collections.abc import Iterable

from model.money.sums import Sign, Term


def adds_up(terms: Iterable[Term]) -> bool:
    """Say whether each figure after `=` is what the figures before it come to."""
    so_far, right = 0, True
    for term in terms:
        match term.sign:
            case Sign.FIRST:
                so_far = term.cents
            case Sign.PLUS:
                so_far += term.cents
            case Sign.MINUS:
                so_far -= term.cents
            case Sign.EQUALS:
                right = right and so_far == term.cents
    return right
