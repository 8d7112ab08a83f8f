"""The answers of a reconciliation's workbook: each a decision with who and why, or open work for somebody else.

One step takes all that a file answers anew. The same answers again change nothing; what does not name its row
is refused with a finding, and the others are taken (docs/domain.md, Sheets that come back).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from model.codes import CODES
from model.desk import Closed, ItemKind, Waiting, What
from model.documents import keys
from model.documents.reconciled import AnsweredRow, number_of
from model.documents.statement import ReconciliationRow
from model.enrollment.ruling import Answer, Kind, Wish
from model.finding import Finding
from model.journal import InputKind, Purpose
from model.money.breaks import REPLIES, Break, Reply
from parsers import reconciled as sheet
from pipeline.decisions import work
from pipeline.runtime import approvals
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.findings import finding_values
from pipeline.views.reconciled import AnsweredView, AnswersView
from store import guards
from store.desk import items, reconciled
from store.desk.items import Scope, Step
from store.engine import Connection
from store.money import accounts, cash, invoices
from store.received import statement_rows

RULES: Mapping[Reply, str] = {
    Reply.ACCEPT: "RECONCILED-ACCEPTED",
    Reply.ASSIGN: "RECONCILED-ASSIGNED",
    Reply.ENROLLMENT: "RECONCILED-ENROLLMENT",
    Reply.TERMINATION: "RECONCILED-TERMINATION",
}
_ASKS = (Reply.ENROLLMENT, Reply.TERMINATION)


@dataclass(frozen=True, slots=True)
class Meant:
    """An answer with the row that it is about."""

    sent: AnsweredRow
    row: ReconciliationRow
    reply: Reply

    @property
    def group(self) -> str:
        """Return the group whose reconciliation it is."""
        return self.row.subject.split("/")[0]


def answer(ws: Workspace, data: bytes, now: datetime) -> AnswersView:
    """Carry out what a workbook answers; nothing of a file that is none of ours."""
    read = sheet.read(data)
    if read.findings:
        return AnswersView(findings=finding_values(read.findings))
    meant, refused = _meant(ws, read.rows)
    with ws.database.read() as conn:
        problem = next(
            (said for each in meant if (said := approvals.asking(conn, ws.actor, each.sent.reason))), ""
        )
    if problem:
        return AnswersView(problem=problem, findings=finding_values(refused))
    told: list[AnsweredView] = []
    fresh: list[Meant] = []
    for each in meant:
        before = _before(ws, each.row)
        if before and before != RULES[each.reply]:
            refused.append(sheet.refused("RECONCILED-OTHERWISE", each.sent, CODES["RECONCILED-OTHERWISE"].meaning))
        elif before:
            told.append(_told(each, again=True))
        elif each.reply is Reply.ASSIGN and (why := _assign(ws, each, now)):
            refused.append(sheet.refused("RECONCILED-ANSWER", each.sent, why))
        else:
            fresh.append(each)
    by_group: dict[str, list[Meant]] = defaultdict(list)
    for each in fresh:
        by_group[each.group].append(each)
    for group, mine in sorted(by_group.items()):
        record(ws, group, [(each.row, each.reply, each.sent.reason) for each in mine], now)
        told += [_told(each) for each in mine]
    told.sort(key=lambda view: view.row)
    return AnswersView(answers=tuple(told), findings=finding_values(refused))


def _told(each: Meant, *, again: bool = False) -> AnsweredView:
    row = each.row
    return AnsweredView(
        each.sent.row, each.reply.value, row.account, row.member, f"{row.payment} {row.line or ''}".strip(), again
    )


# --- which row is meant --------------------------------------------------------------------------------------


def _meant(ws: Workspace, rows: Sequence[AnsweredRow]) -> tuple[list[Meant], list[Finding]]:
    """Return the answers that name their rows and can be given, and why others are refused."""
    opened = {each.key: ws.vault.row_keys.opened("", each.key) for each in rows}
    numbers = {number for place in opened.values() if place and (number := number_of(place[0]))}
    stored = {key: row for number in sorted(numbers) for key, row in _stored(ws, number, opened.keys())}
    same: dict[str, list[AnsweredRow]] = defaultdict(list)
    for each in rows:
        same[each.key].append(each)
    meant, refused = [], []
    for each in rows:
        row = stored.get(each.key)
        if row is None:
            why = "its key is not one that we gave it." if each.key else "a row without a key is not answered."
            refused.append(sheet.refused("RECONCILED-KEY", each, why))
        elif (row.account, row.member, payment(row)) != (each.account, each.member, each.payment):
            refused.append(sheet.refused("RECONCILED-ANOTHERS", each, "its key is that of another row."))
        elif _is_twice(each, same[each.key]):
            refused.append(sheet.refused("RECONCILED-TWICE", each, "another row with its key is answered, too."))
        elif wrong := _wrong(each, row):
            refused.append(wrong)
        else:
            meant.append(Meant(each, row, Reply(each.answer)))
    return meant, refused


def _is_twice(one: AnsweredRow, same: Sequence[AnsweredRow]) -> bool:
    """Say whether a row is not the one that counts of those of its key: the first, where all answer the same."""
    return one != same[0] or len({(each.answer, each.to) for each in same}) > 1


def payment(row: ReconciliationRow) -> str:
    """Return how the workbook names a row's payment: `R7 line 3`; "" for none."""
    return f"{row.payment} line {row.line}" if row.line else row.payment


