"""Inbound acknowledgments: what a partner says of the files we sent (005010X231A1, TA1, and 997 the same way)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from model.finding import Where
from model.x12 import InboundAck, Raw
from parsers.envelope import at, part

# The only segments that an answer is read from; details of errors (IK3, IK4, CTX) are in the archived file.
READ = frozenset({"TA1", "AK1", "AK2", "IK5", "AK5", "AK9"})


def read(segments: Iterable[Raw], base: Where = Where()) -> Iterator[InboundAck]:  # noqa: B008 - frozen
    """Yield the answers in these segments: one for each TA1, each AK2 and each AK9, in file order.

    Tolerant: a set response without its IK5 (AK5 in a 997) comes with an empty verdict, never left out. `base`
    carries the control numbers of the answering interchange, group and set.
    """
    group = ""
    pending: Raw | None = None
    for raw in segments:
        name = raw[2][0]
        if name not in READ:
            continue
        if pending and name in ("AK2", "AK9"):
            yield _answer(pending, group, part(pending, 2), pending, 0, base)
            pending = None
        if name == "TA1":
            yield InboundAck("TA1", part(raw, 1), "", part(raw, 4), _codes(raw, 5, 6), at(base, raw))
        elif name == "AK1":
            group = part(raw, 2)
        elif name == "AK2":
            pending = raw
        elif name in ("IK5", "AK5") and pending:
            yield _answer(pending, group, part(pending, 2), raw, 1, base)
            pending = None
        elif name == "AK9":
            yield InboundAck("999", group, "", part(raw, 1), _codes(raw, 5, 10), at(base, raw))
    if pending:
        yield _answer(pending, group, part(pending, 2), pending, 0, base)


def _answer(ak2: Raw, group: str, control: str, raw: Raw, element: int, base: Where) -> InboundAck:
    verdict, codes = (part(raw, 1), _codes(raw, 2, 7)) if element else ("", ())
    return InboundAck("999", group, control, verdict, codes, at(base, ak2))


def _codes(raw: Raw, first: int, end: int) -> tuple[str, ...]:
    return tuple(code for element in range(first, end) if (code := part(raw, element)))
