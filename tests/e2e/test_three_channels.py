"""Three partners, three channels of the real world: an 834 and an 820 through sshd, a census workbook through S3.

The right answers end in the right outboxes and nowhere else, and what was planted in the files is found in nothing
that the run printed, named or left behind.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.channels import S3
from support.installation import SAMPLES, run
from support.kill import Forks, forks, steps
from support.sshd import Account, Sshd

__all__ = ["forks"]
SWEEP = ("sweep", "--settle", "0", "--today", "2026-12-28", "--json")
CENSUS = SAMPLES / "demo" / "bayview-brokers" / "01-new-hires.xlsx"
REMITTANCE = SAMPLES / "demo" / "cedar-point" / "03-remittance.edi"
CANARY_SSN, CANARY_NAME, CANARY_BIRTH = "987654329", "KANARIENVOGEL", "19770307"
ADDS = (
    (SAMPLES / "valid" / "01-add-family.edi")
    .read_bytes()
    .replace(b"901410001", CANARY_SSN.encode())
    .replace(b"QUIGLEY", CANARY_NAME.encode())
    .replace(b"19830412", CANARY_BIRTH.encode())
)


@dataclass(frozen=True, slots=True)
class World:
    """Our installation, and each partner's side of its channel."""

    home: Path
    temporary: Path
    harbor: Account
    cedar: Account
    s3: S3
    forks: Forks

    def killed(self, place: str, when: str) -> None:
        """Sweep in a process that kills itself at a place."""
        self.forks.kill(place, when, *SWEEP)

    def sweep(self) -> tuple[list[dict[str, Any]], str]:
        """Sweep in a process of its own; return what it says, and all it printed."""
        done = self.forks.run(*SWEEP, TMPDIR=str(self.temporary))
        assert done.code in (0, 1), done.err
        return json.loads(done.out), done.err

    def answers(self) -> dict[str, list[str]]:
        """Return what lies in each partner's outbox."""
        return {
            "harbor-mills": sorted(path.name for path in self.harbor.outbox.iterdir()),
            "cedar-point": sorted(path.name for path in self.cedar.outbox.iterdir()),
            "bayview-brokers": sorted(key.rpartition("/")[2] for key in self.s3.listing("bayview/out/")),
        }


@pytest.fixture
def world(home: Path, tmp_path: Path, sshd: Sshd, s3: S3, forks: Forks, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("ROLLBOOK_SECRETS", str(sshd.folder))
    harbor, cedar = sshd.account("rollbook-test-1"), sshd.account("rollbook-test-2")
    channels = {
        "harbor-mills": sshd.channel(harbor, harbor.key.name),
        "cedar-point": sshd.channel(cedar, cedar.key.name, after="archive"),
        "bayview-brokers": s3.channel("bayview/"),
    }
    for group in ("harbor-mills", "cedar-point"):
        text = (SAMPLES / "groups" / f"{group}.toml").read_text(encoding="utf-8")
        for code, channel in channels.items():
            text = text.replace(f'code = "{code}"\n', f'code = "{code}"\n@{code}@', 1)
            head, mark, rest = text.partition(f"@{code}@")
            text = head + (rest.replace("[partner.profile]", f"{channel}\n[partner.profile]", 1) if mark else "")
        (tmp_path / f"{group}.toml").write_text(text, encoding="utf-8")
        assert run("terms", "load", tmp_path / f"{group}.toml", "--today", "2026-11-02").code == 0
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    return World(home, temporary, harbor, cedar, s3, forks)


def drop(world: World) -> None:
    world.harbor.drop("adds.edi", ADDS)
    world.cedar.drop("payment.edi", REMITTANCE.read_bytes())
    world.s3.put("bayview/in/new hires.xlsx", CENSUS.read_bytes())


def test_the_right_answers_in_the_right_outboxes_and_nowhere_else(world: World) -> None:
    drop(world)
    swept, _ = world.sweep()
    files = {inbox["partner"]: inbox["files"] for inbox in swept if inbox["files"]}
    assert {code: [(f["kind"], f["channel"]) for f in found] for code, found in files.items()} == {
        "harbor-mills": [("834", "sftp")],
        "cedar-point": [("820", "sftp")],
        "bayview-brokers": [("census", "s3")],
    }
    owed = {code: sorted(path.rpartition("/")[2] for path in f[0]["documents"]) for code, f in files.items()}
    assert world.answers() == owed
    assert all(owed.values())
    assert len({name for names in owed.values() for name in names}) == sum(map(len, owed.values()))
    assert any(name.endswith(".xlsx") for name in owed["bayview-brokers"]), "the broker gets the own sheet back"
    assert not list((world.home / "outbox").rglob("*.*")), "nobody's answer lies in a folder of ours"
    assert list(world.harbor.inbox.iterdir()) == world.s3.listing("bayview/in/") == []
    assert [path.name for path in (world.cedar.inbox / "archive").iterdir()] == [
        f"{files['cedar-point'][0]['file_id']}.payment.edi"
    ]

    again, _ = world.sweep()
    assert [inbox["files"] for inbox in again if inbox["partner"]] == [[]] * len(again)
    assert world.answers() == owed


def test_what_was_planted_is_found_nowhere(world: World) -> None:
    drop(world)
    swept, printed = world.sweep()
    said = json.dumps(swept) + printed
    canaries = (CANARY_SSN, CANARY_NAME, CANARY_BIRTH, "1977-03-07", "987-65-4329")
    assert [canary for canary in canaries if canary.lower() in said.lower()] == []
    assert list(world.temporary.rglob("*")) == []
    paths = [path for path in world.home.rglob("*") if path.is_file()]
    names = [str(path) for path in paths] + [name for found in world.answers().values() for name in found]
    assert [name for name in names for canary in canaries if canary.lower() in name.lower()] == []
    held = [path for path in paths if CANARY_SSN.encode() in path.read_bytes()]
    assert held == [], "an SSN lies nowhere in clear, not even in the store"
    assert [
        path for path in paths if path.name != "rollbook.db" and CANARY_NAME.encode() in path.read_bytes()
    ] == []


def test_a_dead_partner_stops_nobody(world: World) -> None:
    drop(world)
    world.harbor.key.unlink()
    swept, _ = world.sweep()
    assert {inbox["partner"]: [f["code"] for f in inbox["findings"]] for inbox in swept if inbox["findings"]} == {
        "harbor-mills": ["CHANNEL-SECRET"]
    }
    answers = world.answers()
    assert answers["harbor-mills"] == []
    assert answers["cedar-point"] and answers["bayview-brokers"]
    assert (world.harbor.inbox / "adds.edi").exists()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("place", steps("SWEEP_STEPS"))
def test_a_killed_sweep_is_finished_by_the_next(world: World, place: str, when: str) -> None:
    world.harbor.drop("adds.edi", ADDS)
    world.killed(place, when)
    run(*SWEEP)
    (value,) = run("file", "list", "--json").json
    assert value["state"] in ("APPLIED", "PARTIAL")
    assert list(world.harbor.inbox.iterdir()) == []
    documents = run("file", "show", value["file_id"], "--json").json["documents"]
    answers = [name for name in world.answers()["harbor-mills"] if not name.startswith(".")]
    assert answers == sorted(path.rpartition("/")[2] for path in documents)
