"""Brings a file's schema up to date; a current file costs two pragmas and no import."""

from __future__ import annotations

import sqlite3

from reviewer.domain.errors import QueueError

from .failures import translated, unwritable

APPLICATION_ID = 0x52565751
"""Marks an SQLite file as a queue of ours ("RVWQ")."""
SCHEMA = 5
"""The number of the newest migration; kept in `user_version`."""


def bring_up_to_date(connection: sqlite3.Connection, path: str) -> None:
    """Checks whose file this is and migrates it in one transaction; raises `QueueError`."""
    try:
        if _version(connection, path) == SCHEMA:
            return
        if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
            raise QueueError(
                f"{path} lies where SQLite cannot share it between processes.",
                "Put the queue on a local disk.",
            )
        _migrate(connection)
    except sqlite3.Error as error:
        raise translated(error, path) from error


def check_current(connection: sqlite3.Connection, path: str) -> None:
    """Raises `QueueError` for a file that would have to be migrated and cannot be written."""
    found = _version(connection, path)
    if found == 0:
        raise unwritable(path)
    if found != SCHEMA:
        raise QueueError(
            f"{path} was written by an older reviewer and cannot be brought up to date: "
            "it cannot be written.",
            "Copy it to a folder that you may write to, or give yourself write permission.",
        )


def _version(connection: sqlite3.Connection, path: str) -> int:
    """0 for an empty file, else its schema number; raises `QueueError` for somebody else's."""
    if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if found > SCHEMA:
            raise QueueError(
                f"{path} was written by a newer reviewer (schema {found}, known {SCHEMA}).",
                "Update reviewer, or choose another file with --queue.",
            )
        return found
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        return 0
    raise QueueError(
        f"{path} is a database of another program.",
        "Choose another file with --queue; nothing in this one was changed.",
    )


def _migrate(connection: sqlite3.Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)

    # the driver is in autocommit mode: the transaction around all steps is begun here
    @event.listens_for(engine, "begin")
    def _begin(_bound: object) -> None:
        connection.execute("BEGIN IMMEDIATE")

    config = Config()
    config.set_main_option("script_location", "backends.sql:migrations")
    try:
        with engine.begin() as bound:
            config.attributes["connection"] = bound
            command.upgrade(config, "head")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA}")
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise error.orig from error
        raise
