"""A page in a real browser, headless: Chromium over its debugging pipe, without any library for it.

Needs chromium. Without it tests skip, and say which command installs it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)


class Page:
    """An open page. `refused`: what its content policy has kept from running or loading."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = os.fdopen(to, "wb", buffering=0), os.fdopen(back, "rb", buffering=0)
        self._number, self._rest, self._session = 0, b"", ""
        self.refused: list[str] = []
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page.enable", "Log.enable"):
            self._ask(domain)

    def open(self, path: Path) -> None:
        """Load a file to its end."""
        self._ask("Page.navigate", url=path.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            continue

    def narrow(self, width: int) -> None:
        """Show it as a telephone of so many pixels does."""
        size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": True}
        self._ask("Emulation.setDeviceMetricsOverride", **size)

    def run(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript; the debugger's own is not held by the page's policy."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def close(self) -> None:
        """Let the browser end by itself: killed, its helpers would still write into its profile."""
        self._session = ""
        self._ask("Browser.close")
        self._to.close()
        self._back.close()

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        message |= {"sessionId": self._session} if self._session else {}
        self._to.write(json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            continue
        assert "error" not in answer, answer
        return dict(answer["result"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = self._back.read(1 << 16)
            assert more, "the browser is gone"
            self._rest += more
        text, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        if message.get("method") == "Log.entryAdded":
            self.refused.append(message["params"]["entry"]["text"])
        return message


@contextmanager
def browser() -> Iterator[Page]:
    """A page in a browser of its own, gone at the end."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("needs chromium: apt-get install chromium")
    (theirs, to), (back, ours) = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory(prefix="rollbook-browser-", ignore_cleanup_errors=True) as profile:
        command = [program, *SWITCHES, f"--user-data-dir={profile}"]
        process = _started(command, theirs, ours)
        try:
            page = Page(to, back)
            yield page
            page.close()
            process.wait(60)
        finally:
            with suppress(ProcessLookupError):  # all of it has ended
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _started(command: list[str], reads: int, writes: int) -> subprocess.Popen[bytes]:
    """Start the browser, which reads from descriptor 3 and writes to 4."""

    def place() -> None:
        spare = os.dup(writes)  # 3 may be what it writes to
        os.dup2(reads, 3)
        os.dup2(spare, 4)
        for descriptor in (3, 4):
            os.set_inheritable(descriptor, True)

    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=place,
        close_fds=False,
        start_new_session=True,
    )
    os.close(reads)
    os.close(writes)
    return process
