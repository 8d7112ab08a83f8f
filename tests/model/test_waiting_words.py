"""What waits says so in one way, and every kind that does is known to wait."""

from model.enrollment.actions import STOPS, WAITING, WORDS, Did


def test_every_kind_that_says_it_waits_is_known_to_wait_and_to_stop() -> None:
    """A full file's absences ask which lines a record may name: one that waits may name all."""
    assert {kind for kind, words in WORDS.items() if words.startswith(WORDS[Did.WAITS])} == WAITING
    assert {f'["{kind}"' for kind in WAITING | {Did.REJECTED}} == set(STOPS)
