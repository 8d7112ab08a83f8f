"""Any text as a code is a plain name or is refused; no path made of names leaves its folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from intake import names
from intake.channel import Body
from intake.folder import publish
from model import naming
from model.agreement.terms import Partner
from pipeline.receive.sweep import sweep
from pipeline.runtime.workspace import Workspace
from pipeline.setup import agree
from support.fixtures import bare_home, home, ws
from support.tries import tries

__all__ = ["bare_home", "home", "ws"]

# Pieces that lead elsewhere, and any text at all.
PIECES = st.sampled_from(
    ["..", ".", "/", "\\", "\0", "~", "-", "_", "acme", " ", "\n", "keys.json", "é", "CON", "%2e"]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=5).map("".join), st.text(max_size=60), st.from_regex(r"[\w.-]{1,60}"))


def code_of(text: str) -> str | None:
    try:
        return naming.code(text)
    except naming.NotAName:
        return None


@tries(300)
@given(TEXTS)
@example("..")
@example("G1.")
@example("a\n")
@example("")
def test_a_code_is_a_plain_word(text: str) -> None:
    code = code_of(text)
    assert code in (text, None)
    if code is not None:
        assert code.isascii() and code[0].isalnum() and code[-1].isalnum() and 1 <= len(code) <= 50
        assert naming.inside(Path("/home-of-it"), code) == Path("/home-of-it") / code


@tries(300)
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_what_is_joined_stays_below(parts: list[str]) -> None:
    folder = Path("/here/below")
    try:
        path = naming.inside(folder, *parts)
    except naming.NotAName:
        return
    assert path.parts == (*folder.parts, *parts)


@tries(200)
@given(TEXTS)
def test_a_name_that_is_kept_fits_a_folder(name: str) -> None:
    kept = f"F000001.{names.kept(name)}"
    assert len(kept.encode()) <= 255 and naming.refusal(kept) == ""


@pytest.mark.parametrize("name", ["../keys.json", "..", "", "a/b", "/etc/passwd"])
def test_nothing_is_published_outside(tmp_path: Path, name: str) -> None:
    (tmp_path / "outbox").mkdir()
    with pytest.raises(naming.NotAName):
        publish(tmp_path / "outbox", name, Body.of(b"x"))
    assert [path.name for path in tmp_path.rglob("*")] == ["outbox"]


@tries(40, HealthCheck.function_scoped_fixture)
@given(TEXTS)
@example("..")
@example("../..")
@example("a/../..")
def test_no_partner_leads_out_of_home(ws: Workspace, text: str) -> None:
    """Seen before: `partner add ..`, and the sweep took keys.json from the home as a file of that partner."""
    home = ws.settings.home
    ours = {path.name: path.read_bytes() for path in home.iterdir() if path.name == "keys.json"}
    try:
        agree.add_partner(ws, Partner(text, text), ws.now(None))
    except naming.NotAName:
        assert code_of(text) is None
    else:
        assert sweep(ws, ws.now(None), text, settle=0)[0].files == ()
    assert ours == {path.name: path.read_bytes() for path in home.iterdir() if path.name == "keys.json"}
    assert {path.name for path in home.parent.iterdir()} <= {"var"}
    store = {"rollbook.db", "rollbook.db-wal", "rollbook.db-shm"}
    assert {path.name for path in home.iterdir()} <= {
        "keys.json",
        "marks.json",
        "heads.jsonl",
        "inbox",
        "locks",
    } | store