def _stored(ws: Workspace, number: int, wanted: Collection[str]) -> Iterator[tuple[str, ReconciliationRow]]:
    """Yield the rows of a reconciliation by their keys, of those that are wanted."""
    for key in (keys.reconciled(number), keys.held(number)):
        for row in statement_rows.read(ws.database, ws.vault.fields, str(key)):
            if row.key in wanted and row.key:
                yield row.key, row


def _wrong(sent: AnsweredRow, row: ReconciliationRow) -> Finding | None:
    """Say why an answer cannot be given to its row; None: it can."""
    allowed = REPLIES.get(row.kind, ())
    if sent.answer not in {reply.value for reply in allowed}:
        offered = ", ".join(reply.value for reply in allowed) or "nothing: it agrees"
        return sheet.refused("RECONCILED-ANSWER", sent, f"it can be answered with {offered}.")
    if not sent.reason:
        return sheet.refused("RECONCILED-REASON", sent, "its cell Reason is empty.", "Reason")
    if sent.answer == Reply.ASSIGN and not sent.to:
        return sheet.refused("RECONCILED-ANSWER", sent, "its cell Assign to names no account or invoice.")
    return None


# --- what becomes of it --------------------------------------------------------------------------------------


def _before(ws: Workspace, row: ReconciliationRow) -> str:
    """Return the code under which a row was answered before; "" where it was not."""
    with ws.database.read() as conn:
        return reconciled.answered(conn, row.subject)


def record(
    ws: Workspace, group: str, answers: Sequence[tuple[ReconciliationRow, Reply, str]], now: datetime
) -> None:
    """Record answers (row, reply, reason) of a group's reconciliations in one step; what was recorded stays."""
    body = [[_as_json(row), reply.value, reason] for row, reply, reason in answers]
    asked = ws.asked(InputKind.DECISION, now, group=group, answers=body)

    def write(conn: Connection) -> None:
        fresh = [each for each in answers if not reconciled.answered(conn, each[0].subject)]
        if not fresh:
            return
        tx = ws.step(conn, Purpose.ANSWER_RECONCILED, asked)
        step = Step(tx, local_day(conn, now))
        for row, reply, reason in fresh:
            _write(ws, conn, step, group, row, reply, reason)
        items.number(conn, tx)

    ws.database.change(lambda conn: {guards.group(group)}, write)


