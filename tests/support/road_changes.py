"""What a sender may say of a family that it has sent before: changes, ends, moves, corrections, and mistakes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from support.road_records import PLANS, Household, Kind, Maker, Person, Spec, added, repeated, tier_of


def _someone(make: Maker, home: Household) -> Person:
    return make.random.choice(home.people)


def _dependent(make: Maker, home: Household) -> Person:
    others = home.people[1:]
    return make.random.choice(others) if others else home.people[0]


def other_plan(make: Maker, home: Household) -> list[Spec]:
    """Another medical plan from a day: of everybody, or forgetting some."""
    plan, day = make.random.choice((*PLANS["medical"], "OLD", "SILVER")), make.first(-3, 3)
    home.left, home.elections["medical"] = home.elections["medical"][0], (plan, home.tier)
    hd01, dates = make.random.choice(("001", "001", "021")), {}
    begin: date | None = day
    if hd01 == "001" and make.chance(0.3):
        begin, dates = None, {"303": day}
    people = [person for person in home.people if person.rel == "18" or make.chance(0.8)]
    return [
        make.spec(home, person, do="001", reason="22", dates=dates, lines=make.lines(home, person, hd01, begin))
        for person in people
    ]


def other_level(make: Maker, home: Household) -> list[Spec]:
    """Another level of the subscriber's, fitting or not."""
    tier, first = make.random.choice(("EMP", "ESP", "ECH", "FAM", "CHD", "IND", "")), home.people[0]
    home.elections |= {line: (plan, tier) for line, (plan, _) in home.elections.items()}
    day = make.first(-3, 3)
    dates = {"303": day} if make.chance(0.5) else {}
    lines = make.lines(home, first, "001", home.begin if make.chance(0.5) else day)
    return [make.spec(home, first, do="001", reason="29", dates=dates, lines=lines)]


def other_facts(make: Maker, home: Household) -> list[Spec]:
    """Address, telephone, name, birth date, confidentiality, death: without coverage, mostly."""
    who = _someone(make, home)
    facts: list[Spec] = [
        {"street": f"{make.random.randint(1, 99)} CANAL WALK"},
        {"phone": "5555550177", "email": "someone@mail.example.com"},
        {"restricted": make.random.choice("RU")},
        {"last": "NEWNAME"},
        {"birth": who.birth - timedelta(days=make.random.choice((1, 31, 365)))},
        {"ssn": f"9{make.random.randint(31, 60)}{make.random.randint(10, 90)}{make.random.randint(1000, 9999)}"},
        {"death": make.near()},
        {"handicapped": True},
        {"first": f"{who.first}NA"},
        {"rel": make.random.choice(("01", "19", "53"))},
        {"gender": "M"},
    ]
    changed = {
        key: value
        for fact in make.random.sample(facts, make.random.choice((1, 1, 2)))
        for key, value in fact.items()
    }
    if who.rel == "18":
        changed.pop("rel", None)
    if home.extra.get("restricted") == "R":
        changed["restricted"] = make.random.choice("RUU")
    if "restricted" in changed:
        home.extra["restricted"] = changed["restricted"]
    lines = make.lines(home, who, "001", home.begin) if make.chance(0.3) else []
    reason = make.random.choice(("43", "33", "25", "XN", "15"))
    return [make.spec(home, who, do="001", reason=reason, lines=lines, **changed)]


def corrected(make: Maker, home: Household) -> list[Spec]:
    """An identity corrected: INS*001*25 with the old values in NM1*70; now and then without them."""
    who = _someone(make, home)
    old = (who.first, who.birth, who.ssn)
    ssn = f"9{make.random.randint(61, 89)}{make.random.randint(10, 90)}{make.random.randint(1000, 9999)}"
    if make.chance(0.7):
        who.ssn = ssn
    if make.chance(0.4):
        who.birth -= timedelta(days=10)
    if make.chance(0.2):
        who.first = "MAEVE"
    do = make.random.choice(("001", "001", "001", "026"))
    return [make.spec(home, who, do=do, reason="25", old=old if make.chance(0.85) else None)]


