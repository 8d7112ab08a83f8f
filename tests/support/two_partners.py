"""Partners of one carrier, each granted its own groups, in few words: terms, files, what each is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.runtime.workspace import Workspace
from support.installation import load_terms, take_bytes

CARRIER = """
[carrier]
name = "Northwind Health Plan"
isa_ids = ["ZZ:NORTHWIND"]
gs_ids = ["NORTHWIND"]

[carrier.contact]
name = "Group Billing"
phone = "555-010-4100"
"""

PARTNER = """
[[partner]]
code = "{code}"
name = "{name}"
kind = "{kind}"
isa_ids = ["ZZ:{isa}"]
gs_ids = ["{isa}"]
{grants}
[partner.profile]
group_from = "38"
subgroup_from = "DX"
member_id_from = "23"
audit_records = "compare"
{profile}
"""

GRANT = """
[[partner.grants]]
group = "{group}"
begin = 2026-01-01
{more}
"""

GROUP = """
[group]
number = "{group}"
name = "Group {group}"
begin = 2026-01-01

[group.rules]
attestations = [{{ begin = 2026-01-01 }}]

[group.billing]
first_month = "2027-01"

[[group.subgroups]]
code = "ACT"
name = "Active"
account = "{group}-A"

[[group.subgroups]]
code = "COB"
name = "COBRA"
account = "{group}-C"
cobra = true

[[group.lines]]
code = "medical"
name = "Medical"
sent_as = ["HLT"]

[[group.plans]]
code = "MED"
line = "medical"
name = "Medical"
tiers = ["EMP", "ESP", "ECH", "FAM"]

