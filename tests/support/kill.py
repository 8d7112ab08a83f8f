"""Runs of the command line that kill themselves, as kill -9 would, when they reach a place.

One warm process has imported what they need and forks a child for each (docs/design.md, Test time): a kill costs
no start of an interpreter. The child is a process of its own, and SIGKILL ends it for real.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import tomllib
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, reduce
from pathlib import Path
from typing import IO, Any
from unittest import mock

import pytest

from cli.main import main
from support import warm
from support.installation import PARTNER, ROOT, SAMPLES, TERMS, run

# The tables in which our modules say which of their functions such a run does, as a part that may be its last.
_TABLES = ("CLAIM_STEPS", "RECEIVE_STEPS", "SWEEP_STEPS")
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
_PACKAGES = _PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
_NAMED = re.compile(rf"^({'|'.join(_TABLES)}) = ", re.MULTILINE)


_TESTS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a run printed, and its exit code or, below zero, the signal that ended it."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Forks:
    """A server of forks."""

    asked: IO[str]
    answered: IO[str]

    def run(self, *arguments: object, **environment: str) -> Ended:
        """Run the command line in a process of its own."""
        return self._child("", "", arguments, environment)

    def kill(self, place: str, when: str, *arguments: object) -> None:
        """Let it kill itself before or after a place. AssertionError: it came to another end."""
        ended = self._child(place, when, arguments, {})
        assert ended.code == -signal.SIGKILL, ended

    def _child(self, place: str, when: str, arguments: tuple[object, ...], more: dict[str, str]) -> Ended:
        asked = {"place": place, "when": when, "arguments": list(map(str, arguments))}
        self.asked.write(json.dumps({**asked, "environment": {**os.environ, **more}}) + "\n")
        self.asked.flush()
        return Ended(**json.loads(self.answered.readline()))


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """A server for the tests of a module. What it and its children used counts as ours when it has ended."""
    command = [sys.executable, __file__]
    environment = {**os.environ, "PYTHONPATH": str(_TESTS)}
    with subprocess.Popen(
        command, cwd=_TESTS.parent, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None and server.stdout is not None
        yield Forks(server.stdin, server.stdout)
        server.stdin.close()


def steps(table: str) -> list[str]:
    """Return the functions that stand in a table of this name, by module and name: `store.received.outbox:put`."""
    return [place for named, places in _registered().items() if named == table for place in places]


@cache
def _registered() -> dict[str, list[str]]:
    """Return the tables of all modules. LookupError: one names what is not of its own folder."""
    places: dict[str, list[str]] = {table: [] for table in _TABLES}
    for path in sorted(path for package in _PACKAGES for path in (ROOT / package).rglob("*.py")):
        for table in _NAMED.findall(path.read_text("utf-8")):
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for step in getattr(module, table):
                if step.__module__.rpartition(".")[0] != module.__name__.rpartition(".")[0]:
                    raise LookupError(f"{module.__name__}.{table}: {step.__qualname__} of {step.__module__}")
                places[table].append(f"{step.__module__}:{step.__qualname__}")
    return places


def bound(place: str) -> list[tuple[Any, str]]:
    """Return by which names a place is called: its module's or class's own, then those where it was imported."""
    module, _, qualified = place.partition(":")
    *outer, name = qualified.split(".")
    owner: Any = reduce(getattr, outer, importlib.import_module(module))
    step = getattr(owner, name)
    ours = [loaded for key, loaded in list(sys.modules.items()) if key.partition(".")[0] in _PACKAGES]
    others = [(loaded, key) for loaded in ours for key, value in list(vars(loaded).items()) if value is step]
    return list(dict.fromkeys([(owner, name), *others]))


def die_at(place: str, when: str) -> None:
    """Make the place deadly, before or after it has done its work."""
    callers = bound(place)
    owner, name = callers[0]
    real = getattr(owner, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    for caller, called in callers:
        setattr(caller, called, deadly)


def serve() -> None:
    """Answer each line of standard input, a run that is asked for, with a line: how it ended."""
    _warm()
    assert len(os.listdir("/proc/self/task")) == 1, "a child would have none of these threads, and wait for one"
    answers = sys.stdout
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = os.fork()
            if not child:
                _become(json.loads(line), out, err)
            _, status = os.waitpid(child, 0)
            ended = {"code": os.waitstatus_to_exitcode(status), "out": _read(out), "err": _read(err)}
        answers.write(json.dumps(ended) + "\n")
        answers.flush()


def _warm() -> None:
    """Do once what every child would: import what is imported late, compile the SQL.

    Nothing is delivered: the renderer keeps threads, and a child has only the one that forked it.
    """
    warm.keep()
    for module in ("boto3", "intake.s3", "intake.sftp", "typst"):
        importlib.import_module(module)
    with tempfile.TemporaryDirectory() as folder, mock.patch("pipeline.receive.run.deliver"):
        os.environ["ROLLBOOK_HOME"] = folder
        for command in (
            ("init",),
            ("terms", "load", TERMS, "--today", "2026-11-02"),
            ("receive", SAMPLES / "valid" / "01-add-family.edi", "--partner", PARTNER, "--today", "2026-11-23"),
        ):
            assert run(*command).code == 0, command


def _become(asked: dict[str, Any], out: IO[str], err: IO[str]) -> None:
    """Be the run that is asked for, to its end."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    os.environ.clear()
    os.environ |= asked["environment"]
    tempfile.tempdir = None  # TMPDIR may be another
    code: Any = 1
    try:
        if asked["place"]:
            die_at(asked["place"], asked["when"])
        sys.argv = ["rollbook", *asked["arguments"]]
        main()
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:  # noqa: BLE001  the server's own code must not go on in its child
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


if __name__ == "__main__":
    serve()
