"""Why somebody is covered on a day, or not: of each line the one cause, in the order in which the desk asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from model.enrollment.actions import Did
from model.enrollment.decision import Cause, Disposition
from model.explained import Said, Says, said
from model.journal import Purpose
from model.trade.coverage import DEPENDENTS_ONLY
from model.trade.maintenance import EndReason
from pipeline.explain.facts import Came, Family, MemberFacts, Record, Waits
from pipeline.explain.sources import newest, of_record, of_tx
from store.people.versions import Version

_ENDED = {
    EndReason.DEATH: Says.ENDED_DEATH,
    EndReason.NONPAYMENT: Says.ENDED_NONPAYMENT,
    EndReason.AGE: Says.ENDED_AGE,
    EndReason.COBRA: Says.ENDED_COBRA,
}
_BY_STEP: dict[str, Says] = {
    Purpose.AGE_OFF: Says.ENDED_AGE,
    Purpose.END_AGREEMENT: Says.ENDED_AGREEMENT,
    Purpose.END_COVERAGE: Says.ENDED_AGREEMENT,
}
_NOTHING_YET = (Disposition.PENDED, Disposition.HELD)


def answers(facts: MemberFacts) -> list[Said]:
    """Return the sentences that say who is covered on the day, lines of one cause in one sentence."""
    lines = [facts.line] if facts.line else _lines(facts)
    found = [_merged(facts, line) for line in lines or [""]]
    covered = any(each.kind in (Says.COVERED, Says.HOLDS_LINE) for each in found)
    return _together([*found, *_elsewhere(facts, found), *(_also(facts) if covered else ())])


def _also(facts: MemberFacts) -> Iterator[Said]:
    """Yield what waits of somebody who is covered meanwhile: an end, a change."""
    for waits in _open(facts):
        record = _receipt(facts, waits)
        if waits.beside or record is None or (facts.line and waits.lines and facts.line not in waits.lines):
            continue
        hidden = record.origin.other
        why, item = ("", 0) if hidden else (waits.meaning, 0 if facts.partner else waits.number)
        yield said(Says.ALSO_WAITS, by=of_record(record.origin), why=why, item=item)


def _elsewhere(facts: MemberFacts, found: Iterable[Said]) -> Iterator[Said]:
    """Yield where a line that is covered in one group has ended in another."""
    here = {each["group"] for each in found if each.kind in (Says.COVERED, Says.HOLDS_LINE)}
    for family in facts.families if here else ():
        over = [each for each in own(facts, family) if _stands(each, facts.line) and each.span.end < facts.day]
        if over and family.group not in here:
            last = max(over, key=lambda each: each.span.end)
            by = of_tx(facts, last.opened)
            yield said(Says.OTHER_GROUP, group=family.group, end=last.span.end, by=by)


def _lines(facts: MemberFacts) -> list[str]:
    """Return every line that was ever recorded of the member or sent, those of coverage first."""
    known = [each.line for family in facts.families for each in own(facts, family)]
    came = [each.line for record in facts.records for each in facts.came(record) if each.line]
    return list(dict.fromkeys((*known, *came)))


def own(facts: MemberFacts, family: Family) -> list[Version]:
    """Return the versions of the member's own coverage in a family."""
    return [each for each in family.versions if each.line and each.member in facts.ours]


def _merged(facts: MemberFacts, line: str) -> Said:
    """Return the cause of one line over all families: of being covered in any, else the first that is known."""
    for family in facts.families:
        now = [each for each in own(facts, family) if _stands(each, line) and each.span.covers(facts.day)]
        if now:
            return _covered(facts, family, now[-1])
    for cause in _CAUSES:
        if found := cause(facts, line):
            return found
    kind = Says.NEVER_SENT if facts.families or facts.records else Says.NOBODY
    return said(kind, day=facts.day, lines=(line,) if line else ())


def _stands(version: Version, line: str) -> bool:
    return version.closed is None and (not line or version.line == line)


