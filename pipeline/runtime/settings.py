"""Where an installation lives, from the environment and the command line."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

DEFAULT_HOME = "./var"
ENVIRONMENTS = ("production", "test")
LOCKBOX = "lockbox.toml"  # in the home folder: how a lockbox's CSV is read


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
        url = os.environ.get(variable) or f"sqlite:///{own.absolute() / 'rollbook.db'}"
        keys = Path(os.environ.get("ROLLBOOK_KEY_FILE") or root / "keys.json")
        return cls(own, url, keys, environment)

    @property
    def lockbox(self) -> str:
        """Return the home folder's mapping of a lockbox (LOCKBOX) as TOML, empty where it has none."""
        path = self.home / LOCKBOX
        return path.read_text("utf-8", "replace") if path.is_file() else ""

    def beside(self, environment: str) -> Settings:
        """Return the settings of an environment of the same home: they share one key file."""
        if environment == self.environment:
            return self
        root = self.home if self.environment == "production" else self.home.parent
        return replace(Settings.read(environment, root), key_file=self.key_file)
