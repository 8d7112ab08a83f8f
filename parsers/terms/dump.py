"""Terms as TOML text that loads back equal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from itertools import groupby
from typing import Any

from model.agreement.answers import USUAL
from model.agreement.channel import FOLDER
from model.agreement.columns import CensusColumns
from model.agreement.grants import ACTIONS, ALL_GRANTED, Grant
from model.agreement.situs import NOT_STATED
from model.agreement.switches import declared
from model.agreement.terms import (
    Carrier,
    Contact,
    EnrollmentSwitches,
    Partner,
    Plan,
    Rate,
    Subgroup,
    SwitchOverride,
    Terms,
    TermsFile,
)
from model.money.cents import format_cents
from model.timeline import OPEN, Dated, Month, Span

Switched = str | int | bool | Month | tuple[str, ...] | Dated[str] | Dated[int] | None  # as the model has it
Entry = dict[str, "str | int | date"]  # of a dated switch, or a rate by tier
Value = str | int | bool | date | tuple[str, ...] | tuple[Entry, ...] | Entry | dict[str, str] | None
# A table: its name without brackets, whether it is an element of an array, and its keys.
Table = tuple[str, bool, dict[str, Value]]


def dump(file: TermsFile, notes: Mapping[str, str] | None = None) -> str:
    """Write a terms file. `notes` are comments by table name, put before the first table of that name."""
    left = dict(notes or {})
    parts = [_comment(left.pop("", ""))]
    for name, is_element, values in _tables(file):
        header = f"[[{name}]]" if is_element else f"[{name}]"
        keys = [f"{key} = {_value(value)}" for key, value in values.items() if value is not None]
        parts.append("\n".join([_comment(left.pop(name, "")) + header, *keys]) + "\n")
    return "\n".join(part for part in parts if part)


def _comment(text: str) -> str:
    """Return text as comment lines."""
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())


def _value(value: Value) -> str:
    """Return a value in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + " }"
    return value.isoformat() if isinstance(value, date) else str(value)


def _key(key: str) -> str:
    """Return a key, quoted where TOML asks for it (64+)."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def _span(span: Span) -> dict[str, Value]:
    return {"begin": span.begin, "end": None if span.end == OPEN else span.end}


def _tables(file: TermsFile) -> Iterator[Table]:
    """Yield the tables of a file in its order."""
    if file.carrier:
        yield from _carrier(file.carrier)
    for partner in file.partners:
        yield from _partner(partner)
    if file.terms:
        yield from _terms(file.terms)


def _contact(name: str, contact: Contact) -> Iterator[Table]:
    if contact != Contact():
        yield name, False, {"name": contact.name, "phone": contact.phone, "email": contact.email}


def _pairs(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{qualifier}:{identifier}" for qualifier, identifier in pairs)


def _carrier(carrier: Carrier) -> Iterator[Table]:
    values: dict[str, Value] = {
        "name": carrier.name,
        "isa_ids": _pairs(carrier.isa_ids),
        "gs_ids": carrier.gs_ids,
        "tax_id": carrier.tax_id,
        "address": carrier.address,
        "remit_to": carrier.remit_to,
        "time_zone": carrier.time_zone,
    }
    yield "carrier", False, values
    yield from _contact("carrier.contact", carrier.contact)


def _partner(partner: Partner) -> Iterator[Table]:
    values: dict[str, Value] = {
        "code": partner.code,
        "name": partner.name,
        "kind": partner.kind,
        "isa_ids": _pairs(partner.isa_ids),
        "gs_ids": partner.gs_ids,
        "companies": partner.companies,
    }
    yield "partner", True, values
    yield from _contact("partner.contact", partner.contact)
    profile = partner.profile
    yield "partner.profile", False, _switches(profile)
    if profile.full_file != ALL_GRANTED:
        scope = _switches(profile.full_file)
        yield "partner.profile.full_file", False, {name: value or None for name, value in scope.items()}
    if partner.channel != FOLDER:  # a kind does not take the keys of another
        yield "partner.channel", False, _switches(partner.channel, usual=False)
    yield from census_tables(partner.census)
    if partner.answers != USUAL:
        yield "partner.acknowledgments", False, _switches(partner.answers)
    for grant in partner.grants:
        yield "partner.grants", True, _grant(grant)


def table_text(agreed: CensusColumns) -> str:
    """Return what a partner's headings mean as TOML, always with both tables: more may be written into them."""
    columns = "".join(f"{json.dumps(k, ensure_ascii=False)} = {_value(v)}\n" for k, v in agreed.columns)
    return f"[partner.census]\nignore = {_value(agreed.ignore)}\n\n[partner.census.columns]\n{columns}"


def census_tables(agreed: CensusColumns) -> Iterator[Table]:
    """Yield what a partner's headings mean as tables."""
    if agreed.ignore:
        yield "partner.census", False, {"ignore": agreed.ignore}
    if agreed.columns:
        yield "partner.census.columns", False, {_key(heading): means for heading, means in agreed.columns}


