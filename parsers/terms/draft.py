"""A first terms file from a judged 834 or 820: what the file shows, for an analyst to correct.

With the draft loaded the same file must decide without rejects, so what cannot be told is drafted wide: plans
begin with the earliest day sent, and every tier seen is allowed.

See docs/design.md, Terms are data.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from model.agreement.switches import meaning
from model.agreement.terms import (
    Billing,
    Carrier,
    Contact,
    EnrollmentSwitches,
    Grant,
    Line,
    Partner,
    Plan,
    Subgroup,
    Terms,
    TermsFile,
)
from model.timeline import Month, Span
from model.trade.coverage import CLASSES, LEVELS, LINES
from model.trade.references import GROUP_OR_POLICY
from parsers.terms.draft_addressing import Addressing, addressing
from parsers.terms.draft_seen import Seen, see
from parsers.terms.dump import dump
from parsers.terms.schema import LineTable, ProfileTable, words

OFFERED = tuple(Line(line.code, line.name, LINES.having(line)) for line in CLASSES)

UNKNOWN = ("ZZ", "UNKNOWN")  # an interchange identity that nobody said
TOP = """DRAFT, made from one file: it says what the file shows, not what was agreed. Check every line.
Dates are inclusive; an end left out means open. Load it with `rollbook terms load`."""
_NO_GROUP = """The file holds no members and no remittance that we can read: no group is drafted."""
_CARRIER = """Ourselves, as the file addresses us (ISA07:ISA08, GS03). Correct the name; add tax_id, address,
remit_to and [carrier.contact]: they are printed on invoices."""
_PARTNER = """Who sends (kind: employer, broker, tpa or agency). `code` names its folder; isa_ids are ISA05:ISA06,
gs_ids are GS02."""
_ONLY = """No REF names the group in the same way throughout: the partner's only granted group is meant."""
_SEVERAL = """!!! The file names several groups in REF*38: {}. Here is the first; the others need their own."""
_AUDIT = """!!! ATTENTION: the file says "change" (BGN08 = 2), yet every record is an audit record (INS03 = 030).
!!! audit_records = "compare" applies each record's difference to the roster. If these files are meant as full
!!! rosters, or as a check only, set it to "hold": the set then waits for a person."""
_GROUP = """The employer group. Correct name, tax_id, begin and address; add [group.contact]."""
_INVENTED = """The file names no group: the number is the sponsor's (or sender's) identifier. Put yours."""
_ONE_FAMILY = """Only one family shows this number (REF*1L): make sure that it is the group's, not the person's."""
_SUBGROUPS = """Divisions, each with a billing account; `sent_as` lists what the sender writes. Account numbers
that no remittance named are invented: put yours."""
PLANS = """Plans as sent in HD04 ("" = none sent), with the tiers seen in HD05. No file shows rates; add them:
[[group.rates]]
plan = "..."
begin = 2027-01-01
monthly = { EMP = "512.30", FAM = "1400.00" }    (or monthly = "12.00" for a plan without tiers,
by_age = { 0-14 = "210.00", 15-63 = "400.00", "64+" = "900.00" } for one that each member pays by age)"""
_PLANS_ELSEWHERE = """!!! ATTENTION: one plan of HD*{line} in HD04 goes with {count} values of REF*{ref} under HD.
!!! The plans seem to ride there: plan_from = "{ref}" makes a plan of each value below. If that REF is no plan, set
!!! plan_from = "HD04" and plan_references = "ignore", and list the plans of HD04."""
_PLANS_UNCLEAR = """!!! ATTENTION: one plan of HD*{line} in HD04 goes with {count} values of REF*{ref} under HD.
!!! If they are plans, set plan_from = "{ref}" and list them; if not, set plan_references = "ignore". Until then
!!! such a set waits for a person (SET-PLANS)."""
_UNTIERED = """!!! Some subscribers are sent without a tier for a plan that others have with one."""


