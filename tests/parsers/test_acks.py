"""What partners answer us, read."""

from __future__ import annotations

from model.x12 import AckError, InboundAck, Raw
from parsers.x12 import acks


def _read(*lines: str) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    raws: list[Raw] = [(number, 0, line.split("*")) for number, line in enumerate(lines, 1)]
    return [_plain(ack) for ack in acks.read(raws)]


def _plain(ack: InboundAck) -> tuple[str, str, str, str, tuple[str, ...]]:
    return ack.kind, ack.control, ack.set_control, ack.verdict, ack.codes


def test_999_with_an_accepted_and_a_rejected_set() -> None:
    read = _read(
        "ST*999*0001*005010X231A1",
        "AK1*BE*7*005010X220A1",
        "AK2*834*0001*005010X220A1",
        "IK5*A",
        "AK2*834*0002*005010X220A1",
        "IK3*INS*8*2000*8",
        "IK4*3*875*I6",
        "IK5*R*I5*4",
        "AK9*P*2*2*1",
        "SE*10*0001",
    )
    assert read == [
        ("999", "7", "0001", "A", ()),
        ("999", "7", "0002", "R", ("I5", "4")),
        ("999", "7", "", "P", ()),
    ]


def test_errors_of_a_set_are_read() -> None:
    lines = [
        "AK1*BE*7",
        "AK2*834*0001",
        "IK3*INS*8*2000*8",
        "CTX*SUBSCRIBER NUMBER REF02:E1001",
        "IK4*3*875*I6*002",
        "IK4*6:2:1*1218*7",
        "IK3*REF*9**3",
        "IK5*R*5",
        "AK2*834*0002",
        "IK5*A",
    ]
    raws: list[Raw] = [(number, 0, line.split("*")) for number, line in enumerate(lines, 1)]
    first, second = acks.read(raws)
    assert first.errors == (
        AckError("INS", 8, "2000", "8", 3, 0, "875", "I6"),
        AckError("INS", 8, "2000", "8", 6, 2, "1218", "7", repetition=1),
        AckError("REF", 9, "", "3"),
    )
    assert second.errors == ()


def test_errors_without_end_stay_bounded() -> None:
    lines = ["AK2*834*0001", "IK4*1", *["IK3*REF*x**3", "IK4*99999999999*?*"] * 5_000, "IK5*R*5"]
    raws: list[Raw] = [(number, 0, line.split("*")) for number, line in enumerate(lines, 1)]
    (answer,) = acks.read(raws)
    assert (len(answer.errors), answer.verdict) == (acks.MAX_ERRORS, "R")


def test_group_codes_of_ak9() -> None:
    assert _read("AK1*BE*7", "AK9*R*1*2*0*5*3") == [("999", "7", "", "R", ("5", "3"))]


def test_a_set_without_its_verdict_is_not_lost() -> None:
    read = _read("AK1*BE*7", "AK2*834*0001", "AK2*834*0002", "AK5*A", "AK2*834*0003")
    assert [entry[2:4] for entry in read] == [("0001", ""), ("0002", "A"), ("0003", "")]


def test_ta1() -> None:
    assert _read("TA1*000000019*250101*1200*E*016") == [("TA1", "000000019", "", "E", ("016",))]
