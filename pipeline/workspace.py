"""Where one installation lives: its home folder, store, keys, archive and outbox."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from model.terms import Carrier
from pipeline import clock
from store import agreements, ring
from store.engine import Database
from vault.box import Vault
from vault.keys import Keyring, KeyringError, load_keyring

DEFAULT_HOME = "./var"
ENVIRONMENTS = ("production", "test")
_INIT = "rollbook init"


class InstallationError(Exception):
    """Nothing can be done here before a person has done something; the text says what. Exit code 2."""


@dataclass(frozen=True, slots=True)
class Settings:
    """ROLLBOOK_HOME, ROLLBOOK_DATABASE_URL, ROLLBOOK_KEY_FILE, and the environment's name."""

    home: Path
    database_url: str
    key_file: Path
    environment: str = "production"

    @classmethod
    def read(cls, environment: str = "production", home: Path | None = None) -> Settings:
        """Read the settings. The test environment has its own folder and store beside production's.

        Raises InstallationError for an environment that is none of ours: it would name a folder elsewhere.
        """
        if environment not in ENVIRONMENTS:
            raise InstallationError(f"the environment is {' or '.join(ENVIRONMENTS)}")
        root = home or Path(os.environ.get("ROLLBOOK_HOME") or DEFAULT_HOME)
        own = root if environment == "production" else root / environment
        variable = "ROLLBOOK_DATABASE_URL" + ("" if environment == "production" else f"_{environment.upper()}")
        url = os.environ.get(variable) or f"sqlite:///{own.resolve() / 'rollbook.db'}"
        keys = Path(os.environ.get("ROLLBOOK_KEY_FILE") or root / "keys.json")
        return cls(own, url, keys, environment)

    def beside(self, environment: str) -> Settings:
        """Return the settings of an environment of the same home: they share one key file."""
        if environment == self.environment:
            return self
        root = self.home if self.environment == "production" else self.home.parent
        return replace(Settings.read(environment, root), key_file=self.key_file)


@dataclass(frozen=True, slots=True)
class Workspace:
    """An open installation. `actor` is who acts, for every transaction's record."""

    settings: Settings
    database: Database
    vault: Vault
    actor: str

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
        """Return the instant a verb works at (pipeline.clock)."""
        return clock.instant(today, self.zone())

    def close(self) -> None:
        """Let go of the store."""
        self.database.close()


def open_workspace(settings: Settings, actor: str) -> Workspace:
    """Open an installation that `pipeline.installation.init` has made; makes nothing.

    Raises InstallationError where there is none, and where its keys are missing, incomplete or another store's.
    """
    database = Database.open(settings.database_url)
    try:
        if not database.exists() or not (revision := database.revision()):
            raise InstallationError(_nothing_here(settings, database))
        if not database.is_current():
            raise InstallationError(f"the store's schema ({revision}) is not this release's: run `{_INIT}`")
        known = sealed_under(database)
        own = ring_of(settings, known)
        if fresh := own.proofs.keys() - known.keys():
            raise InstallationError(
                f"key {', '.join(sorted(fresh))} of the ring is new to this store: run `{_INIT}`, which records it"
            )
    except BaseException:
        database.close()
        raise
    vault = Vault.open(own, settings.home / "archive")
    vault.archive.clear()
    return Workspace(settings, database, vault, actor)


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