def draft(judged: Iterable[object], partner: str = "") -> str:
    """Return the draft of a file from its judged items (parsers.x12.judge.judge), as TOML with comments.

    `partner` is our code for the sender; without one it is made from ISA06. A file without an interchange gives a
    comment only.
    """
    seen = see(judged)
    if not seen.senders:
        return "# The file holds no interchange.\n"
    place = addressing(seen)
    terms = _terms(seen, place) if seen.members or seen.remittances else None
    sender = _partner(seen, place, terms, partner)
    return dump(TermsFile(_carrier(seen), (sender,), terms), _notes(seen, place, sender))


def _notes(seen: Seen, place: Addressing, partner: Partner) -> dict[str, str]:
    """Return the comments by table."""
    top, profile, group, plans = [TOP], [words(ProfileTable)], [_GROUP], [PLANS]
    if not partner.grants:
        top.append(_NO_GROUP)
    if seen.members and place.group_from == "only":
        profile.append(_ONLY)
    if not place.group_text:
        group.append(_INVENTED)
    elif place.group_from == GROUP_OR_POLICY and seen.families < 2:
        group.append(_ONE_FAMILY)
    named = [text for text, _ in seen.policies.most_common() if text]
    if len(named) > 1:
        profile.append(_SEVERAL.format(", ".join(named)))
    if partner.profile.audit_records == "compare":
        profile.append(_AUDIT)
    profile += _of_plans(seen)
    if any((line, plan) in seen.untiered for line, plan, tier in seen.offers if tier):
        plans.append(_UNTIERED)
    return {
        "": "\n".join(top),
        "carrier": _CARRIER,
        "partner": _PARTNER,
        "partner.profile": "\n".join(profile),
        "group": "\n".join(group),
        "group.billing": meaning(Billing, "first_month"),
        "group.subgroups": _SUBGROUPS,
        "group.lines": words(LineTable),
        "group.plans": "\n".join(plans),
    }


def _of_plans(seen: Seen) -> Iterator[str]:
    """Yield what is to be said of plans that may ride in a REF under HD."""
    for line, qualifier, count, _ in seen.sent.merged():
        text = _PLANS_ELSEWHERE if qualifier == seen.plan_from else _PLANS_UNCLEAR
        yield text.format(line=line, ref=qualifier, count=count)


def code_of(text: str, fallback: str = "X") -> str:
    """Return text as one of our codes: other characters become dashes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("._-")[:40].rstrip("._-") or fallback


def _ids(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the interchange identities that have the right shape; a damaged ISA may hold others."""
    good = (pair for pair in pairs if re.fullmatch(r"[A-Z0-9]{2}", pair[0]) and 1 <= len(pair[1]) <= 15)
    return tuple(dict.fromkeys(good)) or (UNKNOWN,)


def _carrier(seen: Seen) -> Carrier:
    ours = _ids(seen.ours)
    codes = tuple(code for code in seen.our_codes if code)
    return Carrier(name=seen.insurer[0] or ours[0][1], isa_ids=ours, gs_ids=codes)


def _partner(seen: Seen, place: Addressing, terms: Terms | None, code: str) -> Partner:
    senders = _ids(seen.senders)
    return Partner(
        code=code_of(code or senders[0][1].lower(), "sender"),
        name=seen.broker[0] or seen.sponsor[0] or senders[0][1],
        kind="broker" if seen.broker[0] else "employer",
        isa_ids=senders,
        gs_ids=tuple(code for code in seen.sender_codes if code),
        grants=(Grant(terms.group, terms.span),) if terms else (),
        profile=place.profile("compare" if seen.all_audit else "hold", seen.plan_from),
    )


def _terms(seen: Seen, place: Addressing) -> Terms:
    first = seen.first_day or date(2000, 1, 1)  # a file without a single date
    span = Span(first.replace(day=1))
    text = place.group_text or seen.sponsor[1] or next(iter(seen.senders))[1]
    number = code_of(text)
    lines, plans = _offers(seen, span)
    return Terms(
        group=number,
        name=seen.sponsor[0] or number,
        tax_id=seen.sponsor[1] if re.fullmatch(r"\d{9}", seen.sponsor[1]) else "",
        span=span,
        sent_as=(text,) if text != number else (),
        contact=Contact(),
        address=(),
        subgroups=tuple(_subgroups(seen, place, number, span)),
        lines=lines,
        plans=plans,
        rates=(),
        rules=EnrollmentSwitches(),
        billing=Billing(first_month=_first_month(seen, first)),
    )


