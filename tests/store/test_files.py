"""What was received, recorded and found again, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection

from model.agreement.terms import Billing, Contact, EnrollmentSwitches, Subgroup, Terms
from model.enrollment.actions import UNCHANGED, Action, Did
from model.enrollment.decision import Cause, Decision, Disposition, FileState, LineDecision, Objection, SetState
from model.enrollment.events import CoverageEvent, Demographics, EnrollmentEvent, SetHeader
from model.exchange import MemberLine, ReceivedFile
from model.finding import Finding, Severity, Where
from model.journal import Purpose
from model.timeline import Month, Span
from model.x12 import (
    Delimiters,
    FunctionalGroup,
    FunctionalGroupVerdict,
    Interchange,
    InterchangeVerdict,
    SetVerdict,
    TransactionSet,
    Verdict,
)
from store import agreements, journal
from store.engine import Database
from store.received import envelopes, files, member_lines
from support.people import TESTER

AT = datetime(2027, 1, 4, 17, 0, tzinfo=UTC)
FILE = ReceivedFile("F000001", "ab" * 32, "acme.834", "acme", "command", 1200, AT, "production")
ISA = Interchange(
    "ZZ",
    "ACME",
    "ZZ",
    "NORTHWIND",
    "270104",
    "1200",
    "00501",
    "000000001",
    True,
    "P",
    Delimiters("|", "\0", "", "\n"),
    0,
    1,
)
GS = FunctionalGroup("BE", "ACME", "NORTHWIND", "20270104", "1200", "1", "005010X220A1", 106, 2)
ST = TransactionSet("834", "0001", "005010X220A1", 160, 3)
HEADER = SetHeader(
    "0001", "00", "REF1", date(2027, 1, 4), "1200", "", "2", "100200", None, (), ("", ""), ("", ""), ("", "")
)
VERDICT = SetVerdict(ST, Verdict.ACCEPTED, (), (), "cd" * 32, 1100, 40)
FOUND = Finding(
    "PLAN-NOT-OFFERED",
    Severity.ERROR,
    Where("000000001", "1", "0001", 12, "HD", 4, 0, 512, "2300"),
    "family ***-**-1234",
    "No such plan.",
    "Send another.",
)


def receive(
    conn: Connection, number: int = 1, state: SetState | None = SetState.APPLIED, isa: Interchange = ISA
) -> int:
    """Record a file with one interchange, group and set; return the set's id."""
    file = replace(FILE, id=f"F{number:06d}")
    files.insert_file(conn, file)
    interchange = files.insert_interchange(conn, file.id, isa)
    group = files.insert_functional_group(conn, interchange, GS)
    set_id = files.insert_set(conn, group, file.id, file.partner, ST)
    files.close_set(conn, set_id, VERDICT, HEADER)
    files.close_functional_group(conn, group, FunctionalGroupVerdict(GS, Verdict.ACCEPTED, (), (), 1, 1, 1, 1110))
    verdict = InterchangeVerdict(isa, Verdict.ACCEPTED, "000", (), 1120)
    files.close_interchange(conn, interchange, verdict, answerable=True)
    if state:
        files.set_state(conn, set_id, state, "why")
    return set_id


def a_group(conn: Connection) -> int:
    span = Span(date(2027, 1, 1))
    terms = Terms(
        "100200", "Acme", "", span, (), Contact(), (), (Subgroup("01", "All", "A-1", span),), (), (), (),
        EnrollmentSwitches(),
        Billing(Month(2027, 1)),
    )  # fmt: skip
    agreements.save(conn, journal.open_tx(conn, AT, TESTER, Purpose.LOAD_TERMS), terms)
    return agreements.group_ids(conn, ["100200"])["100200"]


def an_event(number: int) -> EnrollmentEvent:
    hd = CoverageEvent(2, "021", "HLT", "MED1", "FAM", date(2027, 1, 1), None, False)
    return EnrollmentEvent(
        number, True, "18", "021", "28", "A", "", "", "FT", "", False, None, 0, "900-12-1234", "",
        Demographics(), None, "", (), (), (hd,), 200, 400, 9,
    )  # fmt: skip


def test_a_file_comes_back_as_it_was(database: Database) -> None:
    with database.write() as conn:
        files.insert_file(conn, FILE)
        files.insert_file(conn, replace(FILE, id="F1000000", partner="other"))
        files.insert_file(conn, replace(FILE, id="F000002"))
        files.set_kind_state(conn, "F000002", "834", FileState.PARTIAL)
    with database.read() as conn:
        assert files.file(conn, "F000001") == FILE
        assert [file.id for file in files.files(conn)] == ["F000001", "F000002", "F1000000"]
        assert files.files(conn, "acme")[1] == replace(FILE, id="F000002", kind="834", state=FileState.PARTIAL)
        assert files.find_file(conn, "F000009") is None


