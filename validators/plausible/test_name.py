"""TEST-NAME."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.plausible import NAME, TEST_NAMES, TEST_PEOPLE
from validators.base import Context, Subject
from validators.doubts import doubt


def test_name(subject: Subject, context: Context) -> Iterator[Objection]:
    """A name such as TEST or MICKEY MOUSE is one of a test file, which does not belong into production. It warns.

    People are called so, too: nothing is held up.
    """
    name = subject.event.person.name
    first, last = name.first.upper(), name.last.upper()
    if context.production and (first in TEST_NAMES or last in TEST_NAMES or (first, last) in TEST_PEOPLE):
        yield from doubt(NAME, subject, context, "name")
