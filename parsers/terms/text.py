"""Terms TOML: text to frozen Terms, strictly, and back. The format is terms_schema's tables.

See docs/design.md, Terms are data.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from model.agreement.answers import Answers
from model.agreement.channel import Channel
from model.agreement.columns import CensusColumns
from model.agreement.enrollment import OpenEnrollment
from model.agreement.grants import ACTIONS, FullFile, Grant
from model.agreement.situs import MOST_UNDER_COBRA
from model.agreement.terms import (
    Billing,
    Carrier,
    Contact,
    EnrollmentSwitches,
    FormerAccount,
    Line,
    Partner,
    PartnerProfile,
    Plan,
    Rate,
    Renewal,
    Situs,
    Subgroup,
    SwitchOverride,
    Terms,
    TermsFile,
)
from model.codes import CODES, found
from model.finding import Finding, Severity, Where
from model.timeline import OPEN, Dated, Span
from parsers.terms import dated_schema, schema
from parsers.terms.check import problems
from parsers.terms.dump import dump
from parsers.terms.forms import band
from parsers.terms.switch_tables import read, switches
from parsers.terms.toml_lines import Path, line_numbers, line_of, path_text

__all__ = ["dump", "load"]

_KEYS = sorted({field.alias or key for table in schema.TABLES for key, field in table.model_fields.items()})
_CODES_OF = {"extra_forbidden": "TERMS-UNKNOWN-KEY", "missing": "TERMS-MISSING-KEY"}


def load(text: str) -> tuple[TermsFile | None, tuple[Finding, ...]]:
    """Read a terms file: ourselves, partners and one group, as far as it holds them.

    Never raises on bad text. Any error finding means no TermsFile; warnings come with one. Each finding names
    the key and its line (`where.segment`).
    """
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, (_syntax(str(error)),)
    lines = line_numbers(text)
    try:
        file = schema.FileTable.model_validate(raw)
    except ValidationError as error:
        shapes = error.errors(include_url=False, include_input=False)
        return None, _in_order(_shape(item, lines) for item in shapes)
    findings = _in_order(_finding(code, path, message, lines) for code, path, message in problems(file))
    errors = tuple(finding for finding in findings if finding.severity is Severity.ERROR)
    if errors:  # warnings then are often their consequences
        return None, errors
    return _file(file), findings


# --- findings --------------------------------------------------------------------------------------------


def _at(line: int) -> Where:
    return Where(segment=line, segment_id="line")


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by line, as an editor shows them."""
    return tuple(sorted(findings, key=lambda finding: finding.where.segment))


def _syntax(message: str) -> Finding:
    """Return the finding for text that is no TOML; tomllib's message ends with `(at line 3, column 5)`."""
    line = re.search(r"at line (\d+)", message)
    return found("TERMS-SYNTAX", _at(int(line[1]) if line else 1), f"the file is not readable as TOML: {message}")


def _finding(code: str, path: Path, message: str, lines: dict[Path, int], fix: str = "") -> Finding:
    line = line_of(lines, path)
    return found(code, _at(line), f"line {line}: {path_text(path)}: {message}", fix=fix)


def _shape(error: ErrorDetails, lines: dict[Path, int]) -> Finding:
    """Return the finding for an unknown or missing key, or a value of the wrong type."""
    code = _CODES_OF.get(error["type"], "TERMS-WRONG-VALUE")
    path = tuple(part for part in error["loc"] if part not in dated_schema.TAGS)
    fix = ""
    if code == "TERMS-UNKNOWN-KEY":
        message = "this key is unknown here"
        near = difflib.get_close_matches(str(path[-1]), _KEYS, 1)
        fix = f'Did you mean "{near[0]}"? {CODES[code].fix}' if near else ""
    elif code == "TERMS-MISSING-KEY":
        message = "this key is required"
    else:
        message = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
        message = f"should be {message}" if error["msg"].startswith("Input should be ") else message
    return _finding(code, path, message, lines, fix)


# --- tables to model values ------------------------------------------------------------------------------


def _file(file: schema.FileTable) -> TermsFile:
    return TermsFile(
        carrier=_carrier(file.carrier) if file.carrier else None,
        partners=tuple(_partner(partner) for partner in file.partner),
        terms=_terms(file.group) if file.group else None,
    )


def _contact(table: schema.ContactTable) -> Contact:
    return Contact(table.name, table.phone, table.email)


