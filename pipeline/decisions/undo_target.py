"""What an undo is about: the families that a file, a decision or a step changed, and why it cannot be taken back.

Only what is the latest that came to a family is taken back (docs/domain.md, Undo).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from model.enrollment.decision import FileState, SetState
from model.enrollment.undo import Of, Undo
from model.exchange import ReceivedFile
from model.journal import Purpose
from model.timeline import Month
from pipeline.runtime.turns import KINDS
from pipeline.runtime.workspace import Workspace
from store.desk import decisions
from store.engine import Connection
from store.money import invoices
from store.people import undone as rows
from store.received import files
from store.received import undone as received
from store.received.undone import Done

AT_ONCE = 1_000  # families
_NAMED = 3  # families that a refusal names
_WORK = "`rollbook work list` shows it, and release, approve, deny or drop decide it"
_PAYMENT = "a payment: an undo takes back coverage, not money. `rollbook payment show` says where its money lies"
# Steps that an undo takes back; of others what is done instead, in words.
_UNDOABLE = frozenset(
    {Purpose.ENROLL, Purpose.DECIDE, Purpose.ANSWER, Purpose.END_COVERAGE, Purpose.END_AGREEMENT, Purpose.UNDO}
)
_INSTEAD: Mapping[Purpose, str] = {
    Purpose.VOID_INVOICE: "the void of an invoice: `rollbook bill` makes the invoice anew",
    Purpose.TAKE_REMITTANCE: _PAYMENT,
    Purpose.ENTER_DEPOSIT: "a deposit: `rollbook deposit void NUMBER` takes it back unless it is matched",
    Purpose.MATCH_DEPOSIT: _PAYMENT,
    Purpose.FIND_DEPOSIT: _PAYMENT,
    Purpose.PLACE_MONEY: _PAYMENT,
    Purpose.REVERSE_PAYMENT: _PAYMENT,
    Purpose.TAKE_RETURN: _PAYMENT,
    Purpose.FIND_RETURN: _PAYMENT,
    Purpose.MERGE_MEMBERS: "a merge: `rollbook member split M --back-to ALIAS` undoes it",
    Purpose.SPLIT_MEMBER: "a split: `rollbook member merge` makes the two one again",
    Purpose.RECORD_ORDER: "a court order: `rollbook order lift` lifts it",
    Purpose.LIFT_ORDER: "the end of a court order: `rollbook order record` records it again",
    Purpose.LIFT_RESTRICTION: "a restriction that was lifted: an 834 with INS13 = R sets it again",
    Purpose.LOAD_TERMS: "terms: `rollbook terms load` loads the former ones again",
    Purpose.AGE_OFF: "an end by the age limit, which each night sets again: a proof (INS10) moves it",
    Purpose.RENEW_PLANS: "a renewal, which each night makes again: the terms say what follows a plan",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What is taken back: of each family (row id) which steps. `problem` says why nothing is.

    `own` are the steps that are taken back as a whole; of those of `again` the lines of the file's `sets` alone.
    `left_out`: families that were taken back before, by which steps' names.
    """

    problem: str = ""
    families: Mapping[int, frozenset[int]] = field(default_factory=dict)
    own: frozenset[int] = frozenset()
    again: frozenset[int] = frozenset()
    sets: frozenset[int] = frozenset()
    left_out: tuple[str, ...] = ()
    whole: bool = False  # of everything that it did

    @property
    def steps(self) -> frozenset[int]:
        """Return all steps."""
        return self.own | self.again


def target(ws: Workspace, conn: Connection, asked: Undo) -> Target:
    """Return what is to be taken back, or why it cannot be."""
    found = _OF[asked.of](ws, conn, asked.name)
    if found.problem:
        return found
    if asked.members:
        found = _of_members(conn, asked, found)
    return found if found.problem else _latest(conn, asked, found)


# --- what is asked -----------------------------------------------------------------------------------------


def _of_file(ws: Workspace, conn: Connection, name: str) -> Target:
    file = files.find_file(conn, name.upper())
    if file is None:
        return Target(f"there is no file {name}")
    if file.state is None:
        return Target(f"file {file.id} is still worked on")
    own, again = received.of_file(conn, file.id)
    sets = {stored.id for stored in files.sets_of(conn, file.id) if stored.kind in KINDS}
    families = rows.touched(conn, own)
    more, shared = rows.looked_again(conn, again, sets)
    if shared:
        seen = received.steps(conn, {step for _, step in shared})
        told = ", ".join(f"`rollbook undo change {done.seq}`" for done in seen.values())
        return Target(f"lines of {file.id} were looked at again with those of other files: {told} undoes them")
    for contract, steps in more.items():
        families.setdefault(contract, set()).update(steps)
    if not families:
        return Target(_nothing_of(conn, file, payment=not sets))
    return _target(families, own, set().union(*more.values()) if more else set(), sets)


def _nothing_of(conn: Connection, file: ReceivedFile, *, payment: bool) -> str:
    """Say why nothing of a file can be taken back."""
    if payment:
        return f"file {file.id} is {_PAYMENT}" if file.kind == "820" else f"file {file.id} enrolled nobody"
    if SetState.HELD in received.states(conn, file.id):
        return f"file {file.id} is held, nothing of it was applied: `rollbook work release` or `drop` decides it"
    if file.state is FileState.PENDED:
        return f"file {file.id} waits for a decision, nothing of it was applied: {_WORK}"
    if file.state in (FileState.APPLIED, FileState.PARTIAL):
        return f"file {file.id} changed nothing, so there is nothing to undo"
    return f"nothing of file {file.id} was applied: it is {file.state}"


