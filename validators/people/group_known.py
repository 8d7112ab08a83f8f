"""GROUP-KNOWN."""

from __future__ import annotations

from collections.abc import Iterator

from model.codes import found
from model.finding import Finding
from validators.base import Context, Subject
from validators.reading import about


def group_known(subject: Subject, context: Context) -> Iterator[Finding]:
    """The group that a member belongs to must be one of ours that the sender may send for on the day of receipt.

    Where the group number rides (REF*38 in the header, REF*1L on the member) is agreed in the sender's profile.
    A group outside the sender's authority is answered like one that does not exist.
    """
    if subject.terms is not None:
        return
    source = context.partner.profile.group_from
    where = subject.event.where(f"ref:{source}")
    if subject.group:
        message = f"Group {subject.group} is not a group that you may send for on {context.today}."
    elif source == "only":
        message = "No group is named, and you do not send for exactly one group."
    else:
        message = f"No group number was sent in REF*{source}."
    yield found("GROUP-KNOWN", where, message, subject=about(subject))
