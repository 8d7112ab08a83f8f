"""834 loops as events: every value where the guide puts it, and its position. Cases in tests/cases/events."""

from datetime import date
from operator import attrgetter
from pathlib import Path

import pytest
import yaml

from model.enrollment.events import EnrollmentEvent, SetHeader
from model.finding import Where
from model.trade.header import UNREADABLE
from parsers.x12 import enrollment834
from parsers.x12.enrollment834 import Reader834, member_event, member_events

BASE = Where("000000007", "70", "0001")
HEAD = "ST*834*0001*005010X220A1\nBGN*00*REF1*20270105*1200****2\nN1*P5*ACME*FI*900000001"
CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "events" / "members.yaml").read_text())


def raws(text):
    """Cut text at line ends into raw segments, offsets as in a file with one-byte terminators."""
    found, offset = [], 0
    for ordinal, line in enumerate(text.strip().split("\n"), 1):
        found.append((ordinal, offset, line.split("*")))
        offset += len(line) + 1
    return found


def read(segments):
    """Push a whole set, and finish it."""
    reader = Reader834(BASE)
    items = [reader.push(raw) for raw in segments]
    return [item for item in [*items, reader.finish(-1)] if item is not None]


def plain(value):
    """Make values comparable with YAML: tuples and dataclasses of text become lists."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    names = getattr(type(value), "__slots__", None)
    return [getattr(value, name) for name in names] if names and not isinstance(value, (str, date)) else value


def at(where):
    element = f"{where.element:02d}" if where.element else ""
    return [where.segment, f"{where.segment_id}{element} {where.loop}"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_member_loop_says(case):
    header, *events = read(raws(f"{HEAD}\n{case['segments']}SE*9*0001"))
    assert isinstance(header, SetHeader)
    assert len(events) == len(case["events"])
    for event, expected in zip(events, case["events"], strict=True):
        coverages = expected.pop("coverages", None)
        places = {name: at(event.where(name)) for name in expected.get("at", {})}
        assert places == expected.pop("at", {})
        if "at_coverage" in expected:
            wanted = expected.pop("at_coverage")
            assert {name: at(event.where(name, event.coverages[0])) for name in wanted} == wanted
        assert {name: plain(attrgetter(name)(event)) for name in expected} == expected
        if coverages is not None:
            assert len(event.coverages) == len(coverages)
            for coverage, fields in zip(event.coverages, coverages, strict=True):
                assert {name: getattr(coverage, name) for name in fields} == fields


def test_the_header():
    text = """ST*834*0042*005010X220A1
