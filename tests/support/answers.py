"""What a sender gets for some bytes: received by an installation of its own, the published answers read back.

The TA1s and 999s are read here by plain splitting, not by our parsers: they are what a partner sees.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from pipeline.receive.run import receive
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from support import values
from support.acks import checked, checked_824
from support.installation import PARTNER, install, load_terms
from support.people import TESTER

DAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Ack999:
    """One 999 as sent: AK902 to AK904 as numbers, and a text for everything that carries a code."""

    control: str  # AK102
    letter: str  # AK901
    declared: int
    received: int
    accepted: int
    codes: tuple[str, ...]  # AK905 ...
    sets: tuple[tuple[str, str], ...]  # AK202, and IK501 with IK502 ...: "R 4 5"
    errors: tuple[str, ...]  # IK304 of each IK3, IK403 of each IK4: "IK3 8", "IK4 7"

    @property
    def text(self) -> str:
        """Return AK9 in one piece: `P 2 2 1`, codes after it."""
        return " ".join((self.letter, *map(str, (self.declared, self.received, self.accepted)), *self.codes))


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of one received file, and what its sender reads."""

    state: str
    states: tuple[str, ...]  # of its sets, in file order
    findings: tuple[tuple[str, str], ...]  # code and severity, in file order
    ta1: tuple[tuple[str, str], ...]  # TA101, and TA104 with TA105: "R 022"
    groups: tuple[Ack999, ...]
    documents: tuple[bytes, ...]  # the TA1s and 999s themselves
    file_id: str


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an installation with the samples' terms, to copy: a fresh one for every file costs little."""
    home = tmp_path_factory.mktemp("furnished") / "var"
    install(_settings(home))
    with _opened(home) as ws:
        load_terms(ws)
    return home


@contextmanager
def installation(furnished: Path, home: Path) -> Iterator[Workspace]:
    """Open a copy of a furnished home, which goes away afterwards."""
    shutil.copytree(furnished, home)
    with _opened(home) as ws:
        yield ws
    shutil.rmtree(home)


def send(ws: Workspace, chunks: Iterable[bytes], name: str = "sent.edi") -> Answers:
    """Receive a file on DAY and read what its sender is answered."""
    file_id = receive(ws, chunks, name, PARTNER, "test", ws.now(DAY))
    value = values.file_value(ws, file_id)
    places = [Path(place) for place in value["documents"] if place.endswith(".edi")]
    documents = []
    for place in places:
        if place.name.startswith("824-"):
            checked_824(place.read_bytes())
        else:
            documents.append(place.read_bytes())
            checked(documents[-1])
    texts = [document.decode("ascii") for document in documents]
    interchanges = [[line.split("*") for line in text.split("~\n")[:-1]] for text in texts]
    return Answers(
        state=value["state"],
        states=tuple(transaction_set["state"] for transaction_set in value["sets"]),
        findings=tuple((finding["code"], finding["severity"]) for finding in value["all_findings"]),
        ta1=tuple(ta1 for lines in interchanges for ta1 in _ta1(lines)),
        groups=tuple(_ack(lines) for lines in interchanges if any(line[0] == "AK1" for line in lines)),
        documents=tuple(documents),
        file_id=file_id,
    )


def _settings(home: Path) -> Settings:
    return Settings(home, f"sqlite:///{home.resolve() / 'rollbook.db'}", home / "keys.json")


@contextmanager
def _opened(home: Path) -> Iterator[Workspace]:
    ws = open_workspace(_settings(home), TESTER)
    try:
        yield ws
    finally:
        ws.close()


def _ta1(lines: list[list[str]]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if line[0] == "TA1":
            yield line[1], f"{line[4]} {line[5]}"


def _ack(lines: list[list[str]]) -> Ack999:
    control, sets, errors = "", [], []
    for line in lines:
        if line[0] == "AK1":
            control = line[2]
        elif line[0] == "AK2":
            sets.append((line[2], ""))
        elif line[0] == "IK5":
            sets[-1] = (sets[-1][0], " ".join(line[1:]))
        elif line[0] == "IK3":
            errors.append(f"IK3 {line[4]}")
        elif line[0] == "IK4":
            errors.append(f"IK4 {line[3]}")
    (ak9,) = [line for line in lines if line[0] == "AK9"]
    included, received, accepted = (int(count) for count in ak9[2:5])
    return Ack999(control, ak9[1], included, received, accepted, tuple(ak9[5:]), tuple(sets), tuple(errors))
