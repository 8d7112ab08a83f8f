"""A person's demographics as a row of person_facts, there and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Row

from model.enrollment.events import Address, Demographics, Name
from store.tables import person_facts

_PARTS = ("line1", "line2", "city", "state", "zip", "country")
_NOT_FACTS = frozenset({"id", "person_id", "tx_from", "tx_to"})

COLUMNS: tuple[Column[Any], ...] = tuple(column for column in person_facts.c if column.name not in _NOT_FACTS)


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
    )


def values(person: Demographics) -> dict[str, Any]:
    """Return these demographics as COLUMNS."""
    name = person.name
    found: dict[str, Any] = {
        "last": name.last,
        "first": name.first,
        "middle": name.middle,
        "suffix": name.suffix,
        "gender": person.gender,
        "phone": person.phone,
        "email": person.email,
        "confidentiality": person.confidentiality,
    }
    for kind, address in (("home", person.address), ("mail", person.mailing)):
        found |= {f"{kind}_{part}": getattr(address, part) for part in _PARTS}
    return found | {"birth": person.birth}