def _covered(facts: MemberFacts, family: Family, version: Version) -> Said:
    kind = Says.HOLDS_LINE if version.tier in DEPENDENTS_ONLY else Says.COVERED
    by = of_tx(facts, _since(facts, version))
    plans = (f"{version.plan} ({version.line})",)
    return said(kind, day=facts.day, plans=plans, group=family.group, by=by)


def _since(facts: MemberFacts, version: Version) -> int:
    """Return the transaction since which this plan is known on the day, whatever was changed of it later."""
    same = [
        each.opened
        for family in facts.families
        if family.contract == version.contract
        for each in own(facts, family)
        if (each.line, each.plan) == (version.line, version.plan) and each.span.covers(facts.day)
    ]
    return min(same, default=version.opened)


# --- the causes of not being covered, in the order asked ---------------------------------------------------


def _pending(facts: MemberFacts, line: str) -> Said | None:
    """A record about it waits for a decision."""
    for waits in _open(facts):
        if waits.beside or (line and waits.lines and line not in waits.lines):
            continue
        record = _receipt(facts, waits)
        if record and record.origin.other:
            return said(Says.PENDING, day=facts.day, lines=_of(line), by=of_record(record.origin), why="", item=0)
        if record is None and facts.partner:
            continue
        by = of_record(record.origin) if record else said(Says.BY_STEP, purpose="", at=facts.now)
        item = 0 if facts.partner else waits.number
        return said(Says.PENDING, day=facts.day, lines=_of(line), by=by, why=waits.meaning, item=item)
    return None


def _open(facts: MemberFacts) -> Iterator[Waits]:
    yield from facts.waits
    for family in facts.families:
        yield from family.waits


def _receipt(facts: MemberFacts, waits: Waits) -> Record | None:
    mine = (each for each in facts.records if (each.origin.set, each.origin.number) == (waits.set, waits.member))
    return next(mine, None)


def _held(facts: MemberFacts, line: str) -> Said | None:
    """A record about it is held with its whole set."""
    held = _records(facts, line, lambda came: came.disposition == Disposition.HELD)
    return said(Says.HELD, day=facts.day, lines=_of(line), by=of_record(held[-1].origin)) if held else None


def _unread(facts: MemberFacts, line: str) -> Said | None:
    """The file that names the member is not worked on to its end."""
    waits = [each for each in facts.records if not each.came and each.file_state is None]
    if not waits:
        return None
    return said(Says.NOT_WORKED_ON, day=facts.day, lines=_of(line), by=of_record(newest(waits).origin))


def _refused(facts: MemberFacts, line: str) -> Said | None:
    """The newest record about it was rejected, by itself or with its set."""
    refused = _records(facts, line, lambda came: came.disposition == Disposition.REJECTED)
    whole = [each for each in facts.records if not each.came and each.file_state is not None]
    last = newest(refused + whole) if refused + whole else None
    if last is None or last.last_tx < _last_change(facts, line):
        return None
    first = next((each for each in last.findings if each.severity == "error"), None)
    why = first.message if first else last.reason
    code = first.code if first else ""
    return said(Says.REJECTED, day=facts.day, lines=_of(line), by=of_record(last.origin), code=code, why=why)


def _ended(facts: MemberFacts, line: str) -> Said | None:
    """It ended before the day."""
    over = [each for each in _standing(facts, line) if each.span.end < facts.day]
    if not over:
        return None
    last = max(over, key=lambda each: each.span.end)
    step = facts.behind.get(last.opened)
    kind = _ENDED.get(EndReason(last.end_reason)) or _BY_STEP.get(step.what if step else "")
    if kind is None:
        kind = _sent_or_implied(facts, last)
    return said(kind, day=facts.day, lines=_of(line), end=last.span.end, by=of_tx(facts, last.opened))


