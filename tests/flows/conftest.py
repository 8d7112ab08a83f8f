"""A Prefect server for the flow tests, one a session, in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from support.fixtures import bare_home, home, ws

__all__ = ["bare_home", "home", "prefect_server", "ws"]

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_LOGGING_TO_API_ENABLED": "true",  # what a run logs must stand in the server, to be searched
    "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL": "WARNING",  # as in flows.ops.environment
    "PREFECT_LOGGING_LOGGERS_PREFECT_TASK_RUNS_LEVEL": "WARNING",
    "DO_NOT_TRACK": "1",
}


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """Start the harness; importing Prefect takes its settings from the environment."""
    os.environ.update(QUIET)
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield
