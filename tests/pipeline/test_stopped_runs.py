"""A run that is stopped at any step is finished by the next one: nothing lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import pipeline.cash.pay
from intake.folder import read_chunks
from pipeline.receive.run import receive, resume
from pipeline.runtime.workspace import Workspace
from store import dump
from store.engine import Connection
from store.money import ledger
from store.received import files
from support import values
from support.installation import PARTNER, SAMPLES, load_terms
from support.kill import bound, steps

ADDS = SAMPLES / "valid" / "01-add-family.edi"
PAYMENT = SAMPLES / "broken" / "unbalanced-820" / "unbalanced.edi"
DAY = date(2026, 11, 23)


class Stopped(BaseException):
    """Stands for the kill: nothing in the code may catch it."""


def stop_at(monkeypatch: pytest.MonkeyPatch, callers: list[tuple[Any, str]], *, after: bool) -> None:
    """Stop the run when one of these calls what it calls by this name, before or after it is done."""
    real: Callable[..., Any] = getattr(*callers[0])

    def stopping(*args: Any, **kwargs: Any) -> Any:
        if after:
            real(*args, **kwargs)
        raise Stopped

    for caller, name in callers:
        monkeypatch.setattr(caller, name, stopping)


def picture(ws: Workspace, file_id: str) -> tuple[object, ...]:
    """Everything a stop could have lost or doubled."""
    with ws.database.read() as conn:
        roster = dump.canonical(conn, ws.vault)
        balances = ledger.balances(conn, "")
    value = values.file_value(ws, file_id)
    documents = [Path(path).name for path in value.pop("documents")]
    published = sorted(path.name for path in (ws.outbox / PARTNER).iterdir())
    return roster, balances, value, documents, published


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("place", steps("RECEIVE_STEPS"))
def test_a_stopped_enrollment_is_finished(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, place: str, after: bool
) -> None:
    load_terms(ws)
    with monkeypatch.context() as patched:
        stop_at(patched, bound(place), after=after)
        with pytest.raises(Stopped):
            receive(ws, read_chunks(ADDS), ADDS.name, PARTNER, "test", ws.now(DAY))
    resume(ws, ws.now(DAY), PARTNER)
    first = picture(ws, "F000001")
    assert first[2]["state"] == "APPLIED"  # type: ignore[index]
    assert [acknowledgment["kind"] for acknowledgment in first[2]["acks"]] == ["TA1", "999"]  # type: ignore[index]
    assert first[3] and sorted(first[3]) == first[4], "each answer is published once"  # type: ignore[type-var]
    resume(ws, ws.now(DAY), PARTNER)
    assert picture(ws, "F000001") == first


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", ["save_remittance", "set_remittance_state"])
def test_a_stopped_remittance_is_finished(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, name: str, after: bool
) -> None:
    load_terms(ws)
    with monkeypatch.context() as patched:
        stop_at(patched, [(pipeline.cash.pay.cash, name)], after=after)
        with pytest.raises(Stopped):
            receive(ws, read_chunks(PAYMENT), PAYMENT.name, PARTNER, "test", ws.now(DAY))
    assert resume(ws, ws.now(DAY), PARTNER) == ["F000001"]
    value = values.file_value(ws, "F000001")
    assert [transaction_set["remittance"]["state"] for transaction_set in value["sets"]] == ["SUSPENDED"]


@pytest.mark.leaves("files")
def test_a_transaction_is_whole_or_not_at_all(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped inside a set's transaction, not one of its rows is there."""
    load_terms(ws)
    with monkeypatch.context() as patched:
        stop_at(patched, [(files, "record_set_groups")], after=True)
        with pytest.raises(Stopped):
            receive(ws, read_chunks(ADDS), ADDS.name, PARTNER, "test", ws.now(DAY))

    def look(conn: Connection) -> list[str]:
        return dump.canonical(conn, ws.vault)

    assert ws.database.retry(look) == []
    assert values.file_value(ws, "F000001")["sets"][0]["members"] == []
