"""One open installation: its home folder, store, keys, archive and outbox."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from model.agreement.terms import Carrier
from model.exchange import ReceivedFile
from model.journal import Input, InputKind, Purpose
from model.people import Actor
from model.timeline import Month
from pipeline.runtime import clock, leases, marks
from pipeline.runtime.marks import Gap
from pipeline.runtime.settings import ENVIRONMENTS, InstallationError, Settings
from store import agreements, cells, chain, counters, journal, ring
from store.chain import ChainKeys
from store.engine import Connection, Database, newest
from store.received import archived
from vault.box import Vault
from vault.keys import Keyring, KeyringError, load_keyring

__all__ = ["ENVIRONMENTS", "InstallationError", "Settings", "Workspace", "open_workspace"]

_INIT = "rollbook init"
_GO_ON = "rollbook restored --requested-by A --reason R"


@dataclass(frozen=True, slots=True)
class Again:
    """What a replay gives the step that it does again: its input's key, and since when it is known (UTC)."""

    key: str
    recorded_at: datetime


def of_file(file: ReceivedFile, **body: Any) -> Input:  # noqa: ANN401  JSON values
    """Return a received file as an input: its key is the file's id, its bytes are in the archive."""
    return Input(file.id, InputKind.FILE, file.received_at, body, file.sha256)


@dataclass(frozen=True, slots=True)
class Workspace:
    """An open installation. `actor` is who acts, for every transaction's record.

    `warning` says why nothing may be written: the store is older than what was published from it, by the numbers
    of `behind`, or the archive lacks the files of `unarchived`; empty in a sound one.
    """

    settings: Settings
    database: Database
    vault: Vault
    actor: Actor
    behind: tuple[Gap, ...] = ()
    unarchived: tuple[str, ...] = ()  # of the first and the newest file received
    warning: str = ""
    today: date | None = None  # the day as on which it works; None: the clock's
    again: Again | None = None  # the step that is done again, in a replay
    trial: bool = False  # nothing of it stays (pipeline.runtime.trials): no people are asked, no leases taken

    @property
    def outbox(self) -> Path:
        """The folder that holds one folder of answers per partner."""
        return self.settings.home / "outbox"

    @property
    def environment(self) -> str:
        """production or test."""
        return self.settings.environment

    def carrier(self) -> Carrier | None:
        """Return ourselves as loaded, or None before any terms were."""
        with self.database.read() as conn:
            return agreements.carrier(conn)

    def zone(self) -> str:
        """Return the plan's time zone."""
        return clock.zone_of(self.carrier())

    def now(self, today: date | None) -> datetime:
        """Return the instant a verb works at (pipeline.runtime.clock)."""
        return clock.instant(today, self.zone())

    def asked(self, kind: InputKind, at: datetime, **body: Any) -> Input:  # noqa: ANN401  JSON values
        """Return what somebody asks for at an instant, as an input of which `step` records what is done.

        `body` holds everything that doing it again needs.
        """
        key = self.again.key if self.again else secrets.token_hex(16)
        return Input(key, kind, at, body)

    def step(
        self,
        conn: Connection,
        purpose: Purpose,
        asked: Input,
        *,
        set_id: int | None = None,
        month: Month | None = None,
        **args: Any,  # noqa: ANN401  JSON values
    ) -> int:
        """Open the step that a transaction is (docs/design.md, Inputs and steps); return its tx.

        `args` say which part of its input it does: ids, codes and counts, nothing about a person.
        """
        assert not chain.of(conn).opened, "a transaction is one step"
        body = json.dumps(asked.body) if asked.body else ""
        stored = journal.Asked(asked, self.vault.fields.seal(body, cells.input_body(asked.key)), self._digest)
        if self.again:
            recorded_at = self.again.recorded_at
        elif self.today is None:
            recorded_at = clock.instant(None, "")
        else:
            recorded_at = clock.instant(self.today, clock.zone_of(agreements.carrier(conn)))
        return journal.open_tx(
            conn,
            asked.received_at,
            self.actor,
            purpose,
            set_id,
            month,
            asked=stored,
            recorded_at=recorded_at,
            args=args,
        )

    @property
    def _digest(self) -> str:
        """Return the digest of the settings that anything goes by."""
        return sha256(self.environment.encode()).hexdigest()[:16]

    def close(self) -> None:
        """Let go of the store."""
        self.database.close()