def test_a_set_comes_back_with_its_place_and_delimiters(database: Database) -> None:
    with database.write() as conn:
        set_id = receive(conn)
    with database.read() as conn:
        stored = files.stored_set(conn, set_id)
        assert files.sets_of(conn, "F000001") == [stored]
    assert (stored.interchange, stored.functional_group, stored.usage, stored.control) == (
        "000000001",
        "1",
        "P",
        "0001",
    )
    assert stored.delimiters == ISA.delimiters
    assert (stored.purpose, stored.reference, stored.set_date, stored.set_time) == (
        "00",
        "REF1",
        date(2027, 1, 4),
        "1200",
    )
    assert (stored.start, stored.end, stored.segment, stored.segments) == (160, 1100, 3, 40)
    assert (stored.state, stored.reason, stored.verdict) == (SetState.APPLIED, "why", "A")


def test_an_820_is_known_by_its_trace(database: Database) -> None:
    with database.write() as conn:
        set_id = receive(conn)
        files.close_set(conn, set_id, VERDICT, None, "TRACE77")
        assert files.stored_set(conn, set_id).reference == "TRACE77"


@pytest.mark.parametrize("state", [*SetState, None])
def test_only_what_took_effect_or_waits_was_seen_before(database: Database, state: SetState | None) -> None:
    counts = state in files.COUNTED
    with database.write() as conn:
        earlier = receive(conn, 1, state)
        assert envelopes.interchange_seen(conn, ISA, "F000002") == ("F000001" if counts else None)
        assert envelopes.interchange_seen(conn, replace(ISA, sender="OTHER"), "F000002") is None
        assert envelopes.interchange_seen(conn, ISA, "F000001") is None, "a file does not repeat itself"
        seen = files.set_seen(conn, VERDICT.body_hash, "acme", 0)
        assert (seen.id if seen else None) == (earlier if counts else None)
        assert files.set_seen(conn, VERDICT.body_hash, "other", 0) is None
        assert files.set_seen(conn, VERDICT.body_hash, "acme", earlier) is None


def test_the_newest_set_applied_to_a_group_goes_by_the_bgn(database: Database) -> None:
    with database.write() as conn:
        group = a_group(conn)
        days = [(date(2027, 1, 5), "0900", "B"), (date(2027, 1, 5), "0900", "C"), (date(2027, 1, 4), "2359", "Z")]
        for number, (day, time, reference) in enumerate(days, 1):
            set_id = receive(conn, number)
            files.close_set(
                conn, set_id, VERDICT, replace(HEADER, set_date=day, set_time=time, reference=reference)
            )
            assert not files.set_groups(conn, set_id)
            files.record_set_groups(conn, set_id, {group: 0})
            files.record_set_groups(conn, set_id, {group: number})
            assert files.set_groups(conn, set_id) == {group: number}
        held = receive(conn, 9, SetState.HELD)
        files.close_set(conn, held, VERDICT, replace(HEADER, set_date=date(2027, 2, 1)))
        files.record_set_groups(conn, held, {group: 0})
        assert files.newest_set_applied(conn, "acme", group) == days[1]
        assert files.newest_set_applied(conn, "other", group) is None
        assert files.newest_set_applied(conn, "acme", group + 1) is None


