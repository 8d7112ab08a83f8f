"""The installation: only `init` makes one, its keys included; opening one holds its keys against its store.

A store keeps a proof of each key that it is sealed under (store.ring). Without that, new keys would be made for
whoever lost theirs: the same person would get other tokens, be enrolled twice and be billed twice.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime

from model.journal import Act, Purpose
from model.people import Actor
from pipeline.runtime import marks
from pipeline.runtime.workspace import ENVIRONMENTS, InstallationError, Settings, ring_of, sealed_under
from pipeline.views.outcomes import InitView
from store import counters, guards, journal, ring
from store.chain import ChainKeys
from store.engine import Connection, Database
from vault import disk
from vault.keys import Keyring, new_keyring, save_keyring


def init(settings: Settings, actor: Actor, now: datetime) -> InitView:
    """Make the installation where there is none, bring an older schema up to date, record new keys of the ring.

    Keys are made only where no store of this home was ever sealed and nothing lies in its archive or its outbox.
    Raises InstallationError where the ring is lost or not the store's; then nothing was changed.
    """
    made = _make_keys(settings)
    database = Database.open(settings.database_url)
    try:
        there = database.exists() and bool(database.revision())
        if not there:
            _refuse_orphans(settings)
        known = sealed_under(database) if there else {}
        own = ring_of(settings, known)
        _close_to_others(settings)
        if not there or not database.is_current():
            database.upgrade()
        with database.read() as conn:
            values = counters.values(conn)
        if not values:  # a new store: nothing was published from it yet
            marks.raise_to(settings.home, {})
        elif own.proofs.keys() - known.keys():
            _keep_the_gap(settings, values)
        database.keys = ChainKeys.of(own)
        recorded = database.change(lambda conn: {guards.STORE}, lambda conn: _record(conn, own, actor, now))
    finally:
        database.close()
    return InitView(str(settings.home), settings.environment, made, recorded)


def _keep_the_gap(settings: Settings, values: Mapping[str, int]) -> None:
    """Have an older store stay known as one, though keys are recorded in it: that is a step, like one it lost."""
    known = marks.read(settings.home) or {}
    if marks.gaps(known, values):
        marks.raise_to(settings.home, {counters.STEPS: known.get(counters.STEPS, 0) + 1})


def _make_keys(settings: Settings) -> bool:
    """Make the key file unless there are keys. Raises InstallationError where there must have been some."""
    if settings.key_file.exists() or "ROLLBOOK_KEYS" in os.environ:
        return False
    for beside in map(settings.beside, ENVIRONMENTS):
        database = Database.open(beside.database_url)
        try:
            if database.exists() and database.revision() and (known := sealed_under(database)):
                ring_of(settings, known)  # raises: there is no key file
        finally:
            database.close()
        _refuse_orphans(beside)
    disk.make_folder(settings.key_file.parent)
    save_keyring(new_keyring(), settings.key_file)
    return True


def _close_to_others(settings: Settings) -> None:
    """Make the home; what lies there is for its owner and group only, whatever an earlier umask left open."""
    disk.make_folder(settings.home)
    for folder in (settings.home, settings.home / "outbox", settings.home / "archive"):
        if os.path.lexists(folder):
            disk.close_to_others(disk.make_folder(folder))


def _refuse_orphans(settings: Settings) -> None:
    """Raise InstallationError where another store's work lies: a new one would give its numbers out again."""
    archive, outbox = settings.home / "archive", settings.home / "outbox"
    if archive.is_dir() and any(archive.iterdir()):
        told = f"files lie in {archive} that another store received"
    elif marks.read(settings.home):
        told = f"{marks.path(settings.home)} knows of what another store published"
    elif outbox.is_dir() and any(not path.is_dir() for path in outbox.rglob("*")):
        told = f"documents lie in {outbox} that another store published (or move that folder away)"
    else:
        return
    raise InstallationError(f"{told}: put that store back, or choose another home")


def _record(conn: Connection, own: Keyring, actor: Actor, now: datetime) -> tuple[str, ...]:
    known = ring.proofs(conn)
    if not known and ring.in_use(conn):
        raise InstallationError(
            "this store holds data and no check of its keys: it was not made by `rollbook init`"
        )
    fresh = {key_id: proof for key_id, proof in own.proofs.items() if key_id not in known}
    if fresh:
        ring.record(conn, fresh)
    if fresh and known:
        tx = journal.open_tx(conn, now, actor, Purpose.RECORD_KEYS)
        journal.audit(conn, tx, Act.KEYS_RECORDED, ", ".join(fresh))
    return tuple(fresh)
