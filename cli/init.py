"""Setting up: init."""

from __future__ import annotations

import typer
from rich.console import Console

from cli.session import Session, command


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("init")(init)


@command
def init(session: Session) -> None:
    """Create the home folder, the keys and the store; or bring an older store up to date, and record new keys.

    Nothing else creates any of them. `--environment test` makes the test store beside production's, under the same
    keys.
    """
    value, settings = session.install(), session.settings()

    def people(console: Console) -> None:
        for key_id in value.keys_recorded:
            console.print(f"Key {key_id} is recorded: this store opens with it.")
        console.print(f"Ready: {value.home} ({value.environment}), under the keys of {settings.key_file}")

    session.emit("init", value, people)
