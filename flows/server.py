"""The Prefect server as we start it: python -m flows.server, with the settings of flows.ops.

Without Prefect's second user interface, which calls an analytics host: its setting only chooses which of the two
comes first, and both are served. What is not there is not served (prefect.server.api.server.create_ui_app).
"""

from __future__ import annotations

import sys

import prefect
from prefect.cli import app

if __name__ == "__main__":
    prefect.__ui_v2_static_path__ = prefect.__module_path__ / "no-second-ui"
    sys.argv = ["prefect", "server", "start"]
    app()
