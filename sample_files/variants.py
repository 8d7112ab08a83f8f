"""Small files by theme: valid/ (right, each showing one thing) and broken/<what-is-wrong>/.

What each must lead to stands beside it in expected.yaml, written by hand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from edi import GROUP, Coverage, Family, Segments, enrollment_set, interchange, member, members, remittance_set
from people import Maker
from story import BEGIN, NEXT_YEAR, coverages

DAY = date(2026, 11, 23)


def families(count: int, seed: int = 77) -> list[Family]:
    """Make families of every tier in turn; their numbers start apart from the demo's."""
    maker = Maker(seed, count=40000, persons=400000)
    shapes = (("FAM", True, 1), ("EMP", False, 0), ("ECH", False, 1), ("ESP", True, 0))
    chosen = [shapes[index % 4] for index in range(count)]
    return [
        maker.family("100", coverages("GOLD", tier, "d", BEGIN), spouse=spouse, children=children)
        for tier, spouse, children in chosen
    ]


def adds(
    count: int = 1, *, control: str = "0001", first: int = 0, group: str = GROUP, day: date = DAY
) -> Segments:
    """Return an 834 that adds some of the families."""
    some = families(first + count)[first:]
    return enrollment_set(members(some), day, f"HMSMALL{control}", group=group, control=control)


def one(body: Segments, control: int, day: date = DAY) -> str:
    """Return an interchange of one set."""
    return interchange([body], day, control)


def audit(day: date, action: str, reference: str, new: Family) -> Segments:
    """Return a full 834 (every INS03 = 030, reason XN): what 01 to 03 left, and a family not sent before."""
    family, single, *_ = families(2)
    later = (Coverage("HLT", "BRONZE", "EMP", NEXT_YEAR), single.coverages[1])
    told = [replace(family, people=family.people[:-1]), replace(single, coverages=later), new]
    full = [replace(f, coverages=tuple(replace(c, maintenance="030") for c in f.coverages)) for f in told]
    return enrollment_set(members(full, "030", "XN"), day, reference, action=action)


def changes(day: date) -> dict[str, str]:
    """Return the files that change what 01-add-family.edi added, a day apart."""
    family, single = families(2)
    end = date(2026, 12, 31)
    left = tuple(replace(c, maintenance="024", begin=None, end=end) for c in family.coverages)
    leaver = member(replace(family, coverages=left), family.people[-1], "024", "14")
    other = replace(single, coverages=(Coverage("HLT", "BRONZE", "EMP", NEXT_YEAR, maintenance="001"),))
    term = enrollment_set([leaver], day, "HMSMALLTERM")
    next_day = day + timedelta(days=1)
    plan = enrollment_set([member(other, single.people[0], "001", "22")], next_day, "HMSMALLPLAN")
    return {"02-term-dependent.edi": one(term, 202, day), "03-plan-change.edi": one(plan, 203, next_day)}


def valid() -> dict[str, str]:
    """Return valid/: files that can be received in the order of their numbers, a day apart."""
    days = [DAY + timedelta(days=index) for index in range(7)]
    verify = audit(days[3], "4", "HMSMALLVERIFY", families(7)[6])
    full = audit(days[4], "RX", "HMSMALLFULL", families(6)[5])
    piped = one(adds(control="0006", first=2, day=days[5]), 206, days[5])
    piped = piped.translate(str.maketrans("*^:~", "|!>'")).replace("\n", "\r\n")
    first = one(adds(control="0007", first=3, day=days[6]), 207, days[6])
    second = interchange([adds(control="0008", first=4, day=days[6])], days[6], 208, time="0700")
    return {
        "01-add-family.edi": one(adds(2), 201),
        **changes(days[1]),
        "04-verify-only.edi": one(verify, 204, days[3]),
        "05-replacement-rx.edi": one(full, 205, days[4]),
        "06-crlf-and-pipes.edi": piped,
        "07-two-interchanges.edi": first + second,
    }


def without(text: str, segment: str) -> str:
    """Return the file without its segments of this ID."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(f"{segment}*"))


def counts() -> dict[str, str]:
    """Return broken/wrong-counts: each trailer counts wrongly once."""
    body = adds()
    return {
        "segments.edi": one([*body[:-1], "SE*99*0001"], 302),
        "sets.edi": one(body, 303).replace("GE*1*", "GE*4*"),
        "groups.edi": one(body, 304).replace("IEA*1*", "IEA*2*"),
    }


def controls() -> dict[str, str]:
    """Return broken/wrong-control-numbers: each trailer names another number once."""
    body = adds()
    return {
        "set.edi": one([*body[:-1], f"SE*{len(body)}*9999"], 305),
        "group.edi": one(body, 306).replace("GE*1*306", "GE*1*603"),
        "interchange.edi": one(body, 307).replace("IEA*1*000000307", "IEA*1*000000703"),
    }


def broken() -> dict[str, bytes]:
    """Return broken/: name below the folder, and bytes."""
    good, pair = one(adds(), 301), [adds(), adds(control="0002", first=1)]
    no_relationship = [s.replace("INS*Y*18*021", "INS*Y**021") for s in pair[0]]
    unbalanced = remittance_set([("11", "41000100", 100000, 100000)], DAY, "HMBAD820", total=99999)
    other = [s.replace("005010X218", "005010X306") for s in unbalanced]
    texts = {
        "cut-in-the-middle/cut.edi": good[: good.index("DMG*") + 9],
        **{f"wrong-counts/{name}": text for name, text in counts().items()},
        **{f"wrong-control-numbers/{name}": text for name, text in controls().items()},
        "unknown-group/group.edi": one(adds(group="XX0000"), 308),
        "unknown-version/x306.edi": interchange([other], DAY, 309, kind="820", version="005010X306"),
        "unbalanced-820/unbalanced.edi": interchange([unbalanced], DAY, 310, kind="820"),
        "missing-iea/no-iea.edi": without(one(adds(), 311), "IEA"),
        "one-bad-set-of-two/two-sets.edi": interchange([no_relationship, pair[1]], DAY, 312),
        "unknown-receiver/elsewhere.edi": interchange([adds()], DAY, 313, receiver="SOMEONEELSE"),
        "text-after-interchange/text-after.edi": one(adds(), 314) + "Sent from my terminal, call with questions\n",
        "not-x12/letter.txt": "Dear Northwind,\n\nplease add our new hires, the list follows by mail.\n",
    }
    latin = one(adds(), 315).replace("QUIGLEY", "NÚÑEZ")
    return {
        **{name: text.encode("ascii") for name, text in texts.items()},
        "empty/empty.edi": b"",
        "utf16/utf16.edi": b"\xff\xfe" + one(adds(), 316).encode("utf-16-le"),
        "latin1-name/latin1.edi": latin.encode("latin-1"),
        "bom/bom.edi": b"\xef\xbb\xbf" + one(adds(), 317).encode("ascii"),
    }
