"""The demo's installation answers every question of `rollbook verify` with yes."""

from __future__ import annotations

from pipeline.verify import run as verify
from support.demo import Told
from support.installation import run


def test_the_demo_is_whole(told: Told) -> None:
    assert run("member", "show", "M000000001", "--home", told.home).code == 0  # so that there is a look
    ran = run("verify", "--home", told.home, "--today", "2027-01-31", "--json")
    wrong = [(question["name"], question["first"]) for question in ran.json["questions"] if not question["holds"]]
    assert wrong == [] and ran.code == 0
    looked_at = {question["name"]: question["rows"] for question in ran.json["questions"]}
    assert list(looked_at) == verify.questions()
    nothing = {name for name, rows in looked_at.items() if not rows}
    without = {"unidentified", "pairs", "refunds", "memos"}  # there are none in the demo's story
    assert nothing <= without, "a question that looks at nothing says nothing"
