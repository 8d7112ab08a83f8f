"""A Prefect server for the flow tests, one for all of them, in a folder of its own."""

from __future__ import annotations

import os
from contextlib import ExitStack

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


_running = ExitStack()


@pytest.fixture(scope="session")
def prefect_server() -> None:
    """Start the harness; importing Prefect takes its settings from the environment."""
    os.environ.update(QUIET)
    from prefect.testing.utilities import prefect_test_harness

    _running.enter_context(prefect_test_harness(server_startup_timeout=120))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Stop it after the last test of this folder: idle, it costs as much as they do while all others run."""
    if nextitem is None or not nextitem.nodeid.startswith("tests/flows/"):
        _running.close()