def _write(
    ws: Workspace, conn: Connection, step: Step, group: str, row: ReconciliationRow, reply: Reply, reason: str
) -> None:
    """Open and close the record of an answer, with its reason; open what it asks of somebody else."""
    label = _label(row)
    rule = RULES[reply]
    kept = Waiting(
        ItemKind.VARIANCE, row.subject, rule, label, CODES[rule].severity, group=group, subgroup=row.subgroup,
        cents=stake(row),
    )  # fmt: skip
    waiting = [kept]
    if reply in _ASKS:
        subject = f"{group}/{row.member}" if row.member else row.subject
        waiting.append(replace(kept, kind=ItemKind.QUERY, subject=subject))
    there = items.opened(conn, Scope((ItemKind.QUERY,), [each.subject for each in waiting], group=group))
    items.add(conn, step, [each for each in waiting if each.key not in there])
    mine = items.opened(
        conn, Scope((ItemKind.VARIANCE, ItemKind.QUERY), [each.subject for each in waiting], group=group)
    )
    for known in mine.values():
        if known.opened_tx == step.tx:
            items.write(conn, step.tx, known, What.NOTE, reason, ws.actor.text, ws.vault.fields)
    items.close(conn, step.tx, [mine[kept.key].id], Closed.DECISION)


def stake(row: ReconciliationRow) -> int:
    """Return what an answer is about, in cents: by how much roster, bill and payment of a row differ."""
    paid = row.paid if row.paid is not None else row.billed
    return max(abs(row.roster - row.billed), abs(paid - row.billed))


def _label(row: ReconciliationRow) -> str:
    who = f"member {row.member}" if row.member else payment(row) or f"invoice {row.invoice}"
    return ", ".join(
        filter(None, (f"account {row.account}" if row.account else "", who, row.subject.split("/")[1]))
    )


def _as_json(row: ReconciliationRow) -> dict[str, object]:
    names = ("account", "subgroup", "member", "roster", "billed", "paid", "invoice", "payment", "line", "subject")
    return {name: getattr(row, name) for name in names}


def again(ws: Workspace, group: str, answers: Iterable[Sequence[object]], now: datetime) -> None:
    """Do a step again from its input: a replay's."""
    record(ws, group, list(_read(answers)), now)


def _read(answers: Iterable[Sequence[object]]) -> Iterator[tuple[ReconciliationRow, Reply, str]]:
    for kept, reply, reason in answers:
        assert isinstance(kept, dict), "as it was kept"
        row = ReconciliationRow(subscriber="", name="", kind=Break.VARIANCE, note=None, **kept)
        yield row, Reply(str(reply)), str(reason)


def _assign(ws: Workspace, each: Meant, now: datetime) -> str:
    """Ask for money without an account to be given to whom an answer names; say why not, in words.

    Another person confirms it, as ever (docs/domain.md, Two people).
    """
    row, said = each.row, each.sent
    with ws.database.read() as conn:
        number = _waiting(conn, row)
        paid = accounts.of_item(conn, said.to) or invoices.covers(conn, [said.to], [each.group])
    if not number:
        return "nothing of it is without an account any more"
    wish = Wish(Answer(Kind.LINK), invoice=said.to) if paid else Wish(Answer(Kind.LINK), account=said.to)
    looked = work.decide(ws, number, wish, now)
    if looked.effect is None:
        return looked.problem or "it cannot be given there"
    made = work.decide(ws, number, wish, now, said.reason, looked.effect.digest)
    return "" if made.done or made.requested_by else made.problem


def _waiting(conn: Connection, row: ReconciliationRow) -> int:
    """Return the number of the item of a row's money: a remittance's line, or a deposit; 0: there is none."""
    kind, ident = row.payment[0], int(row.payment[1:])
    if kind == "D":
        opened = items.opened(conn, Scope((ItemKind.DEPOSIT,), [f"deposit {ident}"])).values()
        return next((item.number for item in opened), 0)
    paper = cash.find(conn, ident)
    if paper is None:
        return 0
    opened = items.opened(conn, Scope((ItemKind.SUSPENSE,), partner=paper.partner)).values()
    mine = (item for item in opened if (item.waiting.set, item.waiting.member) == (paper.set, row.line))
    return next((item.number for item in mine), 0)
