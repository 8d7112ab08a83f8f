"""The order of segments: which place of the guide each one takes, what is missing, repeated or unknown.

The walk is an automaton. Its state is the place of the last segment and the counts that can still matter; it is
built as files need it, so that a segment costs one or two dictionary look-ups once its like has been seen. The
steps follow pyx12's walker, fault by fault, but for one thing: where a loop starts again on its own first segment,
pyx12 forgets what the loop before still required.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from model.x12 import Delimiters
from parsers.x12.conformance.guides import MANY, Guide, Loop, Segment
from parsers.x12.conformance.patterns import pattern
from parsers.x12.runs import ALONE

# A state as a value: the path of its segment, and its counts.
Place = tuple[str, tuple[tuple[str, int], ...]]
MAX_STATES = 5_000  # 15 MB; a varied file needs a few hundred, a hostile one starts the table again


class Break(NamedTuple):
    """One fault of the walk: an IK304 code, and what of the guide it is about (None: unknown)."""

    code: str
    at: Segment | Loop | None


class ByQualifier(dict[str, "Step"]):
    """The steps of one segment ID in a state, by the qualifier in one of its elements."""

    __slots__ = ("element",)

    def __init__(self, element: int) -> None:
        """Start empty; `element` counts from 1."""
        super().__init__()
        self.element = element


class State(dict[str, "Step | ByQualifier"]):
    """A place in the guide with the counts that matter from there on; as a dictionary, the steps known so far."""

    __slots__ = ("counts", "segment", "unlisted")

    def __init__(self, segment: Segment, counts: tuple[tuple[str, int], ...]) -> None:
        """Start without steps."""
        super().__init__()
        self.segment = segment  # the last one that was found
        self.counts = counts  # (path, count), no more than what makes a difference
        self.unlisted: dict[
            tuple[str, str], Step
        ] = {}  # for unknown IDs, unknown qualifiers, qualifiers in composites


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What a segment does: where it leads, its place in the guide (None: it has none here), and what it breaks."""

    state: State
    place: Segment | None
    breaks: tuple[Break, ...]
    matches: Callable[[str], object]  # of the segment's text: true only where all is right


def _never(_: str) -> None:
    """Match nothing: the segment is to be explained."""


class Walker:
    """The automaton of one guide, for one choice of separators."""

    def __init__(self, guide: Guide, marks: Delimiters) -> None:
        """Start with the state after a GS; every other one is made when a file first comes to it."""
        self.guide = guide
        self._marks = marks
        self._counts = _Counts(guide)
        self._states: dict[tuple[Segment, tuple[tuple[str, int], ...]], State] = {}
        self._matchers: dict[Segment, Callable[[str], object]] = {}
        self.start = self._state(guide.start, _opened(guide.start))

    def state(self, place: Place) -> State:
        """Return the state of a place. KeyError: no such segment in this guide."""
        path, counts = place
        return self._state(self.guide.segments[path], dict(counts))

    def step(self, state: State, sent: Sequence[str]) -> Step:
        """Return what a segment (its ID and elements) does in a state: worked out once, then looked up."""
        name = sent[0]
        element, component = self.guide.keys.get(name) or (0, 0)
        qualifier = sent[element] if 0 < element < len(sent) else ""
        if component:
            qualifier = qualifier.split(self._marks.component)[0]
        elif qualifier not in self.guide.codes.get(name, ()):
            qualifier = qualifier.rstrip(self._marks.component)
        if name not in self.guide.keys:
            name = ""
        if not name or (element and qualifier not in self.guide.codes[name]):
            qualifier = ""
        step = state.unlisted.get((name, qualifier))
        if step is None:
            step = state.unlisted[name, qualifier] = self._work_out(state, name, qualifier)
            if name in ALONE:  # never looked up in a run, which ends before it
                pass
            elif name and not element:
                state[name] = step
            elif qualifier and not component:
                state.setdefault(name, ByQualifier(element))[qualifier] = step  # type: ignore[index]
        return step

    def _work_out(self, state: State, name: str, qualifier: str) -> Step:
        walk = _Walk(state, name, qualifier)
        place = walk.run()
        after = self._state(place, walk.counts) if place else state
        return Step(
            after, place, tuple(walk.breaks), self._matcher(place) if place and not walk.breaks else _never
        )

    def _matcher(self, place: Segment) -> Callable[[str], object]:
        if place not in self._matchers:
            self._matchers[place] = pattern(place, self._marks, self.guide.version).fullmatch
        return self._matchers[place]

    def _state(self, segment: Segment, counts: dict[str, int]) -> State:
        """Return the state of a place, with the counts that can be asked for from there."""
        live, limits = self._counts.live(segment), self._counts.limits
        kept = ((path, min(count, limits[path] + 1)) for path, count in counts.items() if live(path))
        key = (segment, tuple(sorted(kept)))
        state = self._states.get(key)
        if state is None:
            if len(self._states) >= MAX_STATES:
                self._forget()
            state = self._states[key] = State(*key)
        return state

    def _forget(self) -> None:
        """Drop every state: a file that needs so many is made to fill the memory. The walk goes on."""
        for state in self._states.values():
            state.clear()
            state.unlisted.clear()
        self._states.clear()


