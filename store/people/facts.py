"""A person's demographics as a row of person_facts, there and back."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from sqlalchemy import Column, Row

from model.enrollment.events import Address, Demographics, Name
from store.tables import person_facts

_ADDRESS = ("line1", "line2", "city", "state", "zip", "country")
_PLACES = {  # column -> where it stands in Demographics
    **{part: f"name.{part}" for part in ("last", "first", "middle", "suffix")},
    "birth": "birth",
    "gender": "gender",
    **{f"home_{part}": f"address.{part}" for part in _ADDRESS},
    **{f"mail_{part}": f"mailing.{part}" for part in _ADDRESS},
    "phone": "phone",
    "email": "email",
    "confidentiality": "confidentiality",
    "birth_sequence": "birth_sequence",
}

NAMES = tuple(_PLACES)
COLUMNS: tuple[Column[Any], ...] = tuple(person_facts.c[name] for name in NAMES)

# Returns these demographics as the values of COLUMNS.
values: Callable[[Demographics], tuple[Any, ...]] = attrgetter(*_PLACES.values())


def demographics(row: Row[Any]) -> Demographics:
    """Read the demographics of a row that holds COLUMNS under their own names."""
    return Demographics(
        name=Name(row.last, row.first, row.middle, row.suffix),
        birth=row.birth,
        gender=row.gender,
        address=Address(
            row.home_line1, row.home_line2, row.home_city, row.home_state, row.home_zip, row.home_country
        ),
        mailing=Address(
            row.mail_line1, row.mail_line2, row.mail_city, row.mail_state, row.mail_zip, row.mail_country
        ),
        phone=row.phone,
        email=row.email,
        confidentiality=row.confidentiality,
        birth_sequence=row.birth_sequence,
    )
