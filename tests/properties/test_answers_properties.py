"""Whole installations against the model of the envelope: what is answered, and no more applied than is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given

from model.enrollment.decision import SetState
from pipeline.runtime.workspace import Workspace
from store import dump
from support import values
from support.answers import Answers, furnished, installation, send
from support.envelope_model import Interchange, read
from support.finds import PLANTED, Find
from support.planted import planted
from support.tries import tries

__all__ = ["furnished"]
_FAMILY = re.compile(r'"subscriber": "(E\d+)"')
# What an accepted set of a production interchange may come to. REJECTED: by the terms, and then reported.
_TAKEN = frozenset({SetState.APPLIED, SetState.HELD, SetState.PENDED, SetState.REJECTED})


def enrolled(ws: Workspace) -> set[str]:
    """Return the subscriber numbers of everybody in the store."""
    with ws.database.read() as conn:
        return {number for line in dump.canonical(conn, ws.vault) for number in _FAMILY.findall(line)}


def due(model: list[Interchange]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the TA1s and the AK9s owed for a file, in its order. What only acknowledges us is owed nothing."""
    heard = [
        interchange
        for interchange in model
        if not interchange.answers and (interchange.ta1[0] == "R" or interchange.asks)
    ]
    # TA101 holds nine digits: for an ISA13 that is no number there is nothing to repeat.
    ta1 = [
        (interchange.control if interchange.control.isdigit() else "000000000", interchange.ta1)
        for interchange in heard
    ]
    taken = [
        group
        for interchange in model
        if interchange.ta1[0] != "R"
        for group in interchange.groups
        if group.answered
    ]
    return ta1, [(group.control, group.ak9) for group in taken]


def check(ws: Workspace, model: list[Interchange], answers: Answers) -> None:
    """Hold what was answered and what is in the store against the model."""
    ta1, ak9 = due(model)
    assert list(answers.ta1) == ta1, "one TA1 for each interchange that is owed one"
    assert [(ack.control, ack.text) for ack in answers.groups] == ak9, "one 999 for each group of one not refused"
    for ack in answers.groups:
        accepted = 0 if ack.letter == "R" else sum(ik5[0] in "AE" for _, ik5 in ack.sets)
        assert (ack.received, ack.accepted) == (len(ack.sets), accepted)
    must = set()
    stored = iter(values.file_value(ws, answers.file_id)["sets"])
    for interchange in model:
        for group in interchange.groups:
            for ik5, family in group.sets:
                one = next(stored)
                good = ik5 == "A" and group.accepted and interchange.ta1[0] != "R"
                applied = [line for member in one["members"] for line in member["lines"]]
                if not good:
                    assert one["state"] == SetState.REJECTED and not applied
                elif group.answered:
                    assert one["state"] in (_TAKEN if interchange.usage == "P" else {SetState.REPORTED})
                if good and interchange.usage == "P":
                    must |= {family} - {""}
    assert next(stored, None) is None
    assert enrolled(ws) == must


@tries(40, HealthCheck.function_scoped_fixture)
@given(text=planted())
def test_the_answers_claim_what_is_in_the_store(
    text: str, furnished: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assume(" " * 15 not in text)  # a sender without a name is refused before anything else is looked at
    home = tmp_path_factory.mktemp("answers") / "var"
    with installation(furnished, home) as ws:
        check(ws, read(text), send(ws, [text.encode()]))


@pytest.mark.parametrize("find", PLANTED, ids=lambda find: find.name)
def test_a_find_stays_answered(find: Find, furnished: Path, tmp_path: Path) -> None:
    with installation(furnished, tmp_path / "var") as ws:
        check(ws, read(find.text), send(ws, [find.text.encode()]))