@pytest.mark.parametrize("large", [100_000, 3])  # member lines from which on duplicates are looked for by parts
def test_the_member_index(database: Database, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(member_lines, "LARGE", large)
    lines = [
        MemberLine(1, "fam1", True, "a1", "ann", "100200", 200, 300, 5),
        MemberLine(2, "fam1", False, "a1", "ben", "100200", 300, 400, 9),
        MemberLine(3, "fam2", True, "02", "cat", "", 400, 500, 13),
        MemberLine(4, "fam2", True, "02", "cat", "", 500, 600, 17),
        MemberLine(5, "fam3", True, "", "dan", "", 600, 700, 21),
        MemberLine(6, "fam3", False, "", "eve", "", 700, 800, 25),
    ]
    with database.write() as conn:
        set_id = receive(conn)
        member_lines.add(conn, set_id, lines[:4])
        member_lines.add(conn, set_id, lines[4:])
        member_lines.add(conn, set_id, [])
        assert member_lines.lines(conn, set_id) == lines
        assert member_lines.groups_sent(conn, set_id) == ["", "100200"]
        assert member_lines.duplicate_ssn_tokens(conn, set_id) == ["a1"], (
            "two names under one SSN; not one name twice"
        )


def test_whose_ssn_a_family_shares_with_its_subscriber(database: Database) -> None:
    """Of one family with its subscriber; not of two families, of dependents alone, or of two subscribers."""
    lines = [
        MemberLine(1, "fam1", True, "a1", "ann", "", 0, 1, 1),
        MemberLine(2, "fam1", False, "a1", "ben", "", 1, 2, 2),
        MemberLine(3, "fam2", True, "b2", "cat", "", 2, 3, 3),
        MemberLine(4, "fam3", False, "b2", "dan", "", 3, 4, 4),
        MemberLine(5, "fam4", False, "c3", "eve", "", 4, 5, 5),
        MemberLine(6, "fam4", False, "c3", "fay", "", 5, 6, 6),
        MemberLine(7, "fam5", True, "d4", "gus", "", 6, 7, 7),
        MemberLine(8, "fam5", True, "d4", "hal", "", 7, 8, 8),
    ]
    with database.write() as conn:
        set_id = receive(conn)
        member_lines.add(conn, set_id, lines)
        twice = member_lines.duplicate_ssn_tokens(conn, set_id)
        assert twice == ["a1", "b2", "c3", "d4"]
        assert member_lines.subscribers_ssn_tokens(conn, set_id, twice) == ["a1"]
        assert member_lines.subscribers_ssn_tokens(conn, set_id, []) == []


def test_findings_and_dispositions(database: Database) -> None:
    event = an_event(7)
    lines = (
        LineDecision(None, "", "", Disposition.NOOP, UNCHANGED),
        LineDecision(event.coverages[0], "medical", "MED1", Disposition.REJECTED, Action(Did.REJECTED)),
    )
    decision = Decision(
        event,
        "100200",
        "01",
        "M000000001",
        Disposition.REJECTED,
        Cause.SENT,
        lines,
        (Objection(FOUND), Objection(FOUND, 2)),
    )
    bare = replace(decision, event=an_event(8), lines=(), objections=())
    with database.write() as conn:
        set_id = receive(conn)
        tx = journal.open_tx(conn, AT, TESTER, Purpose.ENROLL, set_id)
        files.add_findings(conn, "F000001", [FOUND])
        files.add_findings(conn, "F000001", [FOUND], set_id, 3)
        files.add_findings(conn, "F000001", [])
        files.add_finding_rows(conn, files.member_findings("F000001", set_id, [decision, bare]))
        member_lines.add_dispositions(conn, member_lines.disposition_rows(set_id, tx, [decision, bare]))
    with database.read() as conn:
        assert files.findings_of(conn, "F000001") == [
            (None, 0, FOUND), (set_id, 3, FOUND), (set_id, 7, FOUND), (set_id, 7, FOUND),
        ]  # fmt: skip
        numbers = [raised.coverage for _, _, raised in files.objections_of(conn, "F000001")]
        assert numbers == [0, 0, 0, 2], "a coverage by its number"
        first, second, third = member_lines.dispositions(conn, set_id)
    assert (first.number, first.coverage, first.disposition, first.action) == (7, 0, "NOOP", UNCHANGED)
    assert second == member_lines.DispositionRow(
        7,
        2,
        "100200",
        "01",
        "***-**-1234",
        "M000000001",
        "18",
        "medical",
        "MED1",
        "REJECTED",
        "SENT",
        Action(Did.REJECTED),
    )
    assert (third.number, third.disposition) == (8, "REJECTED"), "a member without lines is not lost"


def test_findings_on_member_lines_come_in_file_order_where_the_first_was_recorded(database: Database) -> None:
    """Families are recorded one after the other, whose lines may lie apart."""
    with database.write() as conn:
        set_id = receive(conn)
        files.add_findings(conn, "F000001", [FOUND], set_id)
        for number in (3, 9, 2, 9):
            files.add_findings(conn, "F000001", [FOUND], set_id, number)
        files.add_findings(conn, "F000001", [FOUND], set_id)
        files.add_findings(conn, "F000001", [FOUND])
    with database.read() as conn:
        found = [(ident, number) for ident, number, _ in files.findings_of(conn, "F000001")]
        assert files.severities(conn, "F000001") == {FOUND.severity: 7}
        assert files.has_finding(conn, "F000001", FOUND.code) and not files.has_finding(conn, "F000001", "NONE")
    assert found == [*((set_id, number) for number in (0, 2, 3, 9, 9, 0)), (None, 0)]


def test_a_hostile_header_is_stored_cut(database: Database) -> None:
    """Longer than any column, NULs, half a surrogate pair, a number beyond 64 bits: kept as far as they fit."""
    bad = replace(ISA, sender="A\0" * 60, control="9" * 500, sender_qualifier="ZZZZ", date="\ud800", start=10**30)
    finding = replace(FOUND, message="x\0y", where=replace(FOUND.where, interchange="9" * 500, loop="L" * 99))
    with database.write() as conn:
        set_id = receive(conn, isa=bad)
        files.add_findings(conn, "F000001", [finding])
        assert files.stored_set(conn, set_id).interchange == "9" * 40
        assert envelopes.interchange_seen(conn, bad, "F000002") == "F000001", "and is still recognised"
        assert files.findings_of(conn, "F000001")[0][2].message == "x\ufffdy"
