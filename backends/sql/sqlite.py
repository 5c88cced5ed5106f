"""SQLite: one file, WAL, one writer at a time behind the gate, one gated checkpointer.

Sources: sqlite.org/wal.html, sqlite.org/pragma.html, sqlite.org/lang_transaction.html.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reviewer.domain.errors import QueueError
from reviewer.domain.state import UNDO_WINDOW

from . import failures, search
from .gate import Gate
from .in_force import Policies
from .migrate import bring_up_to_date
from .prepared.sqlite import SQL

CHECKPOINT_ROWS = 6_000
"""The log is folded into the file when this process has written so many rows (about 40 MiB).

Seldom enough that no more than one claim in a hundred waits for it.
"""
LOG_BYTES = 64 * 1024 * 1024
"""The log is cut to this when it starts anew; twice as much is folded at once, whoever wrote it."""
_CACHE_KIB = 32 * 1024


class SqliteSyntax:
    """SQLite's own ways of writing."""

    def using(self, index: str) -> str:
        """SQLite's planner has no statistics here, so it is told."""
        return f" INDEXED BY {index}"

    def holds(self, text: str, part: str) -> str:
        """LIKE would not tell Anna from anna."""
        return f"instr({text}, {part}) > 0"

    def matching(self) -> str:
        """The full-text index; its row numbers are the artifacts'."""
        return "SELECT rowid FROM artifact_search WHERE artifact_search MATCH :words"

    def matches(self) -> str:
        """One seek in the full-text index."""
        where = "artifact_search MATCH :words AND f.rowid = a.id"
        return f"EXISTS (SELECT 1 FROM artifact_search AS f WHERE {where})"

    def matched(self) -> str:
        """CROSS JOIN keeps the order: the index runs backwards by row number, then one look-up."""
        return "artifact_search AS f CROSS JOIN artifact AS a ON f.rowid = a.id"

    def match(self, words: Sequence[str], prefixes: bool) -> str:
        """FTS5's query language, with every token quoted."""
        return search.fts5(words, prefixes)

    def index_text(self, text: str) -> str:
        """unicode61 splits at blanks only; scripts without them are split here."""
        return search.spaced(text)


SYNTAX = SqliteSyntax()


