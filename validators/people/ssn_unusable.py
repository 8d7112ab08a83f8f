"""SSN-UNUSABLE."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from validators.base import Context, Subject, objection

_SENT = {
    "ssn": "The member's SSN (NM109) is none: nine digits that are no placeholder are one. It counts as not sent.",
    "old:ssn": "The SSN of before (NM109 of NM1*70) is none: nine digits that are no placeholder are one.",
    "subscriber_number": "The subscriber number (REF*0F) is shaped like an SSN and is a placeholder for one.",
}


def ssn_unusable(subject: Subject, context: Context) -> Iterator[Objection]:
    """An SSN has nine digits and is no placeholder; what is sent for one and is none counts as not sent.

    Placeholders are 000000000, 999999999, any nine equal digits, and the areas 000 and 666. Other numbers from
    900 on (ITIN) are taken like SSNs. So is a subscriber number shaped like an SSN where the subscriber has none.
    """
    for field in subject.event.no_ssn:
        yield objection("SSN-UNUSABLE", subject, None, field, _SENT[field])
