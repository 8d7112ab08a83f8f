"""What the samples' employer sends, made around a few segments: 834 changes and 820 remittances."""

from __future__ import annotations


def sent(control: str, day: str, kind: str, *body: str) -> bytes:
    """An 834 or 820 of the employer around what stands between ST and SE."""
    code, version = {"834": ("BE", "005010X220A1"), "820": ("RA", "005010X218")}[kind]
    segments = [
        "ISA*00*          *00*          *ZZ*HARBORMILLS    *ZZ*NORTHWIND      "
        f"*{day[2:]}*0600*^*00501*{control}*0*P*:",
        f"GS*{code}*HARBORMILLS*NORTHWIND*{day}*0600*{int(control)}*X*{version}",
        f"ST*{kind}*0001*{version}",
        *body,
        f"SE*{len(body) + 2}*0001",
        f"GE*1*{int(control)}",
        f"IEA*1*{control}",
    ]
    return "".join(f"{segment}~\n" for segment in segments).encode()


def change(control: str, day: str, *member: str) -> bytes:
    """An 834 with one member's change."""
    head = (
        f"BGN*00*HM{day}T*{day}*0600****2",
        "REF*38*HM4100",
        "N1*P5*HARBOR MILLS MANUFACTURING*FI*990000001",
        "N1*IN*NORTHWIND HEALTH PLAN*FI*990000002",
    )
    return sent(control, day, "834", *head, *member)


def remittance(control: str, day: str, trace: str, dollars: str, *lines: str) -> bytes:
    """An 820 of the employer over an amount, with its RMR lines. No 820 is cash: it waits for its deposit."""
    head = (
        f"BPR*C*{dollars}*C*ACH*CCP*01*011000015*DA*990001*1990000001**01*011000028*DA*990002*{day}",
        f"TRN*1*{trace}*1990000001",
        "N1*PE*NORTHWIND HEALTH PLAN*FI*990000002",
        "N1*PR*HARBOR MILLS MANUFACTURING*FI*990000001",
        "ENT*1*2L*FI*990000001",
    )
    return sent(control, day, "820", *head, *lines)