def ended(make: Maker, home: Household) -> list[Spec]:
    """An end: of the family, of somebody, of a line; by eligibility, by line, or without a day."""
    who = home.people[0] if make.chance(0.55) else _someone(make, home)
    reason = make.random.choice(("08", "14", "07", "03", "16", "01", "59", "XT"))
    far = make.chance(0.2)
    end = make.last(-14, -5) if far else make.last(-3, 3) if make.chance(0.8) else home.begin
    dates, lines = {}, []
    if make.chance(0.55):
        dates = {"357": end}
    if not dates or make.chance(0.25):
        hd01 = make.random.choice(("024", "024", "024", "001", "030", "021"))
        lines = [
            (hd01, hd03, plan if make.chance(0.7) else "", "", begin, last)
            for _, hd03, plan, _, begin, last in make.lines(
                home, who, "024", None, end if make.chance(0.9) else None
            )
            if make.chance(0.8)
        ]
    if who.rel == "18" and dates:
        home.ended = end
    status = "C" if home.subgroup == "900" and make.chance(0.7) else "A"
    return [make.spec(home, who, do="024", reason=reason, dates=dates, lines=lines, status=status)]


def family_ended(make: Maker, home: Household) -> list[Spec]:
    """Everybody's end, each by a record of its own."""
    end = home.ended = make.last(-2, 2)
    people = [person for person in home.people if make.chance(0.85)]
    return [make.spec(home, p, do="024", reason="08", lines=make.lines(home, p, "024", None, end)) for p in people]


def other_end(make: Maker, home: Household) -> list[Spec]:
    """Another end of what is there, of all lines or some: sooner, later, in force again, or from another day."""
    end = make.random.choice((make.last(-2, 4), make.last(-2, 4), date(9999, 12, 31)))
    begin = make.random.choice((None, home.begin, home.begin, make.first(-4, 3)))
    hd01 = make.random.choice(("001", "001", "021", "025", "024"))
    people = [person for person in home.people if person.rel == "18" or make.chance(0.6)]
    home.ended = None if end.year == 9999 else end
    return [
        make.spec(
            home,
            p,
            do="024" if hd01 == "024" else "025" if hd01 == "025" else "001",
            reason="41" if hd01 == "025" else "29",
            lines=make.lines(home, p, hd01, None if hd01 == "024" else begin, end),
        )
        for p in people
    ]


def left_plan(make: Maker, home: Household) -> list[Spec]:
    """The plan of before, from its first day, as a sender's old copy has it."""
    if not home.left:
        return other_plan(make, home)
    now = home.elections["medical"]
    home.elections["medical"] = (home.left, now[1])
    records = [
        make.spec(home, p, do="001", lines=make.lines(home, p, make.random.choice(("021", "001")), home.begin))
        for p in home.people
    ]
    home.elections["medical"] = now
    return records


def dependents_only(make: Maker, home: Household) -> list[Spec]:
    """A subscriber who leaves a line to the dependents, or only holds it for them."""
    first, day = home.people[0], make.last(-1, 2)
    hd01 = make.random.choice(("024", "032", "032"))
    begin, end = (None, day) if hd01 == "024" else (home.begin if make.chance(0.7) else None, None)
    line = (hd01, "HLT", home.elections["medical"][0], make.random.choice(("CHD", "CHD", "DEP")), begin, end)
    return [make.spec(home, first, do="001", reason="29", lines=[line])]


def reinstated(make: Maker, home: Household) -> list[Spec]:
    """What ended comes back: with a gap, without one, to an end, or without any HD."""
    begin = home.ended + timedelta(days=1) if home.ended and make.chance(0.6) else make.first(-3, 2)
    do, reason = make.random.choice((("025", "41"), ("025", "20"), ("021", "41"), ("001", "41")))
    end = make.last(1, 4) if make.chance(0.2) else None
    bare, home.ended = make.chance(0.3), None
    dates = {"303": begin} if make.chance(0.3) else {}
    hd01 = make.random.choice(("025", "025", "021"))
    return [
        make.spec(
            home, p, do=do, reason=reason, dates=dates, lines=[] if bare else make.lines(home, p, hd01, begin, end)
        )
        for p in home.people
        if p.rel == "18" or make.chance(0.8)
    ]


