"""An interchange that was written long before or after its receipt is told, by a receipt as by a check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from exchange.agreed import Parties
from exchange.answers import AnsweredInterchange, answered
from model.agreement.profile import PartnerProfile
from model.agreement.terms import Carrier, Partner
from model.finding import Finding, Severity
from model.x12 import Verdict
from parsers.x12.judge import judge
from pipeline.check.run import Asked, Source, check
from support.answers import DAY, furnished, installation, send
from support.envelopes import ack, enrollment, interchange

__all__ = ["furnished"]
CODE = "INTERCHANGE-DATE"
FILE = interchange(901, enrollment(901))  # written on DAY, 23 November 2026


def _closed(data: bytes, received: date, **profile: object) -> AnsweredInterchange:
    partner = Partner("harbor-mills", "", isa_ids=(("ZZ", "HARBORMILLS"),))
    partner = replace(partner, profile=PartnerProfile(**profile))  # type: ignore[arg-type]
    us = Carrier("", (("ZZ", "NORTHWIND"),), ())
    parties = Parties(us, partner, datetime.combine(received, time(23, 59)))
    items = answered(judge([data]), lambda header: parties)
    return next(item for item in items if isinstance(item, AnsweredInterchange))


def _told(data: bytes, received: date, **profile: object) -> list[Finding]:
    return [each for each in _closed(data, received, **profile).verdict.findings if each.code == CODE]


@pytest.mark.parametrize(
    ("received", "said"),
    [
        (date(2026, 11, 30), ""),
        (date(2026, 11, 16), ""),
        (date(2026, 12, 1), "2026-11-23 (ISA09), 8 days before we received it on 2026-12-01."),
        (date(2026, 11, 15), "2026-11-23 (ISA09), 8 days after we received it on 2026-11-15."),
        (date(2027, 11, 23), "365 days before"),
    ],
)
def test_more_than_seven_days_off_warns_with_both_days(received: date, said: str) -> None:
    told = _told(FILE, received)
    assert len(told) == bool(said)
    for finding in told:
        assert said in finding.message and finding.severity is Severity.WARNING
        assert (finding.where.segment_id, finding.where.element) == ("ISA", 9) and "ISA09" in finding.fix


def test_it_rejects_nothing_and_changes_no_acknowledgment() -> None:
    near, far = _closed(FILE, DAY), _closed(FILE, date(2028, 1, 1))
    assert (far.verdict.verdict, far.verdict.code) == (Verdict.ACCEPTED, "000")
    assert [type(each.statement) for each in far.answers] == [type(each.statement) for each in near.answers]


def _not_asked() -> Iterator[tuple[bytes, dict[str, object]]]:
    yield FILE, {"not_doubted": (CODE,)}
    yield interchange(901, enrollment(901), usage="T"), {}
    yield FILE.replace(b"*261123*0600*^", b"*261199*0600*^"), {}  # ISA-DATE says that
    yield interchange(901, ack(901, 1, "A")), {}  # it only answers us
    yield FILE.replace(b"IEA*1*000000901", b"IEA*1*000000999"), {}  # rejected: what for is told alone


@pytest.mark.parametrize(("data", "profile"), list(_not_asked()))
def test_who_is_not_asked(data: bytes, profile: dict[str, object]) -> None:
    assert not _told(data, date(2028, 1, 1), **profile)


@pytest.mark.parametrize(("written", "times"), [(b"*261123*", 0), (b"*261101*", 1), (b"*270228*", 1)])
def test_receipt_and_check_say_the_same(furnished: Path, tmp_path: Path, written: bytes, times: int) -> None:
    data = FILE.replace(b"*261123*0600*^", written + b"0600*^")
    with installation(furnished, tmp_path / "var") as ws:
        received = send(ws, [data])
    done = check(Source("far.edi", lambda: iter([data])), Asked(DAY))
    assert received.findings.count((CODE, "warning")) == times
    assert [each.code for each in done.findings].count(CODE) == times
    assert received.ta1[0][1] == "A 000"
