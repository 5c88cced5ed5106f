"""SQLite files that may be read and not written: a backup, a mount, somebody else's queue.

Nothing is made beside the file, for its owner could not use a log of ours, and the gate is not
taken.  Where nobody has it open there is no log to share: it is then read as a file that nobody
changes (`immutable`), and every read makes sure that nobody did.

Sources: sqlite.org/wal.html, "Read-Only Databases"; sqlite.org/uri.html.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from reviewer.domain.errors import QueueError

from . import failures
from .migrate import check_current
from .sqlite import Sqlite

_BESIDE = ("-wal", "-shm", ".gate", ".turn")
_Stamp = tuple[int, int, int]


def writable(path: str) -> bool:
    """Whether a queue at this path can be written; a file that is not there yet may be made."""
    if not os.path.exists(path):
        return True
    if not os.access(path, os.W_OK):
        return False
    folder = os.access(os.path.dirname(os.path.realpath(path)), os.W_OK)
    return folder or all(os.access(os.path.realpath(path) + end, os.W_OK) for end in _BESIDE)


class ReadOnlySqlite(Sqlite):
    """The same queue, every write refused with one sentence."""

    read_only = True
    _stamp: _Stamp | None = None
    """What the file looked like when it was opened as one that nobody changes: time and sizes."""

    def prepare(self) -> None:
        """Checks that the file is ours, current and readable; raises `QueueError`."""
        self._file = self._identity()
        with contextlib.closing(self._opened()) as connection:
            try:
                check_current(connection, self.place)
            except sqlite3.Error as error:
                raise failures.translated(error, self.place) from error

    def connect_writer(self) -> sqlite3.Connection:
        """Nobody writes."""
        raise failures.read_only(self.place)

    def connect_reader(self) -> sqlite3.Connection:
        """A connection that cannot write."""
        self._check_file()
        return self._connect(self._mode)

    def disconnect(self, connection: sqlite3.Connection) -> None:
        """Closes it."""
        with contextlib.suppress(sqlite3.Error):
            connection.close()

    @contextlib.contextmanager
    def writing(self, connection: Any, begin: Callable[[], bool]) -> Iterator[bool]:  # noqa: ARG002
        """Never begins."""
        raise failures.read_only(self.place)
        yield False

    @contextlib.contextmanager
    def reading(self, connection: sqlite3.Connection) -> Iterator[None]:
        """A snapshot, or an error where the file was changed under a reader who cannot see that."""
        self._check_unchanged()
        with super().reading(connection):
            yield
        self._check_unchanged()

    @property
    def _mode(self) -> str:
        return "ro" if self._stamp is None else "ro&immutable=1"

    def _opened(self) -> sqlite3.Connection:
        """The first connection, by which it is found out how the file can be read."""
        log, index = self._real + "-wal", self._real + "-shm"
        if os.path.exists(log) and os.path.exists(index):
            connection = self._connect(self._mode)
            try:
                connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
                return connection
            except sqlite3.Error as error:
                connection.close()
                name = getattr(error, "sqlite_errorname", "")
                if not name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
                    raise failures.translated(error, self.place) from error
        if _size(log):
            raise QueueError(
                f"The newest entries of {self.place} are in its log, which cannot be read here.",
                "Copy the file together with its -wal file to a folder that you may write to.",
            )
        self._stamp = self._stamped()
        return self._connect(self._mode)

    def _stamped(self) -> _Stamp:
        try:
            found = os.stat(self._real)
        except OSError:
            return (0, 0, 0)
        return (found.st_mtime_ns, found.st_size, _size(self._real + "-wal"))

    def _check_unchanged(self) -> None:
        if self._stamp is not None and self._stamped() != self._stamp:
            raise QueueError(
                f"The queue file {self.place} was changed while it was read.", "Open it again."
            )


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
