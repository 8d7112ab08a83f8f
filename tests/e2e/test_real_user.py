"""Who acts is the process's real user, whoever's rights it works with: as `sudo` with stay_setuid starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from model.people import Operator, Role
from pipeline.runtime.workspace import Workspace
from pipeline.setup import operators
from store import tables
from support.installation import ROOT

NOBODY_S = 64_123  # a user whom the system has no name for
AS = """
import os, sys
os.setresuid({uid}, os.geteuid(), os.geteuid())
from cli.main import main
sys.argv[0] = "rollbook"
main()
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can start a process as another real user")
def test_a_person_acts_with_the_rights_of_another_user(ws: Workspace) -> None:
    """The home is readable for the effective user alone; the environment's names are nobody's."""
    login = f"uid:{NOBODY_S}"
    mira = Operator("Mira", (login,), (Role.SUPERVISOR,))
    assert operators.save(ws, mira, "first", ws.now(None)).changed
    command = ("partner", "add", "acme", "--home", str(ws.settings.home))
    environment = os.environ | {"USER": "root", "LOGNAME": "root", "SUDO_USER": "eve", "ROLLBOOK_ACTOR": "eve"}
    ran = subprocess.run(
        [sys.executable, "-c", AS.format(uid=NOBODY_S), *command],
        cwd=Path(ROOT),
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    with ws.database.read() as conn:
        assert list(conn.scalars(select(tables.tx.c.actor).order_by(tables.tx.c.id))) == ["service tester", "Mira"]
