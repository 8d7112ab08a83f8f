"""Small interchanges from the samples' employer to the samples' plan, in a few words."""

from __future__ import annotations

from collections.abc import Sequence

FROM, TO = ("ZZ", "HARBORMILLS"), ("ZZ", "NORTHWIND")
EMPTY_SET = (  # an 834 of one waiting employee: right by the guide, and about nobody that we know
    "BGN*00*{reference}*20261123*0600****2~REF*38*HM4100~N1*P5*HARBOR MILLS*FI*990000001~"
    "N1*IN*NORTHWIND HEALTH PLAN*FI*990000002~INS*Y*18*024*07*A***TE~REF*0F*E5{reference}~REF*1L*HM4100~"
    "REF*DX*100~DTP*357*D8*20261130~NM1*IL*1*NOBODY*PAT~DMG*D8*19800101*F~"
)


def interchange(control: int, *parts: str, sender: tuple[str, str] = FROM, usage: str = "P") -> bytes:
    """Return an interchange that asks for a TA1; `parts` are groups, or TA1 segments."""
    (qualifier, ident), (to_qualifier, to) = sender, TO
    head = (
        f"ISA*00*{'':10}*00*{'':10}*{qualifier}*{ident:15}*{to_qualifier}*{to:15}*261123*0600*^*00501*"
        f"{control:09d}*1*{usage}*:~"
    )
    groups = sum(part.startswith("GS*") for part in parts)
    return (head + "".join(parts) + f"IEA*{groups}*{control:09d}~").encode()


def functional_group(code: str, control: int, version: str, sets: Sequence[str], kind: str) -> str:
    """Return a functional group; `sets` are the segments between ST and SE of each."""
    text = f"GS*{code}*HARBORMILLS*NORTHWIND*20261123*0600*{control}*X*{version}~"
    for number, body in enumerate(sets, 1):
        lines = body.count("~") + 2
        text += f"ST*{kind}*{number:04d}*{version}~{body}SE*{lines}*{number:04d}~"
    return text + f"GE*{len(sets)}*{control}~"


def enrollment(control: int, count: int = 1) -> str:
    """Return a group of 834s, each with content of its own."""
    sets = [EMPTY_SET.format(reference=f"{control:05d}{number}") for number in range(count)]
    return functional_group("BE", control, "005010X220A1", sets, "834")


def ack(control: int, ours: int, verdict: str, *codes: str, own_set: str = "0001", number: int = 1) -> str:
    """Return a group with a 999 that answers one set of the group `ours`."""
    ik5 = "*".join(("IK5", verdict, *codes))
    accepted = int(verdict in "AE")
    ak9 = f"AK9*{'R' if verdict == 'R' else verdict}*1*1*{accepted}"
    body = f"AK1*BE*{ours}*005010X220A1~AK2*834*{own_set}*005010X220A1~{ik5}~{ak9}~"
    return functional_group("FA", control, "005010X231A1", [body] * number, "999")


def ta1(ours: int, verdict: str, code: str = "000") -> str:
    """Return a TA1 that answers our interchange."""
    return f"TA1*{ours:09d}*261123*0600*{verdict}*{code}~"
