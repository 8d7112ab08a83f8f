"""The demo: a server of its own, the story told as flow runs against it (flows.tell), both gone at the end.

python -m flows.demo, started by `rollbook demo`. On standard output it says one JSON value a line: {"doing": ...}
while it works, and {"page": ..., "steps": [...]} at the end. Prefect is imported when its settings stand in the environment.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from dataclasses import asdict

from flows import ops
from pipeline.workspace import Settings


def say(value: dict[str, object]) -> None:
    """Tell whoever started us."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Tell the story in ROLLBOOK_HOME. Returns the exit code: 2 when the server did not come up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", default="production")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # else the server would outlive us
    home, port = Settings.read().home.resolve(), ops.free_port()
    os.environ.update(ops.environment(home, port))
    say({"doing": "starting a Prefect server"})
    try:
        with ops.server_alone(home, port):
            from flows import tell  # needs the settings above, and a second

            page, happenings = asyncio.run(tell.story(chosen.environment, lambda what: say({"doing": what})))
    except ops.NotStarted as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    steps = [asdict(one) | {"day": str(one.day)} for one in happenings]
    say({"page": str(page), "steps": steps})
    return 0


if __name__ == "__main__":
    sys.exit(main())
