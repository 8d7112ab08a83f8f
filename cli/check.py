"""The sender's tool: check files before they are sent. Needs no installation, no store and no keys."""

from __future__ import annotations

import errno
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from cli import codes
from cli.session import BROKEN, NOT_ALL, Failure, machine_day, parse_day

if TYPE_CHECKING:
    from model.documents.check import CheckReport
    from pipeline.check.rules import Agreed
    from pipeline.check.run import Asked, Source

_CHUNK = 1 << 20  # bytes a read
_IN_MEMORY = 32 << 20  # bytes of standard input; what is beyond lies in a file without a name until we are done


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("check")(check)


def check(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="834, 820, census, allocations, a bank's files; - reads standard input."
        ),
    ],
    terms: Annotated[
        list[Path] | None,
        typer.Option("--terms", help="A terms file (TOML): ask the group's rules too. Repeatable."),
    ] = None,
    partner: Annotated[
        str,
        codes.option("--partner", "-p", help="Which of the terms' partners sends; default: as ISA06 says."),
    ] = "",
    mapping: Annotated[
        Path | None,
        typer.Option(help="How a lockbox CSV is read, as TOML; default lockbox.toml in the home folder."),
    ] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="The plan's folder, if any. [env: ROLLBOOK_HOME; ./var]")
    ] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="table, json or html.")] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write there instead of printing.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    today: Annotated[
        str | None, typer.Option("--today", metavar="DATE", help="Check as on this day (YYYY-MM-DD).")
    ] = None,
    environment: Annotated[
        str, typer.Option("--environment", help="production, or test: where test files apply.")
    ] = "production",
) -> None:
    """Check files before you send them: what is wrong, where, how to fix it, and how we would answer.

    Nothing is sent, stored or kept. Exit code 0: all would be accepted; 1: something would be rejected or wait
    for a decision; 2: a file could not be opened, or wrong usage.
    """
    from pipeline.check.run import Asked

    form = "json" if as_json else form
    if form not in ("table", "json", "html"):
        raise Failure("--format is table, json or html")
    if environment not in ("production", "test"):
        raise Failure("--environment is production or test")
    on = parse_day(today) or machine_day()
    agreed = _agreed(terms or (), partner)
    asked = Asked(on, agreed, partner, environment, form == "html", _mapping(mapping, home, environment))
    report = _report(files, asked)
    _write(report, form, output)
    _end(report)


def _end(report: CheckReport) -> None:
    """Say what could not be read, and end with the exit code of what was found."""
    for message in report.unread:
        sys.stderr.write(f"rollbook: {message}\n")
    if report.unread:
        raise typer.Exit(BROKEN)
    if not report.clean:
        raise typer.Exit(NOT_ALL)


def _agreed(paths: Iterable[Path], partner: str) -> Agreed | None:
    """Read the terms files. Raises Failure when one cannot be used."""
    loaded = []
    for path in paths:
        from parsers.terms.text import load

        try:
            file, findings = load(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise Failure(f"{path} cannot be read: {_plain(error)}") from None
        if file is None:
            faults = "\n".join(f"  {finding.where.text()}: {finding.message}" for finding in findings)
            raise Failure(f"{path} has errors:\n{faults}")
        loaded.append(file)
    if not loaded:
        if partner:
            raise Failure("--partner chooses among the partners of --terms")
        return None
    from pipeline.check.rules import Agreed

    agreed = Agreed.of(loaded)
    codes = [partner.code for partner in agreed.partners]
    if partner and partner not in codes:
        raise Failure(f"the terms have no partner {partner}; they have {', '.join(codes) or 'none'}")
    return agreed


def _mapping(path: Path | None, home: Path | None, environment: str) -> str:
    """Return a lockbox's mapping as TOML, else the home folder's, if there is one; a wrong one raises Failure."""
    from parsers.bank.lockbox import MappingError, mapping
    from pipeline.runtime.settings import Settings

    try:
        if path is None:
            return Settings.read(environment, home).lockbox
        text = path.read_text("utf-8")
        mapping(text)
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path or 'lockbox.toml'} cannot be read: {_plain(error)}") from None
    except MappingError as error:
        raise Failure(str(error)) from None
    return text


def _report(names: list[str], asked: Asked) -> CheckReport:
    """Check every file that can be read; say of the others why not."""
    from model.agreement.terms import Contact
    from model.documents.check import CheckReport
    from pipeline.check.run import check

    agreed, on = asked.agreed, asked.today
    done, unread = [], []
    for name in names:
        try:
            with _source(name) as source:
                done.append(check(source, asked))
        except OSError as error:
            unread.append(f"{name} cannot be read: {_plain(error)}")
    carrier = agreed.carrier if agreed else None
    return CheckReport(
        tuple(done),
        on,
        tuple(agreed.terms) if agreed else (),
        carrier.name if carrier else "Rollbook",
        carrier.contact if carrier else Contact(),
        tuple(unread),
    )


def _plain(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or "it broke off") if isinstance(error, OSError) else "it is not UTF-8 text"


@contextmanager
def _source(name: str) -> Iterator[Source]:
    """Open one argument for as many readings as a check needs; what can be read only once is laid aside."""
    from pipeline.check.run import Source

    with ExitStack() as stack:
        given = _standard_input() if name == "-" else stack.enter_context(Path(name).open("rb"))
        file: IO[bytes] = given
        path = None if name == "-" else Path(name)
        if not given.seekable() or name == "-":
            file = stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
            while chunk := given.read(_CHUNK):
                file.write(chunk)
            path = None

        def chunks() -> Iterator[bytes]:
            file.seek(0)
            while chunk := file.read(_CHUNK):
                yield chunk

        yield Source("standard input" if name == "-" else Path(name).name, chunks, path)


def _standard_input() -> IO[bytes]:
    if sys.stdin is None:  # a process may be started without one
        raise OSError(errno.EBADF, "it is closed")
    return sys.stdin.buffer


def _write(report: CheckReport, form: str, output: Path | None) -> None:
    if form == "table":
        from cli.check_table import show

        with output.open("w", encoding="utf-8") if output else nullcontext(sys.stdout) as stream:
            show(report, stream)
        return
    data = _as_json(report) if form == "json" else _as_page(report)
    if output:
        output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)


def _as_json(report: CheckReport) -> bytes:
    from pipeline.views.checked import checked
    from pipeline.views.plain import named

    return (json.dumps(named("check", checked(report)), indent=1) + "\n").encode()


def _as_page(report: CheckReport) -> bytes:
    from writers.reports import check_page

    return check_page.render(report).data
