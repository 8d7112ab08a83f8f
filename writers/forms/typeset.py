"""The PDF compiler: in this process, or in one of its own whose memory is bounded.

It keeps much of what it made: ten documents of 200 subscribers left 200 MB behind, one of 10,000 took 1.4 GB. So
what is large is compiled by `python -m writers.forms.typeset TEMPLATE BYTES`: data on standard input, the PDF on
standard output, and nothing else.
"""

from __future__ import annotations

import subprocess
import sys
from importlib import resources

MOST = 1 << 30  # bytes of address space; 100 pages take half of it
LARGE = 1 << 15  # characters of data that are compiled in a process of their own: about 5 pages


class TooLargeError(RuntimeError):
    """A document that cannot be made within MOST, or at which the compiler broke."""


def typeset(template: str, data: str) -> bytes:
    """Return a template filled with JSON data, as PDF. Raises typst.TypstError, TooLargeError."""
    if len(data) < LARGE:
        return compiled(template, data)
    command = [sys.executable, "-m", __name__, template, str(MOST)]
    done = subprocess.run(command, input=data.encode(), capture_output=True, check=False)
    if done.returncode:
        raise TooLargeError(f"the compiler ended with {done.returncode}")
    return done.stdout


def compiled(template: str, data: str) -> bytes:
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
    sys.stdout.buffer.write(compiled(template, sys.stdin.buffer.read().decode()))


if __name__ == "__main__":
    main()
