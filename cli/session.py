"""What every command shares: --json, --today, --environment, --home; who acts; output; exit codes.

Exit code 0: everything accepted. 1: something rejected, pended or held. 2: usage or infrastructure.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import pwd
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TextIO

import typer
from rich.console import Console

from model.people import Actor, Kind

if TYPE_CHECKING:
    from model.finding import Finding
    from pipeline.runtime.workspace import Settings, Workspace
    from pipeline.views.outcomes import InitView

ACCEPTED, NOT_ALL, BROKEN = 0, 1, 2
PIPED_WIDTH = 140  # columns, where neither a terminal nor COLUMNS says how many there are

P = ParamSpec("P")


class Failure(Exception):
    """A usage or infrastructure error with a message for the person at the keyboard; exit code 2."""


def machine_day() -> date:
    """Return the day by this machine's clock, for what needs no installation."""
    return datetime.now(UTC).astimezone().date()


def parse_day(text: str | None) -> date | None:
    """Read a --today value. Raises Failure when it is not a date."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Failure(f"{text!r} is not a date: write YYYY-MM-DD") from None


def login() -> str:
    """Return whose process this is, by its real user: no option, no environment and no setuid says otherwise."""
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid:{uid}"


def _service(login: str) -> Actor:
    """Return a login that is no person's: it runs what anybody may, and decides nothing."""
    return Actor(Kind.SERVICE, login, "cli", login)


def _at_keyboard(ws: Workspace) -> Actor:
    """Return who works at the keyboard: the enabled operator of the login, else the login as a service."""
    from pipeline.runtime import approvals

    name = approvals.person_of(ws, ws.actor.session)
    return replace(ws.actor, kind=Kind.PERSON, id=name) if name else ws.actor


def width_of(stream: TextIO) -> int | None:
    """Return how many columns a stream has; None: the terminal's, or what COLUMNS says."""
    return None if stream.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH


