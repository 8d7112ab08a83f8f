"""What a receiver may see of a person who is restricted (INS13 = R; docs/domain.md, Confidentiality).

Every document that holds people's data gets them from here. Absent INS13 says nothing: what was said before holds,
and where nothing ever was, nothing is hidden.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from model.enrollment.events import Demographics
from model.trade.member import RESTRICTED

HOW_TO_REACH = ("address", "mailing", "phone", "email")  # of Demographics: what is hidden
_NOTHING = Demographics()


class Receiver(StrEnum):
    """For whom a document is made."""

    PLAN = "plan"  # ourselves
    SENDER = "sender"  # a partner of any kind: employer, broker, their TPA, agency; and the subscriber


def is_restricted(person: Demographics) -> bool:
    """Say whether the person's address, phone and e-mail are hidden from senders."""
    return person.confidentiality == RESTRICTED


def seen_by(receiver: Receiver, person: Demographics) -> Demographics:
    """Return what a receiver may see of a person: of a restricted one senders see no address, phone and e-mail.

    The mark itself goes along, so that the receiver's own file says it too and a round trip keeps it.
    """
    if receiver is Receiver.PLAN or not is_restricted(person):
        return person
    return replace(person, **{name: getattr(_NOTHING, name) for name in HOW_TO_REACH})


def says_how_to_reach(sent: Demographics) -> bool:
    """Say whether a record brings any of what may be hidden."""
    return any(getattr(sent, name) for name in HOW_TO_REACH)