def _pairs(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Split interchange identities (`ZZ:ACME`) into qualifier and identifier."""
    return tuple((text[:2], text[3:]) for text in texts)


def _span(table: schema.Dated | schema.MaybeDated, begin: date | None = None) -> Span:
    """Return a table's span; without a begin of its own it is the given one, without an end it is open."""
    first = table.begin or begin
    if first is None:
        raise ValueError("a span without a begin")  # a bug: Dated requires it, MaybeDated gets the group's
    return Span(first, table.end or OPEN)


def _carrier(table: schema.CarrierTable) -> Carrier:
    return Carrier(
        name=table.name,
        isa_ids=_pairs(table.isa_ids),
        gs_ids=tuple(table.gs_ids),
        tax_id=table.tax_id,
        address=tuple(table.address),
        remit_to=tuple(table.remit_to),
        contact=_contact(table.contact),
        time_zone=table.time_zone,
    )


def _partner(table: schema.PartnerTable) -> Partner:
    return Partner(
        code=table.code,
        name=table.name,
        kind=table.kind,
        isa_ids=_pairs(table.isa_ids),
        gs_ids=tuple(table.gs_ids),
        companies=tuple(table.companies),
        contact=_contact(table.contact),
        grants=tuple(_grant(grant) for grant in table.grants),
        profile=_profile(table.profile),
        channel=read(Channel, table.channel),
        census=CensusColumns(tuple(table.census.columns.items()), tuple(table.census.ignore)),
        answers=read(Answers, table.acknowledgments),
    )


def _profile(table: schema.ProfileTable) -> PartnerProfile:
    return read(PartnerProfile, table, full_file=read(FullFile, table.full_file))


def _grant(table: schema.GrantTable) -> Grant:
    """Return a grant, its actions in their usual order."""
    actions = tuple(action for action in ACTIONS if action in table.actions)
    return Grant(table.group, _span(table), tuple(table.subgroups), actions)


def _terms(table: schema.GroupTable) -> Terms:
    return Terms(
        group=table.number,
        name=table.name,
        tax_id=table.tax_id,
        span=_span(table),
        sent_as=tuple(table.sent_as),
        contact=_contact(table.contact),
        address=tuple(table.address),
        subgroups=tuple(_subgroup(s, table.begin) for s in table.subgroups),
        lines=tuple(Line(line.code, line.name, tuple(line.sent_as)) for line in table.lines),
        plans=tuple(_plan(plan, table.begin) for plan in table.plans),
        rates=tuple(row for rate in table.rates for row in _rates(rate)),
        rules=_rules(table.rules),
        overrides=tuple(_override(override) for override in table.rules.overrides),
        billing=read(Billing, table.billing),
        law=read(Situs, table.law),
        renewals=tuple(Renewal(each.plan, each.to, each.begin, each.subgroup) for each in table.renewals),
    )


def _rules(table: schema.RulesTable) -> EnrollmentSwitches:
    """Return the group's switches, with their spans."""
    attested = tuple(_span(span) for span in table.attestations)
    chosen = tuple(_window(window) for window in table.open_enrollments)
    return read(EnrollmentSwitches, table, attestations=attested, open_enrollments=chosen)


def _window(table: schema.OpenEnrollmentTable) -> OpenEnrollment:
    return OpenEnrollment(
        _span(table),
        table.effective,
        table.absent_ends_percent,
        table.absent_ends_least,
        table.sent_ends_percent,
        table.sent_ends_least,
    )


def _override(table: schema.OverrideTable) -> SwitchOverride:
    return read(SwitchOverride, table, span=_span(table), subgroup=table.subgroup)


def _subgroup(table: schema.SubgroupTable, begin: date) -> Subgroup:
    """Return a subgroup; under COBRA it pays 102 %, and each family by itself, unless agreed."""
    account, former = _account(table)
    subgroup = read(
        Subgroup,
        table,
        code=table.code,
        name=table.name,
        account=account,
        span=_span(table, begin),
        sent_as=tuple(table.sent_as),
        contact=_contact(table.contact),
        former=former,
    )
    said = switches(Subgroup, table)
    if subgroup.cobra and "premium_percent" not in said:
        subgroup = replace(subgroup, premium_percent=Dated(MOST_UNDER_COBRA))
    if subgroup.cobra and "direct_bill" not in said:
        subgroup = replace(subgroup, direct_bill=Dated(first=True))
    return subgroup


def _account(table: schema.SubgroupTable) -> tuple[str, tuple[FormerAccount, ...]]:
    """Return a subgroup's billing account number, and those before it."""
    if isinstance(table.account, str):
        return table.account, ()
    former = (FormerAccount(a.number, b.since) for a, b in pairwise(table.account) if b.since)
    return table.account[-1].number, tuple(former)


def _rates(rate: schema.RateTable) -> Iterator[Rate]:
    """Yield a table's rates: by tier, or by age."""
    for tier, cents in rate.monthly.items():
        yield Rate(rate.plan, tier, cents, _span(rate), rate.subgroup)
    for ages, cents in rate.by_age.items():
        yield Rate(rate.plan, "", cents, _span(rate), rate.subgroup, band(ages))


def _plan(plan: schema.PlanTable, begin: date) -> Plan:
    return Plan(
        code=plan.code,
        line=plan.line,
        name=plan.name,
        span=_span(plan, begin),
        sent_as=tuple(plan.sent_as),
        tiers=tuple(plan.tiers),
        subgroups=tuple(plan.subgroups),
    )