class Sqlite:
    """The dialect for a file at an absolute path.

    `synchronous` is `full` (decisions are records) or `normal`; `patience` is how long to wait for
    others, in seconds; `clock_offset` moves the clock, in microseconds, for tests.
    """

    name = "sqlite"
    read_only = False
    readers = 2
    sql: Mapping[str, str] = SQL
    syntax = SYNTAX

    def __init__(
        self,
        path: str,
        synchronous: str,
        patience: float,
        clock_offset: int = 0,
        undo_window: int = UNDO_WINDOW,
    ) -> None:
        self.place = path
        self._real = os.path.realpath(path)
        self.patience = patience
        self.clock_offset = clock_offset
        self.undo_window = undo_window
        self.policies = Policies()
        self._synchronous = synchronous
        self._gate: Gate | None = None
        self._folded_at = 0
        self._file = (0, 0)

    def prepare(self) -> None:
        """Opens the gate, checks that the file is ours and migrates it; raises `QueueError`."""
        self._check_place()
        try:
            self._gate = Gate(self._real)
        except OSError as error:
            raise failures.unwritable(self.place) from error
        with self._gate:
            connection = self._connect("rwc")
            try:
                bring_up_to_date(connection, self.place)
            finally:
                connection.close()
            self._file = self._identity()

    def connect_writer(self) -> sqlite3.Connection:
        """A connection that writes; the gate is held while the log is recovered."""
        with self._held():
            self._check_file()
            connection = self._connect("rw")
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
            return connection

    def connect_reader(self) -> sqlite3.Connection:
        """A connection that cannot write."""
        connection = self.connect_writer()
        connection.execute("PRAGMA query_only = ON")
        return connection

    def disconnect(self, connection: sqlite3.Connection) -> None:
        """Closes under the gate, for the last one to close folds the log into the file."""
        with contextlib.suppress(sqlite3.Error, OSError), self._held():
            connection.close()

    def interrupt(self, connection: sqlite3.Connection) -> None:
        """sqlite3_interrupt(); does nothing between two statements."""
        connection.interrupt()

    def now(self) -> int:
        """The system's clock, which is SQLite's own; read nowhere else."""
        return time.time_ns() // 1000 + self.clock_offset

    @contextlib.contextmanager
    def writing(self, connection: sqlite3.Connection, begin: Callable[[], bool]) -> Iterator[bool]:
        """BEGIN IMMEDIATE inside the gate: nobody of ours is ever met there."""
        with self._held():
            if not begin():
                yield False
                return
            self._check_file()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield True
                connection.execute("COMMIT")
            except BaseException:
                # a full disk may have rolled back by itself
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def reading(self, connection: sqlite3.Connection) -> Iterator[None]:
        """A snapshot; it ends with the block, for an open one makes the log grow."""
        self._check_file()
        if connection.in_transaction:  # the end of the last one was interrupted
            connection.execute("ROLLBACK")
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("COMMIT")

    def after_commit(self, connection: sqlite3.Connection) -> None:
        """Folds a long log into the file, now and then; a failure here loses nothing."""
        try:
            # a log that was folded is written from its start again, its size tells nothing then
            rows = connection.total_changes - self._folded_at
            if rows < CHECKPOINT_ROWS and os.stat(self._real + "-wal").st_size < 2 * LOG_BYTES:
                return
            self._folded_at = connection.total_changes
            with self._held():
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except (OSError, sqlite3.Error):
            return

    def translated(self, error: Exception) -> Exception:
        """Driver errors as sentences."""
        if isinstance(error, sqlite3.Error) and not isinstance(error, sqlite3.ProgrammingError):
            return failures.translated(error, self.place)
        return error

    def is_duplicate(self, error: Exception) -> bool:
        """SQLITE_CONSTRAINT_UNIQUE."""
        return getattr(error, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_UNIQUE"

    def busy(self) -> Exception:
        """Another process is in the gate for longer than `patience`."""
        return failures.locked(self.place)

    def store_search(self, connection: Any, number: int, text: str) -> None:
        """The index has external content: the text itself stands in the body."""
        connection.execute(
            "INSERT INTO artifact_search (rowid, search) VALUES (:id, :text)",
            {"id": number, "text": text},
        )

    def facts(self, connection: Any) -> dict[str, Any]:
        """Version, sizes and a quick check of the file."""
        pages, size, version = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "page_size", "user_version")
        )
        log = self._real + "-wal"
        return {
            "engine": "sqlite",
            "version": sqlite3.sqlite_version,
            "schema": version,
            "file": self.place,
            "bytes": pages * size,
            "log_bytes": os.stat(log).st_size if os.path.exists(log) else 0,
            "synchronous": self._synchronous,
            "read_only": self.read_only,
            "check": connection.execute("PRAGMA quick_check(1)").fetchone()[0],
        }

    def close(self) -> None:
        """Gives the gate's handles back."""
        if self._gate is not None:
            self._gate.close()

    def _held(self) -> Gate:
        if self._gate is None:
            raise QueueError("The queue is not open.")
        return self._gate

    def _check_file(self) -> None:
        """An open file lives on when it is removed: what is written then would be lost unseen."""
        if self._identity() != self._file:
            raise QueueError(
                f"The queue file {self.place} was moved or replaced since it was opened.",
                "Open it again; what was decided meanwhile was not stored.",
            )

    def _check_place(self) -> None:
        folder = os.path.dirname(self.place)
        if not os.path.isdir(folder):
            raise QueueError(
                f"The folder {folder} does not exist.", "Make it, or choose another --queue."
            )
        if os.path.isdir(self.place):
            raise QueueError(
                f"{self.place} is a folder, not a queue file.", "Name a file in it, e.g. queue.db."
            )
        if os.path.exists(self.place) and not os.access(self.place, os.W_OK):
            raise failures.unwritable(self.place)

    def _connect(self, mode: str) -> sqlite3.Connection:
        """A connection; only in mode `rwc` a file is made where there is none."""
        try:
            connection = sqlite3.connect(
                f"{Path(self.place).as_uri()}?mode={mode}",
                uri=True,
                timeout=self.patience,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            # checkpoints are ours alone, inside the gate
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("PRAGMA temp_store = MEMORY")
        except sqlite3.Error as error:
            raise failures.translated(error, self.place) from error
        return connection

    def _identity(self) -> tuple[int, int]:
        """Which file stands at the path; zeros where there is none."""
        try:
            found = os.stat(self._real)
        except OSError:
            return (0, 0)
        return (found.st_dev, found.st_ino)