def moved(make: Maker, home: Household) -> list[Spec]:
    """A move to another subgroup: with its day or without, of the subscriber or of somebody else."""
    home.subgroup = make.random.choice(("100", "200", "200", "300", "400", "900", "NOWHERE"))
    dates = {"303": make.first(-2, 2)} if make.chance(0.8) else {}
    who = home.people[0] if make.chance(0.85) else _someone(make, home)
    lines = []
    if make.chance(0.5):
        home.elections["medical"] = (make.random.choice(("ROAD", "GOLD")), home.tier)
        lines = make.lines(home, who, "001", dates.get("303") or home.begin)
    reason = make.random.choice(("XT", "XT", "43"))
    return [make.spec(home, who, do="001", reason=reason, dates=dates, lines=lines)]


def other_group(make: Maker, home: Household) -> list[Spec]:
    """A move to another group: ended here, added there; now and then to one that is not the sender's."""
    end = make.last(-1, 1)
    gone = make.spec(home, home.people[0], do="024", reason="XT", dates={"357": end})
    home.group = "RD3000" if make.chance(0.15) else "RD2000" if home.group == "RD1000" else "RD1000"
    home.begin, home.subgroup = end + timedelta(days=1), "100"
    return [gone, *added(make, home)]


def grown(make: Maker, home: Household) -> list[Spec]:
    """Somebody new in the family: a newborn, a second spouse, an adopted or a married one."""
    who = make.person(make.random.choice(("19", "19", "01", "09", "17", "23")), home.people[0].last)
    reason = make.random.choice(("02", "02", "32", "05", "29"))
    if reason == "02":
        who.birth, who.rel = make.near(), "19"
        who.birth = min(who.birth, make.today)
    begin = who.birth if reason == "02" and make.chance(0.7) else make.first(-4, 2)
    home.people.append(who)
    level = tier_of(home.people)
    records = [make.spec(home, who, do="021", reason=reason, lines=make.lines(home, who, "021", begin))]
    if make.chance(0.6):
        home.elections |= {line: (plan, level) for line, (plan, tier) in home.elections.items() if tier}
        first = home.people[0]
        records.insert(
            0, make.spec(home, first, do="001", reason=reason, lines=make.lines(home, first, "001", begin))
        )
    return records


def under_cobra(make: Maker, home: Household) -> list[Spec]:
    """The family goes on under COBRA: rightly, with a gap, for too long, without its event, with an extension."""
    begin = home.ended + timedelta(days=1) if home.ended and make.chance(0.75) else make.first(-2, 2)
    event, end = make.random.choice(("1", "1", "2", "5", "8", "")), None
    if make.chance(0.2):
        end = begin + timedelta(days=make.random.choice((500, 1300)))
    named, home.subgroup = make.random.choice(("900", "900", "", "100")), "900"
    dates = {"340": begin, "301": begin - timedelta(days=1)} if make.chance(0.5) else {}
    dates |= {"341": begin + timedelta(days=540)} if make.chance(0.3) else {}
    return [
        make.spec(
            home, p, subgroup=named, status="C", event=event if p.rel == "18" else "", reason="09", dates=dates,
            lines=[line for line in make.lines(home, p, "021", begin, end) if line[1] != "STD"],
        )
        for p in home.people
    ]  # fmt: skip


def with_gap(make: Maker, home: Household) -> list[Spec]:
    """Two spans of one line with a gap between them."""
    first, begin = home.people[0], home.begin
    end, later = make.last(0, 1), make.first(3, 5)
    home.ended = end
    lines = [*make.lines(home, first, "021", begin, end), *make.lines(home, first, "021", later)]
    return [make.spec(home, first, do="021", reason="29", lines=lines)]


