"""PDF pages: a typst template, data as JSON in `sys.inputs`, no system font, no clock: always the same bytes.

The compiler keeps much of what it made: ten documents of 200 subscribers left 200 MB behind, one of 10,000 took
1.4 GB. So what is large is compiled by `python -m writers.forms.page TEMPLATE BYTES`: data on standard input, the
PDF on standard output, and nothing else.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from importlib import resources

# What Geist cannot show. A sender's text may hold anything; an accessible PDF with such a character is refused.
_UNSHOWN = re.compile(r"[^\t\n\x20-\x7e\xa0-\u024f\u2010-\u2027\u2030-\u203a\u20ac\u2122\u2190-\u2193\u2212]")
MOST = 1 << 30  # bytes of address space; 100 pages take half of it
ON_PAGES = 1_000  # of a list that grows, what the pages show: about 50 of them; the CSV has all
LARGE = 1 << 15  # characters of data that are compiled in a process of their own: about 5 pages


class TooLargeError(RuntimeError):
    """A document that cannot be made within MOST, or at which the compiler broke."""


def more(what: str, count: int, elsewhere: str) -> str:
    """Say that the pages list the first of so many, and where all are; nothing where the pages have all."""
    return f"The first {ON_PAGES:,} of {count:,} {what} are listed here. {elsewhere}" if count > ON_PAGES else ""


def pdf(template: str, view: Mapping[str, object]) -> bytes:
    """Return a template filled with finished texts, as PDF.

    `view` holds only JSON values; the template neither computes nor formats. Texts are set as they are, never
    read as markup; a character that the font does not have becomes a question mark. Raises typst.TypstError when
    the template is wrong, which is a bug, and TooLargeError.
    """
    return typeset(template, json.dumps(_shown(view)))


def _shown(value: object) -> object:
    """Return a JSON value with texts that the font can show."""
    if isinstance(value, str):
        return _UNSHOWN.sub("?", unicodedata.normalize("NFC", value))
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(item) for item in value]
    return value


def typeset(template: str, data: str) -> bytes:
    """Return a template filled with JSON data, as PDF. Raises typst.TypstError, TooLargeError."""
    if len(data) < LARGE:
        return _compiled(template, data)
    command = [sys.executable, "-m", __name__, template, str(MOST)]
    done = subprocess.run(command, input=data.encode(), capture_output=True, check=False)
    if done.returncode:
        raise TooLargeError(f"the compiler ended with {done.returncode}")
    return done.stdout


def _compiled(template: str, data: str) -> bytes:
    """Compile in this process: no system font, no clock, so that the bytes are always the same."""
    import typst  # 80 MB of compiler: only where a PDF is made

    with resources.as_file(resources.files("writers")) as home:
        return typst.compile(
            home / "templates" / f"{template}.typ",
            root=home,
            font_paths=[home / "fonts"],
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            format="pdf",
            pdf_standards=["ua-1"],
        )


def main() -> None:
    """Compile what comes on standard input, in bounded memory."""
    import resource

    template, most = sys.argv[1], int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    sys.stdout.buffer.write(_compiled(template, sys.stdin.buffer.read().decode()))


if __name__ == "__main__":
    main()
