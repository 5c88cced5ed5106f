"""The door for logs: one record stays one line, whatever was put into it."""

from __future__ import annotations

import logging
from types import TracebackType

from .shown import visible


class SafeFormatter(logging.Formatter):
    """A formatter whose records hold no hidden character and cannot forge a second record.

    The message stays on one line; the lines of a traceback are kept and indented.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The record's line."""
        return visible(super().formatMessage(record), newlines="show")

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """The traceback, indented."""
        return _indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:
        """The stack, indented."""
        return _indented(super().formatStack(stack_info))


def _indented(text: str) -> str:
    return "\n".join("  | " + line for line in visible(text).split("\n"))
