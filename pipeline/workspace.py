"""Where one installation lives: its home folder, store, keys, archive and outbox."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from model.terms import Carrier
from pipeline import clock
from store import agreements
from store.engine import Database
from vault.box import Vault
from vault.keys import KeyringError, load_keyring, new_keyring, save_keyring

DEFAULT_HOME = "./var"

# Errors whose text is ours or the operating system's, and so may be shown to the person at the keyboard.
SAFE_ERRORS = (KeyringError, OSError)


@dataclass(frozen=True, slots=True)
class Settings:
    """ROLLBOOK_HOME, ROLLBOOK_DATABASE_URL, ROLLBOOK_KEY_FILE, and the environment's name."""

    home: Path
    database_url: str
    key_file: Path
    environment: str = "production"

    @classmethod
    def read(cls, environment: str = "production", home: Path | None = None) -> Settings:
        """Read the settings. The test environment has its own folder and store beside production's."""
        root = home or Path(os.environ.get("ROLLBOOK_HOME") or DEFAULT_HOME)
        own = root if environment == "production" else root / environment
        variable = "ROLLBOOK_DATABASE_URL" + ("" if environment == "production" else f"_{environment.upper()}")
        url = os.environ.get(variable) or f"sqlite:///{own.resolve() / 'rollbook.db'}"
        keys = Path(os.environ.get("ROLLBOOK_KEY_FILE") or root / "keys.json")
        return cls(own, url, keys, environment)


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


def prepare(settings: Settings) -> bool:
    """Create home, keys and store where they are missing, and bring the schema up to date: cheap when they are.

    Returns True when a new key file was made: the caller must say so, since losing it loses the archive.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    made = False
    if not settings.key_file.exists() and "ROLLBOOK_KEYS" not in os.environ:
        settings.key_file.parent.mkdir(parents=True, exist_ok=True)
        save_keyring(new_keyring(), settings.key_file)
        made = True
    database = Database.open(settings.database_url)
    try:
        if not database.is_current():
            database.upgrade()
    finally:
        database.close()
    return made


def open_workspace(settings: Settings, actor: str) -> Workspace:
    """Open an installation that `prepare` has made. Raises KeyringError without keys."""
    ring = load_keyring(settings.key_file)
    return Workspace(
        settings, Database.open(settings.database_url), Vault.open(ring, settings.home / "archive"), actor
    )