def _of_decision(ws: Workspace, conn: Connection, name: str) -> Target:
    made = decisions.find(conn, int(name), ws.vault.fields) if name.isdecimal() else None
    if made is None:
        return Target(f"there is no decision {name}")
    if made.set_id and files.stored_set(conn, made.set_id).kind not in KINDS:
        return Target(f"decision {name} is about {_PAYMENT}")
    families = rows.touched(conn, {made.tx})
    if not families:
        return Target(f"decision {name} changed nobody's coverage or data, so there is nothing to undo")
    return _target(families, {made.tx})


def _of_step(ws: Workspace, conn: Connection, name: str) -> Target:
    done = received.step_of(conn, int(name)) if name.isdecimal() else None
    if done is None:
        return Target(f"there is no step {name}")
    purpose = Purpose(done.what.partition(" ")[0])
    if purpose is Purpose.BILL:
        return Target(_bill(conn, done))
    if purpose in _INSTEAD:
        return Target(f"step {name} is {_INSTEAD[purpose]}")
    families = rows.touched(conn, {done.tx}) if purpose in _UNDOABLE else {}
    if not families:
        return Target(f"step {name} ({purpose}) changed nobody's coverage or data, so there is nothing to undo")
    return _target(families, {done.tx})


def _bill(conn: Connection, done: Done) -> str:
    """Say how the invoices that a step made are taken back."""
    month = Month.parse(done.what.partition(" ")[2])
    made = [issued for issued in invoices.listing(conn, month=month, void=True) if issued.tx == done.tx]
    standing = [issued.number for issued in made if not issued.void]
    if made and not standing:
        return f"step {done.seq} is a bill, and its invoice is void: {', '.join(each.number for each in made)}"
    way = f"`rollbook invoice void {standing[0]}`" if standing else "`rollbook invoice void`"
    return f"step {done.seq} is a bill: {way} voids an invoice of it while that is the latest and unpaid"


_OF = {Of.FILE: _of_file, Of.DECISION: _of_decision, Of.CHANGE: _of_step}


def _target(
    families: Mapping[int, set[int]], own: Iterable[int], again: Iterable[int] = (), sets: Iterable[int] = ()
) -> Target:
    fixed = {contract: frozenset(steps) for contract, steps in sorted(families.items())}
    return Target("", fixed, frozenset(own), frozenset(again), frozenset(sets), whole=True)


# --- of whom, and whether it is the latest -------------------------------------------------------------------


def _of_members(conn: Connection, asked: Undo, found: Target) -> Target:
    """Leave the families of these members."""
    mine: dict[int, frozenset[int]] = {}
    for member in asked.members:
        there = rows.of_member(conn, member)
        if not there:
            return Target(f"there is no member {member}, or no family of the member")
        chosen = {contract: steps for contract, steps in found.families.items() if contract in there}
        if not chosen:
            return Target(f"{asked.label} changed nothing of the family of {member}")
        mine |= chosen
    return replace(found, families=dict(sorted(mine.items())), whole=mine.keys() == found.families.keys())


def _latest(conn: Connection, asked: Undo, found: Target) -> Target:
    """Leave what was taken back already, and refuse what something came after."""
    left, gone = {}, {}
    later: dict[int, int] = {}
    for some in chunks(found.families):
        steps, taken = rows.steps_of(conn, some), rows.taken_back(conn, some)
        for contract in some:
            mine, by = found.families[contract], taken.get(contract, {})
            if all(rows.is_undone(step, by) for step in mine):
                gone[contract] = by[max(mine)]
                continue
            left[contract] = mine
            after = [step for step in steps.get(contract, ()) if step not in mine and step > min(mine)]
            if after:
                later[contract] = max(after)
    if later:
        return Target("; ".join(_told(conn, asked, later)))
    names = received.steps(conn, set(gone.values()))
    if not left:
        return Target(f"{asked.label} was taken back already, by {_names(names.values())}")
    known = rows.named(conn, gone)
    out = tuple(f"{number} of {group}, by {_name(names[gone[ident]])}" for ident, (group, number) in known.items())
    return replace(found, families=left, left_out=out, whole=found.whole and not gone)


def chunks(families: Iterable[int]) -> Iterator[list[int]]:
    """Yield families some at a time."""
    following = iter(families)
    while some := list(islice(following, AT_ONCE)):
        yield some


def _told(conn: Connection, asked: Undo, later: Mapping[int, int]) -> Iterator[str]:
    """Say what came to which families later, the first few of them."""
    first = list(later)[:_NAMED]
    who, names = rows.named(conn, first), received.steps(conn, {later[ident] for ident in first})
    for ident in first:
        group, number = who[ident]
        yield f"{_name(names[later[ident]])} came to family {number} of group {group} after {asked.label}"
    if len(later) > len(first):
        yield f"and so did others to {len(later) - len(first)} more families"


def _names(done: Iterable[Done]) -> str:
    return ", ".join(sorted({_name(each) for each in done}))


def _name(done: Done) -> str:
    """Name a step as people know it: by its decision, else its file."""
    if done.decision:
        return f"decision {done.decision}" + (" (an undo)" if done.what == Purpose.UNDO else "")
    if done.file:
        return f"file {done.file}"
    return f"step {done.seq} ({done.what})"
