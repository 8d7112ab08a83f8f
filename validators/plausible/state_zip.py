"""STATE-ZIP."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.plausible import STATES, ZIP, states_of
from validators.base import Context, Subject
from validators.doubts import doubt


def state_zip(subject: Subject, context: Context) -> Iterator[Objection]:
    """The first three digits of a ZIP code say in which state it lies (USPS); an address says the same state.

    It warns, of the home and of the mailing address, and only where both are known in the United States.
    """
    person = subject.event.person
    for address in (person.address, person.mailing):
        state = address.state
        if not state or state not in STATES or address.country not in ("", "US", "USA"):
            continue
        there = states_of(address.zip)
        if there and state not in there:
            message = f"The ZIP code lies in {' or '.join(there)}; the address says {state}."
            yield from doubt(ZIP, subject, context, "address", message)
