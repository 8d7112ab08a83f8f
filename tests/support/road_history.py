"""Histories for support.roads: what a seed makes of an installation, as steps in the order of their days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from model.timeline import Month
from support import road_terms
from support.road_changes import (
    CHANGES,
    ended,
    family_ended,
    left_plan,
    other_end,
    reinstated,
    under_cobra,
)
from support.road_loops import Header, Segments, census, enrollment, interchange, loop
from support.road_records import Household, Kind, Maker, Spec, added, repeated
from support.road_terms import BROKER, EMPLOYER, GROUPS, TPA
from support.two_partners import file_820

FIRST = date(2026, 11, 20)
JANUARY = Month(2027, 1)  # the first month that is billed
ACTIVE = ("100", "200", "300")


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens on a day. `kind`: file, bill, deposit, reconcile, export, end, unrestrict.

    `name` is that of the file, else the group, or the member whose restriction is lifted; `partner` who sends or
    gets it, of a deposit the company that pays.
    """

    kind: str
    day: date
    name: str = ""
    partner: str = ""
    data: bytes = b""
    month: Month = JANUARY
    trace: str = ""
    cents: int = 0


@dataclass(slots=True)
class _Sent:
    partner: str
    day: date
    data: bytes
    sets: list[list[Segments]]