def wrong(make: Maker, home: Household) -> list[Spec]:
    """A record that cannot be taken as it is, by one thing each."""
    who = _someone(make, home)
    day, line = make.first(-1, 2), "HLT"
    gold = home.elections["medical"][0]
    level = home.tier if who.rel == "18" else ""
    mistakes: list[tuple[str, Spec]] = [
        ("021", {"lines": [("021", line, "PLATINUM", level, day, None)]}),
        ("021", {"lines": [("021", "LTD", "X", "", day, None)]}),
        ("021", {"lines": [("021", line, gold, level, day, day - timedelta(days=1))]}),
        ("021", {"lines": [("021", line, gold, level, day, day)]}),
        ("021", {"lines": [("021", line, gold, level, None, None)]}),
        ("021", {"lines": [("021", line, "GOLD", level, day, None), ("021", line, "BRONZE", level, day, None)]}),
        ("021", {"lines": [("021", line, "GOLD", level, day, None), ("024", line, "GOLD", level, None, day)]}),
        ("021", {"lines": [("002", line, gold, level, day, None)]}),
        ("021", {"lines": [("026", line, gold, level, day, None)]}),
        ("021", {"lines": [("032", line, gold, level, None, None)]}),
        ("002", {"lines": make.lines(home, who, "002", home.begin)}),
        ("001", {"lines": [("002", line, gold, level, home.begin, None)]}),
        ("026", {"lines": []}),
        ("025", {"lines": []}),
        ("021", {"lines": []}),
        ("024", {"lines": make.lines(home, who, "021", day)}),
        ("021", {"lines": [("021", line, gold, level, day, day + timedelta(days=20))]}),
        ("001", {"lines": [("001", line, gold, level, home.begin, make.last(0, 3))]}),
        ("001", {"lines": [("001", line, gold, level, None, make.last(-2, 3))]}),
        ("001", {"lines": [("001", line, gold, level, home.begin, date(9999, 12, 31))]}),
        ("021", {"lines": make.lines(home, who, "021", home.begin - timedelta(days=31)), "reason": "29"}),
        ("021", {"lines": make.lines(home, who, "021", make.today - timedelta(days=500))}),
        ("021", {"group": "ZZ9999", "lines": make.lines(home, who, "021", day)}),
        ("021", {"subgroup": "", "lines": make.lines(home, who, "021", day)}),
        ("021", {"family": "", "lines": make.lines(home, who, "021", day)}),
        ("030", {"lines": make.lines(home, who, "030", home.begin, home.ended)}),
    ]
    do, more = make.random.choice(mistakes)
    more.setdefault("reason", "XN" if do == "030" else "29")
    return [make.spec(home, who, do=do, **more)]


def stranger(make: Maker, home: Household) -> list[Spec]:
    """Somebody whom nobody knows: changed, ended, a dependent alone; or a known one in another family."""
    who = make.person(make.random.choice(("18", "19", "01")), home.people[0].last)
    lines = make.lines(home, who, "021", make.first(-1, 1)) if make.chance(0.6) else []
    do = make.random.choice(("001", "021", "024", "025"))
    dates = {"357": make.last()} if do == "024" else {}
    number = home.number if who.rel != "18" and make.chance(0.4) else f"S{make.count:05d}"
    return [make.spec(home, who, do=do, family=number, dates=dates, lines=[] if do == "024" else lines)]


def same_person(make: Maker, home: Household) -> list[Spec]:
    """A dependent of the family as a subscriber of an own one; or another person under a known SSN."""
    who = _dependent(make, home)
    if make.chance(0.5):
        who = replace(who, rel="18")
        alone = replace(home, number=f"P{make.count:05d}", people=[who])
        alone.elections = {line: (plan, "EMP" if tier else "") for line, (plan, tier) in home.elections.items()}
        return [make.spec(alone, who, reason="29", lines=make.lines(alone, who, "021", make.first(-1, 2)))]
    twin = replace(who, first="TWIN", birth=who.birth - timedelta(days=400))
    return [make.spec(home, p, do="021", lines=make.lines(home, p, "021", home.begin)) for p in (who, twin)]


CHANGES: tuple[tuple[int, Kind], ...] = (
    (8, added), (6, repeated), (8, other_plan), (5, other_level), (10, other_facts), (5, corrected), (12, ended),
    (7, other_end), (3, left_plan), (4, family_ended), (2, dependents_only), (9, reinstated), (7, moved),
    (3, other_group), (7, grown), (6, under_cobra), (13, wrong), (5, stranger), (3, same_person), (4, with_gap),
)  # fmt: skip
