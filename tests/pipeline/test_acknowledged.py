"""What partners say of an 834 that we sent: matched by our control numbers, told, and never answered."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import inputs
from pipeline.receive import deliver
from pipeline.roster import export
from pipeline.runtime import channels
from pipeline.runtime.workspace import Workspace
from pipeline.setup import agree
from pipeline.views import agreed
from store.received import exchanges, outbox
from support import envelopes, values
from support.fixtures import opened, scene
from support.installation import GROUP, PARTNER, ROOT, SAMPLES, load_terms, take, take_bytes

DAY = date(2026, 12, 1)


def send(ws: Workspace) -> None:
    """Send the roster to the employer as an 834."""
    load_terms(ws)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    now = ws.now(DAY)
    partner = agreed.partner(ws, PARTNER)
    made = export.export(ws, GROUP, "834", partner, now, on=None, deliver=True)
    assert made.key
    deliver.deliver(ws, now)


@pytest.fixture
def sent(on_both: Workspace) -> Workspace:
    """A store whose roster went out to the employer as an 834."""
    send(on_both)
    return on_both


@pytest.fixture(scope="module")
def sent_scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same on SQLite, told once."""
    return scene(tmp_path_factory.mktemp("sent") / "var", send)


@pytest.fixture
def sent_once(sent_scene: Path, bare_home: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A copy of it."""
    shutil.copytree(sent_scene, bare_home)
    yield from opened(request)


def ours(ws: Workspace) -> tuple[int, int]:
    """ISA13 and GS06 of the 834, as the published file has them."""
    (path,) = (ws.outbox / PARTNER).glob("834-*.edi")
    lines = [line.split("*") for line in path.read_text("ascii").split("~\n")]
    (isa,), (gs,) = ([line for line in lines if line[0] == name] for name in ("ISA", "GS"))
    return int(isa[13]), int(gs[6])


def said(ws: Workspace) -> list[str]:
    """What the ledger has the partner say of the 834."""
    with ws.database.read() as conn:
        (document,) = exchanges.sent(conn, PARTNER)
    return [
        f"{ack.kind} {ack.set_control or '-'} {ack.verdict} {ack.codes}".strip()
        for ack in document.acknowledgments
    ]


def answer(ws: Workspace, *parts: str, **more: Any) -> dict[str, Any]:
    return take_bytes(ws, envelopes.interchange(901, *parts, **more), "answer.edi", DAY)


def findings(value: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in value["all_findings"]]


def test_the_ledger_has_the_numbers_of_the_published_file(sent: Workspace) -> None:
    with sent.database.read() as conn:
        (document,) = exchanges.sent(conn, PARTNER)
    assert (document.interchange, document.functional_group) == ours(sent)
    assert (document.kind, document.names, document.delivered_at) == (
        "834",
        (f"834-{document.interchange:09d}.edi",),
        sent.now(DAY),
    )
    assert document.acknowledgments == ()


def test_a_999_accepts(sent: Workspace) -> None:
    value = answer(sent, envelopes.ack(1, ours(sent)[1], "A"))
    assert (value["state"], findings(value), value["acks"]) == ("MATCHED", [], [])
    assert said(sent) == ["999 0001 A", "999 - A"]


def test_a_999_rejects(sent: Workspace) -> None:
    value = answer(sent, envelopes.ack(1, ours(sent)[1], "R", "5"))
    assert (value["state"], findings(value), value["acks"]) == ("MATCHED", ["ACK-REJECTED"], [])
    assert f"group {ours(sent)[1]}, set 0001, codes 5: the 834 that we sent" in value["all_findings"][0]["message"]
    assert said(sent) == ["999 0001 R 5", "999 - R"]


def test_a_999_notes_errors(sent: Workspace) -> None:
    assert findings(answer(sent, envelopes.ack(1, ours(sent)[1], "E"))) == ["ACK-ERRORS"]


def reported(ws: Workspace, value: dict[str, Any]) -> str:
    """Say into whose folder the report of a file went; nobody's where there is none."""
    folders = {Path(place).parent.name for place in value["documents"]}
    (folder,) = folders or {"nobody"}
    assert bool(list((ws.outbox / PARTNER).glob(f"report-{value['file_id']}*"))) == (folder == PARTNER)
    return folder


def test_an_answer_that_accepts_owes_nobody_anything(sent: Workspace) -> None:
    isa, gs = ours(sent)
    value = answer(sent, envelopes.ta1(isa, "A"), envelopes.ack(1, gs, "A"))
    assert (value["state"], value["documents"], findings(value)) == ("MATCHED", [], [])
    (exchange,) = values.find(sent, sent.now(DAY), value["file_id"])
    assert [
        (acknowledgment["kind"], acknowledgment["verdict"], acknowledgment["matched"])
        for acknowledgment in exchange["acknowledges"]
    ] == [
        ("TA1", "A", True),
        ("999", "A", True),
        ("999", "A", True),
    ]
    assert exchange["answers"] == []
    with sent.database.read() as conn:
        assert outbox.of_file(conn, value["file_id"], sent.vault.fields) == []


@pytest.mark.parametrize(("verdict", "more"), [("R", 0), ("E", 0), ("A", 1000)])
def test_an_answer_that_we_must_look_at_is_reported_to_ourselves(sent: Workspace, verdict: str, more: int) -> None:
    value = answer(sent, envelopes.ack(1, ours(sent)[1] + more, verdict))
    assert (value["state"], reported(sent, value)) == ("MATCHED", channels.OURS)


def test_an_answer_that_its_sender_must_mend_is_reported_to_the_sender(sent: Workspace) -> None:
    part = envelopes.ack(1, ours(sent)[1], "A")
    cut = take_bytes(sent, envelopes.interchange(902, part).replace(b"AK9*", b"AK8*"), "cut.edi", DAY)
    assert (cut["state"], reported(sent, cut)) == ("REJECTED", PARTNER)


def test_an_answer_beside_834s_changes_nothing_in_their_report(sent: Workspace) -> None:
    adds = (SAMPLES / "valid" / "02-term-dependent.edi").read_bytes()
    beside = envelopes.interchange(903, envelopes.ack(1, ours(sent)[1], "A"))
    value = take_bytes(sent, adds + beside, "both.edi", DAY)
    assert PARTNER in {Path(place).parent.name for place in value["documents"] if "report" in place}


def test_ta1s_alone(sent: Workspace) -> None:
    value = answer(sent, envelopes.ta1(ours(sent)[0], "A"), envelopes.ta1(ours(sent)[0], "R", "009"))
    assert (value["kind"], value["state"], findings(value), value["acks"]) == (
        "TA1",
        "MATCHED",
        ["ACK-REJECTED"],
        [],
    )
    assert said(sent) == ["TA1 - A 000", "TA1 - R 009"]


@pytest.mark.parametrize("wrong", ["group", "set", "interchange"])
def test_what_answers_nothing_of_ours_is_kept_and_told(sent: Workspace, wrong: str) -> None:
    isa, gs = ours(sent)
    part = {
        "group": envelopes.ack(1, gs + 1000, "R"),
        "set": envelopes.ack(1, gs, "R", own_set="0002"),
        "interchange": envelopes.ta1(isa + 1000, "R", "001"),
    }[wrong]
    value = answer(sent, part)
    assert set(findings(value)) == {"ACK-UNMATCHED"} | ({"ACK-REJECTED"} if wrong == "set" else set())
    with sent.database.read() as conn:
        (exchange,) = exchanges.received(conn, ids=[value["file_id"]])
    assert [acknowledgment.document for acknowledgment in exchange.interchanges[0].said][:1] == [0]
    assert "R" not in "".join(line.split()[2] for line in said(sent) if " 0001 " in line)


def test_another_partner_cannot_answer_for_this_one(sent: Workspace) -> None:
    usual = agreed.partner(sent, PARTNER)
    assert usual is not None
    other = replace(usual, code="other", isa_ids=(("ZZ", "OTHER"),), gs_ids=())
    agree.add_partner(sent, other, sent.now(DAY))
    data = envelopes.interchange(1, envelopes.ack(1, ours(sent)[1], "R"), sender=("ZZ", "OTHER"))
    value = take_bytes(sent, data, "answer.edi", DAY, "other")
    assert set(findings(value)) == {"ACK-UNMATCHED"}
    assert said(sent) == []


SLIPS = yaml.safe_load((ROOT / "tests" / "cases" / "x12" / "slips.yaml").read_text("utf-8"))


def slipped(ws: Workspace, slip: dict[str, Any], kind: str, verdict: str) -> bytes:
    """Return a TA1 or a 999 about the 834, whose own envelope has a slip."""
    isa, gs = ours(ws)
    part = envelopes.ta1(isa, verdict, "024") if kind == "ta1" else envelopes.ack(1, gs, verdict, "5")
    text = envelopes.interchange(901, part).decode()
    for old, new in slip["edit"]:
        assert old in text, f"{old} is not there"
        text = text.replace(old, new, 1)
    return text.encode()


_ROWS = [(slip, kind) for slip in SLIPS for kind in slip.get("kinds", ("ta1", "999"))]


@pytest.mark.parametrize(("slip", "kind"), _ROWS, ids=lambda each: each if isinstance(each, str) else each["slip"])
def test_a_rejection_is_not_lost_over_a_slip_of_its_own_envelope(
    sent_once: Workspace, slip: dict[str, Any], kind: str
) -> None:
    """It is recorded of the 834, which is REJECTED then; the slip is told; nothing answers it."""
    ws = sent_once
    value = take_bytes(ws, slipped(ws, slip, kind, "R"), "slip.edi", DAY)
    assert slip["finding"] in findings(value) and "ACK-REJECTED" in findings(value)
    assert (value["state"], value["acks"]) == (slip.get("state", "REJECTED"), [])
    heard = {"ta1": ["TA1 - R 024"], "999": ["999 0001 R 5", "999 - R"]}[kind]
    assert set(said(ws)) == set(heard)
    (document,) = [each for each in values.ledger(ws, ws.now(DAY)) if each["way"] == "out"]
    assert document["state"] == "REJECTED"
    assert "ACK-REJECTED" in [row.code for row in inputs.look_at_desk(ws, ws.now(DAY)).rows]


@pytest.mark.parametrize("kind", ["ta1", "999"])
def test_an_interchange_that_is_not_taken_accepts_nothing(sent_once: Workspace, kind: str) -> None:
    """Who cannot count its groups may have lost one: in doubt the bad news counts, and the good does not."""
    slip = {"edit": [["IEA*", "IEA*7"]]}
    value = take_bytes(sent_once, slipped(sent_once, slip, kind, "A"), "slip.edi", DAY)
    assert (value["state"], "IEA-COUNT" in findings(value), said(sent_once)) == ("REJECTED", True, [])


def test_the_number_of_an_answer_that_comes_again_loses_no_rejection(sent_once: Workspace) -> None:
    """In another file, where it is heard like any, and in the same one, which is a slip."""
    isa, gs = ours(sent_once)
    first, other = envelopes.ta1(isa, "A"), envelopes.ack(1, gs, "R", "5")
    twice = envelopes.interchange(901, first) + envelopes.interchange(901, other)
    value = take_bytes(sent_once, twice, "twice.edi", DAY)
    assert (value["state"], findings(value)) == ("REJECTED", ["ISA-REPEATED", "ACK-REJECTED"])
    heard = ["TA1 - A 000", "999 0001 R 5", "999 - R"]
    assert said(sent_once) == heard
    take_bytes(sent_once, twice, "again.edi", DAY)
    assert said(sent_once)[:3] == heard and "999 - R" not in said(sent_once)[3:], "what was said is not said again"
    later = take_bytes(sent_once, envelopes.interchange(901, envelopes.ta1(isa, "R", "022")), "later.edi", DAY)
    assert (later["state"], findings(later)) == ("MATCHED", ["ACK-REJECTED"])


def test_a_999_of_many_sets_is_recorded_whole_and_told_in_part(ws: Workspace) -> None:
    load_terms(ws)
    body = "AK1*BE*77*005010X220A1~" + "AK2*834*0001*005010X220A1~IK5*R*5~" * 6000 + "AK9*R*6000*6000*0~"
    data = envelopes.interchange(5, envelopes.functional_group("FA", 1, "005010X231A1", [body], "999"))
    value = take_bytes(ws, data, "many.edi", DAY)
    assert findings(value).count("ACK-UNMATCHED") == 200, "a hundred of each 5,000 answers taken together"
    assert findings(value).count("FINDINGS-MORE") == 2
    with ws.database.read() as conn:
        (exchange,) = exchanges.received(conn, ids=[value["file_id"]])
    assert len(exchange.interchanges[0].said) == exchanges.FIRST


def test_the_published_answer_is_the_one_in_the_ledger(sent: Workspace) -> None:
    """TA1 and 999 of ours to a received file: numbers as published."""
    with sent.database.read() as conn:
        (exchange, *_) = exchanges.received(conn, PARTNER)
    told = {answer.kind: answer for answer in exchange.answers}
    (interchange,) = exchange.interchanges
    assert (told["ta1"].answers, told["ta1"].verdict) == (interchange.control, "A")
    assert (told["999"].answers, told["999"].verdict) == (interchange.groups[0].control, "A")
    for kind in ("ta1", "999"):
        text = (Path(sent.outbox) / PARTNER / told[kind].names[0]).read_text("ascii")
        assert f"*{told[kind].interchange:09d}*" in text.split("~")[0]
    assert f"*{told['999'].functional_group}*X*005010X231A1" in text


def test_what_a_999_names_is_told(sent: Workspace) -> None:
    errors = "IK3*INS*8*2000*8~IK4*6:2*1218*7~IK3*REF*9**3~"
    body = f"AK1*BE*{ours(sent)[1]}*005010X220A1~AK2*834*0001*005010X220A1~{errors}IK5*R*5~AK9*R*1*1*0~"
    value = answer(sent, envelopes.functional_group("FA", 1, "005010X231A1", [body], "999"))
    (rejected,) = [finding for finding in value["all_findings"] if finding["code"] == "ACK-REJECTED"]
    assert rejected["message"].endswith("It names segment 8 INS06-2 (code 7), segment 9 REF (code 3).")
