"""The sender's check: it foretells what an installation answers, shows nobody's data, and is bounded."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.check_table import show
from exchange import answers
from model.agreement.terms import Contact
from model.documents.check import CheckedFile, CheckReport, Fold, Outcome, ShownLine
from model.enrollment.decision import FileState
from model.finding import Severity
from parsers.terms.text import load
from parsers.x12 import enrollment834
from pipeline.check import run as checking
from pipeline.check.kept import MOST_LISTED
from pipeline.check.rules import Agreed
from pipeline.check.run import Asked, Source, check
from support.matrix import CASES, Case, file_of, runs

SAMPLES = Path(__file__).parents[2] / "sample_files"
BASE = yaml.safe_load((SAMPLES.parent / "tests/cases/x12/acknowledgments.yaml").read_text("utf-8"))["base"]
DAY = date(2026, 11, 23)
PRIVATE = ("QUIGLEY", "IVAN", "901410001", "0001", "19830412", "1983-04-12", "RUTHERFORD", "901410002")


def agreed(text: str = "") -> Agreed:
    file, findings = load(text or (SAMPLES / "groups" / "harbor-mills.toml").read_text("utf-8"))
    assert file, findings
    return Agreed.of([file])


def checked(data: bytes, *, name: str = "sent.edi", **asked: Any) -> CheckedFile:
    def chunks() -> Iterator[bytes]:
        return (data[at : at + 4096] for at in range(0, len(data), 4096))

    return check(Source(name, chunks), Asked(**{"today": DAY, **asked}))


def codes(one: CheckedFile, *kinds: Severity) -> list[str]:
    return [finding.code for finding in one.findings if finding.severity in (kinds or tuple(Severity))]


def foretold(one: CheckedFile) -> tuple[list[str], list[str], list[str]]:
    """Return TA1s, AK9s and IK5s as the cases name them."""
    groups = [group for each in one.interchanges for group in each.groups if group.answered]
    ta1 = [f"{each.verdict.value} {each.code}" for each in one.interchanges if each.answered]
    ak9 = [
        " ".join(
            (
                g.verdict.value,
                str(g.declared if g.declared >= 0 else g.received),
                str(g.received),
                str(g.accepted),
                *g.codes,
            )
        )
        for g in groups
    ]
    ik5 = [
        " ".join((s.verdict.value, *s.codes)) for g in groups for s in g.sets if "GROUP-NOT-OURS" not in codes(one)
    ]
    return ta1, ak9, ik5


FRESH = [case for case in CASES if not case.get("first")]


@pytest.mark.parametrize("case", FRESH, ids=lambda case: case["fault"])
def test_a_check_foretells_what_is_answered(case: Case) -> None:
    """Each fault of the matrix: the same TA1, 999 and verdicts on sets as a whole installation sends."""
    one = checked(file_of(case), agreed=agreed())
    ta1, ak9, ik5 = foretold(one)
    assert (ta1, ak9) == (case["ta1"], case["999"])
    if len(ik5) < checking.MOST_LEVELS:
        assert runs(ik5) == case["sets"]


# A payment waits for its deposit: only the books know.
_UNKNOWN = ("a GS before the GE of the group before", "a GS inside of a set", "834 and 820 in one interchange")


@pytest.mark.parametrize("case", FRESH, ids=lambda case: case["fault"])
def test_a_check_foretells_the_state_of_the_file(case: Case) -> None:
    """By the code that gives the file its state when it is received; so the exit code is the same, too."""
    one = checked(file_of(case), agreed=agreed())
    state, refused = FileState(case["file"]), one.count(Severity.ERROR) > 0
    expected = Outcome.UNREADABLE if state is FileState.UNREADABLE else Outcome.of(state, refused=refused)
    assert one.outcome is expected or case["fault"] in _UNKNOWN


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("****2~", "****4~", Outcome.REPORTED),
        ("****2~", "****9~", Outcome.REJECTED),
        ("BGN*00", "BGN*15", Outcome.REJECTED),
        ("*1*P*:", "*1*T*:", Outcome.REPORTED),
    ],
    ids=["to verify", "no action", "a resubmission of nothing", "a test"],
)
@pytest.mark.parametrize("ruled", [True, False], ids=["with terms", "without"])
def test_how_far_a_set_goes_by_its_header_is_foretold(
    old: str, new: str, outcome: Outcome, *, ruled: bool
) -> None:
    """Also where nobody reads members."""
    data = BASE.replace(old, new).encode()
    assert checked(data, agreed=agreed() if ruled else None).outcome is outcome


def test_a_file_whose_every_member_would_be_rejected_would_be_rejected() -> None:
    data = BASE.replace("*HLT*GOLD*", "*HLT*NOPLAN*").encode()
    assert checked(data, agreed=agreed()).outcome is Outcome.REJECTED


@pytest.mark.parametrize("bound", [{"MAX_SEGMENTS": 4}, {"MAX_BYTES": 60}], ids=lambda bound: next(iter(bound)))
def test_a_member_too_long_to_hold_is_foretold_without_terms(
    bound: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without terms members are not read, and are judged alike."""
    for name, most in bound.items():
        monkeypatch.setattr(enrollment834, name, most)
    with_terms, without = (checked(BASE.encode(), agreed=each) for each in (agreed(), None))
    assert codes(without, Severity.ERROR).count("MEMBER-TOO-LONG") == 2
    assert codes(without, Severity.ERROR) == codes(with_terms, Severity.ERROR)


