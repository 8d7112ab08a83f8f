"""The samples' stories as roads (support.roads): files as they lie in sample_files, on the days that they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from model.timeline import Month
from support.installation import GROUP, PARTNER, SAMPLES
from support.road_history import Step

_FIRST = date(2026, 11, 20)
_CEDAR, _BROKER, _TPA = "cedar-point", "bayview-brokers", "keystone-cobra"


@dataclass(frozen=True, slots=True)
class Story:
    """Terms files by their names, and what happens."""

    groups: tuple[str, ...]
    steps: Callable[[], Iterable[Step]]

    def terms(self) -> list[str]:
        """Return the terms, in the order in which they are loaded."""
        return [(SAMPLES / "groups" / f"{name}.toml").read_text("utf-8") for name in self.groups]


def _file(path: Path, day: date, partner: str = PARTNER) -> Step:
    return Step("file", day, path.name, partner, path.read_bytes())


def _demo(name: str, day: date, partner: str = PARTNER) -> Step:
    return _file(SAMPLES / "demo" / name, day, partner)


def _day_by_day(paths: Iterable[Path]) -> list[Step]:
    """Receive files, each a day after the other."""
    return [_file(path, date(2026, 11, 23) + timedelta(days=nth)) for nth, path in enumerate(paths)]


def _harbor() -> list[Step]:
    """Harbor Mills of the demo: enrolled, changed, billed for two months, paid, reconciled, exported."""
    paid = date(2026, 12, 28)
    return [
        _demo("01-adds.edi", _FIRST),
        _demo("02-changes.edi", date(2026, 12, 5)),
        Step("bill", date(2026, 12, 10), GROUP, month=Month(2027, 1)),
        Step("deposit", paid, trace="HM2027010001", partner="1990000001", cents=5_067_000),
        _demo("03-remittance.edi", paid),
        Step("reconcile", paid + timedelta(days=1), GROUP, month=Month(2027, 1)),
        Step("bill", date(2027, 1, 10), GROUP, month=Month(2027, 2)),
        Step("export", date(2027, 1, 11), GROUP, PARTNER),
    ]


def _cedar() -> list[Step]:
    """Cedar Point of the demo: employer, broker and administrator of COBRA families."""
    return [
        _demo("cedar-point/01-adds.edi", _FIRST, _CEDAR),
        _demo("bayview-brokers/01-new-hires.xlsx", date(2026, 12, 4), _BROKER),
        _demo("cedar-point/02-term.edi", date(2026, 12, 5), _CEDAR),
        Step("bill", date(2026, 12, 10), "CP5200", month=Month(2027, 1)),
        _demo("cedar-point/03-remittance.edi", date(2026, 12, 28), _CEDAR),
        _demo("cedar-point/04-changes.edi", date(2027, 1, 5), _CEDAR),
        _demo("keystone-cobra/01-cobra.edi", date(2027, 1, 8), _TPA),
        Step("bill", date(2027, 1, 10), "CP5200", month=Month(2027, 2)),
        Step("reconcile", date(2027, 1, 11), "CP5200", month=Month(2027, 2)),
    ]


def _valid() -> list[Step]:
    return _day_by_day(sorted((SAMPLES / "valid").glob("*.edi")))


def _broken() -> list[Step]:
    return _day_by_day(path for path in sorted((SAMPLES / "broken").rglob("*.*")) if path.suffix != ".yaml")


def _census() -> list[Step]:
    return _day_by_day(path for path in sorted((SAMPLES / "census").glob("0*")))


_HARBOR, _BOTH = ("harbor-mills",), ("harbor-mills", "cedar-point")
STORIES: dict[str, Story] = {
    "harbor": Story(_HARBOR, _harbor),
    "cedar": Story(_BOTH, _cedar),
    "valid": Story(_HARBOR, _valid),
    "broken": Story(_HARBOR, _broken),
    "census": Story(_HARBOR, _census),
}