@dataclass(slots=True)
class Session:
    """One command's surroundings."""

    json: bool
    today: date | None
    environment: str
    home: Path | None
    exit_code: int = ACCEPTED
    troubles: list[Finding] = field(default_factory=list)  # what could not be done or delivered
    _workspace: Workspace | None = None
    _said: set[str] = field(default_factory=set)

    @property
    def console(self) -> Console:
        """Where people read: standard output; standard error when standard output carries JSON."""
        stream = sys.stderr if self.json else sys.stdout
        return Console(stderr=self.json, highlight=False, width=width_of(stream))

    def settings(self) -> Settings:
        """Read the settings of the chosen environment."""
        from pipeline.runtime.workspace import Settings  # the store is not needed for --help

        return Settings.read(self.environment, self.home)

    def workspace(self) -> Workspace:
        """Open the installation, once. Raises Failure where there is none, or its keys are not there."""
        if self._workspace is None:
            from pipeline.runtime.workspace import InstallationError, open_workspace

            try:
                opened = open_workspace(self.settings(), _service(login()))
            except InstallationError as error:
                raise Failure(str(error)) from None
            self._workspace = replace(opened, actor=_at_keyboard(opened), today=self.today)
            self._workspace.database.tell = self._say_once
        return self._workspace

    def install(self) -> InitView:
        """Make the installation or bring it up to date (pipeline.inputs.init). Raises Failure."""
        from pipeline import inputs
        from pipeline.runtime import clock
        from pipeline.runtime.workspace import InstallationError

        settings = self.settings()
        try:
            installed = inputs.init(settings, _service(login()), clock.instant(self.today, clock.DEFAULT_ZONE))
        except InstallationError as error:
            raise Failure(str(error)) from None
        if installed.keys_made:
            self.say_new_keys(settings)
        return installed

    def say_new_keys(self, settings: Settings) -> None:
        """Say loudly that a key file was made."""
        self.console.print(
            f"[yellow]New keys were made in {settings.key_file}.[/] Keep a copy in a safe place: "
            "without them the archive and the SSNs cannot be read."
        )

    def now(self) -> datetime:
        """Return the instant this command works at."""
        return self.workspace().now(self.today)

    def plan_day(self) -> date:
        """Return the day of the work in the plan's zone: --today, or the one of this instant."""
        from pipeline.runtime import clock

        return clock.local_date(self.now(), self.workspace().zone())

    def day(self) -> date:
        """Return the day of the work for what needs no installation: --today, or this machine's."""
        return self.today or machine_day()

    def emit_draft(self, text: str, out: Path | None, written: Callable[[Console], None]) -> None:
        """Write a draft to a file, which `written` tells a person; without a file print it."""
        from pipeline.views.outcomes import DraftView, WrittenView

        if out:
            out.write_text(text)
            self.emit("written", WrittenView(str(out)), written)
        else:
            self.emit("draft", DraftView(text), lambda console: console.out(text, end="", highlight=False))

    def emit(self, schema: str, value: object, show: Callable[[Console], None]) -> None:
        """Print the value, or a list of values, as JSON that names its schema; or show it to a person."""
        if self.json:
            sys.stdout.write(json.dumps(_named(schema, value), indent=1) + "\n")
        else:
            show(self.console)

    def emit_lines(self, schema: str, values: Iterable[object]) -> None:
        """Print values as they come, each as a line of JSON that names its schema."""
        for value in values:
            sys.stdout.write(json.dumps(_named(schema, value)) + "\n")

    def look(
        self,
        command: str,
        members: Iterable[str] = (),
        *,
        group: str = "",
        document: str = "",
        search: str = "",
        why: str = "",
    ) -> None:
        """Record a look at people, before they are shown (pipeline.runtime.looks). Raises Failure: show nobody."""
        from pipeline.runtime import looks

        try:
            looks.record(
                self.workspace(), command, members, group=group, document=document, search=search, why=why
            )
        except OSError as error:
            raise Failure(f"this look cannot be recorded, so that nobody is shown: {error}") from None

    def trouble(self, finding: Finding) -> None:
        """Note what could not be done or delivered: told at the end of the command, once, and in its exit code."""
        if finding not in self.troubles:
            self.troubles.append(finding)

    def tell_troubles(self) -> None:
        """Say what could not be done or delivered, beside any JSON."""
        if self.troubles:
            if any(trouble.severity != "info" for trouble in self.troubles):
                self.exit_code = self.exit_code or NOT_ALL
            from cli import show
            from pipeline.views.findings import finding_values

            show.findings(self.console, finding_values(self.troubles), "\nnot done")

    def close(self) -> None:
        """Let go of the store; say what is wrong with it, unless that is what the command ends with."""
        if self._workspace is None:
            return
        self._workspace.close()
        warning = self._workspace.warning
        if warning and warning != str(sys.exc_info()[1]):
            self._say_once(warning)

    def _say_once(self, words: str) -> None:
        """Say what is in the way, beside any JSON; again only in other words."""
        if words not in self._said:
            self._said.add(words)
            Console(stderr=True, highlight=False).print(f"[yellow]rollbook:[/] {words}", soft_wrap=True)


def _named(schema: str, value: object) -> object:
    from pipeline.views.plain import named

    return named(schema, value)


_SHARED = {
    "as_json": Annotated[bool, typer.Option("--json", help="Print the result as JSON.")],
    "today": Annotated[
        str | None, typer.Option("--today", metavar="DATE", help="Work as on this day (YYYY-MM-DD).")
    ],
    "environment": Annotated[
        str, typer.Option("--environment", help="production, or test: a separate store for test files.")
    ],
    "home": Annotated[
        Path | None,
        typer.Option("--home", readable=False, help="The installation's folder. [env: ROLLBOOK_HOME; ./var]"),
    ],
}
_DEFAULTS: dict[str, object] = {
    "as_json": False,
    "today": None,
    "environment": "production",
    "home": None,
}


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command `(session, ...)` the shared options in place of its session, and its exit code."""
    signature = inspect.signature(function, eval_str=True)
    own = [p for name, p in signature.parameters.items() if name != "session"]

    @functools.wraps(function)
    def run(**values: Any) -> None:  # noqa: ANN401  Typer decides their types
        shared = {name: values.pop(name) for name in _SHARED}
        session = Session(
            json=shared["as_json"],
            today=parse_day(shared["today"]),
            environment=shared["environment"],
            home=shared["home"],
        )
        if session.environment not in ("production", "test"):
            raise Failure("--environment is production or test")
        try:
            function(session, **values)
            session.tell_troubles()
        finally:
            session.close()
        if session.exit_code:
            raise typer.Exit(session.exit_code)

    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=_DEFAULTS[name], annotation=annotation)
        for name, annotation in _SHARED.items()
    ]
    named = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
    run.__signature__ = inspect.Signature([*named, *options])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in (*named, *options)}
    return run