def open_workspace(settings: Settings, actor: Actor) -> Workspace:
    """Open an installation that `pipeline.setup.installation.init` has made; makes nothing.

    Raises InstallationError where there is none, and where its keys are missing, incomplete or another store's.
    One that is older than what was published from it (pipeline.runtime.marks), or whose archive is gone or older,
    opens for reading alone.
    """
    marked = marks.read(settings.home)  # before the counters: others may raise both meanwhile
    database = Database.open(settings.database_url)
    database.others = partial(leases.others, database)
    try:
        own = _checked(settings, database)
        with database.read() as conn:
            values, ends = counters.values(conn), archived.ends(conn)
        vault = Vault.open(own, settings.home / "archive")
        database.keys = ChainKeys.of(own)
        vault.archive.clear()
        unarchived = tuple(file_id for file_id, sha256 in ends.items() if not vault.archive.has(sha256))
    except BaseException:
        database.close()
        raise
    behind = marks.gaps(marked or {}, values)
    warning = _incomplete(settings.home, behind, unarchived, lost=marked is None and bool(values))
    database.bar(warning)
    return Workspace(settings, database, vault, actor, behind, unarchived, warning)


def _checked(settings: Settings, database: Database) -> Keyring:
    """Return the store's own ring. Raises InstallationError where there is no store, or another ring."""
    if not database.exists() or not (revision := database.revision()):
        raise InstallationError(_nothing_here(settings, database))
    if revision != newest():
        raise InstallationError(f"the store's schema ({revision}) is not this release's: run `{_INIT}`")
    known = sealed_under(database)
    own = ring_of(settings, known)
    if fresh := own.proofs.keys() - known.keys():
        raise InstallationError(
            f"key {', '.join(sorted(fresh))} of the ring is new to this store: run `{_INIT}`, which records it"
        )
    return own


def _incomplete(home: Path, behind: tuple[Gap, ...], unarchived: tuple[str, ...], *, lost: bool) -> str:
    """Say why nothing may be written, empty where it may."""
    what, back = [], []
    if lost:
        what.append(f"{marks.path(home)} is missing, so that nobody can tell whether this store is the newest one")
    elif behind:
        unknown = ", ".join(map(str, behind))
        told = "this store is older than what was published from it, as a restored one is"
        what.append(f"{told}: it lacks {unknown}")
    back += ["store is"] if what else []
    if unarchived:
        what.append(f"{home / 'archive'} lacks {' and '.join(unarchived)}: it was removed, or is an older one")
        back.append("archive is")
    if not what:
        return ""
    return (
        f"{'; '.join(what)}. Nothing is written until the newest {' and the newest '.join(back)} back, or two "
        f"people decide to go on with what is there: `{_GO_ON}`, after which no number is given out a second time"
    )


def sealed_under(database: Database) -> dict[str, str]:
    """Return the proofs of the keys that a store is sealed under, empty for one that was never set up."""
    with database.read() as conn:
        return ring.proofs(conn)


def ring_of(settings: Settings, known: Mapping[str, str]) -> Keyring:
    """Load the key ring and hold it against a store's proofs. Raises InstallationError: what to put back."""
    try:
        own = load_keyring(settings.key_file)
        problem = own.differs(known) if known else ""
    except KeyringError as error:
        problem = str(error)
        if known:
            problem += f", and this store is sealed under {', '.join(known)}"
    if problem:
        raise InstallationError(
            f"{problem}. Nothing was changed. Put the right key file back to {settings.key_file}, or name it with "
            "ROLLBOOK_KEY_FILE or ROLLBOOK_KEYS; without it what this store holds cannot be read"
        )
    return own


def _nothing_here(settings: Settings, database: Database) -> str:
    more = "" if settings.environment == "production" else f" --environment {settings.environment}"
    return (
        f"no installation here: {settings.home} has no store ({database.url}). `{_INIT}{more}` makes one; "
        "another folder is named with --home or ROLLBOOK_HOME"
    )