def test_the_cases_foretold_are_many() -> None:
    assert len(FRESH) > 100


def test_a_right_file_is_clean() -> None:
    one = checked(BASE.encode(), agreed=agreed())
    assert one.outcome is Outcome.ACCEPTED
    assert (one.findings, one.left_out) == ((), 0)
    assert [each.members for each in one.sets()] == [1, 1]


def test_rules_are_asked_only_with_terms() -> None:
    data = BASE.replace("HLT*GOLD", "HLT*NOPLAN", 1).encode()
    assert checked(data).findings == ()
    one = checked(data, agreed=agreed())
    assert codes(one) == ["PLAN-UNKNOWN"]
    assert one.outcome is Outcome.PARTIAL
    assert next(one.sets()).verdict == "A"  # rules never change the 999


def test_one_ssn_of_two_people_is_found_at_both() -> None:
    """Also the first of them, which nothing is wrong with until the second comes."""
    first, second = BASE.split("SE*14*0001~", 1)
    member = first[first.index("INS*") :].replace("E1001", "E1009").replace("IVAN", "OTTO")
    data = f"{first}{member}SE*22*0001~{second}".encode()
    one = checked(data, agreed=agreed())
    assert codes(one, Severity.ERROR) == ["SSN-TWICE", "SSN-TWICE"]
    assert [finding.where.segment for finding in one.findings] == [12, 20]
    assert not [text for text in PRIVATE[:3] for f in one.findings if text in f.message + f.fix + f.subject]


def test_the_sender_decides_whose_agreement_counts() -> None:
    data = BASE.replace("HARBORMILLS    ", "SOMEBODYELSE   ").encode()
    one = checked(data, agreed=agreed())
    assert "SENDER-NOT-PARTNER" in codes(one)
    assert foretold(one)[0] == ["R 006"]


def test_a_group_without_partners_is_judged_for_anybody() -> None:
    text = (SAMPLES / "groups" / "harbor-mills.toml").read_text("utf-8")
    file, _ = load(text)
    assert file and file.terms
    anybody = Agreed(None, (), {file.terms.group: file.terms})
    assert "SENDER-NOT-PARTNER" not in codes(checked(BASE.encode(), agreed=anybody))


def test_a_test_file_says_what_it_does() -> None:
    data = BASE.replace("*1*P*:~", "*1*T*:~").encode()
    assert set(codes(checked(data, agreed=agreed()))) == {"TEST-FILE"}
    assert codes(checked(data, agreed=agreed(), environment="test")) == []


def test_an_unbalanced_820_waits() -> None:
    one = checked((SAMPLES / "broken/unbalanced-820/unbalanced.edi").read_bytes())
    assert (codes(one), one.outcome) == (["REMITTANCE-UNBALANCED"], Outcome.WAITING)