def _grant(grant: Grant) -> dict[str, Value]:
    """Return a grant; what is left out is the whole group, and every action."""
    actions = grant.actions if grant.actions != ACTIONS else None
    return {"group": grant.group, **_span(grant.span), "subgroups": grant.subgroups or None, "actions": actions}


def _terms(terms: Terms) -> Iterator[Table]:
    values: dict[str, Value] = {
        "number": terms.group,
        "name": terms.name,
        "tax_id": terms.tax_id,
        **_span(terms.span),
        "sent_as": terms.sent_as,
        "address": terms.address,
    }
    yield "group", False, values
    yield from _contact("group.contact", terms.contact)
    yield from _rules(terms.rules, terms.overrides)
    yield "group.billing", False, _switches(terms.billing)
    if terms.law != NOT_STATED:
        yield "group.law", False, _switches(terms.law, usual=False)
    for subgroup in terms.subgroups:
        yield from _subgroup(subgroup)
    for line in terms.lines:
        yield "group.lines", True, {"code": line.code, "name": line.name, "sent_as": line.sent_as}
    for plan in terms.plans:
        yield "group.plans", True, _plan(plan)
    for rates in _rate_tables(terms.rates):
        yield "group.rates", True, _rate(rates)
    for renewal in terms.renewals:
        values = {"plan": renewal.plan, "to": renewal.to, "begin": renewal.begin}
        yield "group.renewals", True, values | {"subgroup": renewal.subgroup or None}


def _rules(rules: EnrollmentSwitches, overrides: Iterable[SwitchOverride]) -> Iterator[Table]:
    yield "group.rules", False, _switches(rules)
    for span in rules.attestations:
        yield "group.rules.attestations", True, _span(span)
    for chosen in rules.open_enrollments:
        own = {field.name: getattr(chosen, field.name) for field in fields(chosen) if field.name != "span"}
        yield "group.rules.open_enrollments", True, {**_span(chosen.span), **own}
    for override in overrides:
        values: dict[str, Value] = {"subgroup": override.subgroup or None, **_span(override.span)}
        yield "group.rules.overrides", True, values | _switches(override)


def _switches(agreed: object, *, usual: bool = True) -> dict[str, Value]:
    """Return the switches of a part of what is agreed, as a file says them; the usual ones only if asked for."""
    kind: Any = type(agreed)
    said = {known: getattr(agreed, known.name) for known in declared(kind)}
    return {known.name: _switch(value) for known, value in said.items() if usual or value != known.default}


def _switch(value: Switched) -> Value:
    """Return a switch as it is written; None where it is what the group has."""
    if isinstance(value, Dated):
        return None if value == Dated("") else _dated(value)
    return str(value) if isinstance(value, Month) else value


def _dated(switch: Dated[str] | Dated[int]) -> Value:
    """Return a switch as it is written: plain, or as a list where it changes."""
    first: Entry = {"value": switch.first}
    later: list[Entry] = [{"from": since, "value": value} for since, value in switch.changes]
    return (first, *later) if later else switch.first


def _account(subgroup: Subgroup) -> Value:
    """Return a subgroup's billing account as it is written, its earlier numbers first."""
    if not subgroup.former:
        return subgroup.account
    first: Entry = {"number": subgroup.former[0].number}
    later = [former.number for former in subgroup.former[1:]] + [subgroup.account]
    changes = zip(subgroup.former, later, strict=True)
    entries: list[Entry] = [{"from": former.until, "number": number} for former, number in changes]
    return (first, *entries)


def _subgroup(subgroup: Subgroup) -> Iterator[Table]:
    values: dict[str, Value] = {
        "code": subgroup.code,
        "name": subgroup.name,
        "account": _account(subgroup),
        **_span(subgroup.span),
        "sent_as": subgroup.sent_as or None,
    }
    yield "group.subgroups", True, values | _switches(subgroup, usual=subgroup.cobra)
    yield from _contact("group.subgroups.contact", subgroup.contact)


def _plan(plan: Plan) -> dict[str, Value]:
    return {
        "code": plan.code,
        "line": plan.line,
        "name": plan.name,
        **_span(plan.span),
        "sent_as": plan.sent_as or None,
        "tiers": plan.tiers,
        "subgroups": plan.subgroups or None,
    }


def _rate_tables(rates: Iterable[Rate]) -> Iterator[list[Rate]]:
    """Yield neighbouring rates that differ by tier or age alone, to be written as one table."""
    for _, same in groupby(rates, lambda rate: (rate.plan, rate.subgroup, rate.span, rate.ages is None)):
        yield list(same)


def _rate(rates: list[Rate]) -> dict[str, Value]:
    first = rates[0]
    what: dict[str, Value] = {"plan": first.plan, "subgroup": first.subgroup or None, **_span(first.span)}
    if first.ages:
        return what | {"by_age": {rate.level: format_cents(rate.cents) for rate in rates}}
    monthly = {rate.tier: format_cents(rate.cents) for rate in rates}
    return what | {"monthly": monthly.get("", monthly)}  # a plan without tiers has one rate, under the tier ""
