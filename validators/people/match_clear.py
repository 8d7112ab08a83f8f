"""MATCH-CLEAR."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from validators.base import Context, Subject, objection


def match_clear(subject: Subject, context: Context) -> Iterator[Objection]:
    """A record must point to one person: by our member ID, the family and birth date and first name, or the SSN.

    The first that fits wins. When several people fit, or the birth date and the first name both differ from those
    of the person found, the record waits for a person. Corrections of identity are sent with INS*001*25 and both
    the new (NM1*74) and the old values (NM1*70).
    """
    if subject.ambiguous:
        yield objection("MATCH-CLEAR", subject, None, "name", subject.ambiguous)