class _Walk:
    """The search for one segment's place: outward from the last one, loop by loop."""

    def __init__(self, state: State, name: str, qualifier: str) -> None:
        self._from = state.segment
        self._name, self._qualifier = name, qualifier
        self.counts = dict(state.counts)
        self.breaks: list[Break] = []
        self._missing: list[Segment] = []  # required and not sent; said when their place is passed

    def run(self) -> Segment | None:
        """Return the segment's place, None when it has none from here on."""
        loop: Loop | None = self._from.loop
        place = self._from.place
        while loop:
            found = self._scan(loop, place)
            if found:
                return found
            place, loop = loop.place, loop.parent
        self.breaks.append(Break("1", None))
        return None

    def _scan(self, loop: Loop, place: int) -> Segment | None:
        """Look among a loop's children, from a place on."""
        children = [child for child in loop.children if child.place >= place]
        for at, child in enumerate(children):
            if isinstance(child, Loop):
                if self._opens(child):
                    return self._enter(child)
            elif not self._is(child):
                self._require(child)
            elif isinstance(loop.first, Segment) and self._is(loop.first):
                for skipped in children[at + 1 :]:  # not so in pyx12: what the loop that ends here still lacks
                    self._lack(skipped)
                return self._enter(loop)
            else:
                return self._take(child)
        return None

    def _is(self, segment: Segment) -> bool:
        return segment.id == self._name and (segment.key is None or self._qualifier in segment.codes)

    def _opens(self, loop: Loop) -> bool:
        """Say whether the segment opens a loop; note a required loop that it passes by."""
        first = loop.first
        if first is None:
            return False
        if isinstance(first, Loop):
            return any(self._opens(child) for child in loop.children if isinstance(child, Loop))
        if self._is(first):
            return True
        self._lack(loop)
        return False

    def _lack(self, child: Segment | Loop) -> None:
        """Note a required child that has not been sent."""
        if isinstance(child, Segment):
            self._require(child)
        elif isinstance(child.first, Loop):
            for inner in child.children:
                self._lack(inner)
        elif child.first and child.usage == "R" and not self.counts.get(child.path):
            self._missing.append(child.first)

    def _require(self, segment: Segment) -> None:
        if segment.usage == "R" and not self.counts.get(segment.path):
            self._missing.append(segment)

    def _enter(self, loop: Loop) -> Segment | None:
        """Open a loop, or the one inside it that the segment opens."""
        first = loop.first
        if isinstance(first, Segment) and self._is(first):
            self._open(loop)
            self._count(first.path)
            self._say_missing(None)
            return first
        inner = (child for child in loop.children if isinstance(child, Loop))
        return next((found for child in inner if (found := self._enter(child))), None)

    def _open(self, loop: Loop) -> None:
        """Count a loop, and forget the counts inside it."""
        if loop.usage == "N":
            self.breaks.append(Break("I4", loop))
            return
        inside = loop.path + "/"
        self.counts = {path: count for path, count in self.counts.items() if not path.startswith(inside)}
        self._count(loop.path)
        if self.counts[loop.path] > loop.repeat:
            self.breaks.append(Break("4", loop))

    def _take(self, segment: Segment) -> Segment:
        """Count a segment inside its loop."""
        self._count(segment.path)
        if segment.usage == "N":
            self.breaks.append(Break("I4", segment))
        elif self.counts[segment.path] > segment.longest:
            self.breaks.append(Break("5", segment))
        # Another segment of this name may come in its stead: pyx12 asks again at the next segment.
        like = (segment.id, segment.loop.id)
        self._missing = [absent for absent in self._missing if (absent.id, absent.loop.id) != like]
        self._say_missing(segment.place)
        return segment

    def _count(self, path: str) -> None:
        self.counts[path] = self.counts.get(path, 0) + 1

    def _say_missing(self, place: int | None) -> None:
        """Say what is missing, but for what may still come at this place."""
        self.breaks += [Break("3", segment) for segment in self._missing if segment.place != place]
        self._missing = []


def _opened(segment: Segment) -> dict[str, int]:
    """Return the counts at the first segment of a loop: it, its loop and the loops around, each with its first."""
    counts = {}
    loop: Loop | None = segment.loop
    while loop and loop.parent:
        counts[loop.path] = 1
        if isinstance(loop.first, Segment):
            counts[loop.first.path] = 1
        loop = loop.parent
    return counts


class _Counts:
    """Which counts matter, and up to what number."""

    def __init__(self, guide: Guide) -> None:
        self._owners: dict[
            str, tuple[Loop, int]
        ] = {}  # path -> the loop it is counted in, and its (last) place there
        self.limits: dict[str, int] = {}
        self._read(guide.root)

    def _read(self, loop: Loop) -> None:
        for child in loop.children:
            most = child.repeat if isinstance(child, Loop) else child.longest
            # Without a limit it matters only whether there was one at all.
            self.limits[child.path] = max(self.limits.get(child.path, 0), 0 if most == MANY else most)
            self._owners[child.path] = (loop, child.place)
            if isinstance(child, Loop):
                self._read(child)

    def live(self, segment: Segment) -> Callable[[str], bool]:
        """Return a function: can this count still be asked for after that segment? Its place must lie ahead."""
        opened: dict[Loop, int] = {}
        loop: Loop | None = segment.loop
        place = segment.place
        while loop:
            opened[loop] = place
            place, loop = loop.place, loop.parent

        def ahead(path: str) -> bool:
            owner, place = self._owners[path]
            # Wrappers (DETAIL) are entered without being opened: what is counted in them counts around them.
            while owner not in opened and isinstance(owner.first, Loop) and owner.parent:
                place, owner = owner.place, owner.parent
            return owner in opened and place >= opened[owner]

        return ahead
