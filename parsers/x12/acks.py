"""Inbound acknowledgments: what a partner says of the files we sent (005010X231A1, TA1, and 997 the same way)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from model.finding import Where
from model.x12 import AckError, InboundAck, Raw
from parsers.x12.envelope import at, number, part

# The only segments that an answer is read from.
READ = frozenset({"TA1", "AK1", "AK2", "IK3", "IK4", "IK5", "AK3", "AK4", "AK5", "AK9"})
MAX_ERRORS = 100  # of one set: what follows is in the archived file


class Reader:
    """Reads the answers of one acknowledgment, segment by segment; holds no more than one set's errors."""

    def __init__(self, base: Where, component: str = ":") -> None:
        """`base` carries the control numbers of the answering interchange, group and set."""
        self._base = base
        self._component = component
        self._group = ""
        self._open: InboundAck | None = None  # an AK2 whose verdict has not come
        self._errors: list[AckError] = []

    def push(self, raw: Raw) -> Iterator[InboundAck]:
        """Take the next segment; yield the answers that it completes. Others than READ say nothing."""
        name = raw[2][0]
        if name in ("AK2", "AK9"):
            yield from self.finish()
        if name == "TA1":
            yield InboundAck("TA1", part(raw, 1), "", part(raw, 4), _codes(raw, 5, 6), at(self._base, raw))
        elif name == "AK1":
            self._group = part(raw, 2)
        elif name == "AK2":
            self._open = InboundAck("999", self._group, part(raw, 2), "", (), at(self._base, raw))
        elif name in ("IK5", "AK5") and self._open:
            self._open = replace(self._open, verdict=part(raw, 1), codes=_codes(raw, 2, 7))
            yield from self.finish()
        elif name == "AK9":
            yield InboundAck("999", self._group, "", part(raw, 1), _codes(raw, 5, 10), at(self._base, raw))
        elif self._open and len(self._errors) < MAX_ERRORS:
            self._error(name, raw)

    def finish(self) -> Iterator[InboundAck]:
        """Yield the set that is open: without its IK5 it comes with an empty verdict, never left out."""
        if self._open:
            yield replace(self._open, errors=tuple(self._errors))
        self._open, self._errors = None, []

    def _error(self, name: str, raw: Raw) -> None:
        """Take an IK3, or an IK4 of the IK3 before it; the first IK4 completes it, others follow it."""
        if name in ("IK3", "AK3"):
            self._errors.append(AckError(part(raw, 1), max(0, number(part(raw, 2))), part(raw, 3), part(raw, 4)))
        elif name in ("IK4", "AK4") and self._errors:
            places = [max(0, number(place)) for place in part(raw, 1).split(self._component)] + [0, 0]
            said = replace(
                self._errors[-1],
                element=places[0],
                component=places[1],
                repetition=places[2],
                data_element=part(raw, 2),
                element_code=part(raw, 3),
            )
            if not self._errors[-1].element_code:
                self._errors.pop()
            self._errors.append(said)


def read(segments: Iterable[Raw], base: Where = Where(), component: str = ":") -> Iterator[InboundAck]:  # noqa: B008 - frozen
    """Yield the answers in these segments: one for each TA1, each AK2 and each AK9, in file order."""
    reader = Reader(base, component)
    for raw in segments:
        yield from reader.push(raw)
    yield from reader.finish()


def _codes(raw: Raw, first: int, end: int) -> tuple[str, ...]:
    return tuple(code for element in range(first, end) if (code := part(raw, element)))