def _sent_or_implied(facts: MemberFacts, version: Version) -> Says:
    record = facts.record_of(version.opened)
    if record is None and facts.behind[version.opened].set and not facts.partner:  # whose record may be hidden
        return Says.ENDED_ABSENT
    mine = [each for each in record.came if each.member in facts.ours] if record else []
    implied = any(each.cause == Cause.IMPLIED and each.tx == version.opened for each in mine)
    return Says.ENDED_SUBSCRIBER if implied else Says.ENDED


def _future(facts: MemberFacts, line: str) -> Said | None:
    """It begins after the day: after the waiting period where that is why."""
    later = [each for each in _standing(facts, line) if each.span.begin > facts.day]
    if not later:
        return None
    first = min(later, key=lambda each: each.span.begin)
    family = next(each for each in facts.families if each.contract == first.contract)
    waited = family.waited_until is not None and family.waited_until == first.span.begin
    kind = Says.WAITING_PERIOD if waited else Says.FUTURE
    by = of_tx(facts, first.opened)
    return said(kind, day=facts.day, lines=_of(line), begin=first.span.begin, by=by)


def _taken_back(facts: MemberFacts, line: str) -> Said | None:
    """It was recorded, and taken back as if it had never been."""
    gone = [
        each
        for family in facts.families
        for each in own(facts, family)
        if each.closed and (not line or each.line == line) and each.span.covers(facts.day)
    ]
    if not gone:
        return None
    by = of_tx(facts, max(gone, key=lambda each: each.closed or 0).closed or 0)
    return said(Says.TAKEN_BACK, day=facts.day, lines=_of(line), by=by)


def _waived(facts: MemberFacts, line: str) -> Said | None:
    """The member declined it."""
    return _came_to(facts, line, Says.WAIVED, lambda came: bool(came.action and came.action.kind is Did.WAIVED))


def _reported(facts: MemberFacts, line: str) -> Said | None:
    """The file was for checking only."""
    return _came_to(facts, line, Says.REPORTED, lambda came: came.disposition == Disposition.REPORTED)


def _came_to(facts: MemberFacts, line: str, kind: Says, which: Callable[[Came], bool]) -> Said | None:
    found = _records(facts, line, which)
    return said(kind, day=facts.day, lines=_of(line), by=of_record(newest(found).origin)) if found else None


_CAUSES: tuple[Callable[[MemberFacts, str], Said | None], ...] = (
    _pending,
    _held,
    _unread,
    _refused,
    _ended,
    _future,
    _taken_back,
    _waived,
    _reported,
)


def _of(line: str) -> tuple[str, ...]:
    return (line,) if line else ()


def _standing(facts: MemberFacts, line: str) -> list[Version]:
    return [each for family in facts.families for each in own(facts, family) if _stands(each, line)]


def _last_change(facts: MemberFacts, line: str) -> int:
    """Return the last transaction that recorded anything of a line."""
    return max((each.opened for each in _standing(facts, line)), default=0)


def _records(facts: MemberFacts, line: str, which: Callable[[Came], bool]) -> list[Record]:
    """Return the records that came to something on a line, or on the member as a whole, as it stands."""
    return [
        record
        for record in facts.records
        if any(
            (which(each) and each.line in ("", line)) or (which(each) and not line) for each in facts.came(record)
        )
    ]


def _together(found: Iterable[Said]) -> list[Said]:
    """Put lines of one cause into one sentence."""
    alike: dict[tuple[object, ...], list[Said]] = {}
    for each in found:
        rest = tuple((name, value) for name, value in each.about if name not in ("lines", "plans"))
        alike.setdefault((each.kind, rest), []).append(each)
    return [_one(group) for group in alike.values()]


def _one(group: list[Said]) -> Said:
    if len(group) == 1:
        return group[0]
    about = []
    for name, value in group[0].about:
        if name in ("lines", "plans"):
            value = tuple(text for each in group for text in each[name])  # type: ignore[attr-defined]
        about.append((name, value))
    return Said(group[0].kind, tuple(about))
