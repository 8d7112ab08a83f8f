"""Load a terms file: its effect is worked out and told first, and what two people decide waits for them.

One transaction: what the file says is held against what is in force and against the books; nothing of it is stored
where anything speaks against it (docs/domain.md, Two people).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256

from billing import moves
from billing.terms_effect import Effect
from model.agreement.terms import Terms, TermsFile
from model.approval import NOBODY, Approval
from model.asking import Request, Verb
from model.codes import found
from model.finding import Finding, Severity, Where
from model.journal import Act, InputKind, Purpose
from parsers.terms import text as reading
from pipeline.desk import asked
from pipeline.runtime import channels, clock
from pipeline.runtime.workspace import Workspace
from pipeline.setup import agree
from pipeline.setup import terms_beside as beside
from pipeline.views import effects
from store import agreements, guards, journal, jsonvalue
from store.engine import Connection
from store.money import accounts, ledger


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a terms file: what it holds, whether it was stored, what speaks against it, its effect."""

    file: TermsFile | None  # None: it cannot be read
    stored: bool
    findings: tuple[Finding, ...]
    effect: Effect


def load_terms(ws: Workspace, text: str, now: datetime, approval: Approval = NOBODY) -> Loaded:
    """Load a terms file: ourselves, partners, a group. Nothing is stored when a finding is an error.

    The folders of the partners are made.

    What changes billed months or takes their price away, moves an account's books, or ends coverage on days that
    have been needs `approval`.
    """
    file, findings = reading.load(text)
    if file is None or any(finding.severity is Severity.ERROR for finding in findings):
        return Loaded(None, False, findings, Effect())

    def work(conn: Connection) -> Loaded:
        return _load(ws, conn, file, text, now, approval)

    loaded = ws.database.change(lambda conn: _touched(conn, file), work)
    for partner in file.partners if loaded.stored else ():
        channels.furnish(ws, partner)
    return replace(loaded, findings=(*findings, *loaded.findings))


def _touched(conn: Connection, file: TermsFile) -> set[str]:
    """Return the guards of what a file speaks of: ourselves, partners, the group and its accounts."""
    names = {guards.partner(partner.code) for partner in file.partners}
    if file.carrier:
        names.add(guards.CARRIER)
    if file.terms:
        names |= guards.of_groups(conn, [file.terms.group])
        names |= {guards.account(number) for number in _numbers(file.terms)}
    return names


def _numbers(terms: Terms) -> list[str]:
    """Return every account number that terms name, former ones too."""
    return [number for subgroup in terms.subgroups for number in subgroup.accounts]


def _load(
    ws: Workspace, conn: Connection, file: TermsFile, text: str, now: datetime, approval: Approval
) -> Loaded:
    today = clock.local_date(now, clock.zone_of(file.carrier or agreements.carrier(conn)))
    partners = tuple(
        agree.keeping_grants(agreements.partner(conn, partner.code), partner) for partner in file.partners
    )
    against = beside.refusals(conn, file.terms) if file.terms else ()
    if against:
        return Loaded(file, False, against, Effect())
    effect = beside.effect(conn, file.carrier, file.terms, partners, today)
    request, decision = _request(file, text, effect), approval
    if effect.decisions:
        judged = asked.decided(ws, conn, now, approval, request)
        if judged.problem:
            message = f"{'; '.join(effect.decisions)}: {judged.problem}"
            return Loaded(file, False, (found("TERMS-EFFECT", Where(), message),), effect)
        decision = judged.approval
    told = ws.asked(InputKind.TERMS, now, text=text, approval=asdict(decision))
    tx = ws.step(conn, Purpose.LOAD_TERMS, told)
    asked.carried_out(conn, tx, request.subject)
    for value in (file.carrier, file.terms, *partners):
        if value:
            agreements.save(conn, tx, value, text)
    for move in effect.moves:
        ledger.post(conn, tx, moves.transfers(move, today))
        accounts.hand_over(conn, move.old, move.new)
        journal.audit(conn, tx, Act.ACCOUNT_MOVED, accounts.move_text(move.old, move.new), decision.detail)
    names = [file.terms.group] if file.terms else []
    names += [partner.code for partner in partners]
    why = f"; {decision.detail}" if effect.decisions else ""
    journal.audit(conn, tx, Act.TERMS_LOADED, ", ".join(names), f"{len(text)} characters of TOML{why}")
    return Loaded(file, True, (), effect)


def _request(file: TermsFile, text: str, effect: Effect) -> Request:
    """Return what two people decide: this text, and no other, with what it does."""
    digest = sha256(text.encode()).hexdigest()
    codes = ", ".join(partner.code for partner in file.partners)
    about = f"group {file.terms.group}" if file.terms else f"partners {codes}" if codes else "ourselves"
    return Request(
        Verb.LOAD_TERMS,
        digest,
        f"load terms of {about} ({digest[:12]})",
        effect.cents,
        effect.people,
        file.terms.group if file.terms else "",
        jsonvalue.dump(effects.effect_view(effect)),
    )
