"""Who left a family of another group, which REF*6O or REF*Q4 names, keeps the member ID: within granted groups.

Source: docs/domain.md, Matching people.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from model.enrollment.known import Known
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views.members import find_members
from support import two_partners
from support.verified import whole

DAY = date(2026, 12, 2)
ANN: dict[str, Any] = {"first": "ANN", "birth": "19800101", "lines": [["021", "EMP", date(2027, 1, 1)]]}
BEN: dict[str, Any] = {"first": "BEN", "rel": "01", "birth": "19810202", "lines": [["021", "", date(2027, 1, 1)]]}


@pytest.fixture
def first(ws: Workspace) -> Workspace:
    """Have Ann and Ben be a family of one group."""
    texts = [two_partners.group_terms(group) for group in ("G1", "G2")]
    own, both = two_partners.partner_terms("own", "G1"), two_partners.partner_terms("both", "G1", "G2")
    two_partners.agree(ws, *texts, own, both, two_partners.partner_terms("second", "G2"), _part())
    spec = {**ANN, "lines": [["021", "ESP", date(2027, 1, 1)]]}
    two_partners.send(ws, "own", "G1", 1, DAY, spec, BEN)
    return ws


def _part() -> str:
    """Return a partner granted one group, and a subgroup of the other."""
    whole_grant, some = (
        two_partners.GRANT.format(group="G2", more=""),
        two_partners.GRANT.format(group="G1", more='subgroups = ["COB"]'),
    )
    return two_partners.PARTNER.format(
        code="part", name="Part", kind="employer", isa="PART", grants=whole_grant + some, profile=""
    )


@pytest.mark.parametrize(
    ("partner", "spec", "member"),
    [
        ("both", {**ANN, "left": "E1"}, "M000000001"),
        ("both", {**ANN, "left": "M000000001"}, "M000000001"),
        ("both", {**ANN, "prior": "M000000002"}, "M000000001"),  # the family that Ben stands in
        ("both", {**BEN, "rel": "18", "lines": ANN["lines"], "left": "E1"}, "M000000002"),
        ("both", ANN, "M000000003"),  # nothing links her
        ("both", {**ANN, "left": "E7"}, "M000000003"),  # nobody's number
        ("both", {**ANN, "birth": "19800102", "left": "E1"}, "M000000003"),  # one of the three is not two
        ("second", {**ANN, "left": "E1"}, "M000000003"),  # not granted that group
        ("part", {**ANN, "left": "E1"}, "M000000003"),  # nor all of it
    ],
)
def test_who_left_a_family_of_another_group_keeps_the_member_id(
    first: Workspace, tmp_path: Path, partner: str, spec: dict[str, Any], member: str
) -> None:
    came = two_partners.send(first, partner, "G2", 2, DAY, {**spec, "family": "E9"})
    assert two_partners.lines_of(came) == ["E9 medical APPLIED added from 2027-01-01"]
    (held,) = (found.member for found in find_members(first, Known(name="SAMPLE"), DAY) if found.group == "G2")
    assert held == member
    whole(first)
    assert replay(first, tmp_path / "again").equal