def _first_month(seen: Seen, first: date) -> Month:
    """Return the month of the file, or the month in which all its coverage begins when that is later."""
    sent = Month.of(max(seen.file_dates, default=first))
    return max(sent, Month.of(seen.first_begin)) if seen.first_begin else sent


def _subgroups(seen: Seen, place: Addressing, number: str, span: Span) -> Iterator[Subgroup]:
    """Yield the subgroups that members name; else those whose accounts a remittance pays; else a single one.

    A remittance's accounts keep their numbers, since allocation looks for them.
    """
    taken: set[str] = set()
    if place.subgroups:
        for text in _plain_first(place.subgroups):
            code = unique(code_of(text), taken)
            yield Subgroup(code, text, code_of(f"{number}-{code}"), span, (text,) if text != code else ())
    elif seen.accounts and not seen.members:
        for text in _plain_first(seen.accounts):
            code = unique(code_of(text), taken)
            yield Subgroup(code, f"Account {text}", code, span)
    else:
        account = code_of(next(iter(seen.accounts))) if len(seen.accounts) == 1 else f"{number}-MAIN"
        yield Subgroup("MAIN", "All members", account, span)


def _plain_first(texts: Iterable[str]) -> list[str]:
    """Return texts sorted, those first that are codes as they are: no other text may take their code."""
    return sorted(texts, key=lambda text: (code_of(text) != text, text))


def unique(code: str, taken: set[str]) -> str:
    """Return the code, with a number behind it when it is taken, and take it."""
    count, name = 2, code
    while name in taken:
        count, name = count + 1, f"{code}-{count}"
    taken.add(name)
    return name


def _offers(seen: Seen, span: Span) -> tuple[tuple[Line, ...], tuple[Plan, ...]]:
    """Return the lines and plans that the HD loops name."""
    lines = [line for line in OFFERED if any(code in line.sent_as for code, _, _ in seen.offers)]
    known = {code for line in lines for code in line.sent_as}
    unknown = sorted({code for code, _, _ in seen.offers if code} - known)
    used = {line.code for line in lines}
    lines += [Line(unique(code_of(code.lower()), used), code, (code,)) for code in unknown]
    taken: set[str] = set()
    return tuple(lines), tuple(plan for line in lines for plan in _plans(seen, line, span, taken))


def _plans(seen: Seen, line: Line, span: Span, taken: set[str]) -> Iterator[Plan]:
    """Yield the plans of a line; an HD without HD04 means the line's only plan, or one of its own."""
    offers = [(plan, tier) for code, plan, tier in seen.offers if code in line.sent_as]
    names = _plain_first({plan for plan, _ in offers if plan})
    unnamed = len(names) < len({plan for plan, _ in offers})
    if unnamed and len(names) == 1:
        yield _plan(line, names[0], ("",), span, taken, {tier for _, tier in offers})
        return
    for name in names:
        yield _plan(line, name, (), span, taken, {tier for plan, tier in offers if plan == name})
    if unnamed:
        tiers = {tier for plan, tier in offers if not plan}
        code = unique(code_of(line.code.upper()), taken)
        yield Plan(code, line.code, line.name, span, ("",), _tiers(tiers))


def _plan(line: Line, name: str, also: tuple[str, ...], span: Span, taken: set[str], tiers: set[str]) -> Plan:
    """Return the plan of a line that HD04 names so."""
    code = unique(code_of(name), taken)
    sent_as = (*also, name) if name != code else also
    return Plan(code, line.code, f"{line.name} {name}", span, sent_as, _tiers(tiers))


def _tiers(seen: Collection[str]) -> tuple[str, ...]:
    """Return those tiers that the guide knows, in its order; none for a plan sent without tiers."""
    return tuple(tier for tier in LEVELS.codes if tier in seen)
