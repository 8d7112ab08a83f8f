"""Reasons of charges as cases write them: in the words that people read."""

import re

from model.money.reasons import Reason, Why, because
from writers.words import NO_TIER, REASONS


def of(text: str) -> Reason | None:
    """Return the reason that these words stand for; other words stand for themselves, none for no reason."""
    for why, words in REASONS.items():
        pattern = re.sub(r"\\\{\d\\\}", r"(\\S+)", re.escape(words))
        if why is not Why.AS_WRITTEN and (match := re.fullmatch(pattern, text)):
            return because(why, *("" if argument == NO_TIER else argument for argument in match.groups()))
    return because(Why.AS_WRITTEN, text) if text else None