BGN*15*B-1*20270105*120000*ES*B-0**RX
REF*38*GRP 9
DTP*091*D8*20271231
DTP*007*D8*20270101
QTY*TO*3
QTY*DT*x
QTY*ET*2
N1*P5*ACME*FI*900000001
N1*IN*NORTHWIND*XV*NW
N1*TV*TPA*FI*900000003
N1*BO*BROKER*FI*900000002
ACT*1
SE*12*0042"""
    (header,) = read(raws(text))
    assert header == SetHeader(
        control="0042",
        purpose="15",
        reference="B-1",
        set_date=date(2027, 1, 5),
        set_time="120000",
        original_reference="B-0",
        action="RX",
        master_policy="GRP 9",
        effective=date(2027, 1, 1),
        quantities=(("TO", 3), ("DT", UNREADABLE), ("ET", 2)),
        sponsor=("ACME", "900000001"),
        insurer=("NORTHWIND", "NW"),
        broker=("BROKER", "900000002"),
        interchange="000000007",
        group="70",
        segment=2,
        quantity_segments=(6, 7, 8),
    )


def test_what_each_push_completes():
    reader = Reader834(BASE)
    segments = raws(f"{HEAD}\nINS*Y*18*021\nREF*0F*A\nINS*Y*18*021\nREF*0F*B\nSE*8*0001\nGE*1*1")
    items = [reader.push(raw) for raw in segments]
    assert [type(item) for item in items] == [
        *[type(None)] * 3,
        SetHeader,
        type(None),
        EnrollmentEvent,
        type(None),
        EnrollmentEvent,
        type(None),
    ]
    first, second = items[5], items[7]
    assert (first.start, first.end) == (segments[3][1], segments[5][1])
    assert (second.start, second.end) == (segments[5][1], segments[7][1])
    assert (first.base, first.segment, second.segment) == (BASE, 4, 6)
    assert reader.finish(999) is None


def test_a_set_cut_after_a_member_gives_the_member_to_the_cut():
    reader = Reader834(BASE)
    for raw in raws(f"{HEAD}\nINS*Y*18*021\nREF*0F*A"):
        reader.push(raw)
    event = reader.finish(500)
    assert (event.subscriber_number, event.end) == ("A", 500)
    assert reader.finish(500) is None


def test_a_set_cut_in_its_header_gives_the_header():
    reader = Reader834(BASE)
    reader.push((1, 0, ["ST", "834", "0001"]))
    header = reader.finish(20)
    assert (header.control, header.set_date, header.segment) == ("0001", None, 1)
    assert Reader834(BASE).finish(0).control == BASE.set


def test_member_events_read_single_loops_again():
    case = CASES[1]
    segments = raws(f"{HEAD}\n{case['segments']}{CASES[0]['segments']}SE*9*0001")
    first, second = read(segments)[1:]
    slices = [
        (event.number, [raw for raw in segments if event.start <= raw[1] < event.end], event.end)
        for event in (second, first)
    ]
    assert list(member_events(slices, BASE)) == [second, first]
    assert list(member_events([(1, [], 5)], BASE)) == []


def test_a_member_event_is_what_the_reader_gives():
    segments = raws(f"{HEAD}\n{CASES[0]['segments']}SE*9*0001")
    (event,) = read(segments)[1:]
    assert member_event(1, segments[3:-1], segments[-1][1], BASE) == event


LONG = f"{HEAD}\nINS*Y*18*021\nREF*0F*A\nREF*1L*B\nREF*DX*C\nINS*N*19*021\nREF*0F*A\nSE*9*0001"


@pytest.mark.parametrize(("bound", "size"), [("MAX_SEGMENTS", 3), ("MAX_BYTES", 30)])
def test_a_loop_longer_than_can_be_held_says_what_its_beginning_says(monkeypatch, bound, size):
    segments = raws(LONG)
    monkeypatch.setattr(enrollment834, bound, size)
    reader = Reader834(BASE)
    header, first, second = [item for raw in segments if (item := reader.push(raw))]
    assert [kind for kind, _ in first.references] == ["0F", "1L"]
    assert (first.end, second.references) == (segments[7][1], (("0F", "A"),))
    assert isinstance(header, SetHeader)
    slices = [(1, segments[3:7], first.end), (2, segments[7:9], second.end)]
    assert list(member_events(slices, BASE)) == [first, second]


def test_a_header_longer_than_can_be_held_says_what_its_beginning_says(monkeypatch):
    monkeypatch.setattr(enrollment834, "MAX_SEGMENTS", 2)
    reader = Reader834(BASE)
    header, *events = [item for raw in raws(LONG) if (item := reader.push(raw))]
    assert (header.reference, header.sponsor, len(events)) == ("REF1", ("", ""), 2)


def test_no_usual_loop_is_longer_than_can_be_held():
    reader = Reader834(BASE)
    far = [(ordinal, offset + 10**12, elements) for ordinal, offset, elements in raws(LONG)]
    assert [len(item.references) for raw in far if (item := reader.push(raw)) and item.segment > 2] == [3, 1]


def test_a_hostile_member_holds_no_more_than_the_bound():
    reader = Reader834(BASE)
    reader.push((1, 0, ["INS", "Y", "18", "021"]))
    for ordinal in range(2, 3 * enrollment834.MAX_SEGMENTS):
        reader.push((ordinal, ordinal * 9, ["HD", "021"]))
    assert len(reader.finish(0).coverages) == enrollment834.MAX_SEGMENTS - 1