@dataclass(slots=True)
class Teller:
    """Tells the history of a seed."""

    random: Random
    profile: dict[str, str]
    make: Maker
    control: int = 100
    families: list[Household] = field(default_factory=list)
    continued: list[Household] = field(default_factory=list)  # the TPA's
    sent: list[_Sent] = field(default_factory=list)
    months: int = 0
    steps: list[Step] = field(default_factory=list)

    @property
    def day(self) -> date:
        """Return the day that it is."""
        return self.make.today

    def tell(self) -> list[Step]:
        """Tell two to six files, with what the plan does between them."""
        self.changes([added, added, added], self.random.randint(2, 5))
        several = self.random.random() < 0.15  # senders beside each other, on the same families
        if several:
            self.changes([ended, family_ended], 2)
        for _ in range(self.random.randint(1, 5)):
            self.make.today += timedelta(days=self.random.choice((0, 1, 3, 10, 20, 32)))
            weights, kinds = zip(*STEPS, strict=True)
            step = (
                Teller.others if several and self.random.random() < 0.7 else self.random.choices(kinds, weights)[0]
            )
            step(self)
            if self.random.random() < 0.12:
                self.plan()
        return self.steps

    def changes(self, only: Sequence[Any] = (), count: int = 0) -> None:
        """The employer's records of some families, known and new."""
        specs: list[Spec] = []
        weights, kinds = zip(*CHANGES, strict=True)
        for _ in range(count or self.random.randint(1, 5)):
            kind = self.random.choice(only) if only else self.random.choices(kinds, weights)[0]
            fresh = kind is added and (bool(only) or self.random.random() < 0.6)
            specs += kind(self.make, self._family(fresh=fresh, fit=_FITS.get(kind)))
        self._send(EMPLOYER, specs)

    def _family(self, *, fresh: bool = False, fit: Callable[[Household], object] | None = None) -> Household:
        """Return a family that is known, mostly such a one that fits; or a new one."""
        if fresh or not self.families:
            subgroups = (*ACTIVE, "400") if self.random.random() < 0.1 else ACTIVE
            group = GROUPS[1] if self.random.random() < 0.2 else GROUPS[0]
            self.families.append(self.make.household(group, subgroups))
            return self.families[-1]
        fitting = [home for home in self.families if fit and fit(home)]
        return self.random.choice(fitting if fitting and self.random.random() < 0.8 else self.families)

    def full(self, action: str = "") -> None:
        """Everybody as audit records: full, to verify, or under BGN08 = 2; some are absent."""
        here = [family for family in self.families if self.random.random() < 0.85]
        if self.random.random() < 0.3:
            here.append(self._family(fresh=True))
        specs = [spec for family in here for spec in repeated(self.make, family)]
        action = action or self.random.choice(("RX", "RX", "4", "2", "2"))
        if self.random.random() < 0.3 and here:
            weights, kinds = zip(*CHANGES, strict=True)
            specs += self.random.choices(kinds, weights)[0](self.make, self.random.choice(here))
        self._send(EMPLOYER, specs, action=action)

    def again(self) -> None:
        """A file that came: the same bytes, the same sets under other numbers, or with the numbers of before."""
        if not self.sent:
            return
        sent = self.random.choice(self.sent)
        data, way = sent.data, self.random.random()
        if way > 0.25:
            self.control += way < 0.85
            data = interchange(sent.partner, self.control, self.day, sent.sets)
        self._file(sent.partner, data)

    def same(self) -> None:
        """The sets of one of the last files once more, in an interchange of its own."""
        sent = self.random.choice(self.sent[1:][-2:] or self.sent)
        self.control += 1
        self._file(sent.partner, interchange(sent.partner, self.control, self.day, sent.sets))

    def odd(self) -> None:
        """A set whose header says something else: a copy, a resubmission, an older day, a test, no action."""
        more: dict[str, Any] = self.random.choice(
            (
                {"purpose": "22"},
                {"purpose": "15", "original": "R101"},
                {"purpose": "15"},
                {"action": "4"},
                {"action": ""},
                {"day": self.day - timedelta(days=40)},
                {"usage": "T"},
            )
        )
        specs = [spec for _ in "ab" for spec in self._any(self._family())]
        self._send(EMPLOYER, specs, **more)

    def _any(self, family: Household) -> list[Spec]:
        weights, kinds = zip(*CHANGES, strict=True)
        return list(self.random.choices(kinds, weights)[0](self.make, family))

    def damaged(self) -> None:
        """A file with a segment that is not as the guide says, or cut."""
        specs = [spec for _ in "ab" for spec in self._any(self._family())]
        parts = self.random.random() < 0.5
        self._send(EMPLOYER, specs, sets=2 if parts else 1, mend=self._damage)

    def _damage(self, data: bytes) -> bytes:
        text = data.decode()
        hurts: tuple[Callable[[str], str], ...] = (
            lambda text: text.replace("~\nDMG*D8*", "~\nDMG*D9*", 1),
            lambda text: text.replace("*FT", "*QQ", 1),
            lambda text: text.replace("~\nNM1*IL", "~\nNM1*IX", 1),
            lambda text: text.replace("~\nN1*IN", "~\nZZ1*IN", 1),
            lambda text: text.replace("~\nSE*", "~\nSE*9", 1),
            lambda text: text.replace("~\nHD*021**HLT", "~\nHD*021**WRONG", 1),
            lambda text: text.replace("~\nIEA*1*", "~\nIEA*7*"),
            lambda text: text.replace("~\nGE*1*", "~\nGE*1*9"),
            lambda text: text[: len(text) * 2 // 3],
            lambda text: text.replace("ZZ*NORTHWIND ", "ZZ*ELSEWHERE"),
            lambda text: text.replace("N4*HARBORTON*CT*", "N4*HARBORTON*CT *", 1),
            lambda text: text.replace("MILL STREET", "MILL STREET" * 9, 1),
            lambda text: text.replace("*TE*5555550100", "*TE*555\x075550100", 1),
            lambda text: text.translate(str.maketrans("*^:~", "|!>'")),
        )
        return self.random.choice(hurts)(text).encode()

    def remitted(self) -> None:
        """An 820 of accounts and invoices, right or not, with its deposit, or none."""
        self.control += 1
        trace, total, lines = f"T{self.control}", 0, []
        for _ in range(self.random.randint(1, 3)):
            dollars = self.random.choice((500, 900, 1250, 40))
            total += dollars * 100
            kind, reference = self.random.choice(
                (("11", "RD1000-100"), ("11", "RD1000-200"), ("IK", "100001"), ("IK", "100002"), ("11", "NOBODY"))
            )
            lines.append((kind, reference, f"{dollars}.00"))
        data = file_820(EMPLOYER, self.control, self.day, trace, lines)
        if self.random.random() < 0.15:
            data = data.replace(b".00*C*ACH", b".01*C*ACH")
        if self.random.random() < 0.5:
            self.steps.append(Step("deposit", self.day, partner="1990000005", trace=trace, cents=total))
        self._file(EMPLOYER, data)

    def spreadsheet(self) -> None:
        """The broker's census: new families, changes and ends of known ones, and mistakes."""
        rows: list[dict[str, Any]] = []
        for _ in range(self.random.randint(1, 4)):
            theirs = [
                home for home in self.families if home.group == GROUPS[0] and home.subgroup in ("200", "300")
            ]
            known = bool(theirs) and self.random.random() < 0.5
            home = self.random.choice(theirs) if known else self.make.household(GROUPS[0], ("200", "300"), "B")
            rows += self._rows(home)
            if not known:
                self.families.append(home)
        data = census(rows)
        if self.random.random() < 0.08:
            data = data.replace(b"Employee ID,Group Number,Relationship,Last", b"A,B,C,D")
        self._file(BROKER, data, "census.csv")

    def _rows(self, home: Household) -> list[dict[str, Any]]:
        random, action = self.random, self.random.choice(("", "", "Add", "Change", "Term"))
        group = random.choice((*[home.group] * 5, "", GROUPS[2]))
        rows: list[dict[str, Any]] = []
        for person in home.people:
            first = person.rel == "18"
            what = {"18": "Employee", "01": "Spouse", "53": "Domestic Partner"}.get(person.rel, "Child")
            row = {"Employee ID": home.number, "Group Number": group, "Relationship": what, "Action": action}
            row |= {"Last Name": person.last, "First Name": person.first, "SSN": person.ssn}
            row |= {"Date of Birth": person.birth} if random.random() < 0.97 else {"Date of Birth": "31/31/1990"}
            if first or random.random() < 0.15:
                row |= {"Hire Date": home.hired, "Subgroup": home.subgroup, "Coverage Start": home.begin}
                row |= self._elections(home)
            if action == "Term":
                row["Coverage End"] = self.make.last(-2, 2)
            rows.append(row)
        if random.random() < 0.12:
            wrong = {
                "Relationship": "Butler",
                "SSN": "***-**-1234",
                "Medical Plan": "PLATINUM",
                "Medical Tier": "Q",
            }
            key = random.choice(sorted(wrong))
            random.choice(rows)[key] = wrong[key]
        return rows

    def _elections(self, home: Household) -> dict[str, str]:
        plan, tier = home.elections["medical"]
        words = {"EMP": "EE", "ESP": "EE+SP", "ECH": "EE+CH", "FAM": "FAM"}
        level = "Waive" if self.random.random() < 0.1 else words.get(tier, "EE")
        row = {"Medical Plan": plan, "Medical Tier": level}
        return row | ({"Dental Plan": "DENTAL", "Dental Tier": level} if "dental" in home.elections else {})

    def others(self) -> None:
        """The administrator's or the broker's 834: of families of their own, and now and then of others."""
        partner, subgroups, mine = TPA, ("900",), self.continued
        if self.random.random() < 0.5 and self.families:
            mine, partner, subgroups = self.families, BROKER, ("200", "300")
            near = [home for home in mine if home.group == GROUPS[0] and home.subgroup in subgroups]
            mine = near if near and self.random.random() < 0.8 else mine
        if not mine or self.random.random() < 0.5:
            mine.append(self._goes_on() or self.make.household(GROUPS[0], subgroups, "C"))
        home = self.random.choice(mine)
        specs = under_cobra(self.make, home) if partner == TPA and self.random.random() < 0.6 else []
        action = self.random.choice(("2", "2", "2", "RX"))
        self._send(partner, specs or self._any(home), action=action)

    def _goes_on(self) -> Household | None:
        """Return a family of the employer's, for the administrator: under its number, or one of the own."""
        known = [home for home in self.families if home.group == GROUPS[0]]
        if not known or self.random.random() < 0.3:
            return None
        home = self.random.choice([home for home in known if home.ended] or known)
        return home if self.random.random() < 0.6 else replace(home, number=f"C{home.number}", subgroup="900")

    def plan(self) -> None:
        """The plan's own: a bill, a reconciliation, an export, an end of coverage, a restriction lifted."""
        group = self.random.choice(GROUPS[:2])
        kind = self.random.choice(("bill", "bill", "reconcile", "export", "end", "unrestrict"))
        month = JANUARY.plus(self.months)
        if kind == "bill":
            self.make.today = max(self.day, date(2026, 12, 10))
            self.months += 1
        name = f"M{self.random.randint(1, 9):09d}" if kind == "unrestrict" else group
        self.steps.append(Step(kind, self.day, name, EMPLOYER, month=month))

    def _send(
        self,
        partner: str,
        specs: list[Spec],
        *,
        sets: int = 0,
        usage: str = "P",
        mend: Callable[[bytes], bytes] = bytes,
        **header: Any,
    ) -> None:
        """Send records as sets of the groups that they name, in some order; `mend` has the last word."""
        random, self.control = self.random, self.control + 1
        by_member = partner == EMPLOYER and self.profile["group_from"] == '"1L"'
        if random.random() < 0.3:
            random.shuffle(specs)
        if random.random() < 0.15:  # dependents far from their subscribers
            specs.sort(key=lambda spec: spec["rel"] != "18")
        parts = list(dict.fromkeys("" if by_member else spec["group"] for spec in specs))
        wanted: list[tuple[str, list[Spec]]] = [
            (group, [spec for spec in specs if by_member or spec["group"] == group]) for group in parts
        ]
        if sets > 1 or random.random() < 0.12:
            wanted = [(group, half) for group, whole in wanted for half in self._halves(whole) if half]
        bodies = []
        for nth, (group, members) in enumerate(wanted):
            reference = f"R{self.control}{'ABCDEFGH'[nth % 8]}"
            usual: dict[str, Any] = {"reference": reference, "day": self.day, "group": group}
            head = Header(**(usual | header))
            bodies.append(enrollment(head, [loop(self._placed(partner, spec)) for spec in members]))
        groups = [[body] for body in bodies] if random.random() < 0.2 else [bodies]
        data = mend(interchange(partner, self.control, self.day, groups, usage=usage, ack=random.choice("01")))
        if random.random() < 0.04:  # another interchange behind it
            self.control += 1
            data += interchange(partner, self.control, self.day, groups[:1])
        self.sent.append(_Sent(partner, self.day, data, groups))
        self._file(partner, data)

    def _halves(self, specs: list[Spec]) -> tuple[list[Spec], list[Spec]]:
        """Part records by their families, or some of a family from the others."""
        families = list(dict.fromkeys(spec["family"] for spec in specs))
        if self.random.random() < 0.2:
            return specs[::2], specs[1::2]
        first = set(families[::2])
        return [s for s in specs if s["family"] in first], [s for s in specs if s["family"] not in first]

    def _placed(self, partner: str, spec: Spec) -> Spec:
        """Put group and subgroup where the partner's profile reads them."""
        place = self.profile["subgroup_from"].strip('"') if partner == EMPLOYER else "DX"
        refs = dict(spec.get("refs", {}))
        if partner == EMPLOYER and self.profile["group_from"] == '"1L"':
            refs["1L"] = spec["group"]
        shown = spec["rel"] == "18" or self.random.random() < 0.5
        refs[place] = spec["subgroup"] if shown else ""
        if self.random.random() < 0.03:
            refs["23"] = f"M{self.random.randint(1, 12):09d}"
        return {**spec, "refs": refs}

    def _file(self, partner: str, data: bytes, name: str = "file.edi") -> None:
        self.steps.append(Step("file", self.day, name, partner, data))


def _has_ended(home: Household) -> object:
    return home.ended


_FITS: dict[Kind, Callable[[Household], object]] = {
    left_plan: lambda home: home.left,
    other_end: _has_ended,
    reinstated: _has_ended,
    under_cobra: _has_ended,
}
STEPS: tuple[tuple[int, Callable[[Teller], None]], ...] = (
    (46, Teller.changes), (14, Teller.full), (7, Teller.again), (5, Teller.odd), (7, Teller.damaged),
    (6, Teller.remitted), (7, Teller.spreadsheet), (8, Teller.others),
)  # fmt: skip


def history(seed: int) -> tuple[int, list[Step]]:
    """Return the installation's variant and the steps of a seed: the same for ever."""
    random, variant = Random(seed), seed % road_terms.VARIANTS
    return variant, Teller(random, road_terms.profile(variant), Maker(random, FIRST)).tell()


REPEATS: tuple[tuple[int, Callable[[Teller], None]], ...] = (
    (25, lambda teller: teller.full("RX")), (55, Teller.same), (8, Teller.changes), (5, Teller.others),
    (4, Teller.spreadsheet), (3, Teller.plan),
)  # fmt: skip


def repeating(seed: int) -> tuple[int, list[Step]]:
    """Return variant and steps of another kind of history: most files say again what stands, some long after."""
    random, variant = Random(seed), seed % road_terms.VARIANTS
    teller = Teller(random, road_terms.profile(variant), Maker(random, FIRST))
    teller.changes([added, added, added], random.randint(3, 6))
    teller.full("RX")
    weights, kinds = zip(*REPEATS, strict=True)
    for _ in range(random.randint(4, 10)):
        teller.make.today += timedelta(days=random.choice((-2, 0, 1, 7, 7, 7, 31, 70, 400)))
        random.choices(kinds, weights)[0](teller)
    return variant, teller.steps
