"""Opens a queue by its URL: the entry point of the backend."""

from __future__ import annotations

import asyncio
import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from reviewer.domain.errors import QueueError
from reviewer.domain.instant import SECOND
from reviewer.domain.state import UNDO_WINDOW

from .queue import SqlQueue
from .readonly import ReadOnlySqlite, writable
from .sqlite import Sqlite

PATIENCE = 10.0
"""Seconds that a call waits for other processes before it says that the queue is locked."""

_HINT = "Write sqlite:///absolute/path/queue.db."


async def open_sqlite(url: str, *, clock_offset: int = 0) -> SqlQueue:
    """The queue in the file of a URL such as `sqlite:///var/lib/reviewer/queue.db`.

    The file is made where there is none; its folder must exist.  A file that may not be written
    is opened all the same, and every write refused with `QueueError`.

    Options: `synchronous=full` (the default) or `normal` (a power failure may lose the last
    decisions), `patience=SECONDS`, `undo=SECONDS` (how long a decision can be taken back, 0 to
    3600).
    `clock_offset` moves the queue's clock by microseconds, for tests; see also
    `SqlQueue.dialect.clock_offset`.  Raises `QueueError`.
    """
    path, options = _parts(url)
    kind = Sqlite if writable(path) else ReadOnlySqlite
    dialect = kind(path, clock_offset=clock_offset, **options)
    await asyncio.get_running_loop().run_in_executor(None, dialect.prepare)
    return SqlQueue(url, dialect)


def _parts(url: str) -> tuple[str, dict[str, Any]]:
    """The path of a URL, and its options as `Sqlite` takes them."""
    parts = urlsplit(url)
    if parts.netloc:
        raise QueueError(f"'{url}' names a host or a relative path.", _HINT)
    path = unquote(parts.path)
    if os.name == "nt":
        path = path.lstrip("/")
    elif path.startswith("//"):
        path = "/" + path.lstrip("/")
    if not os.path.isabs(path) or path.endswith("/"):
        raise QueueError(f"'{url}' does not name a file by its absolute path.", _HINT)
    synchronous, patience, undo = "full", PATIENCE, UNDO_WINDOW
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name == "synchronous" and value in ("full", "normal"):
            synchronous = value
        elif name == "patience":
            patience = _seconds(name, value, least=0.001)
        elif name == "undo":
            undo = round(_seconds(name, value) * SECOND)
        else:
            raise QueueError(
                f"'{name}={value}' is no option of a queue file.",
                "Options: synchronous=full|normal, patience=SECONDS, undo=SECONDS.",
            )
    return path, {"synchronous": synchronous, "patience": patience, "undo_window": undo}


def _seconds(name: str, text: str, least: float = 0.0) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not least <= seconds <= 3600:
        raise QueueError(f"'{name}={text}' is no number of seconds.", f"For example {name}=10.")
    return seconds
