"""Stories: sets received one after the other, what is said of each member, and the roster they leave behind."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from model.enrollment.decision import Cause, Disposition
from model.enrollment.ruling import Amendment, Ruling
from support.members import TOKENS, members, partner, said, send
from support.roster_model import RosterModel

FOLDER = Path(__file__).parents[1] / "cases" / "enrollment"
STORIES = [
    pytest.param(story, id=f"{path.stem}: {story['name']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for story in yaml.safe_load(path.read_text("utf-8"))
]


def lines_of(decisions):
    """Say `1 medical APPLIED ...`; a star marks what was implied by the subscriber's record."""
    stars = {Cause.SENT: "", Cause.IMPLIED: "*"}
    return [
        f"{decision.event.number}{stars[decision.cause]} {text}"
        for decision in decisions
        for text in said(decision)
    ]


def ruling(told):
    """Return a ruling as a case tells it: {waived: [CODE], only: [1], link: M1, end: 2027-01-31 ...}."""
    amend = Amendment(**{name: told[name] for name in ("end", "subgroup", "plan", "tier") if name in told})
    link, new_person = told.get("link", ""), told.get("new_person", False)
    return Ruling(frozenset(told.get("waived", ())), link, new_person, amend, frozenset(told.get("only", ())))


@pytest.mark.parametrize("story", STORIES)
def test_story(story):
    roster = RosterModel(TOKENS)
    sender = partner(**story.get("profile", {}))
    for chapter in story["sets"]:
        today = chapter.get("today", date(2027, 1, 15))
        events = members(chapter["members"])
        more = {"rulings": {number: ruling(text) for number, text in chapter.get("rulings", {}).items()}}
        more["newer"] = {
            (1, line): newer for line, newer in chapter.get("newer", {}).items()
        }  # of the first person
        decisions, _ = send(roster, today, events, sender, **more)
        if "said" in chapter:
            assert lines_of(decisions) == chapter["said"]
        codes = [
            f"{decision.event.number} {finding.code}" for decision in decisions for finding in decision.findings
        ]
        assert codes == chapter.get("codes", [])
        for decision in decisions:
            blocked = decision.disposition in (Disposition.REJECTED, Disposition.PENDED)
            assert not blocked or any(finding.fix for finding in decision.findings)
        before = roster.lines()
        again, changes = send(roster, today, events, sender, **more)
        assert not changes
        assert not any(line.disposition is Disposition.APPLIED for decision in again for line in decision.lines)
        assert roster.lines() == before
    if "roster" in story:
        assert roster.lines() == story["roster"]
    if "facts" in story:
        assert roster.known() == story["facts"]
    if "places" in story:
        assert roster.places() == story["places"]
    if "people" in story:
        assert len(roster.people) == story["people"]
