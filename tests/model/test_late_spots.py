"""Positions are found when they are asked for, once, and are the tuple that they stand for."""

from dataclasses import replace

from model.enrollment.events import CoverageEvent, LateSpots

SEGMENTS = ((4, 90, ["HD", "021"]),)
PAIRS = (("hd", (4, 90, "HD", 0, 0, "2300")), ("maintenance", (4, 90, "HD", 1, 0, "2300")))


def test_they_are_found_once_and_only_when_asked_for():
    asked = []

    def find(segments):
        asked.append(segments)
        return PAIRS

    spots = LateSpots(find, SEGMENTS)
    assert asked == []
    assert (tuple(spots), list(spots)) == (PAIRS, list(PAIRS))
    assert asked == [SEGMENTS]
    assert spots.found == PAIRS


def test_they_equal_their_pairs():
    spots, others = LateSpots(lambda _: PAIRS, SEGMENTS), LateSpots(lambda _: PAIRS[:1], SEGMENTS)
    assert (spots == PAIRS, spots == LateSpots(lambda _: PAIRS, ())) == (True, True)
    assert (spots == others, spots == PAIRS[:1], spots == list(PAIRS)) == (False, False, False)
    assert (hash(spots), repr(spots)) == (hash(PAIRS), repr(PAIRS))


def test_an_event_with_them_equals_one_with_the_pairs():
    plain = CoverageEvent(1, "021", "HLT", "GOLD", "EMP", None, None, False, PAIRS)
    late = replace(plain, spots=LateSpots(lambda _: PAIRS, SEGMENTS))
    assert (late, hash(late), repr(late)) == (plain, hash(plain), repr(plain))
    assert plain == late
    assert late != replace(late, spots=())
