"""The demo: a server of its own, the story told as flow runs against it (flows.tell), both gone at the end.

python -m flows.demo, started by `rollbook demo`; standard output is flows.tell's. The story is a process of its
own, so that Prefect's last logs and events are sent before the server goes.
"""

from __future__ import annotations

import signal
import subprocess
import sys

from flows import ops
from pipeline.runtime.workspace import Settings


def main(arguments: list[str]) -> int:
    """Tell the story in ROLLBOOK_HOME. Returns flows.tell's exit code, 2 when the server did not come up."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # else the server would outlive us
    home, port = Settings.read().home.resolve(), ops.free_port()
    try:
        with ops.server_alone(home, port):
            command = [sys.executable, "-m", "flows.tell", *arguments]
            return subprocess.run(command, env=ops.environment(home, port), check=False).returncode
    except ops.NotStarted as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130  # whoever stopped us knows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
