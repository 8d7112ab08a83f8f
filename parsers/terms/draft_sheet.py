"""A first terms file from a census: what its rows show, for an analyst to correct (docs/terms.md)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

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
from model.enrollment.census import CensusFile
from model.timeline import Month, Span
from model.trade.coverage import LEVELS, MEDICAL
from parsers.census import sheet
from parsers.terms.census_map import proposed
from parsers.terms.draft import OFFERED, PLANS, TOP, UNKNOWN, code_of, unique
from parsers.terms.dump import dump

_CARRIER = """Ourselves, of whom a sheet says nothing. Correct name and isa_ids; add gs_ids, tax_id, address,
remit_to and [carrier.contact]: they are printed on invoices. Leave it out where it was loaded before."""
_GROUP = """The employer group. Correct number, name, begin; add tax_id, address, accounts and [group.contact]."""
_NAMED = """!!! The sheet names several groups: {}. Here is the first; the others need their own."""
_OPEN = """!!! Nobody reads these columns, and they look like a person, a date or a status: {}."""


def draft(data: bytes, today: date, partner: str = "") -> str:
    """Return the draft of a spreadsheet, as TOML with comments; one without members gives comments only."""
    read = sheet.read(data, today)
    if not read.rows:
        return "".join(f"# {finding.message} {finding.fix}\n" for finding in read.findings)
    agreed, open_ones = proposed(read)
    terms = _terms(read, today)
    code = code_of(partner, "sender")
    sender = Partner(code, partner or "Sender", grants=(Grant(terms.group, terms.span),), census=agreed)
    groups = sorted({row.group for row in read.rows if row.group})
    about = [_GROUP, _NAMED.format(", ".join(groups))] if len(groups) > 1 else [_GROUP]
    asked = [_OPEN.format(", ".join(column.heading for column in open_ones))] if open_ones else []
    notes = {
        "": TOP,
        "carrier": _CARRIER,
        "partner": "\n".join(["Who sends.", *asked]),
        "group": "\n".join(about),
        "group.plans": PLANS,
    }
    carrier = Carrier(name=UNKNOWN[1], isa_ids=(UNKNOWN,), gs_ids=())
    return dump(TermsFile(carrier, (sender,), terms), notes)


def _terms(read: CensusFile, today: date) -> Terms:
    begins = {row.begin for row in read.rows} | {election.begin for row in read.rows for election in row.elections}
    first = min(filter(None, begins), default=today)
    text = next((row.group for row in read.rows if row.group), "")
    number, span = code_of(text, "GROUP"), Span(first.replace(day=1))
    lines, plans = _offers(read, span)
    return Terms(
        group=number,
        name=number,
        tax_id="",
        span=span,
        sent_as=(text,) if text not in ("", number) else (),
        contact=Contact(),
        address=(),
        subgroups=tuple(_subgroups(read, number, span)),
        lines=lines,
        plans=plans,
        rates=(),
        rules=EnrollmentSwitches(),
        billing=Billing(first_month=Month.of(max(first, today))),
    )


def _subgroups(read: CensusFile, number: str, span: Span) -> Iterator[Subgroup]:
    named = sorted({row.subgroup for row in read.rows if row.subgroup})
    taken: set[str] = set()
    for text in named or ["MAIN"]:
        code = unique(code_of(text), taken)
        name = text if named else "All members"
        yield Subgroup(code, name, code_of(f"{number}-{code}"), span, (text,) if text != code else ())


def _offers(read: CensusFile, span: Span) -> tuple[tuple[Line, ...], tuple[Plan, ...]]:
    """Return the lines and plans that are elected; a plan without a line is medical until somebody says more."""
    elected: dict[tuple[str, str], set[str]] = {}
    for chosen in (chosen for row in read.rows for chosen in row.elections if not chosen.waived):
        elected.setdefault((chosen.line or MEDICAL.code, chosen.plan), set()).add(chosen.tier)
    named = {line for line, _ in elected}
    lines = [line for line in OFFERED if line.code in named]
    taken: set[str] = set()
    plans = []
    for (line, plan), tiers in sorted(elected.items()):
        mine = [name for of, name in elected if of == line]
        if not plan and len(mine) > 1:
            continue  # one of the line's others is meant, and which is not said
        code = unique(code_of(plan or line.upper()), taken)
        allowed = tuple(tier for tier in LEVELS.codes if tier in tiers)
        plans.append(Plan(code, line, plan or line.title(), span, () if plan in (code, "") else (plan,), allowed))
    return tuple(lines), tuple(plans)
