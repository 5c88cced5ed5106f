"""What the database engine reports, as one sentence and the next step."""

from __future__ import annotations

import sqlite3

from reviewer.domain.errors import QueueError

_SENTENCES: dict[str, tuple[str, str]] = {
    "SQLITE_NOTADB": (
        "{path} is not a queue file: it is no database.",
        "Choose another file with --queue, or move this one away.",
    ),
    "SQLITE_CORRUPT": (
        "The queue file {path} is damaged.",
        "Restore it from a backup; `sqlite3 FILE .recover` saves what can be read.",
    ),
    "SQLITE_READONLY": (
        "The queue file {path} cannot be written.",
        "Give yourself write permission to the file and to its folder.",
    ),
    "SQLITE_FULL": (
        "The disk is full: nothing was stored.",
        "Make room and try again; what was acknowledged before is safe.",
    ),
    "SQLITE_BUSY": (
        "The queue file {path} is locked by another process.",
        "Wait until it is done, or end the program that holds the file open.",
    ),
    "SQLITE_CANTOPEN": (
        "The queue file {path} cannot be opened.",
        "Check that the folder exists and that you may write in it.",
    ),
    "SQLITE_IOERR": (
        "The disk failed while the queue file {path} was read or written.",
        "Check the disk; what was acknowledged before is safe.",
    ),
}
_SENTENCES["SQLITE_LOCKED"] = _SENTENCES["SQLITE_BUSY"]
_SENTENCES["SQLITE_PERM"] = _SENTENCES["SQLITE_AUTH"] = _SENTENCES["SQLITE_READONLY"]


def locked(path: str) -> QueueError:
    """Somebody else holds the file for longer than we wait."""
    sentence, hint = _SENTENCES["SQLITE_BUSY"]
    return QueueError(sentence.format(path=path), hint)


def unwritable(path: str) -> QueueError:
    """The file or its folder may not be written by us."""
    sentence, hint = _SENTENCES["SQLITE_READONLY"]
    return QueueError(sentence.format(path=path), hint)


def read_only(path: str) -> QueueError:
    """The file was opened to be read only."""
    return QueueError(
        f"The queue file {path} cannot be written: it was opened to be read only.",
        "Give yourself write permission to the file and to its folder, then open it again.",
    )


def translated(error: sqlite3.Error, path: str) -> QueueError:
    """The `QueueError` for an error of the driver; its own words where we know none better."""
    name = getattr(error, "sqlite_errorname", "") or ""
    while name and name not in _SENTENCES:  # SQLITE_IOERR_WRITE is a kind of SQLITE_IOERR
        name = name.rpartition("_")[0]
    if not name:
        return QueueError(f"The queue file {path} failed: {error}.")
    sentence, hint = _SENTENCES[name]
    return QueueError(sentence.format(path=path), hint)
