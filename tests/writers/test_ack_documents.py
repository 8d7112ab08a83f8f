"""TA1 and 999: what stands in them, and that pyx12's maps and our own judge accept what we write."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from model.agreement.terms import Contact
from model.documents.acknowledgment import (
    Ack999Statement,
    AckEnvelope,
    AckError,
    AckSet,
    Advice824Statement,
    AdviceError,
    Ta1Statement,
)
from model.x12 import FunctionalGroup, FunctionalGroupVerdict, SetVerdict
from parsers.x12.ackerrors import errors
from parsers.x12.judge import judge
from support.acks import checked, checked_824
from writers.acknowledgments import ack999, advice824, ta1

_CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "x12" / "envelope.yaml").read_text("utf-8"))
_ENVELOPE = AckEnvelope("ZZ", "NORTHWIND", "ZZ", "ACME", "NORTHWIND", "ACME", 41, datetime(2027, 1, 5, 9, 31), "P")


def _statement(data: bytes) -> list[Ack999Statement]:
    """Answer each group of a file as the pipeline does."""
    statements: list[Ack999Statement] = []
    sets: list[AckSet] = []
    for item in judge([data]):
        if isinstance(item, SetVerdict):
            header = item.set
            sets.append(
                AckSet(header.kind, header.control, header.version, item.verdict, item.codes, errors(item))
            )
        elif isinstance(item, FunctionalGroupVerdict):
            group: FunctionalGroup = item.group
            counts = (item.declared, item.received, item.accepted)
            answer = (group.code, group.control, group.version, tuple(sets), item.verdict, *counts, item.codes)
            statements.append(Ack999Statement(_ENVELOPE, 9, *answer))
            sets = []
    return statements


def test_999_of_one_bad_set_of_two() -> None:
    text: str = _CASES["base"].replace("INS*Y*18*021", "INS*Y*18*002", 1).replace("*ANN*", "*ANN *", 1)
    (statement,) = _statement(text.encode())
    document = ack999.render(statement)
    assert document.name == "999-000000041.edi"
    assert document.data.decode("ascii").splitlines() == [
        "ISA*00*          *00*          *ZZ*NORTHWIND      *ZZ*ACME           "
        "*270105*0931*^*00501*000000041*0*P*:~",
        "GS*FA*NORTHWIND*ACME*20270105*0931*9*X*005010X231A1~",
        "ST*999*0001*005010X231A1~",
        "AK1*BE*7*005010X220A1~",
        "AK2*834*0001*005010X220A1~",
        "IK3*INS*6*2000*8~",
        "IK4*3*875*I6~",
        "IK3*NM1*8*2100*8~",
        "IK4*4*1036*6~",
        "IK5*R*5~",
        "AK2*834*0002*005010X220A1~",
        "IK5*A~",
        "AK9*P*2*2*1~",
        "SE*12*0001~",
        "GE*1*9~",
        "IEA*1*000000041~",
    ]


@pytest.mark.parametrize("case", _CASES["cases"], ids=lambda case: case["name"])
def test_every_answer_passes_pyx12_and_our_own_judge(case: dict[str, object]) -> None:
    text = str(case.get("whole", _CASES["base"]))
    for old, new in case.get("edit", []):  # type: ignore[attr-defined]
        text = text.replace(old, new, 1)
    for statement in _statement(text.encode()):
        written = ack999.render(statement).data
        heard = checked(written)
        assert [ack.verdict for ack in heard] == [*(item.verdict for item in statement.sets), statement.verdict]


def test_context_repetition_and_bad_value() -> None:
    unit = ("SUBSCRIBER NUMBER REF02", "E:1001")
    wrong = (
        AckError("DMG", 8, "2100A", "8", 5, 1, "1109", "I6", "9", 2, unit),
        AckError("HD", 9, "2300", "8", 3, 0, "1205", "I6", "XXX", unit=unit),
        AckError("DTP", 10, "2300", "3", unit=("ENT01", "")),
    )
    answered = AckSet("834", "0001", "005010X220A1", "R", ("5",), wrong)
    statement = Ack999Statement(_ENVELOPE, 9, "BE", "7", "005010X220A1", (answered,), "R", 1, 1, 0, ())
    document = ack999.render(statement)
    assert document.data.decode().splitlines()[5:12] == [
        "IK3*DMG*8*2100*8~",
        "CTX*SUBSCRIBER NUMBER REF02:E 1001~",
        "IK4*5:1:2*1109*I6*9~",
        "IK3*HD*9*2300*8~",
        "CTX*SUBSCRIBER NUMBER REF02:E 1001~",
        "IK4*3*1205*I6*XXX~",
        "IK3*DTP*10*2300*3~",
    ]
    checked(document.data)


def test_one_ik3_for_several_elements_and_a_component() -> None:
    wrong = (
        AckError("INS", 6, "2000", "8", 6, 1, "1218", "I6"),
        AckError("INS", 6, "2000", "8", 12, 0, "1251", "8", "2027*0230"),
        AckError("REF", 7, "2000", "3"),
    )
    answered = AckSet("834", "0001", "005010X220A1", "R", ("5", "I5"), wrong)
    statement = Ack999Statement(_ENVELOPE, 9, "BE", "7", "005010X220A1", (answered,), "R", -1, 1, 0, ("3",))
    lines = ack999.render(statement).data.decode().splitlines()
    assert lines[5:11] == [
        "IK3*INS*6*2000*8~",
        "IK4*6:1*1218*I6~",
        "IK4*12*1251*8*2027 0230~",
        "IK3*REF*7*2000*3~",
        "IK5*R*5*I5~",
        "AK9*R*1*1*0*3~",
    ]


def test_824() -> None:
    contact = Contact("Group ~ Billing", "(860) 555-0100", "billing@northwind.example.com")
    errors = (
        AdviceError("024", "PLAN-OFFERED the plan * is not offered " + "x" * 60, "HD", 9, 4, 0, "1204"),
        AdviceError("012", "INS06 and INS05 disagree", "INS", 6, 6, 2, "1218"),
        AdviceError("006", "SET-SEEN", "ST", 1),
        AdviceError("024", "the set as a whole"),
    )
    who = (_ENVELOPE, 9, "Northwind", contact, "Acme")
    statement = Advice824Statement(*who, "TP", "", "20270105", "0930", "7", "0001", "834", "005010X220A1", errors)
    document = advice824.render(statement)
    assert document.name == "824-000000041.edi"
    assert document.data.decode("ascii").splitlines()[1:] == [
        "GS*AG*NORTHWIND*ACME*20270105*0931*9*X*005010X186A1~",
        "ST*824*0001*005010X186A1~",
        "BGN*11*824-000000041*20270105*0931****WQ~",
        "N1*41*Northwind*46*NORTHWIND~",
        "PER*IC*Group   Billing*TE*8605550100*EM*billing@northwind.example.com~",
        "N1*40*Acme*46*ACME~",
        "OTI*TP*TN*NA***20270105*0930*7*0001*834*005010X220A1~",
        "TED*024*PLAN-OFFERED the plan   is not offered xxxxxxxxxxxxxxxxxxxxx*HD*9*4*1204~",
        "TED*012*INS06 and INS05 disagree*INS*6*6:2*1218~",
        "TED*006*SET-SEEN*ST*1~",
        "TED*024*the set as a whole~",
        "SE*11*0001~",
        "GE*1*9~",
        "IEA*1*000000041~",
    ]
    checked_824(document.data)


@pytest.mark.parametrize(("verdict", "code"), [("A", "000"), ("E", "014"), ("R", "023")])
def test_ta1(verdict: str, code: str) -> None:
    document = ta1.render(Ta1Statement(_ENVELOPE, "000000101", "270105", "0930", verdict, code))
    lines = document.data.decode("ascii").splitlines()
    assert document.name == "ta1-000000041.edi"
    assert len(lines[0]) == 106
    assert lines[1:] == [f"TA1*000000101*270105*0930*{verdict}*{code}~", "IEA*0*000000041~"]
    assert [(ack.kind, ack.control, ack.verdict, ack.codes) for ack in checked(document.data)] == [
        ("TA1", "000000101", verdict, (code,))
    ]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (("000000101", "271399", "0930"), "000000101*270105*0930"),
        (("000000101", "270105", "2561"), "000000101*270105*0931"),
        (("000000101", "20270105", "09:3"), "000000101*270105*0931"),
        (("101", "270105", "0930"), "000000101*270105*0930"),
        (("A~*1", "", ""), "000000000*270105*0931"),
    ],
)
def test_a_ta1_can_be_read_whatever_was_sent(sent: tuple[str, str, str], said: str) -> None:
    data = ta1.render(Ta1Statement(_ENVELOPE, *sent, "R", "018")).data
    assert f"TA1*{said}*R*018~" in data.decode()
    checked(data)


def test_identities_cannot_break_the_answer() -> None:
    envelope = AckEnvelope("ZZ", "NORTH~*WIND", "ZZ", "Ä" * 20, "A:B", "", 10**9 + 5, datetime(2027, 1, 5), "")
    data = ta1.render(Ta1Statement(envelope, "000000101", "270105", "0930", "A", "000")).data
    assert data.index(b"~") == 105
    assert b"IEA*0*000000005~" in data
