"""GROUP-KNOWN."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from validators.base import Context, Subject, objection


def group_known(subject: Subject, context: Context) -> Iterator[Objection]:
    """The group that a member belongs to must be one of ours that the sender may send for on the day of receipt.

    Where the group number rides (REF*38 in the header, REF*1L on the member) is agreed in the sender's profile.
    A group outside the sender's authority is answered like one that does not exist.
    """
    if subject.terms is not None:
        return
    source = context.partner.profile.group_from
    if subject.group:
        message = f"Group {subject.group} is not a group that you may send for on {context.today}."
    elif source == "only":
        message = "No group is named, and you do not send for exactly one group."
    else:
        message = f"No group number was sent in {subject.event.called(f'REF*{source}')}."
    yield objection("GROUP-KNOWN", subject, None, f"ref:{source}", message)
