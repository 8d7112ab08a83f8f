"""What a plan tells a group's partners before or when coverage ends by itself: who, in which line, on which day.

A notice names members by member ID and family and shows no birth date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from model.agreement.terms import Contact


class NoticeOf(StrEnum):
    """Why coverage ends. The values stand in the store."""

    AGREEMENT = "agreement"  # the group's or the subgroup's agreement ends
    RENEWAL = "renewal"  # a plan ends, and another follows
    AGE = "age"  # a child has reached the age limit
    NONPAYMENT = "nonpayment"  # the premium was not paid
    REINSTATED = "reinstated"  # and has been now: coverage goes on


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One coverage that ends, with its last covered day (inclusive)."""

    subgroup: str  # "" where the family is in none
    subscriber: str  # the subscriber number as documents show it
    member_id: str
    line: str
    plan: str
    last: date
    to: str = ""  # the plan that follows; empty: none


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to one partner of a group, of one day. Its rows lie beside it, under its key."""

    carrier: str
    contact: Contact
    partner: str
    group: str
    group_name: str
    about: str  # NoticeOf
    on: date  # the plan's day of the notice
    rows: tuple[NoticeRow, ...] = ()
    number: int = 1  # which of that day it is