[[group.rates]]
plan = "MED"
begin = 2026-01-01
monthly = {{ EMP = "500.00", ESP = "900.00", ECH = "800.00", FAM = "1200.00" }}
"""


def partner_terms(code: str, *groups: str, kind: str = "employer", more: str = "", profile: str = "") -> str:
    """A partner granted these groups; `more`: further keys of each grant, `profile`: of the profile."""
    grants = "".join(GRANT.format(group=group, more=more) for group in groups)
    isa = code.upper().replace("-", "")
    return PARTNER.format(code=code, name=code.title(), kind=kind, isa=isa, grants=grants, profile=profile)


def group_terms(group: str) -> str:
    """A group with an active and a COBRA subgroup, and one medical plan."""
    return GROUP.format(group=group)


def agree(ws: Workspace, *texts: str) -> None:
    """Load terms, ourselves first."""
    for text in (CARRIER, *texts):
        load_terms(ws, text)


def loop(spec: Mapping[str, Any]) -> list[str]:
    """One member loop. Keys: rel, do (INS03), reason, status, event, restricted (INS13), family, subgroup, id,
    first, last, birth, ssn, street, phone, email, to (DTP*357), from_ (DTP*303), left (REF*6O), prior (REF*Q4),
    also (segments of 2100A), lines: (HD01, HD05, 348, 349)."""
    rel, do = spec.get("rel", "18"), spec.get("do", "021")
    job = "FT" if rel == "18" else ""
    ins = ["INS", "Y" if rel == "18" else "N", rel, do, spec.get("reason", "29"), spec.get("status", "A"), ""]
    ins += [spec.get("event", ""), job, "", "", "", "", spec.get("restricted", "")]
    lines = ["*".join(ins).rstrip("*"), f"REF*0F*{spec.get('family', 'E1')}"]
    lines += [f"REF*DX*{place}"] if (place := spec.get("subgroup", "ACT")) else []
    lines += [f"REF*23*{spec['id']}"] if "id" in spec else []
    lines += [f"REF*{kind}*{spec[key]}" for key, kind in (("left", "6O"), ("prior", "Q4")) if key in spec]
    lines += [f"DTP*303*D8*{spec['from_']:%Y%m%d}"] if "from_" in spec else []
    lines += [f"DTP*357*D8*{spec['to']:%Y%m%d}"] if "to" in spec else []
    ssn = f"****34*{spec['ssn']}" if spec.get("ssn") else ""
    lines.append(f"NM1*IL*1*{spec.get('last', 'SAMPLE')}*{spec['first']}{ssn}")
    told = [f"{kind}*{spec[key]}" for key, kind in (("phone", "TE"), ("email", "EM")) if spec.get(key)]
    lines += [f"PER*IP**{'*'.join(told)}"] if told else []
    if street := spec.get("street"):
        lines += [f"N3*{street}", "N4*HARBORTON*CT*06099"]
    lines.append(f"DMG*D8*{spec.get('birth', '19800101')}*F")
    lines += spec.get("also", ())
    for hd01, tier, begin, *end in spec.get("lines", ()):
        lines.append(f"HD*{hd01}**HLT*MED*{tier}".rstrip("*"))
        lines += [f"DTP*348*D8*{begin:%Y%m%d}"] if begin else []
        lines += [f"DTP*349*D8*{last:%Y%m%d}" for last in end]
    return lines


def file_834(
    partner: str, group: str, control: int, day: date, specs: Iterable[Mapping[str, Any]], action: str = "2"
) -> bytes:
    """An interchange with one 834 of these members."""
    isa, d8 = partner.upper().replace("-", ""), f"{day:%Y%m%d}"
    body = ["ST*834*0001*005010X220A1", f"BGN*00*R{control}*{d8}*0600****{action}", f"REF*38*{group}"]
    body += ["N1*P5*SPONSOR*FI*990000005", "N1*IN*NORTHWIND HEALTH PLAN*FI*990000002"]
    body += [line for spec in specs for line in loop(spec)]
    return _interchange(isa, d8, control, ("BE", "005010X220A1"), body)


def file_820(partner: str, control: int, day: date, trace: str, lines: Sequence[tuple[str, str, str]]) -> bytes:
    """An interchange with one 820: lines of (RMR01, reference, dollars). A person's (AZ) each stand in a 2000B."""
    isa, d8 = partner.upper().replace("-", ""), f"{day:%Y%m%d}"
    total = f"{sum(float(amount) for _, _, amount in lines):.2f}"
    bank = "01*999999999*DA"
    body = ["ST*820*0001*005010X218", f"BPR*I*{total}*C*ACH*CCP*{bank}*1*1990000005**{bank}*2*{d8}"]
    body += [f"TRN*3*{trace}*1990000005", "N1*PE*NORTHWIND HEALTH PLAN*FI*990000002", "N1*PR*SPONSOR*FI*990000005"]
    company = [f"RMR*{kind}*{reference}**{amount}" for kind, reference, amount in lines if kind != "AZ"]
    body += ["ENT*1*2L*FI*990000005", *company] if company else []
    people = [f"RMR*{kind}*{reference}**{amount}" for kind, reference, amount in lines if kind == "AZ"]
    for number, rmr in enumerate(people, 1 + bool(company)):
        body += [f"ENT*{number}*2J*EI*990000005", "NM1*IL*1*SAMPLE", rmr]
    return _interchange(isa, d8, control, ("RA", "005010X218"), body)


def _interchange(isa: str, d8: str, control: int, kind: tuple[str, str], body: list[str]) -> bytes:
    ours = "NORTHWIND"
    head = f"ISA*00*{'':10}*00*{'':10}*ZZ*{isa:15}*ZZ*{ours:15}*{d8[2:]}*0600*^*00501*{control:09d}*0*P*:"
    gs = f"GS*{kind[0]}*{isa}*{ours}*{d8}*0600*{control}*X*{kind[1]}"
    lines = [head, gs, *body, f"SE*{len(body) + 1}*0001", f"GE*1*{control}", f"IEA*1*{control:09d}"]
    return "".join(f"{line}~\n" for line in lines).encode()


def send(
    ws: Workspace, partner: str, group: str, control: int, day: date, *specs: Mapping[str, Any], action: str = "2"
) -> dict[str, Any]:
    """Let a partner send one 834, and return the file's value."""
    return take_bytes(ws, file_834(partner, group, control, day, specs, action), "f.edi", day, partner)


def lines_of(value: Mapping[str, Any]) -> list[str]:
    """Say what became of each member line: `E1 medical APPLIED added from 2027-01-01`."""
    return [
        f"{member['subscriber']} {line['line'] or '-'} {line['disposition']} {line['action']}"
        for transaction_set in value["sets"]
        for member in transaction_set["members"]
        for line in member["lines"]
    ]
