"""A late payer at the command line: listed, shown, ended by two people and by no one alone, and back once paid."""

from __future__ import annotations

import re
from datetime import date
from itertools import groupby
from typing import Any

import pytest

from cli.session import Failure
from model.timeline import Month
from pipeline.runtime.workspace import Workspace
from support.cashed import ACCOUNT, Till
from support.installation import TERMS, Ran, run
from support.lateness import nights
from support.people import at_the_desk

PREMIUM, DAY = 216_000, date(2027, 3, 5)  # the day after the grace of February, due on the 1st
AGREED = re.sub(
    r"(attestations\]\]\nbegin = \S+\nend = )\S+", r"\g<1>2027-12-31", TERMS.read_text(encoding="utf-8")
)
WHY = ("--reason", "nothing came")


def late(*arguments: str, day: date = DAY) -> Ran:
    return run("delinquency", *arguments, "--today", day)


def told(ran: Ran) -> str:
    return " ".join(ran.out.split())


def standing(day: date = DAY) -> list[tuple[Any, ...]]:
    """Who is late, as `list` has it."""
    value = late("list", "--json", day=day).json
    assert value["total"] == len(value["payers"])
    return [(each["account"], each["stage"], each["owed_cents"], each["end"]) for each in value["payers"]]


def stages() -> list[str]:
    """Through which stages the account went, as `show` has it; one that was only looked at again is one."""
    history = late("show", ACCOUNT, "--json").json["history"]
    return [stage for stage, _ in groupby(each["stage"] for each in history)]


def test_listed_ended_by_two_and_back_once_paid(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till(ws)
    till.open(AGREED)
    till.bill(Month(2027, 1), date(2026, 12, 10))
    till.pay("JAN", date(2026, 12, 28), ("11", ACCOUNT, PREMIUM))
    till.bill(Month(2027, 2), date(2027, 1, 10))
    at_the_desk(ws, monkeypatch)
    assert told(late("list", day=date(2027, 2, 1))) == "Nobody is late."
    with pytest.raises(Failure, match="was never late"):
        late("show", ACCOUNT, day=date(2027, 2, 1))
    nights(ws, date(2027, 2, 1), DAY)
    assert standing() == [(ACCOUNT, "listed", PREMIUM, "2027-03-04")]
    assert "1 payer(s), $2,160.00 past due." in told(late("list", "--group", "HM4100"))
    assert standing(date(2027, 3, 5)) and late("list", "--group", "CP5200", "--json").json["payers"] == []
    assert stages() == ["due", "told", "warned", "listed"]

    looked = late("approve", ACCOUNT)
    assert looked.code == 1 and "Nothing was changed" in told(looked)
    asked = late("approve", ACCOUNT, *WHY)
    assert asked.code == 1 and "another person" in told(asked)
    assert late("approve", ACCOUNT, *WHY).code == 1, "nobody confirms the own word"
    assert standing() == [(ACCOUNT, "listed", PREMIUM, "2027-03-04")]
    monkeypatch.setattr("cli.session.login", lambda: "ann")
    done = late("approve", ACCOUNT, *WHY)
    assert done.code == 0 and "Ended. The next bill corrects" in told(done)
    assert standing() == [(ACCOUNT, "ended", PREMIUM, "2027-03-04")]
    again = late("approve", ACCOUNT, *WHY)
    assert again.code == 1 and "Nothing was changed" in told(again)

    day = date(2027, 3, 8)
    back = ("delinquency", "reinstate", ACCOUNT, "--reason", "all is paid", "--today", day)
    early = run(*back)
    assert early.code == 1 and "still past due" in told(early)
    till.pay("LATE", day, ("11", ACCOUNT, PREMIUM))
    assert run(*back).code == 1
    monkeypatch.setattr("cli.session.login", lambda: "ben")
    done = run(*back)
    assert done.code == 0 and "Reinstated. The next bill charges" in told(done)
    assert stages() == ["due", "told", "warned", "listed", "ended", "reinstated"]
    for columns in (80, 120):
        for screen in ("list", f"show {ACCOUNT}"):
            ran = run("delinquency", *screen.split(), "--today", day, columns=columns)
            assert ran.code == 0 and all(len(line.rstrip()) <= columns for line in ran.out.splitlines())
            assert "…" not in ran.out
