"""SUBGROUP-KNOWN."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from model.agreement.terms import Terms
from model.enrollment.decision import Objection
from model.finding import Severity
from model.trade.maintenance import MOVES, Verb
from validators.base import Context, Subject, objection
from validators.standing import Move, asked, move_of, place_on, switches_of


def subgroup_known(subject: Subject, context: Context) -> Iterator[Objection]:
    """The subgroup must exist in the group and be open when coverage begins, or when the family moves there.

    Where the subgroup rides is agreed in the sender's profile. A family that we know needs no subgroup, and a
    termination goes ahead whatever subgroup it names. The subscriber's record with another subgroup moves the
    family from DTP*303 on (else from the first covered day of new coverage); coverage goes on, and the bill moves
    with it by month. It waits without a day, or when it reaches back further than late terminations may; a family
    that the file itself adds may tell of moves long past. A reinstatement that names a subgroup which the family
    has left moves nobody back: it waits, or says so where nothing would move.
    """
    event, chosen = subject.event, subject.subgroup
    if subject.terms is None:
        return
    field = f"ref:{context.partner.profile.subgroup_from}"
    placed = subject.contract.assignments[-1].subgroup if subject.contract and subject.contract.assignments else ""
    if chosen is None:
        if subject.subgroup_sent or (event.is_subscriber and not placed):
            severity = Severity.WARNING if subject.record.only_ends else None
            name = f"Subgroup {subject.subgroup_sent}" if subject.subgroup_sent else "The subgroup"
            what = "is unknown in" if subject.subgroup_sent else "was not sent, and is needed in"
            message = f"{name} {what} group {subject.terms.group}."
            fix = _open_ones(subject, subject.terms, context)
            yield objection("SUBGROUP-KNOWN", subject, None, field, message, fix=fix, severity=severity)
        return
    if subject.record.only_ends:
        return
    move = move_of(subject, context.today)
    if here := _moved_on(subject):
        text = (
            f"The family moved on to subgroup {here}; the reinstatement names {chosen.code}, where it was before."
        )
        severity = Severity.WARNING if move is None else None
        fix = f"Send the subgroup that the family is in, or {event.called('INS04')} = XT to move it back."
        yield objection("SUBGROUP-CHANGED", subject, None, field, text, fix=fix, severity=severity)
    elif move:
        yield from _move(subject, move, field, context)
    for line in asked(subject, Verb.OPEN):
        begin = line.begin
        if begin and not placed and not chosen.span.covers(begin):
            message = f"Subgroup {chosen.code} is not open on {begin}."
            fix = f"Correct {event.called('DTP*348')}, or ask us from when the subgroup is to be open."
            yield objection("SUBGROUP-KNOWN", subject, line.coverage, "begin", message, fix=fix)


def _open_ones(subject: Subject, terms: Terms, context: Context) -> str:
    """Tell who fills in a spreadsheet which subgroups there are for the sender; empty for others."""
    codes = [place.code for place in terms.subgroups if context.reach(terms.group).covers(place.code)]
    return f"Write one of {', '.join(codes)}, or ask us to add this one." if codes and subject.event.is_row else ""


def _moved_on(subject: Subject) -> str:
    """Return where a family is by now of which a reinstatement names an earlier subgroup; empty: it does not."""
    contract, chosen, event = subject.contract, subject.subgroup, subject.event
    if contract is None or chosen is None or not subject.record.reinstates or event.reason in MOVES:
        return ""
    if not subject.subgroup_sent or not event.is_subscriber or subject.record.cobra:
        return ""
    last = contract.assignments[-1].subgroup if contract.assignments else ""
    before = {place.subgroup for place in contract.assignments[:-1]}
    return last if last != chosen.code and chosen.code in before else ""


def _move(subject: Subject, move: Move, field: str, context: Context) -> Iterator[Objection]:
    """Say why a family may not simply move."""
    assert subject.contract is not None
    today = context.today
    now = place_on(subject.contract, today)
    here = now.subgroup if now and context.reach(subject.contract.group).covers(now.subgroup) else "another one"
    message = f"The family is in subgroup {here}; the record says {move.subgroup.code}"
    if not subject.event.is_subscriber:
        text = f"{message}. A family moves with its subscriber's record."
        yield objection("SUBGROUP-CHANGED", subject, None, field, text)
    elif move.day is None:
        day = subject.event.called("DTP*303")
        fix = f"Send the day of the move in {day}, or the subgroup that the family is in."
        text = f"{message}, but not from when."
        yield objection("SUBGROUP-CHANGED", subject, None, field, text, fix=fix)
    elif not move.subgroup.span.covers(move.day):
        text = f"Subgroup {move.subgroup.code} is not open on {move.day}."
        yield objection("SUBGROUP-KNOWN", subject, None, field, text)
    elif not subject.record.cobra and subject.contract.id > 0:
        days = switches_of(subject, today).retro_term_days
        if move.day < today - timedelta(days=days):
            text = f"{message} from {move.day}, more than {days} days before receipt."
            yield objection("SUBGROUP-CHANGED", subject, None, field, text)
