"""Amounts of money as people write them on the command line: `125.00`, `$1,234.50`."""

from __future__ import annotations

from cli.session import Failure
from model.money.cents import Cents, parse_dollars


def cents_of(amount: str) -> Cents:
    """Return an amount in cents. Raises Failure for anything else."""
    try:
        return parse_dollars(amount)
    except ValueError:
        raise Failure(f"{amount!r} is not an amount") from None


def above_nothing(amount: str, what: str = "the amount") -> Cents:
    """Return an amount above zero in cents. Raises Failure for anything else."""
    cents = cents_of(amount)
    if cents <= 0:
        raise Failure(f"{what} is more than nothing")
    return cents
