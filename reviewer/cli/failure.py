"""Errors as people see them: one sentence on stderr, and an exit code; tracebacks go to a log."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..domain.errors import (
    ConflictError,
    NotFoundError,
    QueueError,
    ReviewerError,
)
from .codes import Exit

LOG_LIMIT = 1_000_000
"""Bytes after which the log is turned over; one older log is kept."""


class RefusedError(ReviewerError):
    """The queue said no; `code` is the refusal's."""

    def __init__(self, sentence: str, code: str = "", hint: str = "") -> None:
        super().__init__(sentence, hint)
        self.code = code


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def prepare_streams() -> None:
    """Keeps output from failing where the encoding lacks a character or a stream is closed."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def complain(sentence: str) -> None:
    """One line on stderr, safe for the terminal whatever the sentence quotes."""
    from ..untrusted import one_line

    text = one_line(sentence.strip(), 2000)
    ended = text if text.endswith((".", "?", "!", "…", "`", ")")) else text + "."
    with contextlib.suppress(OSError, ValueError):  # nobody may listen; the exit code says it
        print(f"reviewer: {ended}", file=sys.stderr, flush=True)


def told(error: BaseException) -> int:
    """Says what went wrong and answers with the exit code."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else int(bool(error.code))
    if isinstance(error, BrokenPipeError):
        _swallow_output()
        return Exit.PIPE
    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED
    if isinstance(error, ReviewerError):
        complain(str(error))
        return exit_of(error)
    if hasattr(error, "format_message"):  # typer's own click, or click itself
        if type(error).__name__ != "NoArgsIsHelpError":  # the help has been printed
            complain(_usage(error))
        return Exit.USAGE
    if type(error).__name__ == "Abort":
        return Exit.INTERRUPTED
    if isinstance(error, OSError) and error.errno in _FULL and error.filename is None:
        _swallow_output()
        complain(f"The output cannot be written: {error.strerror}.")
        return Exit.OUTPUT
    complain(_unexpected(error))
    return Exit.INTERNAL


def exit_of(error: ReviewerError) -> Exit:
    """The exit code that belongs to an error."""
    if isinstance(error, QueueError):
        return Exit.UNAVAILABLE
    if isinstance(error, NotFoundError):
        return Exit.NOT_FOUND
    if isinstance(error, ConflictError | RefusedError):
        return Exit.NEGATIVE
    return Exit.USAGE


def _usage(error: Any) -> str:
    message = str(error.format_message()).strip().replace("\n", " ")
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "reviewer"
    end = "" if message.endswith((".", "?", "!")) else "."
    return f"{message}{end} See `{path} --help`."


def _unexpected(error: BaseException) -> str:
    what = f"Something went wrong inside reviewer ({type(error).__name__})"
    try:
        return f"{what}; the details are in {_log(error)}."
    except Exception as second:
        return f"{what}, and the log could not be written ({type(second).__name__}): {error}"


def _log(error: BaseException) -> Path:
    from .. import __version__
    from ..config import ensure_home
    from ..untrusted import plain

    directory = ensure_home() / "log"
    directory.mkdir(mode=0o700, exist_ok=True)
    path = directory / "errors.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(directory / "errors.1.log")
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    head = f"{when} reviewer {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n"
    text = head + plain("".join(_trace(error))) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return path


def _trace(error: BaseException) -> Iterator[str]:
    """Where it happened and what sort of error it is, those before it first.

    Not its words: they may quote an artifact, and nobody can mask what has gone wrong.  Those of
    the operating system quote nothing.
    """
    import traceback

    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _trace(before)
        yield "Then:\n"
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _trace(inner)
            yield "In a group:\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    words = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    yield f"{type(error).__module__}.{type(error).__qualname__}{words}\n"


def _swallow_output() -> None:
    """Points stdout at nothing, so that the interpreter's last flush cannot fail (Python docs)."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
    except (OSError, ValueError):
        pass