@pytest.mark.parametrize(
    ("name", "alone", "with_terms"),
    [
        ("04-mistakes.csv", "CENSUS-SSN CENSUS-FORMULA CENSUS-DATE CENSUS-RELATIONSHIP",
         "CENSUS-SSN CENSUS-FORMULA CENSUS-DATE CENSUS-PLAN GROUP-KNOWN CENSUS-RELATIONSHIP"),
        ("05-merged-rows.xlsx", "CENSUS-MERGED", "CENSUS-MERGED"),
        ("01-by-id.csv", "", ""),
    ],
)  # fmt: skip
def test_a_census_is_checked_too(name: str, alone: str, with_terms: str) -> None:
    data = (SAMPLES / "census" / name).read_bytes()
    both: list[tuple[dict[str, Any], str]] = [({}, alone), ({"agreed": agreed()}, with_terms)]
    for asked, expected in both:
        one = checked(data, **asked)
        assert one.kind in ("CSV", "XLSX")
        assert " ".join(codes(one, Severity.ERROR)) == expected
        assert one.outcome is (Outcome.PARTIAL if expected else Outcome.ACCEPTED)


def test_the_file_is_shown_with_its_findings() -> None:
    data = BASE.replace("INS*Y*18*021", "INS*Y**021", 1).encode()
    one = checked(data, shown=True)
    lines = {line.number: line for line in one.lines if isinstance(line, ShownLine)}
    assert len(lines) == len(one.lines) == BASE.count("~")
    begins, at = [line for line in lines.values() if line.findings]
    assert (begins.number, begins.name) == (3, "ST"), "where it says how many members are not applied"
    assert (at.number, at.pieces) == (8, (("INS*Y*", False), ("", True), ("*021*29*A***FT", False)))
    assert [number for number, line in lines.items() if line.near] == list(range(1, 12))
    shown = "\n".join(text for line in lines.values() for text, _ in line.pieces)
    assert not [text for text in PRIVATE if text in shown.replace("*0001", "").replace("990000001", "")]
    assert "HD*021**HLT*GOLD*EMP" in shown


def test_a_large_file_is_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "SHOWN_WHOLE", 0)
    data = BASE.replace("INS*Y*18*021", "INS*Y**021", 1).encode()
    kinds = [line if isinstance(line, Fold) else line.number for line in checked(data, shown=True).lines]
    assert kinds == [*range(1, 12), Fold(12, BASE.count("~") - 11)]


def test_what_is_listed_is_bounded_and_all_is_counted() -> None:
    """Twelve thousand sets without content: errors in each, so many of them listed."""
    head, tail = BASE.split("ST*834", 1)[0], "GE*12000*7~\nIEA*1*000000901~\n"
    sets = "".join(f"ST*834*{at:05}*005010X220A1~\nSE*2*{at:05}~\n" for at in range(12_000))
    one = checked((head + sets + tail).encode(), shown=True)
    assert one.outcome is Outcome.REJECTED
    assert len(one.findings) == MOST_LISTED
    assert one.count(Severity.ERROR) == MOST_LISTED + one.left_out >= 12_000
    assert one.interchanges[0].groups[0].received == 12_000
    assert len(list(one.sets())) == checking.MOST_LEVELS
    assert sum(isinstance(line, ShownLine) for line in one.lines) < 10_000


def test_more_sets_than_a_file_may_hold_are_foretold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MAX_SETS", 1)
    one = checked(BASE.encode(), agreed=agreed())
    assert (foretold(one)[:2], one.outcome) == ((["R 024"], []), Outcome.REJECTED)
    assert sorted(codes(one, Severity.ERROR)) == ["MEMBERS-NOT-APPLIED", "SETS-TOO-MANY"]


def test_sets_of_a_group_that_is_not_ours_are_not_named() -> None:
    """Its 999 has no AK2, so that nothing is foretold of their IK5."""
    data = BASE.replace("*HARBORMILLS*NORTHWIND*2", "*SOMEBODY*NORTHWIND*2").replace(
        "INS*Y*18*021", "INS*Y**021", 1
    )
    one = checked(data.encode(), agreed=agreed())
    (group,) = one.interchanges[0].groups
    assert (group.answered, group.named, [each.verdict for each in group.sets]) == (True, False, ["R", "A"])
    stream = io.StringIO()
    show(CheckReport((one,), DAY, (), "", Contact()), stream)
    assert "AK9 R" in stream.getvalue() and "IK5" not in stream.getvalue()


def test_a_heading_that_begins_like_an_isa_makes_no_x12() -> None:
    """The receiver takes such a file for a census, and so does the check."""
    data = (SAMPLES / "census" / "01-by-id.csv").read_bytes()
    assert checked(b"ISALARY," + data.replace(b"\n", b"\n,")[:-1]).kind == "CSV"
